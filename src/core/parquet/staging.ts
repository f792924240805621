import type { ColumnBlock, Dictionary } from '../columns/block.ts'
import { fail } from '../errors.ts'
import { float64View, int32View, roomFor } from './memory.ts'
import type { ParquetPrimitives } from './primitives.ts'
import type { Workbench } from './values.ts'

/** Rows from `from` (inclusive) to `to` (exclusive) of a block, as views of just these; the block itself if it is that. */
export const sliceBlock = (block: ColumnBlock, from: number, to: number): ColumnBlock => {
  if (from === 0 && isExactly(block, to)) return block
  const rows = to - from
  const nulls = block.nulls?.subarray(from, to)
  switch (block.kind) {
    case 'int32':
      return { ...block, rows, nulls, values: block.values.subarray(from, to) }
    case 'float64':
      return { ...block, rows, nulls, values: block.values.subarray(from, to) }
    case 'codes':
      return { ...block, rows, nulls, codes: block.codes.subarray(from, to) }
    case 'fixed': {
      const stride = block.width + 4
      return { ...block, rows, nulls, bytes: block.bytes.subarray(from * stride, to * stride) }
    }
    case 'bytes':
      return { ...block, rows, nulls, offsets: block.offsets.subarray(from, to + 1) }
  }
}

/** Whether a block's arrays hold `rows` cells and no more. */
const isExactly = (block: ColumnBlock, rows: number): boolean =>
  block.rows === rows &&
  (block.nulls === undefined || block.nulls.length === rows) &&
  cellCount(block) === rows

const cellCount = (block: ColumnBlock): number => {
  switch (block.kind) {
    case 'int32':
    case 'float64':
      return block.values.length
    case 'codes':
      return block.codes.length
    case 'fixed':
      return block.bytes.length / (block.width + 4)
    case 'bytes':
      return block.offsets.length - 1
  }
}

/** Collects the cells of small blocks of one column until they make a page. */
export interface Staging {
  /** Copies a block behind the cells that wait already. */
  readonly add: (block: ColumnBlock) => void
  /** All waiting cells as one block, valid until the next `add`; none wait any longer. */
  readonly take: () => ColumnBlock
}

/** An empty staging area for up to a page of a column's cells, at places of its own named after `name`. */
export const createStaging = (
  name: string,
  { primitives, memory, pageRows: rows }: Workbench,
): Staging => {
  const nulls = memory.slot(`${name}.nulls`, rows)
  const place: Place = {
    rows,
    shift: primitives.shiftOffsets,
    slot: (kind, bytes) => memory.slot(`${name}.${kind}`, bytes),
    room: (bytes) => roomFor(memory, `${name}.bytes`, bytes),
  }
  let cells: Cells | undefined
  let count = 0
  let nullable = false
  return {
    add: (block) => {
      cells ??= createCells(block, place)
      cells.add(block, count)
      nullable ||= block.nulls !== undefined
      if (block.nulls === undefined) nulls.fill(0, count, count + block.rows)
      else nulls.set(block.nulls.subarray(0, block.rows), count)
      count += block.rows
    },
    take: () => {
      const block = cells?.take(count) ?? fail('internal', 'no block is staged')
      const taken = { ...block, nulls: nullable ? nulls.subarray(0, count) : undefined }
      count = 0
      return taken
    },
  }
}

/** Room for a number of rows. */
interface Place {
  readonly rows: number
  readonly shift: ParquetPrimitives['shiftOffsets']
  readonly slot: (kind: string, bytes: number) => Uint8Array
  /** Room for text, larger than before if need be. */
  readonly room: (bytes: number) => Uint8Array
}

interface Cells {
  readonly add: (block: ColumnBlock, at: number) => void
  readonly take: (rows: number) => ColumnBlock
}

const createCells = (first: ColumnBlock, place: Place): Cells => {
  switch (first.kind) {
    case 'int32':
      return int32Cells(place)
    case 'float64':
      return float64Cells(place)
    case 'codes':
      return codesCells(first.dictionary, place)
    case 'fixed':
      return fixedCells(first.width, place)
    case 'bytes':
      return bytesCells(place)
  }
}

const int32Cells = ({ rows, slot }: Place): Cells => {
  const values = int32View(slot('int32', 4 * rows), rows)
  return {
    add: (block, at) => {
      if (block.kind === 'int32') values.set(block.values.subarray(0, block.rows), at)
    },
    take: (count) => ({
      kind: 'int32',
      rows: count,
      values: values.subarray(0, count),
      nulls: undefined,
    }),
  }
}

const float64Cells = ({ rows, slot }: Place): Cells => {
  const values = float64View(slot('float64', 8 * rows), rows)
  return {
    add: (block, at) => {
      if (block.kind === 'float64') values.set(block.values.subarray(0, block.rows), at)
    },
    take: (count) => ({
      kind: 'float64',
      rows: count,
      values: values.subarray(0, count),
      nulls: undefined,
    }),
  }
}

const codesCells = (dictionary: Dictionary, { rows, slot }: Place): Cells => {
  const codes = int32View(slot('int32', 4 * rows), rows)
  return {
    add: (block, at) => {
      if (block.kind === 'codes') codes.set(block.codes.subarray(0, block.rows), at)
    },
    take: (count) => ({
      kind: 'codes',
      rows: count,
      codes: codes.subarray(0, count),
      dictionary,
      nulls: undefined,
    }),
  }
}

const fixedCells = (width: number, { rows, slot }: Place): Cells => {
  const stride = width + 4
  const bytes = slot('fixed', stride * rows)
  return {
    add: (block, at) => {
      if (block.kind === 'fixed')
        bytes.set(block.bytes.subarray(0, stride * block.rows), at * stride)
    },
    take: (count) => ({
      kind: 'fixed',
      rows: count,
      width,
      bytes: bytes.subarray(0, stride * count),
      nulls: undefined,
    }),
  }
}

const bytesCells = ({ rows, shift, slot, room }: Place): Cells => {
  const offsets = int32View(slot('offsets', 4 * (rows + 1)), rows + 1)
  let bytes = room(rows)
  let end = 0
  offsets[0] = 0
  const reserve = (length: number): void => {
    if (bytes.length >= length) return
    const larger = room(length)
    larger.set(bytes.subarray(0, end))
    bytes = larger
  }
  const add = (block: ColumnBlock, at: number): void => {
    if (block.kind !== 'bytes') return
    const from = block.offsets[0]!
    const text = block.bytes.subarray(from, block.offsets[block.rows])
    reserve(end + text.length)
    bytes.set(text, end)
    shift(block.offsets.subarray(1, block.rows + 1), end - from, offsets.subarray(at + 1))
    end += text.length
  }
  const take = (count: number): ColumnBlock => {
    end = 0
    return {
      kind: 'bytes',
      rows: count,
      offsets: offsets.subarray(0, count + 1),
      bytes,
      nulls: undefined,
    }
  }
  return { add, take }
}
