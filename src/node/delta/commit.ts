import { fail } from '../../core/errors.ts'
import type { CommitDraft, RenderedCommit } from '../../core/delta/commit.ts'
import { renderCommit } from '../../core/delta/commit.ts'
import type { Conflict, Head } from '../../core/delta/conflict.ts'
import { conflictWith, headAfter, repeats } from '../../core/delta/conflict.ts'
import { commitPath } from '../../core/delta/log-path.ts'
import { unwritable } from '../../core/delta/protocol.ts'
import type { Commit, Snapshot } from '../../core/delta/snapshot.ts'
import type { Store } from '../../core/ports.ts'
import { putIfAbsent } from '../store/put.ts'
import { tablePath } from './list-log.ts'
import { readCommit } from './read-snapshot.ts'

/** How often a lost race is run again and how long is waited before: `wait` takes ms, `random` is in [0, 1). */
export interface Retry {
  readonly attempts: number
  readonly wait: (milliseconds: number) => Promise<void>
  readonly random: () => number
}

/** Where a commit goes: a table's folder in a store, and the snapshot it is based on (undefined: it creates the table). */
export interface CommitTarget {
  readonly store: Store
  readonly table: string
  readonly snapshot: Snapshot | undefined
}

/**
 * What became of a commit. `commits` are those after the target's snapshot, our own last, so that
 * `replay(target.snapshot, commits)` is the table after it; `races` counts the versions lost to others.
 */
export type CommitOutcome =
  | {
      readonly kind: 'committed'
      readonly version: number
      readonly commits: readonly Commit[]
      readonly races: number
    }
  /** An earlier commit, `version` or one before it, holds the draft's transaction: nothing was written. */
  | { readonly kind: 'repeated'; readonly version: number }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }

/** Up to 1,000 tries with doubling, jittered waits of at most 100 ms. */
export const defaultRetry: Retry = {
  attempts: 1000,
  wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  random: () => Math.random(),
}

/**
 * Commits a draft at the first free version: put-if-absent, and when another commit was there first, the conflict rules
 * and, unless they forbid it, another try on top of it. Fails with delta.protocol when the table may not be written,
 * with delta.conflict when every try lost.
 */
export const commit = async (
  { store, table, snapshot }: CommitTarget,
  draft: CommitDraft,
  retry: Retry = defaultRetry,
): Promise<CommitOutcome> => {
  if (snapshot !== undefined) {
    refuseUnwritable(table, snapshot)
    if (repeats(draft, snapshot)) return { kind: 'repeated', version: snapshot.version }
  }
  const commits: Commit[] = []
  let head: Head | undefined = snapshot
  for (let races = 0; races < retry.attempts; races++) {
    const rendered = renderCommit(draft, head)
    if ((await putCommit(store, table, rendered)) === 'written') {
      commits.push({ version: rendered.version, actions: rendered.actions })
      return { kind: 'committed', version: rendered.version, commits, races }
    }
    for (;;) {
      const winner = await readCommit(store, table, (head?.version ?? -1) + 1)
      if (winner === undefined) break
      head = headAfter(head, winner)
      const conflict = conflictWith(draft, winner, head)
      if (conflict === 'repeated') return { kind: 'repeated', version: winner.version }
      if (conflict !== undefined) return { kind: 'conflict', conflict }
      commits.push(winner)
    }
    await retry.wait(retry.random() * Math.min(100, 2 ** races))
  }
  return fail(
    'delta.conflict',
    `${table}: ${retry.attempts} tries to commit lost to other writers`,
    {
      hint: 'Too many writers share the table; run the command again.',
    },
  )
}

/**
 * Puts a rendered commit at its version, durably: `written`, `present` when exactly this text is there already (a
 * replayed commit), `taken` when another one is.
 */
export const putCommit = async (
  store: Store,
  table: string,
  { version, text }: RenderedCommit,
): Promise<'written' | 'present' | 'taken'> => {
  const path = tablePath(table, commitPath(version))
  const bytes = new TextEncoder().encode(text)
  if (await putIfAbsent(store, path, bytes)) return 'written'
  const there = await store.read(path)
  return there !== undefined && Buffer.from(there).equals(bytes) ? 'present' : 'taken'
}

/** Fails with delta.protocol, naming the features, when the table may not be written by this version. */
export const refuseUnwritable = (table: string, { protocol, metadata }: Snapshot): void => {
  const missing = unwritable(protocol, metadata)
  if (missing.length === 0) return
  fail('delta.protocol', `${table}: the table needs ${missing.join(', ')} to be written`, {
    hint: 'Write it with Spark, or make a new table.',
    details: { features: missing },
  })
}
