import { fail } from '../errors.ts'
import type { Action, AddFile, CommitInfo, Metadata, Protocol, RemoveFile } from './actions.ts'
import type { PartitionValues, Transaction } from './actions.ts'
import { fileKey } from './actions.ts'
import { CHECK_PROTOCOL, DEFAULT_PROTOCOL, property } from './protocol.ts'
import type { DeltaSchema } from './schema.ts'
import { serialiseActions } from './serialise.ts'
import type { Snapshot } from './snapshot.ts'

/** What a commit has looked at, which decides whom it conflicts with. */
export type Reads =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'files'; readonly keys: ReadonlySet<string> }
  | { readonly kind: 'table' }

/** How strictly concurrent appends are told apart from what was read. */
export type Isolation = 'Serializable' | 'WriteSerializable' | 'SnapshotIsolation'

/** A commit that has not found its version yet: plain data, rendered to text for a version by `renderCommit`. */
export interface CommitDraft {
  /** The version the commit is based on; -1 when it creates the table. */
  readonly readVersion: number
  readonly operation: string
  readonly operationParameters: Readonly<Record<string, string>>
  readonly metrics: Readonly<Record<string, string>>
  readonly isolation: Isolation
  readonly reads: Reads
  readonly actions: readonly Action[]
  /** The instant of the commit in ms since 1970. */
  readonly at: number
}

/** Who commits, when (ms since 1970), and the exactly-once transaction that goes with it. */
export interface CommitContext {
  readonly at: number
  readonly transaction?: Omit<Transaction, 'kind'>
  /** Further facts for `DESCRIBE HISTORY`, such as the plan's hash. */
  readonly parameters?: Readonly<Record<string, string>>
}

/** A table as it is to be created or, on overwrite, redefined. */
export interface TableDefinition {
  /** The table's permanent id, a UUID. */
  readonly id: string
  readonly name?: string
  readonly description?: string
  readonly schema: DeltaSchema
  readonly partitionColumns?: readonly string[]
  /** CHECK constraints by name, as SQL; every row ever written makes each one true. */
  readonly checks?: Readonly<Record<string, string>>
  readonly properties?: Readonly<Record<string, string>>
}

/** A finished data file, its path relative to the table, and what is known of its rows. */
export interface DataFile {
  readonly path: string
  readonly size: number
  readonly rows: number
  /** Lower-case hex, written to the file's tags; empty when it was not computed. */
  readonly sha256: string
  readonly stats: string
  readonly partitionValues?: PartitionValues
}

/** The tag of an add action that holds the file's SHA-256. */
export const SHA256_TAG = 'lakewright.sha256'

/** A commit with its version and instant: its actions, commitInfo first, and the same as NDJSON text. */
export interface RenderedCommit {
  readonly version: number
  readonly timestamp: number
  readonly actions: readonly Action[]
  readonly text: string
}

/** The add action of a data file. */
export const addFile = (file: DataFile, at: number): AddFile => ({
  kind: 'add',
  path: file.path,
  partitionValues: file.partitionValues ?? {},
  size: file.size,
  modificationTime: at,
  dataChange: true,
  stats: file.stats,
  ...(file.sha256 === '' ? {} : { tags: { [SHA256_TAG]: file.sha256 } }),
})

/** The tombstone of a file of a snapshot. */
export const removeFile = (file: AddFile, at: number): RemoveFile => ({
  kind: 'remove',
  path: file.path,
  deletionTimestamp: at,
  dataChange: true,
  partitionValues: file.partitionValues,
  size: file.size,
  ...(file.deletionVector === undefined ? {} : { deletionVector: file.deletionVector }),
})

/** The metadata action of a table definition. */
export const metadataOf = (definition: TableDefinition, createdTime: number): Metadata => ({
  kind: 'metaData',
  id: definition.id,
  ...(definition.name === undefined ? {} : { name: definition.name }),
  ...(definition.description === undefined ? {} : { description: definition.description }),
  schemaString: JSON.stringify(definition.schema),
  partitionColumns: definition.partitionColumns ?? [],
  configuration: { ...definition.properties, ...checkProperties(definition.checks ?? {}) },
  createdTime,
})

/** The lowest protocol that covers a table definition: (1, 2), or (1, 3) with CHECK constraints. */
export const protocolOf = (definition: TableDefinition): Protocol =>
  Object.keys(definition.checks ?? {}).length > 0 ? CHECK_PROTOCOL : DEFAULT_PROTOCOL

/** The CHECK constraints of a table by name, as SQL. */
export const checksOf = ({ configuration }: Metadata): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(configuration).flatMap(([name, sql]) =>
      name.startsWith(CHECK_PREFIX) ? [[name.slice(CHECK_PREFIX.length), sql]] : [],
    ),
  )

