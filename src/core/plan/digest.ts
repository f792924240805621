import { fail } from '../errors.ts'
import type { Value } from '../expr/types.ts'
import { md5Words } from '../md5.ts'

/** Collects the portable digest of a table's rows, in any order and from any number of parts. */
export interface TableDigest {
  /** Adds a row: its landed columns in plan order, as physical values. */
  readonly add: (values: readonly Value[]) => void
  /** Adds all rows that a finished digest stands for. */
  readonly merge: (hex: string) => void
  /** The number of rows so far. */
  readonly rows: () => number
  /** The digest so far: 72 lower-case hex digits, 8 of the row count and 16 of each of the four sums. */
  readonly hex: () => string
}

/**
 * An empty digest; docs/digest.md defines it so that any SQL engine can compute the same. Sums are exact for up to
 * 2^31 - 1 rows; more throw `internal`.
 */
export const createDigest = (): TableDigest => {
  let rows = 0
  const sums = Array.from({ length: 4 }, exactSum)
  const count = (more: number): void => {
    rows += more
    if (rows > MOST_ROWS) fail('internal', `a digest holds at most ${MOST_ROWS} rows`)
  }
  return {
    add: (values) => {
      count(1)
      md5Words(rowText(values)).forEach((word, i) => sums[i]?.add(0, word))
    },
    merge: (hex) => {
      const words = digestWords(hex)
      count(words[0] ?? 0)
      sums.forEach((sum, i) => sum.add(words[2 * i + 1] ?? 0, words[2 * i + 2] ?? 0))
    },
    rows: () => rows,
    hex: () => hex8(rows) + sums.map((sum) => sum.hex()).join(''),
  }
}

/**
 * The text of a row that is hashed: `N` for null, else `V` and the value, with `\` as `\\` and `|` as `\p`, joined
 * by `|`.
 */
export const rowText = (values: readonly Value[]): string =>
  values.map((value) => (value === null ? 'N' : `V${escaped(value)}`)).join('|')

const MOST_ROWS = 2147483647
const WORD = 4294967296

interface ExactSum {
  readonly add: (high: number, low: number) => void
  readonly hex: () => string
}

/** A sum below 2^64 held as two 32-bit words. */
const exactSum = (): ExactSum => {
  let high = 0
  let low = 0
  return {
    add: (moreHigh, moreLow) => {
      low += moreLow
      high += moreHigh + (low >= WORD ? 1 : 0)
      low %= WORD
    },
    hex: () => hex8(high) + hex8(low),
  }
}

const digestWords = (hex: string): readonly number[] => {
  const groups = /^[0-9a-f]{72}$/.test(hex) ? hex.match(/.{8}/g) : null
  if (groups === null) return fail('internal', `"${hex}" is not a table digest of 72 hex digits`)
  return groups.map((group) => Number.parseInt(group, 16))
}

const escaped = (value: number | string): string =>
  typeof value === 'number' ? String(value) : value.replaceAll('\\', '\\\\').replaceAll('|', '\\p')

const hex8 = (word: number): string => word.toString(16).padStart(8, '0')
