import { fail } from '../errors.ts'
import type { Tally, TableOf } from './typed.ts'

/** Ends a run in which a tally exceeds what its plan promised. */
export const tallyBeyond = (tally: Tally, key: number): never =>
  fail('run.tally', `${beyondText(tally)} ${key}`, { hint: 'raise `most` of the tally' })

/** What is wrong with such a tally; the key of the row comes after it. */
export const beyondText = ({ place, table, most }: Tally): string =>
  `${place}: the tally over ${table} exceeds its most, ${most}, at the row with key`

/** How many keys of a table one row of its root takes: those of root r are r·width up to, not including, (r + 1)·width. */
export const keysOfRoot = (tableOf: TableOf, name: string): number => {
  const { rows } = tableOf(name)
  switch (rows.kind) {
    case 'range':
      return 1
    case 'children':
      return rows.capacity * keysOfRoot(tableOf, rows.of)
    case 'cross':
      return rows.of.slice(1).reduce((product, { capacity }) => product * capacity, 1)
    case 'union':
      return fail('internal', `${name} is a union, which has no single root`)
  }
}
