import type { CommitInfo } from '../../core/delta/actions.ts'
import type { Store } from '../../core/ports.ts'
import { listLog } from './list-log.ts'
import { readCommit } from './read-snapshot.ts'

/** A version of a table and what its writer says of it; empty when it says nothing. */
export interface HistoryEntry {
  readonly version: number
  readonly info: Partial<CommitInfo>
}

/** The newest `limit` versions of a table that the log still holds, newest first. */
export const history = async (
  store: Store,
  table: string,
  limit: number = Infinity,
): Promise<readonly HistoryEntry[]> => {
  const { commits } = await listLog(store, table)
  const wanted = commits.toReversed().slice(0, limit)
  const entries: HistoryEntry[] = []
  for (const version of wanted) {
    const commit = await readCommit(store, table, version)
    const info = commit?.actions.find(
      (action): action is CommitInfo => action.kind === 'commitInfo',
    )
    entries.push({ version, info: info ?? {} })
  }
  return entries
}
