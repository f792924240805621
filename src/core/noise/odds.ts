import { fail } from '../errors.ts'
import { add, lit, mul } from '../expr/build.ts'
import type { Expr } from '../expr/expr.ts'
import { sumOf } from '../random/math.ts'

/**
 * An attribute on which noise depends. `class` is an integer from 0 that says which of the classes a record is in,
 * `shares` how common each class is, and `factors` the Bayes factor of each: posterior odds = prior odds · factor
 * (I. J. Good, Probability and the Weighing of Evidence, 1950). Attributes count as independent of one another.
 */
export interface Odds {
  readonly name: string
  readonly class: Expr
  readonly shares: readonly number[]
  readonly factors: readonly number[]
}

/** The probability that something happens in each class, and which class a record is in. */
export interface Classes {
  readonly class: Expr
  readonly shares: readonly number[]
  readonly rates: readonly number[]
}

/**
 * The classes of all attributes crossed, each with the rate that its factors give, so that the mean over all records is
 * `rate` exactly. The first attribute is the most significant digit of the class.
 */
export const classRates = (rate: number, odds: readonly Odds[]): Classes => {
  const shares = crossed(odds.map((each) => normalised(each)))
  const factors = crossed(odds.map((each) => each.factors))
  return { class: crossedClass(odds), shares, rates: fitted(rate, { shares, factors }) }
}

const normalised = ({ name, shares, factors }: Odds): readonly number[] => {
  const total = sumOf(shares)
  if (shares.length !== factors.length || !(total > 0))
    return fail('internal', `the odds ${name} need a share and a factor for each class`)
  return shares.map((share) => share / total)
}

const crossed = (parts: readonly (readonly number[])[]): readonly number[] =>
  parts.reduce<readonly number[]>((all, part) => all.flatMap((a) => part.map((b) => a * b)), [1])

const crossedClass = (odds: readonly Odds[]): Expr =>
  odds.reduce<Expr>(
    (sum, each, i) => (i === 0 ? each.class : add(mul(sum, each.factors.length), each.class)),
    lit(0),
  )

interface Weighted {
  readonly shares: readonly number[]
  readonly factors: readonly number[]
}

/** Rates whose odds are one base times the factors, the base found by bisection so that their mean is the rate. */
const fitted = (rate: number, { shares, factors }: Weighted): readonly number[] => {
  if (rate <= 0 || rate >= 1) return factors.map(() => Math.min(1, Math.max(0, rate)))
  // x in 0..1 stands for the odds x / (1 - x).
  const ratesAt = (x: number): readonly number[] =>
    factors.map((factor) => (x * factor) / (x * factor + 1 - x))
  let [low, high] = [0, 1]
  for (let step = 0; step < BISECTIONS; step++) {
    const x = low + (high - low) / 2
    if (sumOf(ratesAt(x).map((each, i) => each * shares[i]!)) < rate) low = x
    else high = x
  }
  return ratesAt(low + (high - low) / 2)
}

const BISECTIONS = 60
