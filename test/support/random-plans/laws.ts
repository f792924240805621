import type { Law, Quantity } from '../../../src/core/expr/law.ts'
import type { DataType } from '../../../src/core/expr/types.ts'
import type { Chance } from './chance.ts'

/** A law with bounds of its outcomes. */
export interface BoundedLaw {
  readonly law: Law
  readonly min: number
  readonly max: number
}

/** Words with what is hard about text: accents, Han, quotes, the digest's own marks, letter case and nothing. */
export const WORDS = [
  '',
  'a',
  'Zed',
  'été',
  'ΩMEGA',
  '中文',
  "O'Brien",
  'a|b\\c',
  '10% "x"',
  'N',
  '\uff5eﬀ',
] as const

/** A law of integers of every kind; a few are wide, so that a place inside a bin takes more than one draw. */
export const integerLaw = (chance: Chance): BoundedLaw =>
  chance.one(Object.values(INTEGER_LAWS))(chance)

/** A law whose integers are values of the type; integers may have any law. */
export const lawOf = (chance: Chance, type: DataType): BoundedLaw => {
  if (type.kind === 'date' && chance.percent(50)) return calendar(chance)
  if (type.kind === 'date') return uniform(chance.between(-800, 20000), 400, 1)
  if (type.kind === 'timestamp') return instants(chance)
  if (type.kind !== 'decimal') return integerLaw(chance)
  const { normal, poisson, weighted } = INTEGER_LAWS
  return chance.one([amounts, amounts, normal, poisson, weighted])(chance)
}

const amounts = (chance: Chance): BoundedLaw =>
  uniform(chance.between(-500, 500), chance.one([1, 300, 9000]), chance.one([1, 25]))

const instants = (chance: Chance): BoundedLaw =>
  uniform(1.6e15 + chance.below(1000), chance.one([90, 2 ** 21, 2 ** 36]), chance.one([1, 1000, 7]))

/** A law over words. */
export const wordLaw = (
  chance: Chance,
): { readonly law: Law; readonly words: readonly string[] } => {
  const first = chance.below(WORDS.length)
  const count = chance.between(1, Math.min(6, WORDS.length - first))
  const words = WORDS.slice(first, first + count)
  return { law: { kind: 'weighted', values: words, weights: weights(chance, count) }, words }
}

const weights = (chance: Chance, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (i > 0 && chance.percent(15) ? 0 : chance.between(1, 9)))

const uniform = (low: number, count: number, step: number): BoundedLaw => {
  const high = low + step * (count - 1)
  return {
    law: { kind: 'uniform', low, high, ...(step === 1 ? {} : { step }) },
    min: low,
    max: high,
  }
}

const calendar = (chance: Chance): BoundedLaw => {
  const year = chance.between(1965, 2024)
  const days = chance.one([1, 40, 400])
  const start = Date.UTC(year, 1, 27) / 86_400_000
  return {
    law: {
      kind: 'calendar',
      start: `${year}-02-27`,
      days,
      ...(chance.percent(50) ? { weekdays: [1, 2, 3, 4, 5, 1, 1] } : {}),
      ...(chance.percent(50) ? { months: [3, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 5] } : {}),
    },
    min: start,
    max: start + days - 1,
  }
}

/** A number, sometimes as the plan's parameter `two`, whose value is 2. */
const two = (chance: Chance): Quantity => (chance.percent(30) ? { parameter: 'two' } : 2)

const INTEGER_LAWS = {
  uniform: (chance: Chance) =>
    uniform(
      chance.between(-40, 40),
      chance.one([1, 2, 7, 100, 2 ** 20, 2 ** 20 + 1, 2 ** 34 + 5]),
      chance.one([1, 1, 3]),
    ),
  weighted: (chance: Chance): BoundedLaw => {
    const count = chance.one([1, 3, 9, 40])
    const low = chance.between(-20, 20)
    const values = Array.from({ length: count }, (_, i) => low + i * 3)
    return {
      law: { kind: 'weighted', values, weights: weights(chance, count) },
      min: low,
      max: low + 3 * (count - 1),
    }
  },
  vocabulary: (): BoundedLaw => ({
    law: { kind: 'vocabulary', vocabulary: 'colours', weight: 'weight' },
    min: 0,
    max: 4,
  }),
  normal: (chance: Chance): BoundedLaw => ({
    law: { kind: 'normal', mean: two(chance), deviation: 1.5, low: -5, high: 9 },
    min: -5,
    max: 9,
  }),
  logNormal: (chance: Chance): BoundedLaw => ({
    law: { kind: 'logNormal', median: 50, sigma: two(chance), low: 0, high: 2000, step: 10 },
    min: 0,
    max: 2000,
  }),
  exponential: (chance: Chance): BoundedLaw => ({
    law: { kind: 'exponential', mean: chance.one([3, 500]), low: 0, high: 300 },
    min: 0,
    max: 300,
  }),
  poisson: (chance: Chance): BoundedLaw => ({
    law: { kind: 'poisson', mean: two(chance), high: 12 },
    min: 0,
    max: 12,
  }),
  geometric: (chance: Chance): BoundedLaw => ({
    law: { kind: 'geometric', mean: two(chance), high: 40 },
    min: 0,
    max: 40,
  }),
  zipf: (chance: Chance): BoundedLaw => {
    const count = chance.percent(8) ? 2 ** 31 : chance.one([1, 5, 60, 300])
    const exponent = chance.one([0, 0.7, 1, 3])
    return { law: { kind: 'zipf', exponent, count }, min: 1, max: count }
  },
  histogram: (chance: Chance): BoundedLaw => {
    const edges = chance.one([
      [-7, 0, 3],
      [0, 10, 100, 5_000_000],
      [-3, 4_000_000_000, 4_000_000_007],
      [1, 2],
    ])
    return {
      law: { kind: 'histogram', edges, weights: weights(chance, edges.length - 1) },
      min: edges[0] ?? 0,
      max: (edges.at(-1) ?? 1) - 1,
    }
  },
  calendar,
  timeOfDay: (chance: Chance): BoundedLaw => ({
    law: { kind: 'timeOfDay', hours: weights(chance, 24) },
    min: 0,
    max: 86_399,
  }),
} as const
