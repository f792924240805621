import { fail } from '../errors.ts'
import { EXACT_LIMIT } from '../expr/types.ts'
import { sumOf } from './math.ts'

/** One number of a law, with the names a message needs. */
export interface LawArgument {
  readonly law: string
  readonly name: string
  readonly value: number
}

/** The outcomes low + step · i for i below count. */
export interface Lattice {
  readonly low: number
  readonly step: number
  readonly count: number
}

/** The largest number of outcomes of a law or of one of its bins: what 48 bits choose from evenly. */
export const MAX_COUNT = 2 ** 37

/** The value, if it is a number from `least` to `most`; else plan.invalid. */
export const numberBetween = (
  { law, name, value }: LawArgument,
  least: number,
  most: number,
): number => {
  if (value >= least && value <= most) return value
  return fail(
    'plan.invalid',
    `${name} of the ${law} law must be a number from ${least} to ${most}, got ${value}`,
  )
}

/** The value (0 for -0), if it is an integer from `least` to `most`; else plan.invalid. */
export const integerBetween = (
  { law, name, value }: LawArgument,
  least: number,
  most: number,
): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value + 0
  return fail(
    'plan.invalid',
    `${name} of the ${law} law must be an integer from ${least} to ${most}, got ${value}`,
  )
}

/** The value, if it is a finite number above zero; else plan.invalid. */
export const positive = ({ law, name, value }: LawArgument): number => {
  if (value > 0 && value < Infinity) return value
  return fail('plan.invalid', `${name} of the ${law} law must be a number above 0, got ${value}`)
}

/** An integer whose size is below 2^53; else plan.invalid. */
export const exactInteger = (argument: LawArgument): number =>
  integerBetween(argument, 1 - EXACT_LIMIT, EXACT_LIMIT - 1)

/** The outcomes of a law with inclusive bounds and a step; plan.infeasible when there are none or too many. */
export const latticeOf = (law: {
  readonly kind: string
  readonly low: number
  readonly high: number
  readonly step?: number
}): Lattice => {
  const low = exactInteger({ law: law.kind, name: 'low', value: law.low })
  const high = exactInteger({ law: law.kind, name: 'high', value: law.high })
  const step = integerBetween({ law: law.kind, name: 'step', value: law.step ?? 1 }, 1, MAX_COUNT)
  if (low > high)
    return fail('plan.infeasible', `low ${low} of the ${law.kind} law is above its high ${high}`)
  const count = Math.floor((high - low) / step) + 1
  if (count <= MAX_COUNT) return { low, step, count }
  return fail(
    'plan.infeasible',
    `the ${law.kind} law from ${low} to ${high} in steps of ${step} has ${count} outcomes, at most 2^37 can be drawn`,
    { hint: 'use a larger step, or add two draws' },
  )
}

/** Checks a list of weights: as many as asked, each finite and at least 0, not all 0. */
export const checkWeights = (
  law: string,
  name: string,
  { weights, length }: { readonly weights: readonly number[]; readonly length: number },
): readonly number[] => {
  if (weights.length !== length || length === 0)
    fail(
      'plan.invalid',
      `${name} of the ${law} law must have ${Math.max(length, 1)} entries, got ${weights.length}`,
    )
  const odd = weights.findIndex((value) => !(value >= 0 && value <= MAX_WEIGHT))
  if (odd >= 0)
    numberBetween({ law, name: `${name}[${odd}]`, value: weights[odd] ?? NaN }, 0, MAX_WEIGHT)
  if (sumOf(weights) > 0) return weights
  return fail('plan.infeasible', `${name} of the ${law} law are all 0`, {
    hint: 'give at least one outcome a weight above 0',
  })
}

const MAX_WEIGHT = 1e15
