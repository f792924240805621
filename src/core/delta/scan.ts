import { fail } from '../errors.ts'
import type { AddFile, PartitionValues } from './actions.ts'
import { fileKey, isAbsolutePath } from './actions.ts'
import type { DeltaField } from './schema.ts'
import { parseSchema } from './schema.ts'
import type { Snapshot } from './snapshot.ts'

/** What a scan needs beside the snapshot: where a file of the table is for DuckDB, and its deleted rows by `fileKey`. */
export interface ScanFiles {
  readonly place: (path: string) => string
  readonly deleted: ReadonlyMap<string, readonly number[]>
}

/**
 * A DuckDB query for the rows of a snapshot, its columns in the schema's order and types: files by name, partition
 * values as constants, deleted rows left out, columns that older files lack as null. The session's time zone must be
 * UTC. Fails with delta.log on a file outside the table, and on a deletion vector whose rows were not given.
 */
export const scanSql = (snapshot: Snapshot, files: ScanFiles): string => {
  const { fields } = parseSchema(snapshot.metadata.schemaString)
  const partitions = fields.filter(({ name }) => snapshot.metadata.partitionColumns.includes(name))
  const empty = fields.map((field) => `${typed('NULL', field)} AS ${quoted(field.name)}`).join(', ')
  const sources = groups(snapshot).map((group) => sourceSql(group, partitions, files))
  const rows = [`SELECT ${empty} WHERE false`, ...sources].join('\nUNION ALL BY NAME ')
  const columns = fields.map(
    (field) => `${typed(quoted(field.name), field)} AS ${quoted(field.name)}`,
  )
  return `SELECT ${columns.join(', ')} FROM (\n${rows}\n)`
}

/** Files that are read by one call: of equal partition values, or a single one with a deletion vector. */
type Group = readonly [first: AddFile, ...rest: readonly AddFile[]]

const groups = ({ files }: Snapshot): readonly Group[] => {
  const found = new Map<string, [AddFile, ...AddFile[]]>()
  for (const [key, file] of files) {
    const name = file.deletionVector === undefined ? valuesText(file.partitionValues) : `\n${key}`
    const group = found.get(name)
    if (group === undefined) found.set(name, [file])
    else group.push(file)
  }
  return [...found.values()]
}

const valuesText = (values: PartitionValues): string =>
  JSON.stringify(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)))

const ROW_NUMBER = 'file_row_number'

const sourceSql = (
  group: Group,
  partitions: readonly DeltaField[],
  { place, deleted }: ScanFiles,
): string => {
  const [first] = group
  const paths = group.map(({ path }) => literal(place(inside(path)))).join(', ')
  const constants = partitions.map((field) => {
    const value = Object.hasOwn(first.partitionValues, field.name)
      ? (first.partitionValues[field.name] ?? null)
      : null
    // The protocol writes a missing value as an empty text too.
    const constant = value === null || value === '' ? 'NULL' : literal(value)
    return `${typed(constant, field)} AS ${quoted(field.name)}`
  })
  // Some writers put partition columns into the files too.
  const names = partitions.map(({ name }) => name)
  const hidden = first.deletionVector === undefined ? names : [...names, ROW_NUMBER]
  const stored =
    hidden.length === 0 ? '*' : `COLUMNS(c -> c NOT IN (${hidden.map(literal).join(', ')}))`
  const columns = [stored, ...constants].join(', ')
  if (first.deletionVector === undefined) {
    return `SELECT ${columns} FROM read_parquet([${paths}], union_by_name = true, hive_partitioning = false)`
  }
  const rows = deleted.get(fileKey(first))
  if (rows === undefined)
    return fail('delta.log', `${first.path}: its deletion vector was not read`)
  return (
    `SELECT ${columns} FROM read_parquet([${paths}], ${ROW_NUMBER} = true, hive_partitioning = false) ` +
    `WHERE ${ROW_NUMBER} NOT IN (SELECT unnest(CAST([${rows.join(', ')}] AS BIGINT[])))`
  )
}

const inside = (path: string): string =>
  isAbsolutePath(path) ? fail('delta.log', `${path} lies outside the table`) : path

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The DuckDB types of Delta's primitives; nested types keep the type that the files have. */
const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  byte: 'TINYINT',
  short: 'SMALLINT',
  integer: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  binary: 'BLOB',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
  timestamp_ntz: 'TIMESTAMP',
}

const typed = (expression: string, { name, type }: DeltaField): string => {
  if (typeof type !== 'string') return expression
  const known = Object.hasOwn(DUCKDB_TYPES, type) ? DUCKDB_TYPES[type] : undefined
  const decimal = /^decimal\(\d+,\s*\d+\)$/.test(type) ? type.toUpperCase() : undefined
  const duckdb = known ?? decimal ?? fail('delta.log', `column "${name}": unknown type "${type}"`)
  return `CAST(${expression} AS ${duckdb})`
}
