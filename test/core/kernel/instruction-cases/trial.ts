import { utf8 } from '../../../../src/core/utf8.ts'

/** How the values of a column lie in memory: numbers by size, strings of one width, or offsets (bytes go beside them). */
export type Form = 'i' | 'd' | 'm' | 'fixed'

/** What a region of memory must hold after an instruction ran. */
export interface Wanted {
  readonly at: number
  readonly bytes: Uint8Array
}

/** An instruction's arguments, what it must return, and everything that it must have written. */
export interface Case {
  readonly at: readonly number[]
  readonly returns?: number
  readonly wanted: readonly Wanted[]
}

/** A memory image in the making: inputs are placed with their values, outputs with leftovers of other work. */
export interface Trial {
  readonly n: number
  /** The integers from low to high, evenly. */
  readonly integer: (low: number, high: number) => number
  readonly chance: (p: number) => boolean
  /** The image so far; all else is leftovers. */
  readonly image: Uint8Array
  /** Byte ranges that the instruction may write. */
  readonly writable: readonly { readonly from: number; readonly to: number }[]
  readonly place: (bytes: Uint8Array) => number
  readonly out: (bytes: number) => number
}

/** Makes a value of every row. */
export const rows = <T>({ n }: Pick<Trial, 'n'>, make: (r: number) => T): T[] =>
  Array.from({ length: n }, (_, r) => make(r))

/** Bytes of int32 (or uint32) values. */
export const int32Bytes = (values: readonly number[]): Uint8Array =>
  new Uint8Array(Int32Array.from(values).buffer)

/** Bytes of float64 values. */
export const float64Bytes = (values: readonly number[]): Uint8Array =>
  new Uint8Array(Float64Array.from(values).buffer)

/** Bytes of strings of one width, each behind its length. */
export const fixedBytes = (values: readonly string[], width: number): Uint8Array => {
  const bytes = new Uint8Array(values.length * (width + 4))
  values.forEach((value, r) => {
    bytes[r * (width + 4)] = width
    bytes.set(utf8(value), r * (width + 4) + 4)
  })
  return bytes
}

/** Offsets and bytes of strings. */
export const stringBytes = (
  values: readonly string[],
): { readonly offsets: Uint8Array; readonly bytes: Uint8Array; readonly total: number } => {
  const words = values.map(utf8)
  const offsets = [0]
  for (const each of words) offsets.push(offsets.at(-1)! + each.length)
  const total = offsets.at(-1)!
  const bytes = new Uint8Array(total)
  words.forEach((each, i) => bytes.set(each, offsets[i]))
  return { offsets: int32Bytes(offsets), bytes, total }
}

/** Memory below this address belongs to the WebAssembly module. */
export const FIRST_ADDRESS = 65536
const BYTES_PER_ROW = 400
const LEAST_BYTES = 1 << 18
/** How far behind its end a register may be overwritten. */
const SLACK = 64

/** A trial over `n` rows whose values follow from the seed. */
export const createTrial = (n: number, seed: number): Trial => {
  const next = generator(seed)
  const image = new Uint8Array(FIRST_ADDRESS + LEAST_BYTES + n * BYTES_PER_ROW)
  for (let i = 0; i < image.length; i += 61) image[i] = next() * 256
  const writable: { from: number; to: number }[] = []
  let free = FIRST_ADDRESS
  const reserve = (bytes: number): number => {
    const at = free
    free = (free + bytes + 2 * SLACK + 63) & ~63
    if (free > image.length) throw new Error('the image is full')
    return at
  }
  return {
    n,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (p) => next() < p,
    image,
    writable,
    place: (bytes) => {
      const at = reserve(bytes.length)
      image.set(bytes, at)
      return at
    },
    out: (bytes) => {
      const at = reserve(bytes)
      writable.push({ from: at, to: at + bytes + SLACK })
      return at
    },
  }
}

/** A full block's worth of rows, at most 15 more than the trial has. */
const blockRows = (n: number): number => (n + 15) & ~15

/** A place for the values of every row, at `stride` bytes each. */
export const outRows = (t: Trial, stride: number): number => t.out(blockRows(t.n) * stride)

/** Mulberry32: uniform numbers below 1 for tests. */
const generator = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}
