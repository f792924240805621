import type { ColumnBlock, ColumnSpec } from '../columns/block.ts'
import { fail } from '../errors.ts'
import type { Codec } from './codec.ts'
import { createColumnWriter } from './column.ts'
import { createLaterColumnWriter } from './later-column.ts'
import { footer, MAGIC, type RowGroup } from './footer.ts'
import { createEncoderMemory, type EncoderMemory } from './memory.ts'
import { plainPrimitives, type ParquetPrimitives } from './primitives.ts'
import { createStaging, sliceBlock } from './staging.ts'
import { mergeStatistics, NO_CELLS, type ColumnStatistics } from './statistics.ts'

/** How a file is encoded; everything that shapes its bytes. */
export interface FileEncoderOptions {
  /** Key-value metadata of the footer. */
  readonly metadata: Readonly<Record<string, string>>
  readonly createdBy: string
  /** Rows a page (default 16,384); each column has one page for the same rows. */
  readonly pageRows?: number
  /** A row group ends with the page that reaches either of these (defaults 1,048,576 rows and 64 MiB encoded). */
  readonly rowGroupRows?: number
  readonly rowGroupBytes?: number
  /** Compresses the column chunks whose first page shrinks by at least 5 %. */
  readonly codec?: Codec
  /** Whether pages carry a CRC-32 (default false). */
  readonly crc?: boolean
  /** The fast loops (default plain TypeScript) and the memory in which they work (default the heap). */
  readonly primitives?: ParquetPrimitives
  readonly memory?: EncoderMemory
}

/** A finished file: rows, bytes, row groups and the exact statistics of every column, in the columns' order. */
export interface EncodedFile {
  readonly rows: number
  readonly bytes: number
  readonly rowGroups: number
  readonly statistics: readonly ColumnStatistics[]
}

/**
 * Encodes one Parquet file. Bytes depend on columns, rows and options alone, not on how the rows were cut into
 * blocks. `append` takes one block a column, in the columns' order, of which it uses the first `rows` rows; the blocks
 * are free again when it returns.
 */
export interface FileEncoder {
  readonly append: (blocks: readonly ColumnBlock[], rows: number) => void
  readonly finish: () => EncodedFile
}

/** Receives the next bytes of a file, which are valid only during the call; the footer comes last and at once. */
export type Emit = (bytes: Uint8Array, what: 'rows' | 'footer') => void

/** An encoder at the beginning of a file; throws `parquet.encode` for columns that cannot be written. */
export const createFileEncoder = (
  columns: readonly ColumnSpec[],
  options: FileEncoderOptions,
  emit: Emit,
): FileEncoder => {
  checkColumns(columns)
  const limits = limitsOf(options)
  const { pageRows } = limits
  const memory = options.memory ?? createEncoderMemory()
  const bench = { primitives: options.primitives ?? plainPrimitives(), memory, pageRows }
  const storage = { codec: options.codec, crc: options.crc ?? false }
  const writers = columns.map((spec) =>
    spec.later === undefined
      ? createColumnWriter(spec, bench, storage)
      : createLaterColumnWriter({ ...spec, later: spec.later }, bench, storage),
  )
  const stagings = columns.map((_, i) => createStaging(`column${i}`, bench))
  const groups: RowGroup[] = []
  let staged = 0
  let groupRows = 0
  let position = 0

  const put = (bytes: Uint8Array, what: 'rows' | 'footer' = 'rows'): void => {
    emit(bytes, what)
    position += bytes.length
  }

  const closeGroup = (): void => {
    if (groupRows === 0) return
    if (position === 0) put(MAGIC)
    groups.push({
      rows: groupRows,
      chunks: writers.map((writer) => writer.finishChunk(position, put)),
    })
    groupRows = 0
  }

  const addPage = (blocks: readonly ColumnBlock[], rows: number): void => {
    groupRows += rows
    const more = rows === pageRows && groupRows < limits.rowGroupRows
    writers.forEach((writer, i) => writer.addPage(blocks[i]!, more))
    const waiting = writers.reduce((sum, writer) => sum + writer.waiting(), 0)
    if (groupRows >= limits.rowGroupRows || waiting >= limits.rowGroupBytes) closeGroup()
  }

  const flush = (): void => {
    const rows = staged
    staged = 0
    if (rows > 0)
      addPage(
        stagings.map((staging) => staging.take()),
        rows,
      )
  }

  const append = (blocks: readonly ColumnBlock[], rows: number): void => {
    if (blocks.length !== columns.length) fail('internal', 'one block a column was expected')
    for (let at = 0; at < rows;) {
      const end = Math.min(rows, at + pageRows - staged)
      const part = blocks.map((block) => sliceBlock(block, at, end))
      if (end - at === pageRows) addPage(part, pageRows)
      else {
        part.forEach((block, i) => stagings[i]!.add(block))
        staged += end - at
        if (staged === pageRows) flush()
      }
      at = end
    }
  }

  const finish = (): EncodedFile => {
    flush()
    closeGroup()
    if (position === 0) put(MAGIC)
    const { metadata, createdBy } = options
    put(footer({ columns, groups, metadata, createdBy }), 'footer')
    return {
      rows: groups.reduce((sum, group) => sum + group.rows, 0),
      bytes: position,
      rowGroups: groups.length,
      statistics: columns.map((_, i) =>
        groups.map((group) => group.chunks[i]!.statistics).reduce(mergeStatistics, NO_CELLS),
      ),
    }
  }

  return { append, finish }
}

const PAGE_ROWS = 16384
const ROW_GROUP_ROWS = 1 << 20
const ROW_GROUP_BYTES = 64 << 20

interface Limits {
  readonly pageRows: number
  readonly rowGroupRows: number
  readonly rowGroupBytes: number
}

const limitsOf = ({ pageRows, rowGroupRows, rowGroupBytes }: FileEncoderOptions): Limits => {
  const groupRows = rowGroupRows ?? ROW_GROUP_ROWS
  return {
    pageRows: Math.min(pageRows ?? PAGE_ROWS, groupRows),
    rowGroupRows: groupRows,
    rowGroupBytes: rowGroupBytes ?? ROW_GROUP_BYTES,
  }
}

const checkColumns = (columns: readonly ColumnSpec[]): void => {
  if (columns.length === 0) fail('parquet.encode', 'a Parquet file needs at least one column')
  for (const { name, block, dictionary, type } of columns) {
    if (block === 'codes' && dictionary === undefined) {
      fail('parquet.encode', `column ${name} has codes but no dictionary`)
    }
    const text = block === 'codes' || block === 'fixed' || block === 'bytes'
    if (text !== (type.kind === 'string')) {
      fail('parquet.encode', `column ${name} of type ${type.kind} cannot hold ${block} blocks`)
    }
  }
}
