import { commitPath } from '../../core/delta/log-path.ts'
import { fail, unreachable } from '../../core/errors.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import type { Journal, Json, WorkflowStep } from '../../core/ports.ts'
import {
  MANIFEST_FILE,
  type Manifest,
  manifestText,
  parseManifest,
} from '../../core/report/manifest.ts'
import { filesFolder } from '../../core/run/layout.ts'
import type { RunIdentity } from '../../core/run/names.ts'
import type { PartFile, PartResult } from '../../core/run/part-result.ts'
import type { Part } from '../../core/run/parts.ts'
import type { RedoStep } from '../../core/run/redo.ts'
import type { RunSpec } from '../../core/run/spec.ts'
import { type Stage, stageName, stagesOf } from '../../core/run/stages.ts'
import { inWorkOrder } from '../../core/run/work-order.ts'
import { tablePath } from '../delta/list-log.ts'
import { localWorkflow } from '../workflow/local.ts'
import { checkpointCommits } from './checkpoints.ts'
import { failMoved, type PlannedCommit, planCommits } from './commits.ts'
import { addedFolder, describeDataset } from './describe.ts'
import { removeHalfWritten } from './file-sink.ts'
import type { RunEvent, RunHost } from './host.ts'
import { type DatasetPlace, type Lake, REPORT_FILE, stagingFolder, trashFolder } from './lake.ts'
import { reportMeasures } from './measures.ts'
import { publishRecord, readText, replaceText } from './publish.ts'
import { fileSteps, removedFiles } from './replaced.ts'
import { readManifest } from './target.ts'
import { knownSamples, sampleTables, secondsByTable } from './report.ts'
import type { PartWorkers } from './workers.ts'

/** A run that is noted in the journal and about to be done, or to be gone on with. */
export interface ReadyRun {
  readonly lake: Lake
  readonly place: DatasetPlace
  readonly journal: Journal
  readonly run: string
  readonly spec: RunSpec
  readonly plan: TypedPlan
  readonly workers: number
}

/** Everything a run derives its names from. */
export const identityOf = (spec: RunSpec, place: DatasetPlace): RunIdentity => ({
  planHash: spec.planHash,
  dataset: place.name,
  number: spec.number,
})

/** The folder in which a run's data files appear: the dataset's own only when commits publish them. */
export const dataFolder = ({ way }: RunSpec, place: DatasetPlace, run: string): string =>
  way === 'commits' ? place.folder : stagingFolder(place, run)

/** Does all stages of a run that are not done yet and gives the manifest of what it published. */
export const executeRun = async (ready: ReadyRun, host: RunHost): Promise<Manifest> => {
  const { lake, place, journal, run, spec, plan, workers: count } = ready
  const folder = dataFolder(spec, place, run)
  removeHalfWritten(`${lake.root}/${folder}`)
  await checkFiles(ready, folder)
  const workers = host.startWorkers({
    setup: {
      plan,
      identity: identityOf(spec, place),
      kind: spec.kind,
      options: spec.options,
      lake: lake.root,
      folder,
    },
    settings: {
      engine: spec.options.engine,
      compression: spec.options.compression,
      crash: host.crash,
    },
    count,
    onRows: (rows) => host.onEvent({ kind: 'rows', rows }),
    signal: host.signal,
  })
  const whole = wholeTables(ready.spec.parts)
  try {
    const results = await localWorkflow(journal, host.clock).run({
      run,
      phases: phasesOf(plan, workStages(ready)),
      parallel: workers.atOnce,
      execute: async (step, done) => {
        host.signal.throwIfAborted()
        const result = await executeStage(
          { ready, host, workers, done },
          step.input as unknown as Stage,
        )
        for (const event of whole(step.name, { result, done })) host.onEvent(event)
        return result
      },
    })
    return parseManifest(textResult(results, 'manifest'), MANIFEST_FILE)
  } finally {
    await workers.close()
  }
}

interface Finished {
  readonly result: Json
  /** Results of earlier steps, also of earlier attempts. */
  readonly done: ReadonlyMap<string, Json>
}

/** Hears of each step that is finished, and tells of the table whose last part it was. */
const wholeTables = (
  parts: readonly Part[],
): ((step: string, finished: Finished) => readonly RunEvent[]) => {
  const tableOf = new Map(
    parts.map((part) => [stageName({ kind: 'generate', part }), part.table] as const),
  )
  const left = new Map<string, number>()
  for (const table of tableOf.values()) left.set(table, (left.get(table) ?? 0) + 1)
  const rows = new Map<string, number>()
  const count = (step: string, result: Json): string | undefined => {
    const table = tableOf.get(step)
    if (table === undefined || !tableOf.delete(step)) return undefined
    left.set(table, (left.get(table) ?? 0) - 1)
    rows.set(table, (rows.get(table) ?? 0) + (result as unknown as PartResult).rows)
    return table
  }
  let begun = false
  return (step, { result, done }) => {
    if (!begun) for (const [name, earlier] of done) count(name, earlier)
    begun = true
    const table = count(step, result)
    if (table === undefined || left.get(table) !== 0) return []
    return [{ kind: 'table', table, rows: rows.get(table) ?? 0 }]
  }
}

