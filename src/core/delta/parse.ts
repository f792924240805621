import { fail } from '../errors.ts'
import type { Action, AddFile, CommitInfo, DeletionVector, Metadata, Protocol } from './actions.ts'
import type { DomainMetadata, RemoveFile, Sidecar, Transaction } from './actions.ts'
import { isAbsolutePath } from './actions.ts'
import type { Fields } from './fields.ts'
import { fieldsOf, required } from './fields.ts'
import { decodePath } from './log-path.ts'

/**
 * Reads the NDJSON text of one log file. Actions this version does not know are passed over (what a table needs is
 * said by its protocol). Fails with delta.log, naming `source` and the line, on anything malformed.
 */
export const parseActions = (text: string, source: string): readonly Action[] =>
  text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const where = `${source}, line ${index + 1}`
    return parseAction(parseJson(line, where), where)
  })

/** Reads one action from its JSON object, or from a checkpoint row of the same shape; empty for an unknown action. */
export const parseAction = (json: unknown, where: string): readonly Action[] => {
  const line = fieldsOf(json, where)
  return line.names().flatMap((name) => {
    const read = READERS.get(name)
    const fields = read === undefined ? undefined : line.object(name)
    return read === undefined || fields === undefined ? [] : [read(fields)]
  })
}

/** JSON.parse with an error of the catalogue. */
export const parseJson = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    return fail('delta.log', `${where}: expected JSON`, { cause })
  }
}

/** The path of an add or remove as a decoded path inside the table, or the absolute URI it is. */
const filePath = (fields: Fields): string => {
  const text = required(fields, 'path', fields.string('path'))
  if (isAbsolutePath(text)) return text
  const path = decodePath(text)
  const safe =
    path !== undefined &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  if (!safe || path.includes('\0')) {
    return fail(
      'delta.log',
      `${fields.where}: path ${JSON.stringify(text)} does not stay inside the table`,
    )
  }
  return path
}

const readVector = (fields: Fields | undefined): DeletionVector | undefined => {
  if (fields === undefined) return undefined
  const storageType = required(fields, 'storageType', fields.string('storageType'))
  if (storageType !== 'u' && storageType !== 'i' && storageType !== 'p') {
    return fail(
      'delta.log',
      `${fields.where}: unknown deletion vector storage type "${storageType}"`,
    )
  }
  const offset = fields.integer('offset')
  return {
    storageType,
    pathOrInlineDv: required(fields, 'pathOrInlineDv', fields.string('pathOrInlineDv')),
    ...(offset === undefined ? {} : { offset }),
    sizeInBytes: required(fields, 'sizeInBytes', fields.integer('sizeInBytes')),
    cardinality: required(fields, 'cardinality', fields.integer('cardinality')),
  }
}

const readProtocol = (fields: Fields): Protocol =>
  defined({
    kind: 'protocol',
    minReaderVersion: required(fields, 'minReaderVersion', fields.integer('minReaderVersion')),
    minWriterVersion: required(fields, 'minWriterVersion', fields.integer('minWriterVersion')),
    readerFeatures: fields.strings('readerFeatures'),
    writerFeatures: fields.strings('writerFeatures'),
  })

const readMetadata = (fields: Fields): Metadata => {
  const provider = fields.object('format')?.string('provider') ?? 'parquet'
  if (provider !== 'parquet') {
    return fail('delta.log', `${fields.where}: data format "${provider}", expected parquet`)
  }
  return defined({
    kind: 'metaData',
    id: required(fields, 'id', fields.string('id')),
    name: fields.string('name'),
    description: fields.string('description'),
    schemaString: required(fields, 'schemaString', fields.string('schemaString')),
    partitionColumns: fields.strings('partitionColumns') ?? [],
    configuration: fields.texts('configuration') ?? {},
    createdTime: fields.integer('createdTime'),
  })
}

const readAdd = (fields: Fields): AddFile =>
  defined({
    kind: 'add',
    path: filePath(fields),
    partitionValues: fields.nullableTexts('partitionValues') ?? {},
    size: required(fields, 'size', fields.integer('size')),
    modificationTime: fields.integer('modificationTime') ?? 0,
    dataChange: fields.boolean('dataChange') ?? true,
    stats: fields.string('stats'),
    tags: fields.texts('tags'),
    deletionVector: readVector(fields.object('deletionVector')),
  })

const readRemove = (fields: Fields): RemoveFile =>
  defined({
    kind: 'remove',
    path: filePath(fields),
    deletionTimestamp: fields.integer('deletionTimestamp'),
    dataChange: fields.boolean('dataChange') ?? true,
    partitionValues: fields.nullableTexts('partitionValues'),
    size: fields.integer('size'),
    deletionVector: readVector(fields.object('deletionVector')),
  })

const readTransaction = (fields: Fields): Transaction =>
  defined({
    kind: 'txn',
    appId: required(fields, 'appId', fields.string('appId')),
    version: required(fields, 'version', fields.integer('version')),
    lastUpdated: fields.integer('lastUpdated'),
  })

const readDomain = (fields: Fields): DomainMetadata => ({
  kind: 'domainMetadata',
  domain: required(fields, 'domain', fields.string('domain')),
  configuration: fields.string('configuration') ?? '',
  removed: fields.boolean('removed') ?? false,
})

const readCommitInfo = (fields: Fields): CommitInfo =>
  defined({
    kind: 'commitInfo',
    timestamp: fields.integer('timestamp'),
    operation: fields.string('operation'),
    operationParameters: fields.looseTexts('operationParameters'),
    readVersion: fields.integer('readVersion'),
    isolationLevel: fields.string('isolationLevel'),
    isBlindAppend: fields.boolean('isBlindAppend'),
    operationMetrics: fields.looseTexts('operationMetrics'),
    engineInfo: fields.string('engineInfo'),
    txnId: fields.string('txnId'),
    inCommitTimestamp: fields.integer('inCommitTimestamp'),
  })

const readSidecar = (fields: Fields): Sidecar => ({
  kind: 'sidecar',
  path: filePath(fields),
  sizeInBytes: required(fields, 'sizeInBytes', fields.integer('sizeInBytes')),
})

const READERS: ReadonlyMap<string, (fields: Fields) => Action> = new Map<
  string,
  (fields: Fields) => Action
>([
  ['commitInfo', readCommitInfo],
  ['protocol', readProtocol],
  ['metaData', readMetadata],
  ['txn', readTransaction],
  ['domainMetadata', readDomain],
  ['remove', readRemove],
  ['add', readAdd],
  ['sidecar', readSidecar],
])

type WithoutUndefined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Leaves out the properties whose value is undefined; only a field that is absent costs a copy. */
const defined = <T extends object>(fields: T): WithoutUndefined<T> => {
  const entries = Object.entries(fields)
  const kept = entries.filter(([, value]) => value !== undefined)
  return (kept.length === entries.length ? fields : Object.fromEntries(kept)) as WithoutUndefined<T>
}
