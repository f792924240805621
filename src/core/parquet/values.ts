import type { ColumnBlock, ColumnSpec } from '../columns/block.ts'
import { fail } from '../errors.ts'
import { putInt64, wordsOf } from './bits.ts'
import type { Bounds } from './bounds.ts'
import { deltaCapacity, NARROW_RANGE_LIMIT } from './delta.ts'
import type { DictionaryEncoding, ValueEncoding } from './encoding.ts'
import { hybrid } from './hybrid.ts'
import { float64View, int32View, type EncoderMemory } from './memory.ts'
import type { ParquetPrimitives } from './primitives.ts'
import { physicalType } from './schema.ts'
import { copyBytes } from './words.ts'

/** A page's values: a block without nulls, and their bounds when they are numbers. */
export interface PageValues {
  readonly block: ColumnBlock
  readonly bounds: Bounds | undefined
}

/** Turns values into the bytes of a page body, in pieces that are valid until the next call. */
export type ValueWriter = (values: PageValues) => readonly Uint8Array[]

/** What a value writer works with. */
export interface Workbench {
  readonly primitives: ParquetPrimitives
  readonly memory: EncoderMemory
  readonly pageRows: number
}

/** The writer of a column's values in an encoding. */
export const createValueWriter = (
  spec: ColumnSpec,
  encoding: ValueEncoding,
  bench: Workbench,
): ValueWriter => {
  switch (encoding.kind) {
    case 'plain':
      return spec.type.kind === 'boolean' ? bitWriter(bench) : plainWriter(spec, bench)
    case 'delta':
      return deltaWriter(bench)
    case 'deltaLength':
      return deltaLengthWriter(bench)
    case 'dictionary':
      return codeWriter(encoding, bench)
  }
}

const mismatch = (block: ColumnBlock, encoding: string): never =>
  fail('parquet.encode', `a block of ${block.kind} cannot be written as ${encoding}`)

/** The values of a number block as 32-bit integers, copied to `room` unless they are already. */
const asInt32 = (block: ColumnBlock, room: Int32Array): Int32Array => {
  if (block.kind === 'int32') return block.values
  if (block.kind !== 'float64') return mismatch(block, 'INT32')
  room.set(block.values)
  return room.subarray(0, block.rows)
}

const asFloat64 = (block: ColumnBlock, room: Float64Array): Float64Array => {
  if (block.kind === 'float64') return block.values
  if (block.kind !== 'int32') return mismatch(block, 'INT64')
  room.set(block.values)
  return room.subarray(0, block.rows)
}

const int32Room = ({ memory, pageRows }: Workbench): Int32Array =>
  int32View(memory.slot('int32', 4 * pageRows), pageRows)

const float64Room = ({ memory, pageRows }: Workbench): Float64Array =>
  float64View(memory.slot('float64', 8 * pageRows), pageRows)

/** Room for the values of a page in any encoding; DELTA_BINARY_PACKED may take most. */
const packedRoom = ({ memory, pageRows }: Workbench): Uint8Array =>
  memory.slot('packed', deltaCapacity(pageRows))

const bitWriter = (bench: Workbench): ValueWriter => {
  const room = int32Room(bench)
  const out = packedRoom(bench)
  return ({ block }) => [out.subarray(0, bench.primitives.packBits(asInt32(block, room), 1, out))]
}

const plainWriter = (spec: ColumnSpec, bench: Workbench): ValueWriter => {
  switch (physicalType(spec)) {
    case 'INT32': {
      const room = int32Room(bench)
      return ({ block }) => [bytesOf(asInt32(block, room))]
    }
    case 'INT64': {
      const room = float64Room(bench)
      const out = packedRoom(bench)
      return ({ block }) => [plainInt64(asFloat64(block, room), out)]
    }
    case 'BOOLEAN':
    case 'BYTE_ARRAY':
      return ({ block }) =>
        block.kind === 'fixed' ? [block.bytes] : mismatch(block, 'PLAIN strings')
  }
}

const bytesOf = (values: Int32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

const plainInt64 = (values: Float64Array, out: Uint8Array): Uint8Array => {
  const view = wordsOf(out)
  for (let i = 0; i < values.length; i++) putInt64(view, 8 * i, values[i]!)
  return out.subarray(0, 8 * values.length)
}

const deltaWriter = (bench: Workbench): ValueWriter => {
  const { primitives } = bench
  const room = float64Room(bench)
  const out = packedRoom(bench)
  return ({ block, bounds = NO_BOUNDS }) => {
    const narrow = block.kind === 'int32' && bounds.max - bounds.min < NARROW_RANGE_LIMIT
    const length = narrow
      ? primitives.deltaInt32(block.values, out)
      : primitives.deltaFloat64(asFloat64(block, room), bounds, out)
    return [out.subarray(0, length)]
  }
}

const NO_BOUNDS: Bounds = { min: 0, max: 0 }

const deltaLengthWriter = (bench: Workbench): ValueWriter => {
  const { primitives } = bench
  const lengths = int32Room(bench)
  const out = packedRoom(bench)
  return ({ block }) => {
    const words = block.kind === 'codes' ? spellOut(block) : block
    if (words.kind !== 'bytes') return mismatch(block, 'DELTA_LENGTH_BYTE_ARRAY')
    const { offsets, bytes, rows } = words
    primitives.wordLengths(offsets.subarray(0, rows + 1), lengths)
    const length = primitives.deltaInt32(lengths.subarray(0, rows), out)
    return [out.subarray(0, length), bytes.subarray(offsets[0], offsets[rows])]
  }
}

/** The words behind codes, one after another. */
const spellOut = (block: ColumnBlock & { readonly kind: 'codes' }): ColumnBlock => {
  const { codes, rows, dictionary } = block
  const offsets = new Int32Array(rows + 1)
  for (let i = 0; i < rows; i++) {
    const code = codes[i]!
    offsets[i + 1] = offsets[i]! + dictionary.offsets[code + 1]! - dictionary.offsets[code]!
  }
  const bytes = new Uint8Array(offsets[rows]!)
  for (let i = 0; i < rows; i++) {
    const code = codes[i]!
    const word = { from: dictionary.offsets[code]!, to: dictionary.offsets[code + 1]! }
    copyBytes(dictionary.bytes, word, { bytes, at: offsets[i]! })
  }
  return { kind: 'bytes', rows, offsets, bytes, nulls: undefined }
}

const codeWriter = (encoding: DictionaryEncoding, bench: Workbench): ValueWriter => {
  const { primitives } = bench
  const { width } = encoding
  const codesOf = codeReader(encoding, bench)
  const out = packedRoom(bench)
  const body = out.subarray(1)
  return ({ block }) => {
    out[0] = width
    return [out.subarray(0, 1 + hybrid(primitives, { values: codesOf(block), width }, body))]
  }
}

const codeReader = (
  { lattice }: DictionaryEncoding,
  bench: Workbench,
): ((block: ColumnBlock) => Int32Array) => {
  const room = int32Room(bench)
  return (block) => {
    if (block.kind === 'codes') return block.codes
    if (lattice === undefined) return mismatch(block, 'RLE_DICTIONARY')
    const codes = room.subarray(0, block.rows)
    if (block.kind === 'int32') bench.primitives.latticeInt32(block.values, lattice, codes)
    else if (block.kind === 'float64') bench.primitives.latticeFloat64(block.values, lattice, codes)
    else mismatch(block, 'RLE_DICTIONARY')
    return codes
  }
}
