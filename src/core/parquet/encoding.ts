import type { ColumnSpec, Dictionary } from '../columns/block.ts'
import { bitLength, putInt64, wordsOf } from './bits.ts'
import { DELTA_RANGE_LIMIT } from './delta.ts'
import type { Lattice } from './lattice.ts'
import { physicalType } from './schema.ts'
import { wordAt } from './words.ts'

/** Numbers of the encodings in the Thrift definition of Parquet. */
export const ENCODING = {
  plain: 0,
  rle: 3,
  delta: 5,
  deltaLength: 6,
  dictionary: 8,
} as const

/** How the values of one column chunk are written. */
export type ValueEncoding =
  | { readonly kind: 'plain' }
  | { readonly kind: 'delta' }
  | { readonly kind: 'deltaLength' }
  | DictionaryEncoding

/** Values as indices of `width` bits into a dictionary page; numbers give their index by the lattice. */
export interface DictionaryEncoding {
  readonly kind: 'dictionary'
  readonly width: number
  readonly count: number
  readonly sorted: boolean
  readonly lattice: Lattice | undefined
  /** The body of the dictionary page. */
  readonly page: Uint8Array
}

/** What is known of a chunk when its first page is made: that page's rows, and whether more are to be expected. */
export interface ChunkOutlook {
  readonly rows: number
  readonly more: boolean
}

/** Chooses the encoding of a column's chunks; a function of the column and of the first page's rows alone. */
export type EncodingChooser = (outlook: ChunkOutlook) => ValueEncoding

/** A chooser of the encoding that promises the fewest bytes; it makes the dictionary page once, when it is needed. */
export const createEncodingChooser = (spec: ColumnSpec): EncodingChooser => {
  const { dictionary } = spec
  let made: DictionaryEncoding | undefined
  if (spec.block === 'fixed' || spec.type.kind === 'boolean') return () => ({ kind: 'plain' })
  return ({ rows, more }) => {
    const expected = more ? EXPECTED_PAGES * rows : rows
    if (spec.type.kind !== 'string') {
      if (spec.lattice === undefined || !latticePays(spec, spec.lattice, expected)) {
        return { kind: flatBits(spec) < valueBits(spec) ? 'delta' : 'plain' }
      }
      return (made ??= latticeDictionary(spec.lattice, valueBits(spec)))
    }
    if (dictionary === undefined || !wordsPay(dictionary, expected)) return { kind: 'deltaLength' }
    return (made ??= wordDictionary(dictionary))
  }
}

/** Full pages are usually followed by some more; a small row group should not carry a large dictionary. */
const EXPECTED_PAGES = 8
const MAX_ENTRIES = 65536
const MAX_DICTIONARY_BYTES = 1 << 20
/** Bits a value that min delta, widths and the spread of deltas add to the range's own. */
const DELTA_OVERHEAD_BITS = 1.5
/** What a string's length takes as a delta. */
const LENGTH_BITS = 6

const codeWidth = (count: number): number => Math.max(1, bitLength(count - 1))

const wordsPay = ({ count, offsets }: Dictionary, rows: number): boolean => {
  const text = offsets[count]! - offsets[0]!
  const bytes = text + 4 * count
  if (count > MAX_ENTRIES || bytes > MAX_DICTIONARY_BYTES) return false
  const inline = LENGTH_BITS + (8 * text) / Math.max(1, count)
  return 8 * bytes + codeWidth(count) * rows < inline * rows
}

const valueBits = (spec: ColumnSpec): 32 | 64 => (physicalType(spec) === 'INT32' ? 32 : 64)

/** About how many bits a number takes outside a dictionary: as a delta, or PLAIN where deltas gain nothing. */
const flatBits = (spec: ColumnSpec): number => {
  const range = spec.max - spec.min
  if (range >= DELTA_RANGE_LIMIT) return valueBits(spec)
  const deltaBits = spec.increasing ? 0 : bitLength(range) + DELTA_OVERHEAD_BITS
  return Math.min(valueBits(spec), deltaBits)
}

const latticePays = (spec: ColumnSpec, { count }: Counted, rows: number): boolean =>
  count <= MAX_ENTRIES && valueBits(spec) * count + codeWidth(count) * rows < flatBits(spec) * rows

const wordDictionary = (dictionary: Dictionary): DictionaryEncoding => {
  const { count, offsets, sorted } = dictionary
  const page = new Uint8Array(4 * count + offsets[count]! - offsets[0]!)
  const view = wordsOf(page)
  let at = 0
  for (let code = 0; code < count; code++) {
    const word = wordAt(dictionary, code)
    view.setUint32(at, word.length, true)
    page.set(word, at + 4)
    at += 4 + word.length
  }
  return { kind: 'dictionary', width: codeWidth(count), count, sorted, lattice: undefined, page }
}

type Counted = Lattice & { readonly count: number }

const latticeDictionary = (lattice: Counted, bits: 32 | 64): DictionaryEncoding => {
  const { low, step, count } = lattice
  const page = new Uint8Array((count * bits) / 8)
  const view = wordsOf(page)
  for (let i = 0; i < count; i++) {
    if (bits === 32) view.setInt32(4 * i, low + step * i, true)
    else putInt64(view, 8 * i, low + step * i)
  }
  return { kind: 'dictionary', width: codeWidth(count), count, sorted: true, lattice, page }
}
