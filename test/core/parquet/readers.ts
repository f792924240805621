import { DuckDBInstance } from '@duckdb/node-api'
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import type { DataType } from '../../../src/core/expr/types.ts'
import { runPython } from '../../support/python.ts'
import type { TestColumn } from './tables.ts'

/** Columns of cells as text: physical integers in decimal, strings as they are; the form in which readers agree. */
export type Cells = Readonly<Record<string, readonly (string | null)[]>>

/** What a reader should find. */
export const expectedCells = (columns: readonly TestColumn[]): Cells =>
  Object.fromEntries(
    columns.map(({ spec, cells }) => [
      spec.name,
      cells.map((cell) => (typeof cell === 'number' ? String(cell) : cell)),
    ]),
  )

type Types = readonly { readonly name: string; readonly type: DataType }[]

const typesOf = (columns: readonly TestColumn[]): Types => columns.map(({ spec }) => spec)

/** Reads with DuckDB (SQL brings every value back to its physical integer). */
export const readDuckdb = async (path: string, columns: readonly TestColumn[]): Promise<Cells> => {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  const list = typesOf(columns).map(
    ({ name, type }) => `${physicalSql(`"${name}"`, type)} "${name}"`,
  )
  const reader = await connection.runAndReadAll(`select ${list.join(', ')} from '${path}'`)
  const found = reader.getColumnsObject()
  connection.closeSync()
  instance.closeSync()
  return Object.fromEntries(
    typesOf(columns).map(({ name }) => [
      name,
      (found[name] ?? []).map((cell) => (cell === null ? null : String(cell))),
    ]),
  )
}

const physicalSql = (name: string, type: DataType): string => {
  switch (type.kind) {
    case 'string':
      return name
    case 'decimal':
      return `(${name}::decimal(30, ${type.scale}) * ${10 ** type.scale})::hugeint::varchar`
    case 'boolean':
      return `${name}::int::varchar`
    case 'date':
      return `(${name} - date '1970-01-01')::varchar`
    case 'timestamp':
      return `epoch_us(${name})::varchar`
    case 'integer':
      return `${name}::varchar`
  }
}

/** Reads with hyparquet, its conversions of dates and timestamps turned off. */
export const readHyparquet = async (
  bytes: Uint8Array,
  columns: readonly TestColumn[],
): Promise<Cells> => {
  const file = new Uint8Array(bytes).buffer
  const parsers = {
    timestampFromMicroseconds: (value: bigint) => value,
    dateFromDays: (value: number) => value,
    stringFromBytes: (value: Uint8Array) => new TextDecoder().decode(value),
  }
  const rows = await parquetReadObjects({ file, parsers })
  return Object.fromEntries(
    typesOf(columns).map(({ name, type }) => [
      name,
      rows.map((row) => canonical(row[name] as string | number | bigint | boolean | null, type)),
    ]),
  )
}

const canonical = (
  value: string | number | bigint | boolean | null,
  type: DataType,
): string | null => {
  if (value === null) return null
  if (type.kind === 'decimal') return String(Math.round(Number(value) * 10 ** type.scale))
  return String(typeof value === 'boolean' ? Number(value) : value)
}

/** The metadata that hyparquet finds in a file's footer. */
export const readMetadata = async (bytes: Uint8Array) =>
  parquetMetadataAsync(new Uint8Array(bytes).buffer)

const PYARROW = `
import json, sys, pyarrow as pa, pyarrow.parquet as pq
file = pq.ParquetFile(sys.argv[1], page_checksum_verification=sys.argv[2] == 'crc')
def text(cell, kind):
    if cell is None: return None
    if pa.types.is_decimal(kind): return str(int(cell.scaleb(kind.scale)))
    if pa.types.is_boolean(kind): return str(int(cell))
    return str(cell)
table = file.read(use_threads=False)
out = {}
for name in table.column_names:
    column = table.column(name)
    kind = column.type
    if pa.types.is_timestamp(kind): column = column.cast(pa.int64())
    if pa.types.is_date(kind): column = column.cast(pa.int32())
    out[name] = [text(cell, kind) for cell in column.to_pylist()]
print(json.dumps(out))
`

/** Reads with PyArrow, checking page checksums if asked to. */
export const readPyarrow = async (
  python: string,
  path: string,
  checksums: 'crc' | 'none',
): Promise<Cells> => {
  return JSON.parse(runPython(python, PYARROW, { args: [path, checksums] })) as Cells
}
