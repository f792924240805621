import type {
  AddFile,
  DeletionVector,
  Metadata,
  Protocol,
} from '../../../src/core/delta/actions.ts'
import type { RemoveFile } from '../../../src/core/delta/actions.ts'

/** The lowest protocol. */
export const PROTOCOL: Protocol = { kind: 'protocol', minReaderVersion: 1, minWriterVersion: 2 }

/** The metadata of a table of one long column. */
export const METADATA: Metadata = {
  kind: 'metaData',
  id: 'table',
  schemaString:
    '{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]}',
  partitionColumns: [],
  configuration: {},
}

/** A file of no particular size. */
export const add = (path: string): AddFile => ({
  kind: 'add',
  path,
  partitionValues: {},
  size: 1,
  modificationTime: 0,
  dataChange: true,
})

/** The tombstone of a file, at an instant in ms. */
export const remove = (path: string, deletionTimestamp = 0): RemoveFile => ({
  kind: 'remove',
  path,
  deletionTimestamp,
  dataChange: true,
})

/** A deletion vector kept in the file of that name. */
export const vector = (pathOrInlineDv: string, cardinality: number): DeletionVector => ({
  storageType: 'u',
  pathOrInlineDv,
  offset: 1,
  sizeInBytes: 34,
  cardinality,
})
