import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api'
import { fail } from '../../core/errors.ts'
import type { Cell, Columns } from '../../core/ports.ts'
import { byRow, exactInteger } from './result.ts'

/** A DuckDB in memory, with one connection that runs one statement after another. */
export interface DuckDb {
  /** Runs a statement for what it does. Throws engine.failed with DuckDB's message. */
  readonly run: (sql: string) => Promise<void>
  /** The columns of a result, each with its cells. */
  readonly columns: (sql: string) => Promise<Columns>
  /** The rows of a result by column name. */
  readonly rows: (sql: string) => Promise<readonly Readonly<Record<string, Cell>>[]>
  /** The columns of a result of INTEGERs without nulls; nothing but these arrays is held in memory. */
  readonly integers: (sql: string) => Promise<readonly Int32Array[]>
  /** The cells of a result a few thousand rows at a time, as columns; the next ones are made when they are asked for. */
  readonly chunks: (sql: string) => AsyncIterable<readonly (readonly Cell[])[]>
  readonly close: () => void
}

/** How much of the machine a DuckDB may take. */
export interface DuckDbLimits {
  /** Mebibytes of memory; 512 by default. */
  readonly memoryMb?: number
  /** Threads; 2 by default. */
  readonly threads?: number
  /** A folder for what does not fit in memory; without one, a statement that needs it fails. */
  readonly spillFolder?: string
}

/**
 * Opens an empty DuckDB in memory: UTC, nothing downloaded, no state kept. The package is loaded when this is first
 * called; throws engine.missing when it is not installed.
 */
export const openDuckDb = async (limits: DuckDbLimits = {}): Promise<DuckDb> => {
  const { DuckDBInstance } = await load()
  const instance = await DuckDBInstance.create(':memory:', settings(limits))
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  const read = async (sql: string): Promise<Columns> => {
    const reader = await connection.runAndReadAll(sql).catch((cause: unknown) => failed(sql, cause))
    const names = reader.columnNames()
    const columns = reader.getColumns()
    return { names, cells: names.map((_, i) => (columns[i] ?? []).map(cellOf)) }
  }
  return {
    run: async (sql) => {
      await connection.run(sql).catch((cause: unknown) => failed(sql, cause))
    },
    columns: read,
    rows: async (sql) => byRow(await read(sql)),
    integers: async (sql) =>
      readIntegers(await connection.stream(sql).catch((cause: unknown) => failed(sql, cause))),
    chunks: (sql) => readChunks(connection, sql),
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

const load = async () => {
  try {
    return await import('@duckdb/node-api')
  } catch (cause) {
    return fail('engine.missing', 'DuckDB is not installed', {
      hint: 'npm install @duckdb/node-api@1.5.6-r.1',
      cause,
    })
  }
}

const settings = ({ memoryMb = 512, threads = 2, spillFolder }: DuckDbLimits) => ({
  memory_limit: `${memoryMb}MiB`,
  threads: String(threads),
  temp_directory: spillFolder ?? '',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
})

async function* readChunks(
  connection: DuckDBConnection,
  sql: string,
): AsyncGenerator<readonly (readonly Cell[])[], void> {
  const lost = (cause: unknown): never => failed(sql, cause)
  const result = await connection.stream(sql).catch(lost)
  for (;;) {
    const chunk = await result.fetchChunk().catch(lost)
    if (chunk === null || chunk.rowCount === 0) return
    yield chunk.getColumns().map((column) => column.map(cellOf))
  }
}

const readIntegers = async (result: DuckDBResult): Promise<readonly Int32Array[]> => {
  let columns: readonly Int32Array[] = result.columnNames().map(() => new Int32Array(1024))
  let rows = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return columns.map((each) => each.slice(0, rows))
    const end = rows + chunk.rowCount
    columns = columns.map((each) => (end > each.length ? grown(each, end) : each))
    columns.forEach((column, i) => column.set(chunk.getColumnValues(i) as number[], rows))
    rows = end
  }
}

const grown = (array: Int32Array, least: number): Int32Array => {
  const larger = new Int32Array(Math.max(least, 2 * array.length))
  larger.set(array)
  return larger
}

const SHOWN = 2000

const failed = (sql: string, cause: unknown): never =>
  fail('engine.failed', `DuckDB: ${cause instanceof Error ? cause.message : String(cause)}`, {
    details: { sql: sql.length > SHOWN ? `${sql.slice(0, SHOWN)}…` : sql },
    cause,
  })

const cellOf = (value: DuckDBValue): Cell => {
  if (typeof value === 'bigint') return exactInteger(value)
  return value !== null && typeof value === 'object' ? value.toString() : value
}
