/** Values of a file's partition columns as text; null is a missing value. */
export type PartitionValues = Readonly<Record<string, string | null>>

/** Where the bitmap of a file's deleted rows is kept: `u` in a file of the table, `p` at an absolute path, `i` inline. */
export interface DeletionVector {
  readonly storageType: 'u' | 'i' | 'p'
  readonly pathOrInlineDv: string
  readonly offset?: number
  readonly sizeInBytes: number
  /** Number of rows the bitmap deletes. */
  readonly cardinality: number
}

/** The reader and writer versions a table needs and, from (3, 7) on, the features by name. */
export interface Protocol {
  readonly kind: 'protocol'
  readonly minReaderVersion: number
  readonly minWriterVersion: number
  readonly readerFeatures?: readonly string[]
  readonly writerFeatures?: readonly string[]
}

/** Schema, partitioning and properties of a table; a later one replaces it whole. Times are ms since 1970. */
export interface Metadata {
  readonly kind: 'metaData'
  readonly id: string
  readonly name?: string
  readonly description?: string
  readonly schemaString: string
  readonly partitionColumns: readonly string[]
  readonly configuration: Readonly<Record<string, string>>
  readonly createdTime?: number
}

/** A data file that belongs to the table. `path` is decoded and relative to the table, or an absolute URI as it stands. */
export interface AddFile {
  readonly kind: 'add'
  readonly path: string
  readonly partitionValues: PartitionValues
  readonly size: number
  readonly modificationTime: number
  readonly dataChange: boolean
  /** JSON text, see stats.ts. */
  readonly stats?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly deletionVector?: DeletionVector
}

/** A data file that no longer belongs to the table and may be deleted once the tombstone has expired. */
export interface RemoveFile {
  readonly kind: 'remove'
  readonly path: string
  readonly deletionTimestamp?: number
  readonly dataChange: boolean
  readonly partitionValues?: PartitionValues
  readonly size?: number
  readonly deletionVector?: DeletionVector
}

/** How far an application has written: a commit of the same application with the same or a lower version is a repeat. */
export interface Transaction {
  readonly kind: 'txn'
  readonly appId: string
  readonly version: number
  readonly lastUpdated?: number
}

/** A named piece of metadata that belongs to a table feature. */
export interface DomainMetadata {
  readonly kind: 'domainMetadata'
  readonly domain: string
  readonly configuration: string
  readonly removed: boolean
}

/** Who committed what and when; kept for people and never needed to read the table. */
export interface CommitInfo {
  readonly kind: 'commitInfo'
  readonly timestamp?: number
  readonly operation?: string
  readonly operationParameters?: Readonly<Record<string, string>>
  readonly readVersion?: number
  readonly isolationLevel?: string
  readonly isBlindAppend?: boolean
  readonly operationMetrics?: Readonly<Record<string, string>>
  readonly engineInfo?: string
  readonly txnId?: string
  readonly inCommitTimestamp?: number
}

/** A file below `_delta_log/_sidecars` with further rows of a V2 checkpoint. */
export interface Sidecar {
  readonly kind: 'sidecar'
  readonly path: string
  readonly sizeInBytes: number
}

/** One line of a Delta log. */
export type Action =
  Protocol | Metadata | AddFile | RemoveFile | Transaction | DomainMetadata | CommitInfo | Sidecar

/** What identifies a file of a snapshot: its path and, when it has one, its deletion vector. */
export const fileKey = (file: AddFile | RemoveFile): string => {
  const vector = file.deletionVector
  if (vector === undefined) return file.path
  const offset = vector.offset === undefined ? '' : `@${vector.offset}`
  return `${file.path}\n${vector.storageType}${vector.pathOrInlineDv}${offset}`
}

/** True for the URI of a file outside the table's folder, as shallow clones have them. */
export const isAbsolutePath = (path: string): boolean =>
  path.startsWith('/') || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(path)
