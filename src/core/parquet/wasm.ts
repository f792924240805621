import { fail } from '../errors.ts'
import type { WasmKernel } from '../ports.ts'
import type { Bounds } from './bounds.ts'
import { NARROW_RANGE_LIMIT } from './delta.ts'
import { plainPrimitives, type ParquetPrimitives } from './primitives.ts'

/**
 * The primitives as SIMD twins of the kernel's module, for arrays in its memory; a call with an array elsewhere goes
 * the plain TypeScript way. Behind every array the memory must have 32 bytes that a twin may read or overwrite.
 */
export const wasmPrimitives = (kernel: WasmKernel): ParquetPrimitives => {
  const plain = plainPrimitives()
  const twins = twinPrimitives(kernel)
  const inside = (arg: unknown): boolean => {
    if (ArrayBuffer.isView(arg)) return arg.buffer === kernel.memory.buffer
    return typeof arg !== 'object' || arg === null || Object.values(arg).every(inside)
  }
  const either =
    <Args extends readonly unknown[], Result>(
      twin: (...args: Args) => Result,
      otherwise: (...args: Args) => Result,
    ): ((...args: Args) => Result) =>
    (...args) =>
      args.every(inside) ? twin(...args) : otherwise(...args)
  return {
    deltaInt32: either(twins.deltaInt32, plain.deltaInt32),
    deltaFloat64: either(twins.deltaFloat64, plain.deltaFloat64),
    packBits: either(twins.packBits, plain.packBits),
    countRuns: either(twins.countRuns, plain.countRuns),
    int32Bounds: either(twins.int32Bounds, plain.int32Bounds),
    float64Bounds: either(twins.float64Bounds, plain.float64Bounds),
    fixedBounds: either(twins.fixedBounds, plain.fixedBounds),
    wordBounds: either(twins.wordBounds, plain.wordBounds),
    latticeInt32: either(twins.latticeInt32, plain.latticeInt32),
    latticeFloat64: either(twins.latticeFloat64, plain.latticeFloat64),
    definitionLevels: either(twins.definitionLevels, plain.definitionLevels),
    compactInt32: either(twins.compactInt32, plain.compactInt32),
    compactFloat64: either(twins.compactFloat64, plain.compactFloat64),
    compactFixed: either(twins.compactFixed, plain.compactFixed),
    compactWords: either(twins.compactWords, plain.compactWords),
    shiftOffsets: either(twins.shiftOffsets, plain.shiftOffsets),
    wordLengths: either(twins.wordLengths, plain.wordLengths),
    crc32: plain.crc32,
  }
}

/** The twins alone: every array must lie in the kernel's memory. */
const twinPrimitives = (kernel: WasmKernel): Omit<ParquetPrimitives, 'crc32'> => {
  const x = parquetExports(kernel)
  const int32s = (place: number): Bounds => {
    const [min, max] = new Int32Array(kernel.memory.buffer, place, 2)
    return { min: min!, max: max! }
  }
  const float64s = (place: number): Bounds => {
    const [min, max] = new Float64Array(kernel.memory.buffer, place, 2)
    return { min: min!, max: max! }
  }
  return {
    deltaInt32: (values, out) => x.deltaInt32(values.byteOffset, values.length, out.byteOffset),
    deltaFloat64: (values, { min, max }, out) => {
      const delta = max - min < NARROW_RANGE_LIMIT ? x.deltaNarrowFloat64 : x.deltaWideFloat64
      return delta(values.byteOffset, values.length, out.byteOffset)
    },
    packBits: (values, width, out) =>
      x.packBits(values.byteOffset, values.length, width, out.byteOffset),
    countRuns: (values) => x.countRuns(values.byteOffset, values.length),
    int32Bounds: (values) => int32s(x.int32Bounds(values.byteOffset, values.length)),
    float64Bounds: (values) => float64s(x.float64Bounds(values.byteOffset, values.length)),
    fixedBounds: (bytes, stride) =>
      int32s(x.fixedBounds(bytes.byteOffset, bytes.length / stride, stride)),
    wordBounds: (offsets, bytes) =>
      int32s(x.wordBounds(offsets.byteOffset, offsets.length - 1, bytes.byteOffset)),
    latticeInt32: (values, { low, step }, codes) => {
      x.latticeInt32(values.byteOffset, values.length, low, step, codes.byteOffset)
    },
    latticeFloat64: (values, { low, step }, codes) => {
      x.latticeFloat64(values.byteOffset, values.length, low, step, codes.byteOffset)
    },
    definitionLevels: (nulls, levels) =>
      x.definitionLevels(nulls.byteOffset, nulls.length, levels.byteOffset),
    compactInt32: (values, nulls, out) =>
      x.compactInt32(values.byteOffset, nulls.byteOffset, nulls.length, out.byteOffset),
    compactFloat64: (values, nulls, out) =>
      x.compactFloat64(values.byteOffset, nulls.byteOffset, nulls.length, out.byteOffset),
    compactFixed: (bytes, nulls, out) => {
      const rows = nulls.length
      const stride = bytes.length / rows
      return (
        x.compactFixed(bytes.byteOffset, nulls.byteOffset, rows, stride, out.byteOffset) / stride
      )
    },
    compactWords: ({ offsets, bytes }, nulls, out) => {
      const source = [offsets.byteOffset, bytes.byteOffset, nulls.byteOffset, nulls.length]
      return x.compactWords(...source, out.offsets.byteOffset, out.bytes.byteOffset)
    },
    shiftOffsets: (offsets, shift, out) => {
      x.shiftOffsets(offsets.byteOffset, offsets.length, shift, out.byteOffset)
    },
    wordLengths: (offsets, lengths) => {
      x.wordLengths(offsets.byteOffset, offsets.length - 1, lengths.byteOffset)
    },
  }
}

const EXPORTS = [
  'deltaInt32',
  'deltaNarrowFloat64',
  'deltaWideFloat64',
  'packBits',
  'countRuns',
  'int32Bounds',
  'float64Bounds',
  'fixedBounds',
  'wordBounds',
  'latticeInt32',
  'latticeFloat64',
  'definitionLevels',
  'compactInt32',
  'compactFloat64',
  'compactFixed',
  'compactWords',
  'shiftOffsets',
  'wordLengths',
] as const

type ParquetExports = Readonly<Record<(typeof EXPORTS)[number], (...args: number[]) => number>>

const parquetExports = (kernel: WasmKernel): ParquetExports => {
  const missing = EXPORTS.filter((name) => kernel.exports[name] === undefined)
  if (missing.length > 0) fail('internal', `the kernel module lacks ${missing.join(', ')}`)
  return kernel.exports as ParquetExports
}
