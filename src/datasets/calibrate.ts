/**
 * Arithmetic by which laws are fitted to what is asked when a plan is built. It uses + - * / alone, so that every
 * machine builds the same plan.
 */
import type { Vocabulary } from '../core/plan/vocabulary.ts'
import { vocabularyColumn } from '../core/plan/vocabulary.ts'
import { sumOf } from '../core/random/math.ts'

/** The point of a rising function's domain where it has a value, by bisection; the nearer end if it never has. */
export const solve = (
  f: (x: number) => number,
  { low, high, value }: { readonly low: number; readonly high: number; readonly value: number },
): number => {
  let [below, above] = [low, high]
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = below + (above - below) / 2
    if (f(middle) < value) below = middle
    else above = middle
  }
  return below + (above - below) / 2
}

/** Weights that sum to one in the same proportion. */
export const normalise = (weights: readonly number[]): number[] => {
  const total = sumOf(weights)
  return weights.map((weight) => weight / total)
}

/** The numbers in a column of a vocabulary. */
export const integers = (vocabulary: Vocabulary, name: string): readonly number[] => {
  const column = vocabularyColumn(vocabulary, name)
  return column.kind === 'integer' ? column.values : []
}

/** A number rounded to six digits after the point, as a plan shows it. */
export const rounded = (value: number): number => Math.round(value * 1e6) / 1e6

/**
 * The probabilities of 0..high with a given mean, in the proportion r^y: a geometric law, cut, whose ratio r may
 * exceed one.
 */
export const tilted = (high: number, mean: number): number[] => {
  const law = (x: number): number[] => {
    // x in 0..1 stands for the ratio x / (1 - x); the larger of both powers is 1.
    const [rise, fall] = x > 0.5 ? [1, (1 - x) / x] : [x / (1 - x), 1]
    return normalise(
      Array.from({ length: high + 1 }, (_, y) => power(rise, y) * power(fall, high - y)),
    )
  }
  const x = solve((at) => meanOf(law(at)), { low: 0, high: 1, value: mean })
  return law(x)
}

/** The mean of a law over 0, 1, 2 and so on. */
export const meanOf = (law: readonly number[]): number => sumOf(law.map((p, y) => p * y))

/** A base to a whole power. */
export const power = (base: number, exponent: number): number => {
  let product = 1
  for (let i = 0; i < exponent; i++) product *= base
  return product
}

/** A kind of case with its probability, and weights that say how its outcomes lean. */
export interface Cell {
  readonly probability: number
  readonly leaning: readonly number[]
}

/**
 * Conditional laws, one for each cell, that lean as asked and whose mixture has exactly the given marginal: iterative
 * proportional fitting (W. E. Deming and F. F. Stephan, 1940) of one multiplier an outcome.
 */
export const fitMarginal = (cells: readonly Cell[], marginal: readonly number[]): number[][] => {
  let multipliers = marginal.map(() => 1)
  const laws = (): number[][] =>
    cells.map(({ leaning }) => normalise(leaning.map((each, i) => each * (multipliers[i] ?? 0))))
  for (let round = 0; round < FITTING_ROUNDS; round++) {
    const now = mixture(cells, laws())
    multipliers = multipliers.map((each, i) =>
      marginal[i] === 0 ? 0 : (each * (marginal[i] ?? 0)) / (now[i] ?? 1),
    )
  }
  return laws()
}

const mixture = (cells: readonly Cell[], laws: readonly (readonly number[])[]): number[] =>
  (laws[0] ?? []).map((_, i) =>
    sumOf(cells.map(({ probability }, cell) => probability * (laws[cell]?.[i] ?? 0))),
  )

/** Enough to find a point of a domain to a part in 10^12, and to fit shares within 1e-9. */
const BISECTIONS = 40
const FITTING_ROUNDS = 60
