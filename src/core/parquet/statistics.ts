import type { ColumnBlock, ColumnSpec, Dictionary } from '../columns/block.ts'
import type { Bounds } from './bounds.ts'
import type { ParquetPrimitives } from './primitives.ts'
import { compareBytes, wordAt } from './words.ts'

/** A smallest or largest value: a physical number, or the whole UTF-8 of a string; undefined when all are null. */
export type Bound = number | Uint8Array | undefined

/** What holds for all cells of a chunk or a file, exactly. */
export interface ColumnStatistics {
  readonly min: Bound
  readonly max: Bound
  readonly nulls: number
}

/** The statistics of two sets of cells together. */
export const mergeStatistics = (a: ColumnStatistics, b: ColumnStatistics): ColumnStatistics => ({
  min: lesser(a.min, b.min),
  max: greater(a.max, b.max),
  nulls: a.nulls + b.nulls,
})

/** The statistics of no cells. */
export const NO_CELLS: ColumnStatistics = { min: undefined, max: undefined, nulls: 0 }

/** Follows the bounds of the non-null values of one column. */
export interface BoundsTracker {
  /** Takes in a block without nulls and of at least one row; returns its own bounds when they are numbers. */
  readonly add: (block: ColumnBlock) => Bounds | undefined
  /** The bounds since the last call. */
  readonly take: () => { readonly min: Bound; readonly max: Bound }
}

/** A tracker that suits the blocks of a column. */
export const createBoundsTracker = (
  spec: ColumnSpec,
  primitives: ParquetPrimitives,
): BoundsTracker => {
  const { dictionary } = spec
  if (dictionary !== undefined) {
    return dictionary.sorted ? trackSorted(dictionary, primitives) : trackSeen(dictionary)
  }
  const blockBounds = (block: ColumnBlock): Page => pageBounds(block, spec, primitives)
  return trackValues(blockBounds)
}

interface Page {
  readonly min: Bound
  readonly max: Bound
  readonly numbers: Bounds | undefined
}

const trackValues = (boundsOf: (block: ColumnBlock) => Page): BoundsTracker => {
  let min: Bound
  let max: Bound
  return {
    add: (block) => {
      const page = boundsOf(block)
      min = kept(lesser(min, page.min), min)
      max = kept(greater(max, page.max), max)
      return page.numbers
    },
    take: () => {
      const taken = { min, max }
      min = undefined
      max = undefined
      return taken
    },
  }
}

/** A copy of bytes that were not held before, since a block's own bytes last only until the next block. */
const kept = (now: Bound, before: Bound): Bound =>
  now !== before && now instanceof Uint8Array ? now.slice() : now

const pageBounds = (
  block: ColumnBlock,
  { increasing }: ColumnSpec,
  primitives: ParquetPrimitives,
): Page => {
  switch (block.kind) {
    case 'int32':
      return ofNumbers(increasing ? ends(block.values) : primitives.int32Bounds(block.values))
    case 'float64':
      return ofNumbers(increasing ? ends(block.values) : primitives.float64Bounds(block.values))
    case 'fixed': {
      const stride = block.width + 4
      const rows = primitives.fixedBounds(block.bytes, stride)
      const cell = (row: number): Uint8Array =>
        block.bytes.subarray(row * stride + 4, (row + 1) * stride)
      return { min: cell(rows.min), max: cell(rows.max), numbers: undefined }
    }
    case 'bytes':
    case 'codes': {
      const words = block.kind === 'bytes' ? block : block.dictionary
      const rows = primitives.wordBounds(words.offsets, words.bytes)
      return { min: wordAt(words, rows.min), max: wordAt(words, rows.max), numbers: undefined }
    }
  }
}

const ofNumbers = (numbers: Bounds): Page => ({ ...numbers, numbers })

const ends = (values: Int32Array | Float64Array): Bounds => ({
  min: values[0]!,
  max: values[values.length - 1]!,
})

const word = (dictionary: Dictionary, code: number): Uint8Array => wordAt(dictionary, code).slice()

/** Codes in the order of their words: stops looking once both ends of the dictionary have been seen. */
const trackSorted = (dictionary: Dictionary, primitives: ParquetPrimitives): BoundsTracker => {
  let min = dictionary.count
  let max = -1
  const done = (): boolean => min === 0 && max === dictionary.count - 1
  return {
    add: (block) => {
      if (block.kind !== 'codes' || done()) return undefined
      const page = primitives.int32Bounds(block.codes)
      min = Math.min(min, page.min)
      max = Math.max(max, page.max)
      return undefined
    },
    take: () => {
      const seen = max >= 0
      const taken = {
        min: seen ? word(dictionary, min) : undefined,
        max: seen ? word(dictionary, max) : undefined,
      }
      min = dictionary.count
      max = -1
      return taken
    },
  }
}

/** Codes in any order: marks those seen. */
const trackSeen = (dictionary: Dictionary): BoundsTracker => {
  const seen = new Uint8Array(dictionary.count)
  return {
    add: (block) => {
      if (block.kind === 'codes') mark(block.codes, seen)
      return undefined
    },
    take: () => {
      let min: Bound
      let max: Bound
      for (let code = 0; code < dictionary.count; code++) {
        if (seen[code] === 0) continue
        const value = wordAt(dictionary, code)
        min = lesser(min, value)
        max = greater(max, value)
      }
      seen.fill(0)
      return { min: kept(min, undefined), max: kept(max, undefined) }
    },
  }
}

const mark = (codes: Int32Array, seen: Uint8Array): void => {
  for (let i = 0; i < codes.length; i++) seen[codes[i]!] = 1
}

const lesser = (a: Bound, b: Bound): Bound => {
  if (a === undefined || b === undefined) return a ?? b
  return compare(a, b) <= 0 ? a : b
}

const greater = (a: Bound, b: Bound): Bound => {
  if (a === undefined || b === undefined) return a ?? b
  return compare(a, b) >= 0 ? a : b
}

const compare = (a: number | Uint8Array, b: number | Uint8Array): number =>
  typeof a === 'number' || typeof b === 'number' ? Number(a) - Number(b) : compareBytes(a, b)
