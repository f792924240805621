import { expect, test } from 'vitest'
import { isLakewrightError } from '../../../src/core/errors.ts'
import type { ErrorCode } from '../../../src/core/errors.ts'
import { compileLaw } from '../../../src/core/random/laws.ts'
import type { ConcreteLaw } from '../../../src/core/random/laws.ts'

const normal = { kind: 'normal', mean: 5, deviation: 1, low: 0, high: 9 } as const
const histogram = { kind: 'histogram', edges: [0, 5, 9], weights: [1, 1] } as const
const hours = Array.from({ length: 24 }, () => 1)

const refused: readonly [ConcreteLaw, ErrorCode, string][] = [
  [
    { kind: 'uniform', low: 3, high: 2 },
    'plan.infeasible',
    'low 3 of the uniform law is above its high 2',
  ],
  [
    { kind: 'uniform', low: 0.5, high: 2 },
    'plan.invalid',
    'low of the uniform law must be an integer',
  ],
  [{ kind: 'uniform', low: 0, high: 2 ** 37 }, 'plan.infeasible', 'at most 2^37'],
  [{ kind: 'uniform', low: 0, high: 2 ** 53 }, 'plan.invalid', 'high of the uniform law'],
  [{ kind: 'uniform', low: 0, high: 9, step: 0 }, 'plan.invalid', 'step of the uniform law'],
  [{ kind: 'uniform', low: NaN, high: 9 }, 'plan.invalid', 'got NaN'],
  [
    { kind: 'weighted', values: [], weights: [] },
    'plan.invalid',
    'weights of the weighted law must have 1 entries, got 0',
  ],
  [
    { kind: 'weighted', values: ['a'], weights: [1, 2] },
    'plan.invalid',
    'must have 1 entries, got 2',
  ],
  [
    { kind: 'weighted', values: ['a', 'b'], weights: [1, -1] },
    'plan.invalid',
    'weights[1] of the weighted law',
  ],
  [
    { kind: 'weighted', values: ['a', 'b'], weights: [0, 0] },
    'plan.infeasible',
    'weights of the weighted law are all 0',
  ],
  [{ kind: 'weighted', values: ['a', 'a'], weights: [1, 1] }, 'plan.invalid', 'list "a" twice'],
  [{ kind: 'weighted', values: [4, 5, 4], weights: [1, 1, 1] }, 'plan.invalid', 'list 4 twice'],
  [
    { kind: 'weighted', values: ['a', 1], weights: [1, 1] },
    'plan.invalid',
    'all strings or all integers',
  ],
  [
    { kind: 'weighted', values: [1, 1.5], weights: [1, 1] },
    'plan.invalid',
    'values[1] of the weighted law',
  ],
  [
    { kind: 'vocabulary', vocabulary: 'cities', weight: 'people' },
    'plan.invalid',
    'column people of cities',
  ],
  [
    { ...normal, deviation: 0 },
    'plan.invalid',
    'deviation of the normal law must be a number above 0, got 0',
  ],
  [{ ...normal, deviation: Infinity }, 'plan.invalid', 'deviation of the normal law'],
  [{ ...normal, mean: NaN }, 'plan.invalid', 'mean of the normal law'],
  [{ ...normal, low: 10 }, 'plan.infeasible', 'low 10 of the normal law is above its high 9'],
  [
    { kind: 'logNormal', median: 0, sigma: 1, low: 0, high: 9 },
    'plan.invalid',
    'median of the logNormal law',
  ],
  [
    { kind: 'logNormal', median: 1, sigma: -1, low: 0, high: 9 },
    'plan.invalid',
    'sigma of the logNormal law',
  ],
  [
    { kind: 'exponential', mean: -4, low: 0, high: 9 },
    'plan.invalid',
    'mean of the exponential law',
  ],
  [
    { kind: 'poisson', mean: 2e6, high: 9 },
    'plan.invalid',
    'mean of the poisson law must be a number from 0 to 1000000',
  ],
  [{ kind: 'poisson', mean: 2, high: -1 }, 'plan.invalid', 'high of the poisson law'],
  [{ kind: 'geometric', mean: -1, high: 9 }, 'plan.invalid', 'mean of the geometric law'],
  [{ kind: 'geometric', mean: 1, high: 2 ** 37 }, 'plan.invalid', 'high of the geometric law'],
  [
    { kind: 'zipf', exponent: 3.1, count: 9 },
    'plan.invalid',
    'exponent of the zipf law must be a number from 0 to 3, got 3.1',
  ],
  [{ kind: 'zipf', exponent: 1, count: 0 }, 'plan.invalid', 'count of the zipf law'],
  [{ kind: 'zipf', exponent: 1, count: 2 ** 31 + 1 }, 'plan.invalid', 'count of the zipf law'],
  [
    { ...histogram, edges: [0, 5] },
    'plan.invalid',
    'weights of the histogram law must have 1 entries, got 2',
  ],
  [{ ...histogram, edges: [0, 5, 5] }, 'plan.invalid', 'edges[2] - edges[1]'],
  [{ ...histogram, edges: [] }, 'plan.invalid', 'weights of the histogram law'],
  [
    { kind: 'calendar', start: '2024-02-30', days: 5 },
    'plan.invalid',
    'expected a date such as 2024-01-31, got "2024-02-30"',
  ],
  [
    { kind: 'calendar', start: '2024-01-01', days: 40_001 },
    'plan.invalid',
    'days of the calendar law',
  ],
  [
    { kind: 'calendar', start: '2024-01-01', days: 5, weekdays: [1] },
    'plan.invalid',
    'weekdays of the calendar law must have 7 entries, got 1',
  ],
  [
    { kind: 'calendar', start: '2024-01-01', days: 2, weekdays: [0, 0, 1, 1, 1, 1, 1] },
    'plan.infeasible',
    'days of the calendar law are all 0',
  ],
  [
    { kind: 'timeOfDay', hours: hours.slice(1) },
    'plan.invalid',
    'hours of the timeOfDay law must have 24 entries, got 23',
  ],
  [
    { kind: 'timeOfDay', hours: [...hours.slice(1), NaN] },
    'plan.invalid',
    'hours[23] of the timeOfDay law',
  ],
]

test.each(refused)('%j is refused as %s: %s', (law, code, message) => {
  const attempt = (): unknown => compileLaw(law, () => [])
  expect(attempt).toThrow(message)
  try {
    attempt()
  } catch (error) {
    expect(isLakewrightError(error) && error.code).toBe(code)
  }
})

test('every kind of law has a refusal above', () => {
  expect(new Set(refused.map(([law]) => law.kind)).size).toBe(12)
})

test('a negative zero becomes zero', () => {
  const { table } = compileLaw({ kind: 'weighted', values: [-0, 1], weights: [1, 1] }, () => [])
  expect(table).toEqual({ kind: 'steps', thresholds: [2 ** 31], values: [0, 1] })
})
