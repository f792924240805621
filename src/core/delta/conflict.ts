import { fail } from '../errors.ts'
import type { Action, Transaction } from './actions.ts'
import { fileKey } from './actions.ts'
import type { CommitDraft } from './commit.ts'
import { unwritable } from './protocol.ts'
import type { Commit, Snapshot } from './snapshot.ts'

/** What a commit needs to know of the version before it. */
export type Head = Pick<Snapshot, 'version' | 'timestamp' | 'protocol' | 'metadata'>

/** Why a commit cannot follow one that came in between; `version` is the other commit's. */
export interface Conflict {
  readonly kind:
    | 'tableCreated'
    | 'protocolChanged'
    | 'metadataChanged'
    | 'concurrentTransaction'
    | 'concurrentAppend'
    | 'concurrentDeleteRead'
    | 'concurrentDeleteDelete'
    | 'concurrentDomain'
  readonly version: number
  readonly message: string
}

/**
 * Whether `draft` may follow `winner`, a commit made after the version the draft has read; `head` is the table after
 * the winner. Undefined means yes, `repeated` that the winner is an earlier attempt of the same transaction. The rules
 * are those of the Delta protocol and delta-spark's ConflictChecker.
 */
export const conflictWith = (
  draft: CommitDraft,
  winner: Commit,
  head: Head,
): Conflict | 'repeated' | undefined => {
  if (winner.actions.some((action) => action.kind === 'txn' && coveredBy(draft, action))) {
    return 'repeated'
  }
  const rule = RULES.find(([, holds]) => holds(draft, winner, head))
  if (rule === undefined) return undefined
  const [kind, , message] = rule
  return { kind, version: winner.version, message: `version ${winner.version} ${message}` }
}

/** True when a table holds a draft's transaction, or a later one of the same application, already. */
export const repeats = (
  draft: CommitDraft,
  { transactions }: Pick<Snapshot, 'transactions'>,
): boolean => [...transactions.values()].some((transaction) => coveredBy(draft, transaction))

/** The head of a table after one more commit; fails with delta.log when a first commit does not define a table. */
export const headAfter = (head: Head | undefined, { version, actions }: Commit): Head => {
  const protocol = actions.find((action) => action.kind === 'protocol') ?? head?.protocol
  const metadata = actions.find((action) => action.kind === 'metaData') ?? head?.metadata
  const info = actions.find((action) => action.kind === 'commitInfo')
  if (protocol === undefined || metadata === undefined) {
    return fail('delta.log', `version ${version} does not define the table it creates`)
  }
  return { version, timestamp: info?.inCommitTimestamp ?? info?.timestamp, protocol, metadata }
}

const coveredBy = ({ actions }: CommitDraft, done: Transaction): boolean =>
  actions.some(
    (action) =>
      action.kind === 'txn' && action.appId === done.appId && action.version <= done.version,
  )

type Rule = (draft: CommitDraft, winner: Commit, head: Head) => boolean

const has = (actions: readonly Action[], kind: Action['kind']): boolean =>
  actions.some((action) => action.kind === kind)

const tableCreated: Rule = ({ readVersion }) => readVersion < 0

const protocolChanged: Rule = ({ actions }, winner, head) =>
  has(winner.actions, 'protocol') &&
  (has(actions, 'protocol') || unwritable(head.protocol, head.metadata).length > 0)

const metadataChanged: Rule = (_, winner) => has(winner.actions, 'metaData')

const sameApplication: Rule = ({ actions }, winner) => {
  const ours = new Set(actions.flatMap((action) => (action.kind === 'txn' ? [action.appId] : [])))
  return winner.actions.some((action) => action.kind === 'txn' && ours.has(action.appId))
}

const isBlindAppend = (winner: Commit): boolean =>
  winner.actions.some((action) => action.kind === 'commitInfo' && action.isBlindAppend === true)

const addedToWhatWasRead: Rule = (draft, winner) => {
  if (draft.reads.kind !== 'table' || draft.isolation === 'SnapshotIsolation') return false
  const adds = winner.actions.some((action) => action.kind === 'add' && action.dataChange)
  if (!adds) return false
  const ownMetadata = has(draft.actions, 'metaData')
  return draft.isolation === 'Serializable' || ownMetadata || !isBlindAppend(winner)
}

const removedWhatWasRead: Rule = ({ reads }, winner) =>
  winner.actions.some(
    (action) =>
      action.kind === 'remove' &&
      (reads.kind === 'table' || (reads.kind === 'files' && reads.keys.has(fileKey(action)))),
  )

const removedTheSame: Rule = ({ actions }, winner) => {
  const ours = removedKeys(actions)
  return [...removedKeys(winner.actions)].some((key) => ours.has(key))
}

const removedKeys = (actions: readonly Action[]): ReadonlySet<string> =>
  new Set(actions.flatMap((action) => (action.kind === 'remove' ? [fileKey(action)] : [])))

const domainsOf = (actions: readonly Action[]): readonly string[] =>
  actions.flatMap((action) => (action.kind === 'domainMetadata' ? [action.domain] : []))

const sameDomain: Rule = ({ actions }, winner) => {
  const ours = new Set(domainsOf(actions))
  return domainsOf(winner.actions).some((domain) => ours.has(domain))
}

const RULES: readonly (readonly [Conflict['kind'], Rule, string])[] = [
  ['tableCreated', tableCreated, 'created the table already'],
  ['protocolChanged', protocolChanged, 'changed the protocol of the table'],
  ['metadataChanged', metadataChanged, 'changed the schema or properties of the table'],
  ['concurrentTransaction', sameApplication, 'was written by the same application'],
  ['concurrentDeleteDelete', removedTheSame, 'removed a file that this commit removes too'],
  ['concurrentDeleteRead', removedWhatWasRead, 'removed a file that this commit has read'],
  ['concurrentAppend', addedToWhatWasRead, 'added files to what this commit has read'],
  ['concurrentDomain', sameDomain, 'changed the same domain metadata'],
]
