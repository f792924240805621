import type { ConcreteLaw } from '../../core/random/laws.ts'
import { compileLaw } from '../../core/random/laws.ts'
import { sumOf } from '../../core/random/math.ts'
import { meanOf, normalise } from '../calibrate.ts'
import type { Settings } from './parameters.ts'

/** The most people of a household, and so the most adults. */
export const LARGEST_HOUSEHOLD = 6

/** The share of households with two adults or more whose second adult is the partner of the first. */
export const COUPLES = 0.8

/** Weights of 1, 2, 3 ... adults by size of household 1..6; the others are children, whom nobody advertises to. */
export const ADULTS: readonly (readonly number[])[] = [
  [100],
  [15, 85],
  [12, 60, 28],
  [6, 64, 20, 10],
  [5, 60, 20, 10, 5],
  [5, 55, 20, 10, 6, 4],
]

/** Expected adults of a household by their part in it. */
export interface Adults {
  readonly partners: number
  readonly others: number
  readonly all: number
}

/** The law of household sizes: a normal, rounded and cut to 1..6. */
export const sizeLaw = ({ sizeMean, sizeDeviation }: Settings): ConcreteLaw => ({
  kind: 'normal',
  mean: sizeMean,
  deviation: sizeDeviation,
  low: 1,
  high: LARGEST_HOUSEHOLD,
})

/** How many adults a household is expected to have: one comes first, the others are partners or live with them. */
export const expectedAdults = (settings: Settings): Adults => {
  const { from, probability } = compileLaw(sizeLaw(settings), () => []).asked
  const laws = from.map((size) => normalise(ADULTS[size - 1] ?? []))
  const expect = (of: (law: readonly number[]) => number): number =>
    sumOf(laws.map((law, i) => of(law) * (probability[i] ?? 0)))
  const all = expect((law) => 1 + meanOf(law))
  const partners = COUPLES * expect((law) => 1 - (law[0] ?? 0))
  return { all, partners, others: all - 1 - partners }
}
