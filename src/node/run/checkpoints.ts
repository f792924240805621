import type { Json } from '../../core/ports.ts'
import { readSnapshot } from '../delta/read-snapshot.ts'
import type { PlannedCommit } from './commits.ts'
import type { DatasetPlace, Lake } from './lake.ts'

/**
 * Checkpoints the tables that a run has brought to a version at which their interval asks for it. What became of each
 * is told by table; a checkpoint saves readers time, so that one which fails harms nobody.
 */
export const checkpointCommits = async (
  { lake, place, at }: Committing,
  commits: readonly PlannedCommit[],
): Promise<Json> => {
  const outcomes: Record<string, Json> = {}
  for (const { folder, version } of commits) {
    const table = `${place.folder}/${folder}`
    outcomes[folder] = await checkpointAt({ lake, table, version }, at).catch(messageOf)
  }
  return outcomes
}

/** Where commits were made; `at` is the run's instant in ms since 1970. */
export interface Committing {
  readonly lake: Lake
  readonly place: DatasetPlace
  readonly at: number
}

interface Committed {
  readonly lake: Lake
  readonly table: string
  readonly version: number
}

const checkpointAt = async (
  { lake: { store }, table, version }: Committed,
  now: number,
): Promise<string> => {
  const snapshot = await readSnapshot(store, table, version)
  if (snapshot === undefined) return 'notDue'
  // The Parquet writer it needs is a package; most runs do without.
  const { checkpointIfDue } = await import('../delta/write-checkpoint.ts')
  const outcome = await checkpointIfDue({ store, table, snapshot }, now)
  return outcome.kind === 'failed' ? messageOf(outcome.error) : outcome.kind
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'failed')
