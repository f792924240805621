import { putVarint } from './bits.ts'
import type { ParquetPrimitives } from './primitives.ts'
import { runEnd } from './runs.ts'

/** An upper bound of the bytes that `rows` values of `width` bits take in the hybrid encoding. */
export const hybridCapacity = (rows: number, width: number): number =>
  64 + Math.ceil(rows / 8) * (width + 1)

/**
 * Writes non-negative values below 2^width in the RLE / bit-packing hybrid (without a length or width in front);
 * returns the bytes written. Long runs become RLE runs, everything else is bit-packed.
 */
export const hybrid = (
  primitives: ParquetPrimitives,
  { values, width }: { readonly values: Int32Array; readonly width: number },
  out: Uint8Array,
): number => {
  const runs = primitives.countRuns(values)
  if (runs === 0) return 0
  if (runs === 1) return putRun(out, 0, { count: values.length, value: values[0]!, width })
  const literal = literalWriter(primitives, width, out)
  const worthwhile = shortestRun(width)
  if (runs * worthwhile > 2 * values.length) return literal(0, values)
  return putMixed(values, width, { literal, out, worthwhile })
}

/** A run costs about four bytes with the literals it interrupts; literals come in groups of eight. */
const shortestRun = (width: number): number => Math.max(8, 8 * Math.ceil(4 / width))

interface Run {
  readonly count: number
  readonly value: number
  readonly width: number
}

const putRun = (out: Uint8Array, at: number, { count, value, width }: Run): number => {
  at = putVarint(out, at, 2 * count)
  for (let shift = 0; shift < width; shift += 8) out[at++] = value >>> shift
  return at
}

type Literal = (at: number, values: Int32Array) => number

const literalWriter =
  (primitives: ParquetPrimitives, width: number, out: Uint8Array): Literal =>
  (at, values) => {
    if (values.length === 0) return at
    const start = putVarint(out, at, 2 * Math.ceil(values.length / 8) + 1)
    return start + primitives.packBits(values, width, out.subarray(start))
  }

interface Mixing {
  readonly literal: Literal
  readonly out: Uint8Array
  readonly worthwhile: number
}

const putMixed = (values: Int32Array, width: number, mixing: Mixing): number => {
  const { literal, out, worthwhile } = mixing
  let at = 0
  let pending = 0
  for (let start = 0; start < values.length;) {
    const end = runEnd(values, start)
    const aligned = start + ((8 - ((start - pending) & 7)) & 7)
    if (end - aligned >= worthwhile) {
      at = literal(at, values.subarray(pending, aligned))
      at = putRun(out, at, { count: end - aligned, value: values[start]!, width })
      pending = end
    }
    start = end
  }
  return literal(at, values.subarray(pending))
}
