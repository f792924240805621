import type { ColumnBlock, ColumnSpec } from '../columns/block.ts'
import { fail } from '../errors.ts'
import { wordsOf } from './bits.ts'
import { hybrid, hybridCapacity } from './hybrid.ts'
import { float64View, int32View, roomFor } from './memory.ts'
import type { Workbench } from './values.ts'

/** A page in the two parts in which Parquet stores it: which cells are null, and the other cells' values. */
export interface DensePage {
  /** Definition levels behind their length; empty for a required column. */
  readonly levels: Uint8Array
  readonly nulls: number
  /** The cells that are not null; valid until the next call. */
  readonly block: ColumnBlock
}

/** Takes the nulls out of a column's blocks. */
export const createNullSplitter = (
  spec: ColumnSpec,
  bench: Workbench,
): ((block: ColumnBlock) => DensePage) => {
  if (!spec.nullable)
    return (block) => ({ levels: NO_LEVELS, nulls: 0, block: required(spec, block) })
  const { primitives, memory, pageRows } = bench
  const levels = int32View(memory.slot('levels', 4 * pageRows), pageRows)
  const packed = memory.slot('levels.packed', 4 + hybridCapacity(pageRows, 1))
  const body = packed.subarray(4)
  return (block) => {
    const values = levels.subarray(0, block.rows)
    const mask = block.nulls?.subarray(0, block.rows)
    const nulls = mask === undefined ? 0 : primitives.definitionLevels(mask, values)
    if (mask === undefined) values.fill(1)
    const length = hybrid(primitives, { values, width: 1 }, body)
    wordsOf(packed).setUint32(0, length, true)
    const dense = mask === undefined || nulls === 0 ? block : compact(block, mask, bench)
    return { levels: packed.subarray(0, 4 + length), nulls, block: { ...dense, nulls: undefined } }
  }
}

const NO_LEVELS = new Uint8Array(0)

const required = (spec: ColumnSpec, block: ColumnBlock): ColumnBlock => {
  if (block.nulls?.includes(1) === true) {
    fail('parquet.encode', `column ${spec.name} is declared without nulls but a block holds one`)
  }
  return block
}

const compact = (block: ColumnBlock, nulls: Uint8Array, bench: Workbench): ColumnBlock => {
  const { primitives, memory, pageRows } = bench
  switch (block.kind) {
    case 'int32': {
      const out = int32View(memory.slot('dense.int32', 4 * pageRows), pageRows)
      const rows = primitives.compactInt32(block.values, nulls, out)
      return { ...block, rows, values: out.subarray(0, rows) }
    }
    case 'codes': {
      const out = int32View(memory.slot('dense.int32', 4 * pageRows), pageRows)
      const rows = primitives.compactInt32(block.codes, nulls, out)
      return { ...block, rows, codes: out.subarray(0, rows) }
    }
    case 'float64': {
      const out = float64View(memory.slot('dense.float64', 8 * pageRows), pageRows)
      const rows = primitives.compactFloat64(block.values, nulls, out)
      return { ...block, rows, values: out.subarray(0, rows) }
    }
    case 'fixed': {
      const stride = block.width + 4
      const out = memory.slot('dense.fixed', stride * pageRows)
      const rows = primitives.compactFixed(block.bytes, nulls, out)
      return { ...block, rows, bytes: out.subarray(0, rows * stride) }
    }
    case 'bytes': {
      const offsets = int32View(memory.slot('dense.int32', 4 * (pageRows + 1)), pageRows + 1)
      const bytes = roomFor(memory, 'dense.bytes', block.offsets[block.rows]! - block.offsets[0]!)
      const words = { offsets: block.offsets, bytes: block.bytes }
      const rows = primitives.compactWords(words, nulls, { offsets, bytes })
      return { ...block, rows, offsets: offsets.subarray(0, rows + 1), bytes }
    }
  }
}
