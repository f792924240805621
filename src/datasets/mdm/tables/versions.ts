import { add, col, greatest, le, least, lt, sub, when } from '../../../core/expr/build.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { hidden } from '../../../core/plan/build.ts'
import type { Column } from '../../../core/plan/plan.ts'
import { ADDRESSES, CHANGES, eventsBy, IDENTITIES, MOVES } from '../events.ts'
import { entryOf } from '../../expressions.ts'
import { NEVER } from '../parts.ts'

/** The most versions of a customer: one, and another with each event. */
export const MOST_VERSIONS = ADDRESSES + IDENTITIES - 1

/**
 * Hidden columns of customers that put moves and changes in one order: with which address and identity somebody became a
 * customer, how many versions follow one another since, and which of them begins with each move.
 */
export const versionColumns = (): readonly Column[] => [
  hidden('first_address', eventsBy(col('created_day'), MOVES, col)),
  hidden('first_identity', eventsBy(col('created_day'), CHANGES, col)),
  hidden(
    'versions',
    within(
      add(
        1,
        sub(col('move_count'), col('first_address')),
        sub(col('changes'), col('first_identity')),
      ),
      [1, MOST_VERSIONS],
    ),
  ),
  ...MOVES.days.map((move, i) =>
    hidden(
      beginsName(i),
      sub(add(i + 1, changesBefore(col(move))), add(col('first_address'), col('first_identity'))),
      { description: 'The number of the version that begins with the move, from 0.' },
    ),
  ),
]

const beginsName = (move: number): string => `version_of_move_${move + 1}`

const changesBefore = (day: Expr): Expr =>
  CHANGES.days
    .map((change) => when(lt(col(change), day), 1, 0))
    .reduce((count, each) => add(count, each))

/** The address and the identity of a customer's version, from 0. */
export interface Version {
  readonly address: Expr
  readonly identity: Expr
}

/** The address and identity of version number `version` of a customer whose columns `customer` gives. */
export const versionAt = (version: Expr, customer: (column: string) => Expr): Version => {
  const address = MOVES.days
    .map((_, i) => when(le(customer(beginsName(i)), version), 1, 0))
    .reduce((count, each) => add(count, each))
  const changes = sub(version, sub(address, customer('first_address')))
  return {
    address,
    identity: within(add(changes, customer('first_identity')), [0, IDENTITIES - 1]),
  }
}

/** The days after start on which a version begins and, exclusive, ends: NEVER for the last one. */
export const versionDays = (
  { address, identity }: Version,
  customer: (column: string) => Expr,
): { readonly from: Expr; readonly to: Expr } => {
  const move = MOVES.days.map(customer)
  const change = CHANGES.days.map(customer)
  return {
    from: greatest(
      customer('created_day'),
      entryOf(address, [0, ...move]),
      entryOf(identity, [0, ...change]),
    ),
    to: least(entryOf(address, [...move, NEVER]), entryOf(identity, [...change, NEVER])),
  }
}

/** A number that lies within bounds, said so that the compiler knows it. */
const within = (number: Expr, [low, high]: readonly [number, number]): Expr =>
  greatest(least(number, high), low)
