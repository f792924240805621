import type { ColumnBlock, Dictionary } from '../columns/block.ts'
import type { Shape } from '../expr/types.ts'
import type { CompiledLaw } from '../random/compiled-law.ts'
import { textOf } from '../utf8.ts'

/** How the values of a column are sorted into bins 0..bins-1. */
export interface Binning {
  readonly bins: number
  /** Writes each row's bin, -1 for null. */
  readonly sort: (column: ColumnBlock, rows: number, into: Int32Array) => void
}

/** The reporting bins of a law; one more bin holds what the law cannot produce. */
export const binningOfLaw = (law: CompiledLaw): Binning => {
  const { from } = law.asked
  const stray = from.length
  const { words } = law
  return createBinning({
    bins: from.length + 1,
    stray,
    min: law.min,
    max: law.max,
    place: (value) => (value < law.min || value > law.max ? stray : lastAtMost(from, value)),
    placeWord: (word) => {
      const outcome = words?.indexOf(word) ?? -1
      return outcome < 0 ? stray : lastAtMost(from, outcome)
    },
  })
}

/** At most 16 bins of equal width over a shape's interval; of words, a number of each modulo 16. */
export const binningOfShape = (shape: Shape): Binning => {
  const { min, max } = shape
  const { bins, width } = shapeBins(shape)
  return createBinning({
    bins,
    stray: bins - 1,
    min,
    max,
    place: (value) => Math.min(bins - 1, Math.floor((value - min) / width)),
    placeWord: (word, code) => (code ?? hashOf(word)) % MOST_BINS,
  })
}

/** How many bins a shape's values have, and how many numbers each takes in (of words, 1). */
export const shapeBins = ({
  type,
  min,
  max,
}: Shape): { readonly bins: number; readonly width: number } => {
  if (type.kind === 'string') return { bins: MOST_BINS, width: 1 }
  const bins = Math.min(MOST_BINS, max - min + 1)
  return { bins, width: (max - min + 1) / bins }
}

/** The last value below the reporting bins of a law, then the last value of each bin. */
export const lawEdges = ({ asked, min, max }: CompiledLaw): readonly number[] => [
  min - 1,
  ...asked.from.slice(1).map((low) => low - 1),
  max,
]

/** Bins of numbers and of words; `stray` takes what lies outside min..max. */
interface Places {
  readonly bins: number
  readonly stray: number
  readonly min: number
  readonly max: number
  readonly place: (value: number) => number
  /** Words of a dictionary come with their code. */
  readonly placeWord: (word: string, code?: number) => number
}

/** The bin of value low + i is bins[i]. */
interface Table {
  readonly low: number
  readonly bins: Int32Array
}

/** Intervals up to this wide are sorted by a table. */
const LARGEST_TABLE = 65536

const createBinning = ({ bins, stray, min, max, place, placeWord }: Places): Binning => {
  const numbers: Table | undefined =
    max - min < LARGEST_TABLE
      ? { low: min, bins: Int32Array.from({ length: max - min + 1 }, (_, i) => place(min + i)) }
      : undefined
  const dictionaries = new Map<Dictionary, Table>()
  const tableOf = (dictionary: Dictionary): Table => {
    const known = dictionaries.get(dictionary)
    const table = known ?? { low: 0, bins: Int32Array.from(wordsOf(dictionary), placeWord) }
    dictionaries.set(dictionary, table)
    return table
  }
  const sortCells = (column: ColumnBlock, rows: number, into: Int32Array): void => {
    switch (column.kind) {
      case 'int32':
      case 'float64': {
        const values = column.values.subarray(0, rows)
        if (numbers !== undefined) return sortByTable(values, { ...numbers, stray }, into)
        for (let row = 0; row < rows; row++) into[row] = place(values[row]!)
        return
      }
      case 'codes':
        return sortByTable(
          column.codes.subarray(0, rows),
          { ...tableOf(column.dictionary), stray },
          into,
        )
      case 'fixed':
      case 'bytes':
        for (let row = 0; row < rows; row++) into[row] = placeWord(wordAt(column, row))
    }
  }
  return {
    bins,
    sort: (column, rows, into) => {
      sortCells(column, rows, into)
      const { nulls } = column
      if (nulls === undefined) return
      for (let row = 0; row < rows; row++) if (nulls[row] === 1) into[row] = -1
    },
  }
}

const sortByTable = (
  values: Int32Array | Float64Array,
  { low, bins, stray }: Table & { readonly stray: number },
  into: Int32Array,
): void => {
  for (let row = 0; row < values.length; row++) {
    const at = values[row]! - low
    into[row] = at >= 0 && at < bins.length ? bins[at]! : stray
  }
}

const MOST_BINS = 16

/** The index of the last edge that is at most the value; edges rise. */
const lastAtMost = (edges: readonly number[], value: number): number => {
  let low = 0
  let high = edges.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (edges[middle]! <= value) low = middle
    else high = middle - 1
  }
  return low
}

const wordsOf = ({ count, offsets, bytes }: Dictionary): readonly string[] =>
  Array.from({ length: count }, (_, i) => textOf(bytes.subarray(offsets[i], offsets[i + 1])))

type TextBlock = Extract<ColumnBlock, { readonly kind: 'fixed' | 'bytes' }>

const wordAt = (column: TextBlock, row: number): string => {
  if (column.kind === 'bytes')
    return textOf(column.bytes.subarray(column.offsets[row], column.offsets[row + 1]))
  const from = row * (column.width + LENGTH_BYTES) + LENGTH_BYTES
  return textOf(column.bytes.subarray(from, from + column.width))
}

const LENGTH_BYTES = 4

/** FNV-1a over the code units, 32 bits (Fowler, Noll, Vo). */
const hashOf = (word: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