/** The stages of a run that follow its note in the journal; those before are done by whoever makes it ready. */
const workStages = ({ lake, place, spec }: ReadyRun): readonly Stage[] =>
  stagesOf({
    target: lake.root,
    dataset: place.folder,
    way: spec.way,
    options: spec.options,
    parts: spec.parts,
  }).filter(({ kind }) => kind !== 'check' && kind !== 'lock' && kind !== 'journal')

/** Parts are made side by side; everything else goes one by one. */
const phasesOf = (
  plan: TypedPlan,
  stages: readonly Stage[],
): readonly (readonly WorkflowStep[])[] => {
  const parts = stages.flatMap((stage) => (stage.kind === 'generate' ? [stage.part] : []))
  const others = stages.filter(({ kind }) => kind !== 'generate')
  const making = inWorkOrder(plan, parts).map((part) => stepOf({ kind: 'generate', part }))
  return [making, ...others.map((stage) => [stepOf(stage)])]
}

const stepOf = (stage: Stage): WorkflowStep => ({ name: stageName(stage), input: stage })

interface Executing {
  readonly ready: ReadyRun
  readonly host: RunHost
  readonly workers: PartWorkers
  readonly done: ReadonlyMap<string, Json>
}

const executeStage = async (executing: Executing, stage: Stage): Promise<Json> => {
  executing.host.onEvent({ kind: 'stage', name: stageName(stage) })
  switch (stage.kind) {
    case 'generate':
      return executing.workers.run(stage.part)
    case 'commit':
      return commitTables(executing)
    case 'manifest':
      return writeManifest(executing)
    case 'report':
      return writeReport(executing)
    case 'publish':
      return publish(executing)
    case 'checkpoint':
      return checkpointCommits(
        { ...executing.ready, at: executing.ready.spec.at },
        plannedCommits(executing.done),
      )
    case 'check':
    case 'lock':
    case 'journal':
      return fail('internal', `stage ${stage.kind} is not done by the workflow`)
    default:
      return unreachable(stage)
  }
}

const partResults = (done: ReadonlyMap<string, Json>): ReadonlyMap<string, PartResult> =>
  new Map(
    [...done].flatMap(([name, result]) =>
      name.startsWith('generate ') ? [[name, result as unknown as PartResult] as const] : [],
    ),
  )

const filesByTable = (
  parts: readonly Part[],
  results: ReadonlyMap<string, PartResult>,
): ReadonlyMap<string, readonly PartFile[]> => {
  const files = new Map<string, PartFile[]>()
  for (const part of parts) {
    const made = results.get(stageName({ kind: 'generate', part }))?.files ?? []
    files.set(part.table, [...(files.get(part.table) ?? []), ...made])
  }
  return files
}

const commitTables = async ({ ready, host, done }: Executing): Promise<Json> => {
  const { lake, place, spec, plan, run } = ready
  const commits = await planCommits({
    lake,
    place,
    spec,
    plan,
    identity: identityOf(spec, place),
    checkSql: host.checkSql,
    files: filesByTable(spec.parts, partResults(done)),
    removed: removedFiles(ready, partResults(done)),
  })
  if (spec.way !== 'commits') {
    const folder = stagingFolder(place, run)
    for (const { folder: table, version, text } of commits)
      await replaceText(lake.store, tablePath(`${folder}/${table}`, commitPath(version)), text)
  }
  return commits
}

const plannedCommits = (done: ReadonlyMap<string, Json>): readonly PlannedCommit[] =>
  (done.get('commit') ?? []) as unknown as readonly PlannedCommit[]

const writeManifest = async ({ ready, host, done }: Executing): Promise<Json> => {
  const { spec, plan, run } = ready
  const { manifest, broken } = describeDataset({
    run,
    spec,
    plan,
    results: partResults(done),
    versions: new Map(plannedCommits(done).map(({ folder, version }) => [folder, version])),
    measure: reportMeasures,
    judge: host.judge,
  })
  if (broken.length > 0) {
    fail('run.promise', `a promise does not hold: ${broken.slice(0, 3).join('; ')}`, {
      hint: "Nothing was published. Check the plan's promises; drop the run with lakewright runs cancel.",
      details: { run, broken },
    })
  }
  return stageFile(ready, MANIFEST_FILE, manifestText(manifest))
}

