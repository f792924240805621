import { readFileSync } from 'node:fs'
import { decompress } from '@bokuweb/zstd-wasm'
import { DuckDBInstance } from '@duckdb/node-api'
import { parquetReadObjects } from 'hyparquet'
import type { DataType } from '../../src/core/expr/types.ts'
import { createDigest } from '../../src/core/plan/digest.ts'
import { loadCodec } from '../../src/node/store/codecs.ts'
import { runPython } from '../support/python.ts'
import type { LandedTable } from './lakes.ts'

/** The portable digest of each table by name, as a reader finds its rows. */
export type Digests = Readonly<Record<string, string>>

/** What a reader must find. */
export const expectedDigests = (tables: readonly LandedTable[]): Digests =>
  Object.fromEntries(tables.map(({ name, digest }) => [name, digest]))

/** Digests by the SQL of docs/digest.md over `source`, which gives DuckDB's table function for a table's files. */
export const duckdbDigests = async (
  tables: readonly LandedTable[],
  source: (table: LandedTable) => string,
): Promise<Digests> => {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(`SET TimeZone = 'UTC'`)
  const found: [string, string][] = []
  for (const table of tables) {
    const reader = await connection.runAndReadAll(digestSql(table, source(table)))
    found.push([table.name, String(reader.getRows()[0]?.[0])])
  }
  connection.closeSync()
  instance.closeSync()
  return Object.fromEntries(found)
}

/** A table function for the Parquet files of a table. */
export const parquetSource = ({ files }: LandedTable): string => `read_parquet(${listSql(files)})`

/** Names as a list in SQL. */
export const listSql = (names: readonly string[]): string =>
  `[${names.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ')}]`

const digestSql = ({ columns }: LandedTable, source: string): string => `
  with cells as (select ${columns.map(cellSql).join(` || '|' || `)} as row_text from ${source}),
  hashes as (select md5(row_text) as h from cells),
  sums as (select count(*) as n, ${[1, 2, 3, 4].map(sumSql).join(', ')} from hashes)
  select format('{:08x}{:016x}{:016x}{:016x}{:016x}', n, s1, s2, s3, s4) from sums`

const sumSql = (word: number): string =>
  `coalesce(sum(('0x' || h[${8 * word - 7}:${8 * word}])::bigint), 0)::bigint as s${word}`

const cellSql = ({ name, type }: LandedTable['columns'][number]): string =>
  `case when "${name}" is null then 'N' else 'V' || ${textSql(`"${name}"`, type)} end`

const textSql = (column: string, type: DataType): string => {
  switch (type.kind) {
    case 'string':
      return String.raw`replace(replace(${column}, '\', '\\'), '|', '\p')`
    case 'decimal':
      return `(${column} * ${10 ** type.scale})::bigint::varchar`
    case 'boolean':
      return `${column}::int::varchar`
    case 'date':
      return `(${column} - date '1970-01-01')::varchar`
    case 'timestamp':
      return `epoch_us(${column})::varchar`
    case 'integer':
      return `${column}::varchar`
  }
}

type Cell = string | number | bigint | boolean | null

/** Digests of Parquet files as hyparquet reads them. */
export const hyparquetDigests = async (tables: readonly LandedTable[]): Promise<Digests> => {
  await loadCodec('zstd')
  const found: [string, string][] = []
  for (const table of tables) {
    const digest = createDigest()
    for (const path of table.files)
      for (const row of await rowsOf(path))
        digest.add(table.columns.map(({ name, type }) => physical(row[name] ?? null, type)))
    found.push([table.name, digest.hex()])
  }
  return Object.fromEntries(found)
}

const rowsOf = async (path: string): Promise<readonly Readonly<Record<string, Cell>>[]> =>
  (await parquetReadObjects({
    file: new Uint8Array(readFileSync(path)).buffer,
    compressors: { ZSTD: (bytes) => decompress(bytes) },
    parsers: {
      timestampFromMicroseconds: (value: bigint) => value,
      dateFromDays: (value: number) => value,
      stringFromBytes: (value: Uint8Array) => new TextDecoder().decode(value),
    },
  })) as readonly Readonly<Record<string, Cell>>[]

const physical = (value: Cell, type: DataType): string | number | null => {
  if (value === null || typeof value === 'string') return value
  if (type.kind === 'decimal') return Math.round(Number(value) * 10 ** type.scale)
  return Number(value)
}

/** What Python finds of a table through delta-rs, and of its files through PyArrow. */
export interface PythonTable {
  readonly arrow: string
  readonly delta: string
  readonly version: number
  readonly configuration: Readonly<Record<string, string>>
  readonly fields: readonly string[]
}

const PYTHON = `
import hashlib, json, sys
import pyarrow as pa, pyarrow.parquet as pq
from deltalake import DeltaTable

def texts(column):
    kind = column.type
    if pa.types.is_timestamp(kind): cells = column.cast(pa.timestamp('us', 'UTC')).cast(pa.int64()).to_pylist()
    elif pa.types.is_date(kind): cells = column.cast(pa.int32()).to_pylist()
    elif pa.types.is_boolean(kind): cells = [None if c is None else int(c) for c in column.to_pylist()]
    elif pa.types.is_decimal(kind): cells = [None if c is None else int(c.scaleb(kind.scale)) for c in column.to_pylist()]
    else: cells = column.to_pylist()
    escape = lambda c: c.replace('\\\\', '\\\\\\\\').replace('|', '\\\\p') if isinstance(c, str) else str(c)
    return ['N' if c is None else 'V' + escape(c) for c in cells]

def digest(table):
    sums = [0, 0, 0, 0]
    for row in zip(*[texts(table.column(name)) for name in table.column_names]):
        h = hashlib.md5('|'.join(row).encode()).hexdigest()
        for i in range(4): sums[i] += int(h[8 * i:8 * i + 8], 16)
    return '%08x' % table.num_rows + ''.join('%016x' % s for s in sums)

def look(table):
    read = lambda path: pq.ParquetFile(path, page_checksum_verification=True).read()
    delta = DeltaTable(table['folder'])
    schema = delta.schema()
    return {
        'arrow': digest(pa.concat_tables([read(path) for path in table['files']])),
        'delta': digest(delta.to_pyarrow_table()),
        'version': delta.version(),
        'configuration': delta.metadata().configuration,
        'fields': [f'{f.name} {f.type.type} {"null" if f.nullable else "not null"}' for f in schema.fields],
    }

print(json.dumps({table['name']: look(table) for table in json.load(sys.stdin)}))
`

/** Reads tables with delta-rs and their files, checksums of pages included, with PyArrow. */
export const readWithPython = (
  python: string,
  tables: readonly LandedTable[],
): Readonly<Record<string, PythonTable>> => {
  const input = JSON.stringify(tables.map(({ name, folder, files }) => ({ name, folder, files })))
  return JSON.parse(runPython(python, PYTHON, { input })) as Readonly<Record<string, PythonTable>>
}
