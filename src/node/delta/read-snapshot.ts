import { fail } from '../../core/errors.ts'
import { commitPath } from '../../core/delta/log-path.ts'
import { parseActions } from '../../core/delta/parse.ts'
import { unreadable } from '../../core/delta/protocol.ts'
import type { Commit, Snapshot } from '../../core/delta/snapshot.ts'
import { replay } from '../../core/delta/snapshot.ts'
import type { Store } from '../../core/ports.ts'
import type { LoggedCheckpoint } from './list-log.ts'
import { listLog, tablePath } from './list-log.ts'
import { readCheckpoint } from './read-checkpoint.ts'

/**
 * The table in the folder `table` of a store, at `version` or at its newest; undefined when there is no Delta log.
 * Fails with delta.log when the log is damaged or lacks the version, with delta.protocol when the table needs a reader
 * feature that is not supported.
 */
export const readSnapshot = async (
  store: Store,
  table: string,
  version?: number,
): Promise<Snapshot | undefined> => {
  const log = await listLog(store, table)
  const newest = Math.max(log.commits.at(-1) ?? -1, log.checkpoints.at(-1)?.version ?? -1)
  if (newest < 0) return undefined
  const wanted = version ?? newest
  if (!Number.isSafeInteger(wanted) || wanted < 0 || wanted > newest) {
    return fail('delta.log', `${table}: there is no version ${wanted}; the newest is ${newest}`)
  }
  const checkpoint = log.checkpoints.findLast((each) => each.version <= wanted)
  const base = checkpoint && (await startFrom(store, table, checkpoint))
  const commits = await readCommits(store, table, {
    from: base === undefined ? 0 : base.version + 1,
    to: wanted,
  })
  return readable(table, replay(base, commits))
}

/** The snapshot a checkpoint holds, dated by the commit of its version when that is still there. */
const startFrom = async (
  store: Store,
  table: string,
  checkpoint: LoggedCheckpoint,
): Promise<Snapshot> => {
  const rows = await readCheckpoint(store, table, checkpoint)
  const commit = await readCommit(store, table, checkpoint.version)
  const info = commit?.actions.filter(({ kind }) => kind === 'commitInfo') ?? []
  return replay(undefined, [{ version: checkpoint.version, actions: [...rows, ...info] }])
}

/** The actions of one version, or undefined when the version does not exist. */
export const readCommit = async (
  store: Store,
  table: string,
  version: number,
): Promise<Commit | undefined> => {
  const path = tablePath(table, commitPath(version))
  const bytes = await store.read(path)
  if (bytes === undefined) return undefined
  return { version, actions: parseActions(utf8Text(bytes), path) }
}

/**
 * The snapshot brought up to the newest version by reading the commits after it one by one; the same object when there
 * is none. Fails as `readSnapshot` does.
 */
export const refresh = async (
  store: Store,
  table: string,
  snapshot: Snapshot,
): Promise<Snapshot> => {
  const commits: Commit[] = []
  for (let version = snapshot.version + 1; ; version++) {
    const commit = await readCommit(store, table, version)
    if (commit === undefined) break
    commits.push(commit)
  }
  return commits.length === 0 ? snapshot : readable(table, replay(snapshot, commits))
}

const READ_AT_ONCE = 32

const readCommits = async (
  store: Store,
  table: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Commit[]> => {
  const commits: Commit[] = []
  for (let start = from; start <= to; start += READ_AT_ONCE) {
    const count = Math.min(READ_AT_ONCE, to + 1 - start)
    const batch = Array.from({ length: count }, (_, index) =>
      readPresentCommit(store, table, start + index),
    )
    commits.push(...(await Promise.all(batch)))
  }
  return commits
}

const readPresentCommit = async (store: Store, table: string, version: number): Promise<Commit> =>
  (await readCommit(store, table, version)) ??
  fail('delta.log', `${table}: version ${version} of the log is missing`, {
    hint: 'The log was cleaned up or damaged; read a newer version.',
  })

const readable = (table: string, snapshot: Snapshot): Snapshot => {
  const missing = unreadable(snapshot.protocol, snapshot.metadata)
  if (missing.length === 0) return snapshot
  return fail('delta.protocol', `${table}: the table needs ${missing.join(', ')} to be read`, {
    hint: 'Read it with Spark, or write it again without these features.',
    details: { features: missing },
  })
}

const utf8Text = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString()