/** The commit that creates a table, with its first files or none. */
export const createDraft = (
  definition: TableDefinition,
  files: readonly DataFile[],
  context: CommitContext,
): CommitDraft => ({
  readVersion: -1,
  operation: 'CREATE TABLE AS SELECT',
  operationParameters: {
    isManaged: 'false',
    description: JSON.stringify(definition.description ?? null),
    partitionBy: JSON.stringify(definition.partitionColumns ?? []),
    properties: JSON.stringify(definition.properties ?? {}),
    ...context.parameters,
  },
  metrics: fileMetrics(files),
  isolation: 'Serializable',
  reads: { kind: 'table' },
  actions: [
    protocolOf(definition),
    metadataOf(definition, context.at),
    ...transactionOf(context),
    ...files.map((file) => addFile(file, context.at)),
  ],
  at: context.at,
})

/** The commit that adds files and reads nothing, so that it follows any other append. */
export const appendDraft = (
  snapshot: Snapshot,
  files: readonly DataFile[],
  context: CommitContext,
): CommitDraft => ({
  readVersion: snapshot.version,
  operation: 'WRITE',
  operationParameters: { mode: 'Append', partitionBy: '[]', ...context.parameters },
  metrics: fileMetrics(files),
  isolation: 'Serializable',
  reads: { kind: 'nothing' },
  actions: [...transactionOf(context), ...files.map((file) => addFile(file, context.at))],
  at: context.at,
})

/** What an overwrite puts in place of what is there: files and, when it is given, another definition. */
export interface Replacement {
  readonly files: readonly DataFile[]
  readonly definition?: TableDefinition
}

/**
 * The commit that replaces every file of a snapshot, and its metadata when they differ. The table keeps its id; its
 * protocol is raised when the definition needs it and never lowered. Fails with delta.log on an append-only table.
 */
export const overwriteDraft = (
  snapshot: Snapshot,
  { files, definition }: Replacement,
  context: CommitContext,
): CommitDraft => {
  refuseAppendOnly(snapshot)
  return {
    readVersion: snapshot.version,
    operation: 'WRITE',
    operationParameters: { mode: 'Overwrite', partitionBy: '[]', ...context.parameters },
    metrics: { ...fileMetrics(files), numRemovedFiles: String(snapshot.files.size) },
    isolation: 'Serializable',
    reads: { kind: 'table' },
    actions: [
      ...(definition === undefined ? [] : redefinition(snapshot, definition)),
      ...transactionOf(context),
      ...[...snapshot.files.values()].map((file) => removeFile(file, context.at)),
      ...files.map((file) => addFile(file, context.at)),
    ],
    at: context.at,
  }
}

/** What a merge changes of a table: files that come, files that go by path, and the definition that it is to have. */
export interface MergeChange {
  readonly added: readonly DataFile[]
  readonly removed: ReadonlySet<string>
  readonly definition: TableDefinition | undefined
}

/**
 * The commit that puts some files in place of others and leaves the rest, with the definition's metadata if it says
 * more than the table's, or undefined when there is nothing to change. Properties of others stay. Fails with delta.log
 * when files of an append-only table would go.
 */
export const mergeDraft = (
  snapshot: Snapshot,
  { added, removed, definition }: MergeChange,
  context: CommitContext,
): CommitDraft | undefined => {
  const going = [...snapshot.files.values()].filter(({ path }) => removed.has(path))
  const described = definition === undefined ? [] : mergedDefinition(snapshot, definition)
  if (going.length + added.length + described.length === 0) return undefined
  if (going.length > 0) refuseAppendOnly(snapshot)
  return {
    readVersion: snapshot.version,
    operation: 'MERGE',
    operationParameters: {
      predicate: '["files that differ from the plan\'s"]',
      matchedPredicates: '[]',
      notMatchedPredicates: '[]',
      notMatchedBySourcePredicates: '[]',
      ...context.parameters,
    },
    // Files are compared, not rows: how many rows of a replaced file differ is not known.
    metrics: {
      numOutputRows: String(added.reduce((sum, { rows }) => sum + rows, 0)),
      numTargetFilesAdded: String(added.length),
      numTargetFilesRemoved: String(going.length),
      numTargetBytesAdded: totalSize(added),
      numTargetBytesRemoved: totalSize(going),
    },
    isolation: 'Serializable',
    reads: { kind: 'table' },
    actions: [
      ...described,
      ...transactionOf(context),
      ...going.map((file) => removeFile(file, context.at)),
      ...added.map((file) => addFile(file, context.at)),
    ],
    at: context.at,
  }
}

