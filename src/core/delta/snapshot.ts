import { fail } from '../errors.ts'
import type { Action, AddFile, DomainMetadata, Metadata, Protocol } from './actions.ts'
import type { RemoveFile, Transaction } from './actions.ts'
import { fileKey } from './actions.ts'

/** A table at one version. Files and tombstones are keyed by `fileKey`. */
export interface Snapshot {
  readonly version: number
  /** When the version was committed in ms since 1970, as its writer says; undefined when it does not. */
  readonly timestamp: number | undefined
  readonly protocol: Protocol
  readonly metadata: Metadata
  readonly files: ReadonlyMap<string, AddFile>
  readonly tombstones: ReadonlyMap<string, RemoveFile>
  /** The newest transaction of each application. */
  readonly transactions: ReadonlyMap<string, Transaction>
  readonly domains: ReadonlyMap<string, DomainMetadata>
}

/** The actions of one version of the log. */
export interface Commit {
  readonly version: number
  readonly actions: readonly Action[]
}

/**
 * Replays commits, in order and without gaps, on a snapshot; without one the first commit is version 0 or holds the
 * rows of a checkpoint. Fails with delta.log when a version is missing or there is no protocol or metadata.
 */
export const replay = (base: Snapshot | undefined, commits: readonly Commit[]): Snapshot => {
  const state = draftOf(base)
  for (const { version, actions } of commits) {
    if (state.version !== undefined && version !== state.version + 1) {
      fail('delta.log', `the log has version ${version} after version ${state.version}`)
    }
    state.version = version
    state.timestamp = undefined
    for (const action of actions) apply(state, action)
  }
  return finish(state)
}

/** How many rows the files of a snapshot hold by their statistics, deleted rows taken off; undefined if a file has none. */
export const snapshotRows = (snapshot: Snapshot): number | undefined => {
  let rows = 0
  for (const { stats, deletionVector } of snapshot.files.values()) {
    const records = /"numRecords"\s*:\s*(\d+)/.exec(stats ?? '')
    if (records === null) return undefined
    rows += Number(records[1]) - (deletionVector?.cardinality ?? 0)
  }
  return rows
}

interface Draft {
  version: number | undefined
  timestamp: number | undefined
  protocol: Protocol | undefined
  metadata: Metadata | undefined
  readonly files: Map<string, AddFile>
  readonly tombstones: Map<string, RemoveFile>
  readonly transactions: Map<string, Transaction>
  readonly domains: Map<string, DomainMetadata>
}

const draftOf = (base: Snapshot | undefined): Draft => ({
  version: base?.version,
  timestamp: base?.timestamp,
  protocol: base?.protocol,
  metadata: base?.metadata,
  files: new Map(base?.files),
  tombstones: new Map(base?.tombstones),
  transactions: new Map(base?.transactions),
  domains: new Map(base?.domains),
})

const apply = (state: Draft, action: Action): void => {
  switch (action.kind) {
    case 'protocol':
      state.protocol = action
      return
    case 'metaData':
      state.metadata = action
      return
    case 'add':
      state.tombstones.delete(fileKey(action))
      state.files.set(fileKey(action), action)
      return
    case 'remove':
      state.files.delete(fileKey(action))
      state.tombstones.set(fileKey(action), action)
      return
    case 'txn':
      state.transactions.set(action.appId, action)
      return
    case 'domainMetadata':
      if (action.removed) state.domains.delete(action.domain)
      else state.domains.set(action.domain, action)
      return
    case 'commitInfo':
      state.timestamp = action.inCommitTimestamp ?? action.timestamp
      return
    case 'sidecar':
      return
  }
}

const finish = ({ version, protocol, metadata, ...state }: Draft): Snapshot => {
  if (version === undefined) return fail('delta.log', 'the log holds no version')
  if (protocol === undefined) return fail('delta.log', `no protocol up to version ${version}`)
  if (metadata === undefined) return fail('delta.log', `no metaData up to version ${version}`)
  return { ...state, version, protocol, metadata }
}
