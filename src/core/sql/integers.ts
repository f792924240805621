import type { Shape } from '../expr/types.ts'
import type { Dialect } from './dialect.ts'
import { choose, integer, invoke, joined, numberOf, sql, sum, type Term, times } from './term.ts'

/** A division of integers; `natural` when neither operand is ever negative. */
export interface Division {
  readonly a: Term
  readonly b: Term
  readonly natural: boolean
}

/** a - b · floor(a / b): zero or of the sign of b. */
export const floorMod = ({ a, b, natural }: Division, { operators }: Dialect): Term => {
  const rest = operators.remainder(a, b)
  return natural ? rest : operators.remainder(sum(rest, b), b)
}

/** floor(a / b). */
export const floorDiv = (division: Division, dialect: Dialect): Term => {
  const { a, b, natural } = division
  const exact = natural ? a : sql`${a} - ${floorMod(division, dialect)}`
  return dialect.operators.quotient(exact, b)
}

/** A term with what is known of it. */
export type Known = readonly [term: Term, shape: Pick<Shape, 'min' | 'max'>]

/** a / b rounded to the nearest integer, halves away from zero: floor((2|a| + |b|) / 2|b|), with its sign. */
export const roundedDiv = (
  [a, aShape]: Known,
  [b, bShape]: Known,
  { operators }: Dialect,
): Term => {
  const [dividend, divisor] = [absolute(a, aShape), absolute(b, bShape)]
  const size = operators.quotient(sum(times(dividend, 2), divisor), times(divisor, 2))
  if (aShape.min >= 0 && bShape.min >= 0) return size
  const negative = [
    ...(aShape.min >= 0 ? [] : [sql`${a} < 0`]),
    ...(bShape.min >= 0 ? [] : [sql`${b} < 0`]),
  ]
  return choose([{ when: joined(negative, ' <> '), then: sql`0 - ${size}` }], size)
}

/** |a|. */
export const absolute = (a: Term, { min }: Pick<Shape, 'min' | 'max'>): Term => {
  const known = numberOf(a)
  if (known !== undefined) return integer(Math.abs(known))
  return min >= 0 ? a : invoke('abs', [a])
}

/** `result` where none of the arguments is null, else null. */
export const present = (args: readonly Term[], shapes: readonly Shape[], result: Term): Term => {
  const nullable = args.filter((_, i) => shapes[i]?.nullable === true)
  if (nullable.length === 0) return result
  const all = joined(
    nullable.map((each) => sql`${each} IS NOT NULL`),
    ' AND ',
  )
  return choose([{ when: all, then: result }], undefined)
}
