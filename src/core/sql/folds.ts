import type { Dialect } from './dialect.ts'
import type { ItemOf } from './ladder.ts'
import { call, choose, integer, joined, sql, type Term } from './term.ts'

/** What a fold combines, null for rows that it leaves out. */
export const folding = (dialect: Dialect, { fold }: ItemOf<'fold'>, ordinal?: string): Term => {
  const value = fold.value ?? integer(1)
  const number =
    fold.type === 'boolean' && fold.operation !== 'count'
      ? call`CAST(${value} AS ${dialect.typeName('integer')})`
      : value
  const conditions = [
    ...(ordinal === undefined ? [] : [sql`${{ kind: 'row', name: ordinal }} IS NOT NULL`]),
    ...(fold.where === undefined ? [] : [fold.where]),
  ]
  if (conditions.length === 0) return number
  return choose([{ when: joined(conditions, ' AND '), then: number }], undefined)
}

/** The aggregate of what a fold combines. */
export const aggregate = (dialect: Dialect, { fold }: ItemOf<'fold'>, text: string): string =>
  `CAST(${fold.operation}(${text}) AS ${dialect.typeName('integer')})`

/** A fold's value from its aggregate, which is null for rows without children. */
export const joinedFold = ({ fold }: ItemOf<'fold'>, name: string): string => {
  if (fold.operation === 'sum' || fold.operation === 'count') return `coalesce(${name}, 0)`
  return fold.type === 'boolean' ? `${name} = 1` : name
}
