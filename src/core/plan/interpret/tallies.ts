import { fail } from '../../errors.ts'
import { keysOfRoot, tallyBeyond } from '../tally.ts'
import type { Tally, TableOf } from '../typed.ts'
import { evaluate } from './evaluate.ts'
import type { KeyRange, Row, Rows } from './row.ts'

/** What tallies come to, summed when first asked for. */
export interface Tallies {
  readonly at: (tally: Tally, row: Row) => number
}

/** The tallies of a plan's rows. Those with a window run over the roots that may count towards the asking row alone. */
export const createTallies = (rows: Rows): Tallies => {
  const known = new Map<string, ReadonlyMap<number, number>>()
  const sums = (tally: Tally, name: string, range: KeyRange): ReadonlyMap<number, number> => {
    const id = `${tally.number} ${name}`
    const found = known.get(id) ?? sumUp(rows, tally, range)
    known.set(id, found)
    return found
  }
  return {
    at: (tally, row) => {
      const parts = rangesFor(rows.tableOf, tally, row).map(([name, range]) =>
        sums(tally, name, range),
      )
      const sum = parts.reduce((all, part) => all + (part.get(row.key) ?? 0), 0)
      return sum > tally.most ? tallyBeyond(tally, row.key) : sum
    },
  }
}

const EVERYTHING: KeyRange = { from: 0, to: Infinity }

/** Ranges of counted keys, each with a name: one for each root in the window, or all of them at once. */
const rangesFor = (
  tableOf: TableOf,
  { cross, table, window }: Tally,
  row: Row,
): readonly (readonly [name: string, range: KeyRange])[] => {
  const { rows } = tableOf(cross)
  const first = rows.kind === 'cross' ? rows.of[0] : fail('internal', `${cross} is not a cross`)
  if (window === undefined || first === undefined) return [['all', EVERYTHING]]
  const day = row.parent(first.table).key
  const from = Math.max(1, day - window.high)
  const to = Math.min(first.count, day - window.low)
  const width = keysOfRoot(tableOf, table)
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => {
    const root = from + i
    return [String(root), { from: root * width, to: (root + 1) * width }]
  })
}

const sumUp = (rows: Rows, tally: Tally, range: KeyRange): ReadonlyMap<number, number> => {
  const sums = new Map<number, number>()
  for (const row of rows.list(tally.table, range)) {
    if (tally.where !== undefined && evaluate(rows, row, tally.where) !== 1) continue
    const key = evaluate(rows, row, tally.key)
    const value = tally.value === undefined ? 1 : evaluate(rows, row, tally.value)
    if (key === null || value === null) continue
    sums.set(Number(key), (sums.get(Number(key)) ?? 0) + Number(value))
  }
  return sums
}
