import { bitLength, packBits, putVarint, putZigzag, wordsOf } from './bits.ts'
import type { Bounds } from './bounds.ts'

/** Values a block and parts of it with a bit width of their own, as parquet-java writes them. */
const BLOCK = 128
const MINIBLOCKS = 4
const MINIBLOCK = BLOCK / MINIBLOCKS

/** The largest difference of two values, exclusive, that the delta encoders take: differences of deltas stay exact. */
export const DELTA_RANGE_LIMIT = 2 ** 51

/** The largest difference of two values, exclusive, for which every delta fits a signed 32-bit word. */
export const NARROW_RANGE_LIMIT = 2 ** 31

/** An upper bound of the bytes that `rows` values take in DELTA_BINARY_PACKED, with room for vector stores. */
export const deltaCapacity = (rows: number): number =>
  64 + Math.ceil(rows / BLOCK) * (16 + MINIBLOCKS + BLOCK * 8)

/**
 * Writes values in DELTA_BINARY_PACKED; returns the bytes written. No two values may differ by 2^31 or more.
 * Format: https://github.com/apache/parquet-format/blob/master/Encodings.md
 */
export const deltaInt32 = (values: Int32Array, out: Uint8Array): number =>
  packNarrow({ first: values[0] ?? 0, offsets: values, out })

/** The same for exact integers of which no two differ by 2^51 or more; `bounds` are their smallest and largest. */
export const deltaFloat64 = (values: Float64Array, bounds: Bounds, out: Uint8Array): number => {
  if (bounds.max - bounds.min >= NARROW_RANGE_LIMIT) return packWide(values, out)
  const offsets = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) offsets[i] = values[i]! - bounds.min
  return packNarrow({ first: values[0] ?? 0, offsets, out })
}

interface Narrow {
  readonly first: number
  readonly offsets: Int32Array
  readonly out: Uint8Array
}

const putHeader = (out: Uint8Array, count: number, first: number): number => {
  const at = putVarint(out, putVarint(out, 0, BLOCK), MINIBLOCKS)
  return putZigzag(out, putVarint(out, at, count), first)
}

const packNarrow = ({ first, offsets, out }: Narrow): number => {
  const deltas = new Int32Array(BLOCK)
  let at = putHeader(out, offsets.length, first)
  for (let start = 1; start < offsets.length; start += BLOCK) {
    const count = Math.min(BLOCK, offsets.length - start)
    let least = NARROW_RANGE_LIMIT - 1
    for (let k = 0; k < count; k++) {
      const delta = offsets[start + k]! - offsets[start + k - 1]!
      deltas[k] = delta
      if (delta < least) least = delta
    }
    for (let k = 0; k < count; k++) deltas[k]! -= least
    deltas.fill(0, count)
    at = putBlock({ deltas, least, count, at, out })
  }
  return at
}

interface Block {
  readonly deltas: Int32Array
  readonly least: number
  readonly count: number
  readonly at: number
  readonly out: Uint8Array
}

/** A block of 128 non-negative 32-bit differences from the least delta; the place behind it. */
const putBlock = ({ deltas, least, count, at, out }: Block): number => {
  const widths = putZigzag(out, at, least)
  let end = widths + MINIBLOCKS
  for (let m = 0; m < MINIBLOCKS; m++) {
    const part = deltas.subarray(m * MINIBLOCK, (m + 1) * MINIBLOCK)
    const width = m * MINIBLOCK < count ? bitLength(union(part)) : 0
    out[widths + m] = width
    if (width > 0) end += packBits(part, width, out.subarray(end))
  }
  return end
}

const union = (values: Int32Array): number => {
  let bits = 0
  for (let i = 0; i < values.length; i++) bits |= values[i]!
  return bits
}

const packWide = (values: Float64Array, out: Uint8Array): number => {
  const deltas = new Float64Array(BLOCK)
  let at = putHeader(out, values.length, values[0] ?? 0)
  for (let start = 1; start < values.length; start += BLOCK) {
    const count = Math.min(BLOCK, values.length - start)
    let least = DELTA_RANGE_LIMIT
    for (let k = 0; k < count; k++) {
      const delta = values[start + k]! - values[start + k - 1]!
      deltas[k] = delta
      if (delta < least) least = delta
    }
    for (let k = 0; k < count; k++) deltas[k]! -= least
    deltas.fill(0, count)
    at = putWideBlock({ deltas, least, count, at, out })
  }
  return at
}

interface WideBlock extends Omit<Block, 'deltas'> {
  readonly deltas: Float64Array
}

const putWideBlock = ({ deltas, least, count, at, out }: WideBlock): number => {
  const widths = putZigzag(out, at, least)
  let end = widths + MINIBLOCKS
  for (let m = 0; m < MINIBLOCKS; m++) {
    const part = deltas.subarray(m * MINIBLOCK, (m + 1) * MINIBLOCK)
    const width = m * MINIBLOCK < count ? bitLength(largest(part)) : 0
    out[widths + m] = width
    if (width > 0) end += packWords(part, width, out.subarray(end))
  }
  return end
}

const largest = (values: Float64Array): number => {
  let most = 0
  for (let i = 0; i < values.length; i++) if (values[i]! > most) most = values[i]!
  return most
}

/** Packs 32 integers below 2^53 at any width; returns the bytes written. */
const packWords = (values: Float64Array, width: number, out: Uint8Array): number => {
  if (width <= 32)
    return packBits(
      Int32Array.from(values, (value) => value | 0),
      width,
      out,
    )
  const view = wordsOf(out)
  const highWidth = width - 32
  let word = 0
  let used = 0
  let at = 0
  for (let i = 0; i < values.length; i++) {
    const high = Math.floor(values[i]! / WORD)
    const low = (values[i]! - high * WORD) | 0
    view.setInt32(at, word | (low << used), true)
    at += 4
    word = (used === 0 ? 0 : low >>> (32 - used)) | (high << used)
    used += highWidth
    if (used < 32) continue
    view.setInt32(at, word, true)
    at += 4
    used -= 32
    word = used === 0 ? 0 : high >>> (highWidth - used)
  }
  return 4 * width
}

const WORD = 4294967296
