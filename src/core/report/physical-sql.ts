import { fail } from '../errors.ts'
import type { DataType } from '../expr/types.ts'

/** A landed column by its name in the files, and the type that it landed as. */
export interface LandedName {
  readonly name: string
  readonly type: DataType
}

/** A DuckDB expression for the physical value of a landed cell: numbers as BIGINT, strings and booleans as such. */
export const physicalSql = ({ name, type }: LandedName): string => {
  const cell = duckdbName(name)
  switch (type.kind) {
    case 'integer':
      return `CAST(${cell} AS BIGINT)`
    case 'decimal':
      return `CAST(${cell} * ${'1'.padEnd(type.scale + 1, '0')} AS BIGINT)`
    case 'date':
      return `CAST(${cell} - DATE '1970-01-01' AS BIGINT)`
    case 'timestamp':
      return `epoch_us(${cell})`
    case 'boolean':
    case 'string':
      return cell
  }
}

/** The types in which text files are read; `typeName` spells them in manifests. */
export const parseTypeName = (text: string): DataType => {
  const decimal = /^decimal\((\d+), ?(\d+)\)$/.exec(text)
  if (decimal !== null)
    return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) }
  const kind = SIMPLE_TYPES[text]
  return kind === undefined
    ? fail('sql.unsupported', `the digest does not know columns of type ${text}`)
    : { kind }
}

/** A DuckDB query for the rows of Parquet, CSV or JSON Lines files that a run wrote; paths as DuckDB opens them. */
export const plainFilesSql = (
  format: 'parquet' | 'csv' | 'jsonl',
  columns: readonly LandedName[],
  paths: readonly string[],
): string => {
  const files = `[${paths.map(duckdbText).join(', ')}]`
  const cells = columns.map(
    ({ name, type }) => `CAST(${duckdbName(name)} AS ${duckdbType(type)}) AS ${duckdbName(name)}`,
  )
  const texts = columns.map(({ name }) => `${duckdbText(name)}: 'VARCHAR'`).join(', ')
  const source = {
    parquet: `read_parquet(${files}, hive_partitioning = false)`,
    csv: `read_csv(${files}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, columns = {${texts}})`,
    jsonl: `read_json(${files}, format = 'newline_delimited', auto_detect = false, columns = {${texts}})`,
  }[format]
  if (paths.length > 0) return `SELECT ${cells.join(', ')} FROM ${source}`
  const none = columns.map(
    ({ name, type }) => `CAST(NULL AS ${duckdbType(type)}) AS ${duckdbName(name)}`,
  )
  return `SELECT ${none.join(', ')} WHERE false`
}

/** A name as DuckDB quotes it. */
export const duckdbName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as DuckDB quotes it. */
export const duckdbText = (text: string): string => `'${text.replaceAll("'", "''")}'`

const SIMPLE_TYPES: Readonly<Record<string, Exclude<DataType['kind'], 'decimal'>>> = {
  integer: 'integer',
  long: 'integer',
  short: 'integer',
  byte: 'integer',
  string: 'string',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  timestamp_ntz: 'timestamp',
}

const duckdbType = (type: DataType): string => {
  switch (type.kind) {
    case 'integer':
      return 'BIGINT'
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`
    case 'string':
      return 'VARCHAR'
    case 'boolean':
      return 'BOOLEAN'
    case 'date':
      return 'DATE'
    case 'timestamp':
      return 'TIMESTAMP'
  }
}
