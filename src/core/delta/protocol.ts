import type { Metadata, Protocol } from './actions.ts'
import { fieldsWithin, parseSchema } from './schema.ts'

/** The protocol of the tables we create: read by every Delta reader there is. */
export const DEFAULT_PROTOCOL: Protocol = {
  kind: 'protocol',
  minReaderVersion: 1,
  minWriterVersion: 2,
}

/** The protocol of tables with CHECK constraints: readers are not affected. */
export const CHECK_PROTOCOL: Protocol = { ...DEFAULT_PROTOCOL, minWriterVersion: 3 }

/**
 * What we can do with tables of a feature: `yes`, `no`, or `unused` (yes as long as the table's schema and properties
 * make no use of it). `reader` and `writer` are the legacy versions that imply it.
 */
interface Support {
  readonly reader?: number
  readonly writer?: number
  readonly read: 'yes' | 'unused' | 'no'
  readonly write: 'yes' | 'unused' | 'no'
}

/** Table features by name, from the Delta protocol's list; a feature that is not here is not supported. */
const FEATURES: Readonly<Record<string, Support>> = {
  appendOnly: { writer: 2, read: 'yes', write: 'yes' },
  invariants: { writer: 2, read: 'yes', write: 'unused' },
  checkConstraints: { writer: 3, read: 'yes', write: 'yes' },
  changeDataFeed: { writer: 4, read: 'yes', write: 'yes' },
  generatedColumns: { writer: 4, read: 'yes', write: 'unused' },
  columnMapping: { reader: 2, writer: 5, read: 'unused', write: 'unused' },
  identityColumns: { writer: 6, read: 'yes', write: 'unused' },
  deletionVectors: { read: 'yes', write: 'yes' },
  timestampNtz: { read: 'yes', write: 'yes' },
  v2Checkpoint: { read: 'yes', write: 'no' },
  vacuumProtocolCheck: { read: 'yes', write: 'yes' },
  domainMetadata: { read: 'yes', write: 'yes' },
  allowColumnDefaults: { read: 'yes', write: 'yes' },
  inCommitTimestamp: { read: 'yes', write: 'no' },
  rowTracking: { read: 'yes', write: 'no' },
  clustering: { read: 'yes', write: 'no' },
  icebergCompatV1: { read: 'yes', write: 'no' },
  icebergCompatV2: { read: 'yes', write: 'no' },
}

/** The names of the table's reader features that keep us from reading it; empty when it can be read. */
export const unreadable = (protocol: Protocol, metadata: Metadata): readonly string[] => {
  if (protocol.minReaderVersion > 3) return [`reader version ${protocol.minReaderVersion}`]
  return readerFeatures(protocol).filter((name) => !allowed(FEATURES[name]?.read, name, metadata))
}

/** The names of the table's features that keep us from writing it; empty when it can be written. */
export const unwritable = (protocol: Protocol, metadata: Metadata): readonly string[] => {
  const reading = unreadable(protocol, metadata)
  if (protocol.minWriterVersion > 7)
    return [...reading, `writer version ${protocol.minWriterVersion}`]
  const writing = writerFeatures(protocol).filter(
    (name) => !allowed(FEATURES[name]?.write, name, metadata),
  )
  return [...new Set([...reading, ...writing])]
}

/** The reader features of a protocol, by name or as its legacy version implies them. */
export const readerFeatures = (protocol: Protocol): readonly string[] =>
  protocol.minReaderVersion === 3
    ? (protocol.readerFeatures ?? [])
    : implied(({ reader }) => reader !== undefined && reader <= protocol.minReaderVersion)

/** The writer features of a protocol, by name or as its legacy version implies them. */
export const writerFeatures = (protocol: Protocol): readonly string[] =>
  protocol.minWriterVersion === 7
    ? (protocol.writerFeatures ?? [])
    : implied(({ writer }) => writer !== undefined && writer <= protocol.minWriterVersion)

const implied = (holds: (support: Support) => boolean): readonly string[] =>
  Object.entries(FEATURES).flatMap(([name, support]) => (holds(support) ? [name] : []))

const allowed = (
  support: Support['read'] | undefined,
  feature: string,
  metadata: Metadata,
): boolean => support === 'yes' || (support === 'unused' && !inUse(feature, metadata))

/** The field metadata whose presence means that a feature is in use. */
const FIELD_MARKS: Readonly<Record<string, string>> = {
  invariants: 'delta.invariants',
  generatedColumns: 'delta.generationExpression',
  identityColumns: 'delta.identity.start',
}

const inUse = (feature: string, metadata: Metadata): boolean => {
  if (feature === 'columnMapping') {
    return (property(metadata, 'delta.columnMapping.mode') ?? 'none') !== 'none'
  }
  const mark = FIELD_MARKS[feature]
  if (mark === undefined) return true
  return fieldsWithin(parseSchema(metadata.schemaString)).some(({ field }) =>
    Object.hasOwn(field.metadata, mark),
  )
}

/** A table property, or undefined when it is not set. */
export const property = (metadata: Metadata, name: string): string | undefined =>
  Object.hasOwn(metadata.configuration, name) ? metadata.configuration[name] : undefined
