import { basename, dirname, join } from 'node:path'
import { fail } from '../../core/errors.ts'
import type { Clock, Journal } from '../../core/ports.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import { MANIFEST_FILE, type Manifest } from '../../core/report/manifest.ts'
import { decide, type ForeignRule, type Mode } from '../../core/run/decide.ts'
import { runId } from '../../core/run/names.ts'
import type { PartResult } from '../../core/run/part-result.ts'
import { type FileOptions, fingerprintOf, type RunSpec } from '../../core/run/spec.ts'
import { stageName } from '../../core/run/stages.ts'
import { openJournal } from '../workflow/sqlite-journal.ts'
import { beginRun, defaultWorkers } from './begin.ts'
import { addRun, begunEvent, samePlan } from './begun-run.ts'
import { keepCalibration } from './calibration.ts'
import { crashPoint } from './crash.ts'
import { announcedJournal } from './crash-journal.ts'
import { executeRun, identityOf, type ReadyRun } from './execute.ts'
import { removeHalfWritten } from './file-sink.ts'
import type { RunHost } from './host.ts'
import {
  checkTarget,
  type DatasetAddress,
  type DatasetPlace,
  datasetPlace,
  journalPath,
  type Lake,
  openLake,
  REPORT_FILE,
  stagingFolder,
} from './lake.ts'
import { isMerged, type MergedFiles, mergedFiles } from './merge.ts'
import { takeLock } from './lock.ts'
import { recover } from './publish.ts'
import type { TableSummary } from './table-summary.ts'
import { foundAt, readTarget, refuse, refuseName, specJson, specOf, type Target } from './target.ts'

/** What to generate and where. `lake` is a path; workers default to the smaller of cores and parts. */
export interface GenerateRequest {
  readonly lake: string
  readonly catalog: string
  /** Where the dataset goes in the lake; without it, to the folder of the plan's name in the catalog. */
  readonly place?: DatasetPlace
  readonly plan: TypedPlan
  readonly mode: Mode | undefined
  /** What a merge does with files of other writers; refuses to begin unless told otherwise. */
  readonly foreign?: ForeignRule
  readonly options: FileOptions
  readonly workers: number | undefined
}

/** What became of a request; `complete` means that the very same run was finished before, or left nothing to merge. */
export interface GenerateOutcome {
  readonly kind: 'finished' | 'complete'
  readonly run: string
  readonly place: DatasetPlace
  /** The absolute path of the dataset's folder. */
  readonly folder: string
  readonly manifest: Manifest
  /** What this run made, by table in the plan's order; empty when it was complete. */
  readonly tables: readonly TableSummary[]
  /** Whether there is a report beside the manifest. */
  readonly report: boolean
  /** What a merge did to the files of each table. */
  readonly merged?: readonly MergedFiles[]
  /** Wall seconds from the first to the last step of this attempt. */
  readonly seconds: number
}

/** A dataset whose lock is held: what was left half published is finished, the journal is open. */
export interface OpenDataset {
  readonly lake: Lake
  readonly place: DatasetPlace
  readonly journal: Journal
}

/** Generates a dataset, or goes on with an unfinished run of the same plan and options. */
export const generate = async (
  request: GenerateRequest,
  host: RunHost,
): Promise<GenerateOutcome> => {
  const { name } = request.plan.plan
  const place = request.place ?? datasetPlace(request.catalog, name)
  return withDataset({ lake: request.lake, place }, host, async (dataset) => {
    const target = await readTarget(dataset.lake, place, dataset.journal)
    if (target.manifest !== undefined && target.manifest.name !== name)
      refuseName(place, target.manifest.name)
    const fingerprint = fingerprintOf(request.plan.hash, place.name, request.options)
    const asked = { mode: request.mode, fingerprint, format: request.options.format }
    const decision = decide(asked, foundAt(target))
    switch (decision.kind) {
      case 'refuse':
        return refuse(place, decision)
      case 'complete':
        return completeOutcome(dataset, target)
      case 'resume':
        return resumeRun(dataset, host, {
          run: decision.id,
          plan: request.plan,
          workers: request.workers,
        })
      case 'begin': {
        const kind = decision.run
        const run = await noteRun(dataset, host.clock, { request, target, kind })
        if (run === undefined) return completeOutcome(dataset, target)
        return resumeRun(dataset, host, { run, plan: request.plan, workers: request.workers })
      }
    }
  })
}

