import type { Action } from './actions.ts'
import type { Snapshot } from './snapshot.ts'
import { deletedFileRetention } from './retention.ts'

/**
 * The actions a checkpoint of a snapshot holds, in a fixed order: protocol, metadata, transactions, domains, files and
 * the tombstones that have not expired at `now` (ms since 1970). Files lose `dataChange`, as the protocol asks.
 */
export const checkpointActions = (snapshot: Snapshot, now: number): readonly Action[] => {
  const expired = now - deletedFileRetention(snapshot.metadata)
  return [
    snapshot.protocol,
    snapshot.metadata,
    ...snapshot.transactions.values(),
    ...snapshot.domains.values(),
    ...[...snapshot.files.values()].map((file) => ({ ...file, dataChange: false })),
    ...[...snapshot.tombstones.values()]
      .filter(({ deletionTimestamp }) => (deletionTimestamp ?? 0) > expired)
      .map((file) => ({ ...file, dataChange: false })),
  ]
}

/** True when a checkpoint is due after the commit of `version`: every `delta.checkpointInterval` (10) versions. */
export const checkpointDue = ({
  version,
  metadata,
}: Pick<Snapshot, 'version' | 'metadata'>): boolean => {
  const interval = Number(metadata.configuration['delta.checkpointInterval'] ?? 10)
  return version > 0 && Number.isSafeInteger(interval) && interval > 0 && version % interval === 0
}

/** A column of a checkpoint row: a leaf of a physical type, a map or list of strings, or a group. */
export type CheckpointColumn =
  | {
      readonly kind: 'string' | 'int32' | 'int64' | 'boolean' | 'stringMap' | 'stringList'
      readonly name: string
    }
  | { readonly kind: 'group'; readonly name: string; readonly members: readonly CheckpointColumn[] }

const column = (
  kind: Exclude<CheckpointColumn['kind'], 'group'>,
  ...names: readonly string[]
): readonly CheckpointColumn[] => names.map((name) => ({ kind, name }))

const group = (
  name: string,
  ...members: readonly (readonly CheckpointColumn[])[]
): CheckpointColumn => ({
  kind: 'group',
  name,
  members: members.flat(),
})

const VECTOR = group(
  'deletionVector',
  column('string', 'storageType', 'pathOrInlineDv'),
  column('int32', 'offset', 'sizeInBytes'),
  column('int64', 'cardinality'),
)

/** The schema of our checkpoints: one nullable group per action, of which each row fills one. */
export const CHECKPOINT_COLUMNS: readonly CheckpointColumn[] = [
  group(
    'protocol',
    column('int32', 'minReaderVersion', 'minWriterVersion'),
    column('stringList', 'readerFeatures', 'writerFeatures'),
  ),
  group(
    'metaData',
    column('string', 'id', 'name', 'description'),
    [group('format', column('string', 'provider'), column('stringMap', 'options'))],
    column('string', 'schemaString'),
    column('stringList', 'partitionColumns'),
    column('stringMap', 'configuration'),
    column('int64', 'createdTime'),
  ),
  group('txn', column('string', 'appId'), column('int64', 'version', 'lastUpdated')),
  group(
    'domainMetadata',
    column('string', 'domain', 'configuration'),
    column('boolean', 'removed'),
  ),
  group(
    'add',
    column('string', 'path'),
    column('stringMap', 'partitionValues'),
    column('int64', 'size', 'modificationTime'),
    column('boolean', 'dataChange'),
    column('stringMap', 'tags'),
    [VECTOR],
    column('string', 'stats'),
  ),
  group(
    'remove',
    column('string', 'path'),
    column('int64', 'deletionTimestamp'),
    column('boolean', 'dataChange', 'extendedFileMetadata'),
    column('stringMap', 'partitionValues'),
    column('int64', 'size'),
    [VECTOR],
  ),
]
