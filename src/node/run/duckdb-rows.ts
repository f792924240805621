import { availableParallelism } from 'node:os'
import type { ColumnBlock, ColumnSpec, Dictionary } from '../../core/columns/block.ts'
import { fail } from '../../core/errors.ts'
import { createGenerator, type KernelHost, type WantedColumn } from '../../core/kernel/generator.ts'
import { lowerTable } from '../../core/plan/lower.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import type { RowRequest } from '../../core/run/engines.ts'
import type { LateRowSource } from '../../core/run/row-source.ts'
import { DUCKDB } from '../../core/sql/duckdb.ts'
import type { Cell } from '../../core/ports.ts'
import { renderTable } from '../../core/sql/render.ts'
import { utf8 } from '../../core/utf8.ts'
import { type DuckDb, openDuckDb } from '../engine/duckdb.ts'

/**
 * Sources whose rows DuckDB makes, by the SQL of the plan: one DuckDB for all of a thread. The kernel only tells what
 * form columns have, so that files, measures and promises are those of its own rows. Throws engine.missing when DuckDB
 * is not installed.
 */
export const duckDbRows = async (
  host: KernelHost,
): Promise<(plan: TypedPlan, request: RowRequest) => LateRowSource> => {
  const duckDb = await openDuckDb(LIMITS)
  return (plan, request) => source(plan, request, { host, duckDb })
}

/** The rows of a part are sorted in memory. */
const LIMITS = { threads: availableParallelism(), memoryMb: 2048 }

/** Rows of a block, as the kernel makes them. */
const BLOCK_ROWS = 16_384

const source = (
  plan: TypedPlan,
  { table, wanted: asked }: RowRequest,
  { host, duckDb }: { readonly host: KernelHost; readonly duckDb: DuckDb },
): LateRowSource => {
  const wanted = asked.map((each) => ({ ...each, later: false }))
  const generator = createGenerator(plan, { table, wanted }, host)
  const graphs = lowerTable(plan, table.name, numbered(wanted))
  return {
    columns: generator.columns,
    generate: async ({ variant, lo, hi }, sink) => {
      const columns = generator.columns(variant)
      const makers = columns.map((spec, i) => blockMaker(spec, wanted[i]))
      const graph = graphs[variant] ?? fail('internal', `${table.name} has no variant ${variant}`)
      const keyed = { ...graph, outputs: [...graph.outputs, { name: KEY, node: graph.key }] }
      const rows = renderTable([keyed], {
        dialect: DUCKDB,
        vocabularies: plan.vocabularies,
        range: { from: lo, to: hi },
      })
      const list = columns.map((spec, i) => castOf(spec, nameOf(i)))
      const sql = `SELECT ${list.join(', ')} FROM (\n${rows}\n) AS made ORDER BY ${KEY}`
      if (hi <= lo) return
      for await (const cells of inBlocks(duckDb.chunks(sql)))
        sink(
          makers.map((make, i) => make(cells[i] ?? [])),
          cells[0]?.length ?? 0,
        )
    },
  }
}

const KEY = 'own_key'
const nameOf = (column: number): string => `c${column}`

/** Outputs by number: names that are wanted may be equal. */
const numbered = (wanted: readonly WantedColumn[]): readonly WantedColumn[] =>
  wanted.map((each, i) => ({ ...each, name: nameOf(i) }))

/** What can be read as numbers is cast to a type that is. */
const castOf = ({ block }: ColumnSpec, name: string): string => {
  if (block === 'int32') return `CAST(${name} AS INTEGER)`
  return block === 'float64' ? `CAST(${name} AS DOUBLE)` : name
}

type Cells = readonly Cell[]

/** Chunks put together to blocks of at least BLOCK_ROWS rows, but for the last. */
async function* inBlocks(
  chunks: AsyncIterable<readonly Cells[]>,
): AsyncGenerator<readonly Cells[], void> {
  let waiting: Cell[][] = []
  for await (const chunk of chunks) {
    waiting = chunk.map((cells, i) => [...(waiting[i] ?? []), ...cells])
    if ((waiting[0]?.length ?? 0) < BLOCK_ROWS) continue
    yield waiting
    waiting = []
  }
  if (waiting.length > 0) yield waiting
}

type MakeBlock = (cells: Cells) => ColumnBlock

const blockMaker = (
  { block, nullable, dictionary }: ColumnSpec,
  wanted: WantedColumn | undefined,
): MakeBlock => {
  const nullsOf = (cells: Cells): Uint8Array | undefined =>
    nullable ? Uint8Array.from(cells, (cell) => (cell === null ? 1 : 0)) : undefined
  switch (block) {
    case 'int32':
      return (cells) => ({
        kind: 'int32',
        rows: cells.length,
        nulls: nullsOf(cells),
        values: Int32Array.from(cells, Number),
      })
    case 'float64':
      return (cells) => ({
        kind: 'float64',
        rows: cells.length,
        nulls: nullsOf(cells),
        values: Float64Array.from(cells, Number),
      })
    case 'codes': {
      const words = dictionary ?? fail('internal', 'codes without a dictionary')
      const codes = codesOf(words)
      return (cells) => ({
        kind: 'codes',
        rows: cells.length,
        nulls: nullsOf(cells),
        dictionary: words,
        codes: Int32Array.from(cells, (cell) => codeOf(codes, cell)),
      })
    }
    case 'fixed': {
      const width = wanted?.expr.shape.maxLength ?? 0
      return (cells) => ({
        kind: 'fixed',
        rows: cells.length,
        nulls: nullsOf(cells),
        width,
        bytes: fixedBytes(cells, width),
      })
    }
    case 'bytes':
      return (cells) => ({
        kind: 'bytes',
        rows: cells.length,
        nulls: nullsOf(cells),
        ...textBytes(cells),
      })
  }
}

const codesOf = ({ count, offsets, bytes }: Dictionary): ReadonlyMap<string, number> => {
  const decoder = new TextDecoder()
  const word = (i: number): string => decoder.decode(bytes.slice(offsets[i], offsets[i + 1]))
  return new Map(Array.from({ length: count }, (_, i) => [word(i), i]))
}

const codeOf = (codes: ReadonlyMap<string, number>, cell: Cell): number =>
  cell === null
    ? 0
    : (codes.get(String(cell)) ??
      fail('engine.failed', `DuckDB made ${JSON.stringify(cell)}, which is no word of the column`))

/** Each behind its length in four bytes, as Parquet stores it. */
const fixedBytes = (cells: Cells, width: number): Uint8Array => {
  const bytes = new Uint8Array(cells.length * (width + 4))
  const view = new DataView(bytes.buffer)
  cells.forEach((cell, i) => {
    const at = i * (width + 4)
    view.setUint32(at, width, true)
    if (cell === null) return
    const word = utf8(String(cell))
    if (word.length !== width)
      fail('engine.failed', `DuckDB made a text of ${word.length} bytes, expected ${width}`)
    bytes.set(word, at + 4)
  })
  return bytes
}

const textBytes = (cells: Cells): { readonly offsets: Int32Array; readonly bytes: Uint8Array } => {
  const words = cells.map((cell) => utf8(cell === null ? '' : String(cell)))
  const offsets = new Int32Array(cells.length + 1)
  words.forEach((word, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + word.length
  })
  const bytes = new Uint8Array(offsets[cells.length] ?? 0)
  words.forEach((word, i) => bytes.set(word, offsets[i]))
  return { offsets, bytes }
}
