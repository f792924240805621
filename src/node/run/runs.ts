import { join } from 'node:path'
import { fail } from '../../core/errors.ts'
import { quote } from '../../core/plan/names.ts'
import type { Journal, RunRecord, StepRecord } from '../../core/ports.ts'
import { dataFileName } from '../../core/run/names.ts'
import { openJournal } from '../workflow/sqlite-journal.ts'
import { dataFolder, identityOf } from './execute.ts'
import { removeHalfWritten } from './file-sink.ts'
import { EXTENSIONS } from './file-writers.ts'
import { type GenerateOutcome, type OpenDataset, resumeRun, withDataset } from './generate.ts'
import type { RunHost } from './host.ts'
import {
  type DatasetAddress,
  datasetPlace,
  folderAddress,
  journalPath,
  type Lake,
  openLake,
  stagingFolder,
} from './lake.ts'
import { loadPlan } from './load-plan.ts'
import { lockOwner } from './lock.ts'
import { readManifest, specOf } from './target.ts'

/** The runs of a lake, oldest first; none where there is no journal. Takes no lock and writes nothing. */
export const listRuns = (lakePath: string): Promise<readonly RunRecord[]> =>
  withJournal(lakePath, [], (journal) => journal.runs())

/** A run with the steps that are done; fails with run.missing. */
export const showRun = async (
  lakePath: string,
  id: string,
): Promise<{ readonly run: RunRecord; readonly steps: readonly StepRecord[] }> => {
  const found = await withJournal(lakePath, undefined, async (journal) => {
    const run = await journal.run(id)
    return run && { run, steps: await journal.steps(id) }
  })
  return found ?? failMissing(lakePath, id)
}

/** Goes on with an unfinished run; fails with run.missing when there is none of that id, or it has ended. */
export const resumeRunById = async (
  lakePath: string,
  { id, workers }: { readonly id: string; readonly workers: number | undefined },
  host: RunHost,
): Promise<GenerateOutcome> => {
  const address = addressOf(lakePath, await unfinishedRun(lakePath, id))
  return withDataset(address, host, (dataset) => resumeRun(dataset, host, { run: id, workers }))
}

/** How a run was cancelled: dropped with all its files, or not, because it had been published already. */
export type CancelOutcome = 'cancelled' | 'published'

/**
 * Drops an unfinished run and removes its files. A process that works on it is asked to stop first and given `patience`
 * ms. A run that was killed after publishing counts as finished.
 */
export const cancelRun = async (
  lakePath: string,
  { id, patience }: { readonly id: string; readonly patience: number },
  host: Pick<RunHost, 'clock' | 'crash'>,
): Promise<CancelOutcome> => {
  const record = await unfinishedRun(lakePath, id)
  const address = addressOf(lakePath, record)
  const { place } = address
  await stopOwner(join(openLake(address.lake).root, place.locks), patience)
  return withDataset(address, host, async (dataset) => {
    const { lake, journal } = dataset
    const published = (await readManifest(lake, place))?.run.id === id
    if (!published) await removeFiles(dataset, record)
    await lake.removeTree(stagingFolder(place, id))
    await journal.end(id, published ? 'finished' : 'cancelled', host.clock.now())
    return published ? 'published' : 'cancelled'
  })
}

const withJournal = async <T>(
  lakePath: string,
  without: T,
  work: (journal: Journal) => Promise<T>,
): Promise<T> => {
  const lake: Lake = openLake(lakePath)
  if ((await lake.store.stat(journalPath(lake))) === undefined) return without
  const journal = await openJournal(join(lake.root, journalPath(lake)))
  try {
    return await work(journal)
  } finally {
    await journal.close()
  }
}

const failMissing = (lakePath: string, id: string): never =>
  fail('run.missing', `there is no run ${quote(id)} in ${lakePath}`, {
    hint: 'See lakewright runs list; --to names the lake.',
  })

/** An unfinished run; fails with run.missing when there is none of that id, or it has ended. */
export const unfinishedRun = async (lakePath: string, id: string): Promise<RunRecord> => {
  const { run } = await showRun(lakePath, id)
  return run.state === 'unfinished'
    ? run
    : fail('run.missing', `run ${id} is ${run.state} already`, {
        hint: 'Only an unfinished run can be resumed or cancelled.',
      })
}

const addressOf = (lakePath: string, run: RunRecord): DatasetAddress => {
  const { catalog, schema } = specOf(run)
  return catalog === ''
    ? folderAddress(lakePath)
    : { lake: lakePath, place: datasetPlace(catalog, schema) }
}

/** Asks the process that holds a lock to stop, and waits up to `patience` ms until it has let go. */
export const stopOwner = async (lockPrefix: string, patience: number): Promise<void> => {
  const owner = lockOwner(lockPrefix)
  if (owner === undefined || owner.pid === process.pid) return
  process.kill(owner.pid, 'SIGTERM')
  for (let waited = 0; waited < patience; waited += WAIT) {
    if (lockOwner(lockPrefix)?.pid !== owner.pid) return
    await new Promise((done) => setTimeout(done, WAIT))
  }
}

const WAIT = 50

/** Removes the data files of a run from the folders of living tables, where no commit refers to them. */
const removeFiles = async ({ lake, place }: OpenDataset, record: RunRecord): Promise<void> => {
  const spec = specOf(record)
  if (spec.way !== 'commits') return
  const folder = dataFolder(spec, place, record.id)
  removeHalfWritten(`${lake.root}/${folder}`)
  const { tables } = await loadPlan(spec.plan)
  for (const { table, number } of spec.parts) {
    for (let file = 0; ; file++) {
      const name = dataFileName(identityOf(spec, place), {
        table,
        part: number,
        file,
        extension: EXTENSIONS[spec.options.format],
      })
      const path = `${folder}/${tables.get(table)?.landedName ?? table}/${name}`
      if ((await lake.store.stat(path)) === undefined) break
      await lake.store.remove(path)
    }
  }
}
