import type { ColumnBlock, ColumnSpec } from '../columns/block.ts'
import { fail } from '../errors.ts'
import type { Codec } from './codec.ts'
import { createNullSplitter } from './dense.ts'
import { createEncodingChooser, ENCODING } from './encoding.ts'
import type { DictionaryEncoding, ValueEncoding } from './encoding.ts'
import type { ColumnChunk } from './footer.ts'
import { createSlabBuffer } from './memory.ts'
import { compressionPays, createPageStore, type StoredPage } from './page.ts'
import { createBoundsTracker } from './statistics.ts'
import { createValueWriter, type ValueWriter, type Workbench } from './values.ts'

/** How pages are stored. */
export interface StorageOptions {
  readonly codec: Codec | undefined
  readonly crc: boolean
}

/** Encodes one column, page by page, into the current row group's chunk. */
export interface ColumnWriter {
  /** Encodes a block as one page; `more` says whether the row group may go on behind it. */
  readonly addPage: (block: ColumnBlock, more: boolean) => void
  /** Bytes that wait to be written. */
  readonly waiting: () => number
  /** Hands over the chunk, whose first byte lands at `offset` of the file, and begins a new one. */
  readonly finishChunk: (offset: number, emit: (bytes: Uint8Array) => void) => ColumnChunk
}

/** What is decided at a chunk's first page and holds for all its pages. */
interface ChunkForm {
  readonly encoding: ValueEncoding
  readonly write: ValueWriter
  readonly codec: Codec | undefined
}

interface ChunkCounts {
  readonly pages: number
  readonly values: number
  readonly nulls: number
  readonly rawBytes: number
}

const EMPTY: ChunkCounts = { pages: 0, values: 0, nulls: 0, rawBytes: 0 }

/** A writer for a column at the beginning of a row group. */
export const createColumnWriter = (
  spec: ColumnSpec,
  bench: Workbench,
  storage: StorageOptions,
): ColumnWriter => {
  const split = createNullSplitter(spec, bench)
  const choose = createEncodingChooser(spec)
  const bounds = createBoundsTracker(spec, bench.primitives)
  const store = createPageStore(bench.primitives, storage.crc)
  const buffer = createSlabBuffer(bench.memory.slabs)
  let form: ChunkForm | undefined
  let counts = EMPTY

  const addPage = (block: ColumnBlock, more: boolean): void => {
    if (block.kind !== spec.block) mismatch(spec, block)
    const dense = split(block)
    const pageBounds = dense.block.rows > 0 ? bounds.add(dense.block) : undefined
    const encoding = form?.encoding ?? choose({ rows: block.rows, more })
    const write = form?.write ?? createValueWriter(spec, encoding, bench)
    const pieces = [dense.levels, ...write({ block: dense.block, bounds: pageBounds })]
    form ??= { encoding, write, codec: payingCodec(pieces, storage) }
    const values = block.rows
    const content = {
      kind: 'data',
      values,
      encoding: ENCODING[encoding.kind],
      sorted: false,
    } as const
    const page = store({ ...content, pieces }, form.codec)
    for (const piece of page.pieces) buffer.append(piece)
    counts = {
      pages: counts.pages + 1,
      values: counts.values + values,
      nulls: counts.nulls + dense.nulls,
      rawBytes: counts.rawBytes + page.rawBytes,
    }
  }

  const finishChunk = (offset: number, emit: (bytes: Uint8Array) => void): ColumnChunk => {
    const { encoding, codec } = form ?? fail('internal', `column ${spec.name} has no page to write`)
    const dictionary = encoding.kind === 'dictionary' ? dictionaryPage(encoding) : undefined
    const dictionaryBytes = dictionary?.storedBytes ?? 0
    const chunk: ColumnChunk = {
      encoding: encoding.kind,
      codec: codec?.name ?? 'none',
      values: counts.values,
      pages: counts.pages,
      rawBytes: counts.rawBytes + (dictionary?.rawBytes ?? 0),
      storedBytes: buffer.length() + dictionaryBytes,
      dictionaryOffset: dictionary && offset,
      dataOffset: offset + dictionaryBytes,
      statistics: { ...bounds.take(), nulls: counts.nulls },
    }
    dictionary?.pieces.forEach(emit)
    buffer.drain(emit)
    form = undefined
    counts = EMPTY
    return chunk
  }

  const dictionaryPage = ({ count, sorted, page }: DictionaryEncoding): StoredPage =>
    store(
      { kind: 'dictionary', values: count, encoding: ENCODING.plain, sorted, pieces: [page] },
      form?.codec,
    )

  return { addPage, waiting: buffer.length, finishChunk }
}

const mismatch = (spec: ColumnSpec, block: ColumnBlock): never =>
  fail('parquet.encode', `column ${spec.name} takes ${spec.block} blocks, not ${block.kind}`)

const payingCodec = (pieces: readonly Uint8Array[], { codec }: StorageOptions): Codec | undefined =>
  codec && (compressionPays(pieces, codec) ? codec : undefined)
