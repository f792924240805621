import { fail, unreachable } from '../errors.ts'
import type { DataType } from '../expr/types.ts'
import type { LandedColumn } from '../plan/plan.ts'

/** What was measured of one column in one file: nulls, and the least and greatest non-null physical value. */
export interface ColumnStatistics {
  readonly column: LandedColumn
  readonly nulls: number
  /** Null when every cell is null, or when the bound is not known. */
  readonly min: number | string | null
  readonly max: number | string | null
}

/** Leaf columns with statistics unless `delta.dataSkippingNumIndexedCols` says otherwise. */
export const INDEXED_COLUMNS = 32

/**
 * The statistics of a file as the JSON text of `add.stats`. Decimals keep all their digits, timestamps are rounded
 * outwards to milliseconds, long strings are shortened so that they stay bounds; booleans have no bounds.
 */
export const statsText = (
  rows: number,
  columns: readonly ColumnStatistics[],
  indexed: number = INDEXED_COLUMNS,
): string => {
  const kept = columns.slice(0, indexed < 0 ? undefined : indexed)
  const members = (of: (statistics: ColumnStatistics) => string | undefined): string =>
    kept
      .flatMap((statistics) => {
        const json = of(statistics)
        return json === undefined ? [] : [`${JSON.stringify(statistics.column.name)}:${json}`]
      })
      .join(',')
  return (
    `{"numRecords":${rows},"minValues":{${members((of) => boundJson(of.column.type, of.min, 'min'))}}` +
    `,"maxValues":{${members((of) => boundJson(of.column.type, of.max, 'max'))}}` +
    `,"nullCount":{${members(({ nulls }) => String(nulls))}}}`
  )
}

/** Statistics as read: bounds are texts, numbers with the very digits they were written with, nested objects flattened to dotted names. */
export interface FileStatistics {
  readonly rows: number
  readonly min: Readonly<Record<string, string>>
  readonly max: Readonly<Record<string, string>>
  readonly nulls: Readonly<Record<string, number>>
}

/** Reads `add.stats` of any writer without losing digits of 64-bit integers and decimals; undefined when malformed. */
export const parseStats = (text: string): FileStatistics | undefined => {
  try {
    const json = JSON.parse(numbersAsTexts(text)) as Readonly<Record<string, unknown>>
    const rows = Number(json['numRecords'])
    if (!Number.isSafeInteger(rows)) return undefined
    return {
      rows,
      min: flat(json['minValues']),
      max: flat(json['maxValues']),
      nulls: numbers(flat(json['nullCount'])),
    }
  } catch {
    return undefined
  }
}

/**
 * The shortest text, of at most 64 code points, that is not below `text` in code-point order and that a reader may
 * take as its upper bound; undefined when there is none. The rule is delta-spark's: 32 code points and a tie-breaker.
 */
export const upperBound = (text: string): string | undefined => {
  const points = [...text]
  if (points.length <= PREFIX) return text
  for (let length = PREFIX; length < Math.min(points.length, 2 * PREFIX); length++) {
    const next = points[length]?.codePointAt(0) ?? 0
    const prefix = points.slice(0, length).join('')
    if (next < 0x7f) return `${prefix}\u007f`
    if (next < 0x10ffff) return `${prefix}\u{10ffff}`
  }
  return undefined
}

/** The first 32 code points of a text: a lower bound of it. */
export const lowerBound = (text: string): string => [...text].slice(0, PREFIX).join('')

const PREFIX = 32

const boundJson = (
  type: DataType,
  value: number | string | null,
  side: 'min' | 'max',
): string | undefined => {
  if (value === null) return undefined
  if (typeof value === 'string') {
    const bound = side === 'min' ? lowerBound(value) : upperBound(value)
    return bound === undefined ? undefined : JSON.stringify(bound)
  }
  switch (type.kind) {
    case 'integer':
      return String(value)
    case 'decimal':
      return decimalText(value, type.scale)
    case 'date':
      return isoDay(value)
    case 'timestamp':
      return isoMillisecond(side === 'min' ? Math.floor(value / 1000) : Math.ceil(value / 1000))
    case 'boolean':
      return undefined
    case 'string':
      return fail('internal', `statistics of a string column hold the number ${value}`)
    default:
      return unreachable(type)
  }
}

/** An unscaled integer as decimal text with `scale` digits behind the point: 5 at scale 2 is 0.05. */
export const decimalText = (unscaled: number, scale: number): string => {
  const digits = String(Math.abs(unscaled)).padStart(scale + 1, '0')
  const sign = unscaled < 0 ? '-' : ''
  if (scale === 0) return sign + digits
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Exact microseconds span the years 1684 to 2255, so that the year always has four digits. */
const isoMillisecond = (milliseconds: number): string => `"${new Date(milliseconds).toISOString()}"`

const YEAR_1 = -719162
const YEAR_10000 = 2932897

const isoDay = (days: number): string | undefined =>
  days >= YEAR_1 && days < YEAR_10000
    ? `"${new Date(days * 86_400_000).toISOString().slice(0, 10)}"`
    : undefined

/** JSON text in which every number stands in quotes, so that parsing keeps its digits. */
const numbersAsTexts = (json: string): string =>
  json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  )

const numbers = (texts: Readonly<Record<string, string>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Number(text)]))

const flat = (json: unknown, prefix = ''): Readonly<Record<string, string>> => {
  if (typeof json !== 'object' || json === null) return {}
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'string'
        ? [[prefix + name, value]]
        : Object.entries(flat(value, `${prefix}${name}.`)),
    ),
  )
}