/**
 * The text of a draft as the version after `base` (undefined: version 0), commitInfo first. Its time is the draft's, or
 * 1 ms after `base` when that is later. Fails with internal on a draft that breaks a rule of the protocol.
 */
export const renderCommit = (
  draft: CommitDraft,
  base: Pick<Snapshot, 'version' | 'timestamp'> | undefined,
): RenderedCommit => {
  refuseMalformed(draft.actions)
  const timestamp = Math.max(draft.at, (base?.timestamp ?? -1) + 1)
  const actions = [commitInfo(draft, timestamp), ...draft.actions]
  const version = (base?.version ?? -1) + 1
  return { version, timestamp, actions, text: serialiseActions(actions) }
}

const CHECK_PREFIX = 'delta.constraints.'

const ENGINE = 'Lakewright'

const checkProperties = (
  checks: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(checks).map(([name, sql]) => [CHECK_PREFIX + name, sql]))

const transactionOf = ({ transaction, at }: CommitContext): readonly Transaction[] =>
  transaction === undefined ? [] : [{ kind: 'txn', lastUpdated: at, ...transaction }]

const fileMetrics = (files: readonly DataFile[]): Readonly<Record<string, string>> => ({
  numFiles: String(files.length),
  numOutputRows: String(files.reduce((sum, { rows }) => sum + rows, 0)),
  numOutputBytes: totalSize(files),
})

const totalSize = (files: readonly { readonly size: number }[]): string =>
  String(files.reduce((sum, { size }) => sum + size, 0))

const redefinition = (snapshot: Snapshot, definition: TableDefinition): readonly Action[] => {
  const metadata = {
    ...metadataOf(definition, snapshot.metadata.createdTime ?? 0),
    id: snapshot.metadata.id,
  }
  const needed = protocolOf(definition).minWriterVersion
  const raised: readonly Action[] =
    snapshot.protocol.minWriterVersion < needed
      ? [{ ...snapshot.protocol, minWriterVersion: needed }]
      : []
  const same = sortedText(metadata) === sortedText(snapshot.metadata)
  return same ? raised : [...raised, metadata]
}

const sortedText = (metadata: Metadata): string =>
  JSON.stringify([
    { ...metadata, configuration: {} },
    Object.entries(metadata.configuration).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ])

const PLAN_HASH = 'lakewright.planHash'

const mergedDefinition = (snapshot: Snapshot, definition: TableDefinition): readonly Action[] => {
  const { configuration } = snapshot.metadata
  const others = Object.entries(configuration).filter(
    ([name]) => !name.startsWith('lakewright.') && !name.startsWith(CHECK_PREFIX),
  )
  const properties = { ...Object.fromEntries(others), ...definition.properties }
  // The plan's hash alone says nothing about a table that stays as it is.
  const hash = configuration[PLAN_HASH]
  const asBefore = hash === undefined ? properties : { ...properties, [PLAN_HASH]: hash }
  return redefinition(snapshot, { ...definition, properties: asBefore }).length === 0
    ? []
    : redefinition(snapshot, { ...definition, properties })
}

const commitInfo = (draft: CommitDraft, timestamp: number): CommitInfo => ({
  kind: 'commitInfo',
  timestamp,
  operation: draft.operation,
  operationParameters: draft.operationParameters,
  ...(draft.readVersion < 0 ? {} : { readVersion: draft.readVersion }),
  isolationLevel: draft.isolation,
  isBlindAppend: draft.reads.kind === 'nothing' && draft.actions.every(isBlind),
  operationMetrics: draft.metrics,
  engineInfo: ENGINE,
})

const isBlind = ({ kind }: Action): boolean => kind === 'add' || kind === 'txn'

const refuseAppendOnly = ({ metadata }: Snapshot): void => {
  if (property(metadata, 'delta.appendOnly') === 'true') {
    fail('delta.log', `table ${metadata.name ?? metadata.id} is append-only (delta.appendOnly)`)
  }
}

const refuseMalformed = (actions: readonly Action[]): void => {
  const seen = new Set<string>()
  for (const action of actions) {
    const identity = identityOf(action)
    if (identity === undefined) continue
    if (seen.has(identity)) fail('internal', `a commit holds ${identity} twice`)
    seen.add(identity)
  }
}

const identityOf = (action: Action): string | undefined => {
  switch (action.kind) {
    case 'protocol':
    case 'metaData':
    case 'commitInfo':
      return action.kind
    case 'txn':
      return `txn ${action.appId}`
    case 'domainMetadata':
      return `domainMetadata ${action.domain}`
    case 'add':
    case 'remove':
      return `file ${fileKey(action)}`
    case 'sidecar':
      return undefined
  }
}