/** Opens a dataset for writing: checks the target, takes the lock, finishes what was half published. */
export const withDataset = async <T>(
  { lake: path, place }: DatasetAddress,
  host: Pick<RunHost, 'crash'>,
  work: (dataset: OpenDataset) => Promise<T>,
): Promise<T> => {
  const crash = crashPoint(host.crash)
  const lake = openLake(path, crash, place.state)
  await checkTarget(lake, place)
  const lock = takeLock(join(lake.root, place.locks))
  try {
    removeHalfWritten(join(lake.root, dirname(place.redo)), basename(place.redo))
    if ((await recover(lake, place)) !== undefined) tidy(lake, place)
    const journal = announcedJournal(await openJournal(join(lake.root, journalPath(lake))), crash)
    try {
      return await work({ lake, place, journal })
    } finally {
      await journal.close()
    }
  } finally {
    lock.release()
  }
}

/** Removes what was left half written; a folder that is the user's own is not searched. */
const tidy = ({ root }: Lake, { catalog, folder }: DatasetPlace): void => {
  if (catalog !== '') return removeHalfWritten(join(root, folder))
  for (const name of [MANIFEST_FILE, REPORT_FILE])
    removeHalfWritten(join(root, folder), name, { below: false })
}

/** Goes on with an unfinished run of an open dataset to its end. */
export const resumeRun = async (
  { lake, place, journal }: OpenDataset,
  host: RunHost,
  {
    run,
    plan,
    workers,
  }: { readonly run: string; readonly plan?: TypedPlan; readonly workers: number | undefined },
): Promise<GenerateOutcome> => {
  const record = (await journal.run(run)) ?? fail('run.missing', `there is no run "${run}"`)
  const spec = specOf(record)
  const ready: ReadyRun = {
    lake,
    place,
    journal,
    run,
    spec,
    plan: plan ?? (await samePlan(spec)),
    workers: workers ?? defaultWorkers(spec.parts, spec.options.engine),
  }
  const began = host.clock.now()
  const begun = begunEvent(run, spec.parts, {
    steps: new Set((await journal.steps(run)).map(({ name }) => name)),
    stepOf: (part) => stageName({ kind: 'generate', part }),
  })
  const { resumed } = begun
  host.onEvent(begun)
  const manifest = await executeRun(ready, host)
  await lake.removeTree(stagingFolder(place, run))
  const tables = await summarise(ready)
  await keepCalibration(lake, ready.plan, {
    options: spec.options,
    tables,
    besides: resumed ? undefined : besidesTables(host, tables),
  })
  await journal.end(run, 'finished', host.clock.now())
  return {
    kind: 'finished',
    run,
    place,
    folder: join(lake.root, place.folder),
    manifest,
    tables,
    report: host.report !== undefined,
    ...(spec.merge && {
      merged: mergedFiles(spec.base as unknown as Manifest, manifest, spec.merge.foreign),
    }),
    seconds: (host.clock.now() - began) / 1000,
  }
}

interface NewRun {
  readonly request: GenerateRequest
  readonly target: Target
  readonly kind: RunSpec['kind']
}

/** Notes a new run in the journal; undefined when a merge has nothing to do. */
const noteRun = async (
  { lake, place, journal }: OpenDataset,
  clock: Clock,
  { request, target, kind }: NewRun,
): Promise<string | undefined> => {
  const at = clock.now()
  const spec = await beginRun(lake, place, {
    plan: request.plan,
    kind,
    options: request.options,
    base: target.manifest,
    foreign: request.foreign ?? 'fail',
    number: target.nextNumber,
    at,
  })
  if (isMerged(spec)) return undefined
  const id = runId(identityOf(spec, place))
  const { number } = spec
  return addRun(journal, { id, dataset: place.name, number, at, spec: specJson(spec) })
}

const besidesTables = (
  { processSeconds }: RunHost,
  tables: readonly TableSummary[],
): number | undefined => {
  const made = tables.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
  return processSeconds === undefined ? undefined : Math.max(0, processSeconds() - made)
}

const summarise = async ({ journal, run, spec }: ReadyRun): Promise<readonly TableSummary[]> => {
  const results = new Map((await journal.steps(run)).map(({ name, result }) => [name, result]))
  const tables = new Map<string, TableSummary>()
  for (const part of spec.parts) {
    const result = results.get(stageName({ kind: 'generate', part })) as unknown as PartResult
    const known = tables.get(part.table)
    tables.set(part.table, {
      name: part.table,
      rows: (known?.rows ?? 0) + result.rows,
      bytes: (known?.bytes ?? 0) + result.bytes,
      cpuSeconds: (known?.cpuSeconds ?? 0) + result.cpuSeconds,
      paces: [...(known?.paces ?? []), result.pace],
    })
  }
  return [...tables.values()]
}

const completeOutcome = ({ lake, place }: OpenDataset, { manifest }: Target): GenerateOutcome =>
  manifest === undefined
    ? fail('internal', 'a complete dataset has no manifest')
    : {
        kind: 'complete',
        run: manifest.run.id,
        place,
        folder: join(lake.root, place.folder),
        manifest,
        tables: [],
        report: false,
        seconds: 0,
      }
