import type { ColumnBlock, ColumnSpec, LaterCells } from '../columns/block.ts'
import { fail } from '../errors.ts'
import { type ColumnWriter, createColumnWriter, type StorageOptions } from './column.ts'
import type { ColumnChunk } from './footer.ts'
import { float64View, int32View, type SlabPool } from './memory.ts'
import { plainPageHeader } from './page.ts'
import { createBoundsTracker } from './statistics.ts'
import type { Workbench } from './values.ts'

/** A column whose blocks hold keys. */
export type LaterSpec = ColumnSpec & { readonly later: LaterCells }

/**
 * Writes cells that are made of keys. Without codec and checksums only the keys wait for the end of the row group: a
 * page's size is known before its cells are, which are made and handed over one page after another. So the largest
 * bytes of a file are neither collected nor copied.
 */
export const createLaterColumnWriter = (
  spec: LaterSpec,
  bench: Workbench,
  storage: StorageOptions,
): ColumnWriter =>
  storage.codec === undefined && !storage.crc && !spec.nullable
    ? postponed(spec, bench)
    : atOnce(spec, createColumnWriter(spec, bench, storage))

const atOnce = (spec: LaterSpec, writer: ColumnWriter): ColumnWriter => ({
  ...writer,
  addPage: (keys, more) => writer.addPage(spec.later.of(keys), more),
})

/** A page to come: its keys, and the header that its size gives it. */
interface LaterPage {
  readonly keys: ColumnBlock
  readonly header: Uint8Array
}

const postponed = (spec: LaterSpec, { primitives, memory, pageRows }: Workbench): ColumnWriter => {
  const { width, of } = spec.later
  const bounds = createBoundsTracker(spec, primitives)
  const store = createKeyStore(memory.slabs, pageRows)
  let pages: LaterPage[] = []
  let values = 0
  let bytes = 0
  return {
    addPage: (block) => {
      const raw = block.rows * (width + 4)
      const header = plainPageHeader(block.rows, raw)
      pages.push({ keys: store.keep(block), header })
      values += block.rows
      bytes += header.length + raw
    },
    waiting: () => bytes,
    finishChunk: (offset, emit) => {
      for (const { keys, header } of pages) {
        const cells = of(keys)
        if (cells.kind !== 'fixed') return fail('internal', 'later cells are of fixed width')
        bounds.add(cells)
        emit(header)
        emit(cells.bytes)
      }
      const chunk: ColumnChunk = {
        encoding: 'plain',
        codec: 'none',
        values,
        pages: pages.length,
        rawBytes: bytes,
        storedBytes: bytes,
        dictionaryOffset: undefined,
        dataOffset: offset,
        statistics: { ...bounds.take(), nulls: 0 },
      }
      store.clear()
      pages = []
      values = 0
      bytes = 0
      return chunk
    },
  }
}

/** Keeps copies of key blocks of up to `pageRows` rows, until all are forgotten at once. */
const createKeyStore = (slabs: SlabPool, pageRows: number) => {
  let kept: Uint8Array[] = []
  let used = 0
  /** The next bytes of the last slab, or the first of another one. */
  const room = (bytes: number): Uint8Array => {
    if (kept.length === 0 || used + bytes > kept.at(-1)!.length) {
      kept.push(slabs.take())
      used = 0
    }
    used += bytes
    return kept.at(-1)!.subarray(used - bytes, used)
  }
  return {
    keep: (block: ColumnBlock): ColumnBlock => {
      const { rows } = block
      if (block.kind === 'int32') {
        const values = int32View(room(8 * pageRows), rows)
        values.set(block.values)
        return { ...block, values }
      }
      if (block.kind !== 'float64') return fail('internal', `keys are numbers, not ${block.kind}`)
      const values = float64View(room(8 * pageRows), rows)
      values.set(block.values)
      return { ...block, values }
    },
    clear: () => {
      kept.forEach(slabs.give)
      kept = []
    },
  }
}