const writeReport = async ({ ready, host, done }: Executing): Promise<Json> => {
  const manifest = parseManifest(textResult(done, 'manifest'), MANIFEST_FILE)
  if (host.report === undefined) return null
  const { plan, spec } = ready
  const results = partResults(done)
  const page = host.report({
    manifest,
    samples: sampleTables(plan, knownSamples(plan, spec, results)),
    cpuSeconds: host.timed ? secondsByTable(spec, results) : undefined,
  })
  return stageFile(ready, REPORT_FILE, page)
}

/** Puts a small file where the run builds a whole folder; elsewhere the redo record will hold it. */
const stageFile = async (
  { lake, place, spec, run }: ReadyRun,
  name: string,
  text: string,
): Promise<Json> => {
  if (spec.way === 'rename' || spec.way === 'swap')
    await replaceText(lake.store, `${stagingFolder(place, run)}/${name}`, text)
  return { text }
}

const textResult = (done: ReadonlyMap<string, Json>, name: string): string =>
  (done.get(name) as { readonly text: string } | null | undefined)?.text ??
  fail('internal', `stage ${name} gave no text`)

const publish = async ({ ready, done }: Executing): Promise<Json> => {
  const { lake, place, run, spec } = ready
  const manifest = textResult(done, 'manifest')
  // A run that was killed after publishing finds its own manifest in place.
  if ((await readText(lake.store, `${place.folder}/${MANIFEST_FILE}`)) === manifest) return null
  if (spec.way === 'rename') {
    const staged = stagingFolder(place, run)
    const published = await lake.store.publish?.(staged, place.folder)
    return published === true
      ? null
      : fail('dataset.exists', `${place.folder} appeared while the run worked`, {
          hint: 'Nothing was published; move it away, then resume the run.',
        })
  }
  const steps = await redoSteps(ready, done)
  const outcome = await publishRecord(lake, place, {
    version: 1,
    run,
    dataset: place.folder,
    steps,
  })
  return outcome.kind === 'conflict' ? failMoved(outcome.table) : null
}

const redoSteps = async (
  ready: ReadyRun,
  done: ReadonlyMap<string, Json>,
): Promise<readonly RedoStep[]> => {
  const { place, run, spec } = ready
  const staging = stagingFolder(place, run)
  if (spec.way === 'swap')
    return [{ kind: 'swap', from: staging, to: place.folder, trash: trashFolder(place, run) }]
  const tables = [...new Set(spec.parts.map(({ table }) => tableFolder(ready, table)))]
  const moves: readonly RedoStep[] =
    spec.way === 'add'
      ? tables.map((table) => ({
          kind: 'move',
          from: `${staging}/${table}`,
          to: `${place.folder}/${table}/${addedFolder(spec)}`,
        }))
      : []
  const commits = plannedCommits(done).map(({ folder, version, text }): RedoStep => ({
    kind: 'commit',
    table: `${place.folder}/${folder}`,
    version,
    text,
  }))
  const files = spec.way === 'files' ? await fileSteps(ready, partResults(done)) : []
  return [...moves, ...files, ...commits, ...pageSteps(place, done)]
}

const pageSteps = (place: DatasetPlace, done: ReadonlyMap<string, Json>): readonly RedoStep[] => {
  const files = [
    ['report', REPORT_FILE],
    ['manifest', MANIFEST_FILE],
  ] as const
  return files.flatMap(([stage, name]): readonly RedoStep[] => {
    const written = done.get(stage) as { readonly text: string } | null | undefined
    const path = `${place.folder}/${name}`
    return written === null || written === undefined
      ? []
      : [{ kind: 'write', path, text: written.text }]
  })
}

/** Fails when a file that an earlier attempt has noted as finished is no longer there in full. */
const checkFiles = async (ready: ReadyRun, folder: string): Promise<void> => {
  const { lake, journal, run, spec, place } = ready
  // Once published, the files of a run are no longer where they were made.
  if ((await readManifest(lake, place))?.run.id === run) return
  const steps = await journal.steps(run)
  const results = partResults(new Map(steps.map(({ name, result }) => [name, result])))
  for (const part of spec.parts) {
    for (const { path, bytes } of results.get(stageName({ kind: 'generate', part }))?.files ?? []) {
      const table = tableFolder(ready, part.table)
      const file = `${filesFolder(folder, spec.options.format, table)}/${path}`
      const found = await lake.store.stat(file)
      if (found?.size === bytes) continue
      fail('dataset.invalid', `run ${run}: its finished file ${file} is missing or cut short`, {
        hint: `Drop the run and begin again: lakewright runs cancel ${run}`,
      })
    }
  }
}

const tableFolder = ({ plan }: ReadyRun, table: string): string =>
  plan.tables.get(table)?.landedName ?? table
