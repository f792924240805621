import { describe, expect, test } from 'vitest'
import type { CompiledLaw } from '../../../src/core/random/compiled-law.ts'
import { compileLaw } from '../../../src/core/random/laws.ts'
import type { ConcreteLaw } from '../../../src/core/random/laws.ts'
import { measure, variation } from './law-measure.ts'
import { parseDate } from '../../../src/core/expr/civil.ts'

const compile = (law: ConcreteLaw, weights: readonly number[] = []): CompiledLaw =>
  compileLaw(law, () => weights)

/** Chance of each outcome of a law whose bins are all single. */
const chances = (law: CompiledLaw): Map<number, number> =>
  new Map(
    measure(law.table).map(({ low, width, lanes }) => {
      expect(width).toBe(1)
      return [low, lanes / 2 ** 32]
    }),
  )

const falling = (values: readonly number[]): void => {
  expect(values.length).toBeGreaterThan(2)
  values.slice(1).forEach((value, i) => expect(value).toBeLessThanOrEqual((values[i] ?? NaN) + 1))
}

const sum = (from: number, to: number, term: (k: number) => number): number => {
  let total = 0
  for (let k = to; k >= from; k--) total += term(k)
  return total
}

describe('uniform', () => {
  test('keeps its bounds and step as they are', () => {
    const law = compile({ kind: 'uniform', low: -5, high: 17, step: 10 })
    expect(law.table).toEqual({ kind: 'uniform', low: -5, step: 10, count: 3 })
    expect([law.min, law.max, law.mean]).toEqual([-5, 15, 5])
    expect(law.asked).toEqual({ from: [-5, 5, 15], probability: [1 / 3, 1 / 3, 1 / 3] })
  })

  test('knows how uneven floor(draw * n / 2^32) is', () => {
    expect(compile({ kind: 'uniform', low: 0, high: 2 ** 20 - 1 }).distance).toBe(0)
    // 2^32 = 3 * 1431655765 + 1: one outcome has a draw more.
    expect(compile({ kind: 'uniform', low: 1, high: 3 }).distance).toBeCloseTo(2 / 3 / 2 ** 32, 15)
    expect(compile({ kind: 'uniform', low: 0, high: 2 ** 37 - 2 }).distance).toBeLessThan(2e-4)
  })

  test('reports wide ranges in 64 slices', () => {
    const { from, probability } = compile({ kind: 'uniform', low: 0, high: 6_399_999 }).asked
    expect(from).toHaveLength(64)
    expect(from[1]).toBe(100_000)
    expect(new Set(probability)).toEqual(new Set([1 / 64]))
  })
})

describe('weighted', () => {
  test('sorts words by their bytes and codes them in that order', () => {
    const law = compile({
      kind: 'weighted',
      values: ['b', 'é', 'a', '\u{1F600}', '\uFF5E', 'B'],
      weights: [1, 2, 3, 4, 5, 1],
    })
    const bytes = law.words?.map((word) => Buffer.from(word)) ?? []
    expect(bytes).toHaveLength(6)
    expect(bytes).toEqual(bytes.toSorted((a, b) => Buffer.compare(a, b)))
    expect(law.words).toEqual(['B', 'a', 'b', 'é', '\uFF5E', '\u{1F600}'])
    expect(law.asked.probability).toEqual([1, 3, 1, 2, 5, 4].map((weight) => weight / 16))
    expect([...chances(law).values()]).toEqual(law.asked.probability)
  })

  test('keeps a word of weight zero in the dictionary but never draws it', () => {
    const law = compile({ kind: 'weighted', values: ['x', 'y', 'z'], weights: [1, 0, 1] })
    expect(law.words).toEqual(['x', 'y', 'z'])
    expect(law.table).toEqual({ kind: 'steps', thresholds: [2 ** 31], values: [0, 2] })
  })

  test('draws integers in rising order whatever the order of the list', () => {
    const one = compile({ kind: 'weighted', values: [30, -7, 4], weights: [1, 2, 5] })
    const other = compile({ kind: 'weighted', values: [4, 30, -7], weights: [5, 1, 2] })
    expect(one).toEqual(other)
    expect(one.table).toEqual({
      kind: 'steps',
      thresholds: [2 ** 30, 7 * 2 ** 29],
      values: [-7, 4, 30],
    })
    expect(one.mean).toBe((2 * -7 + 5 * 4 + 30) / 8)
  })

  test('of one possible outcome is that outcome', () => {
    const law = compile({ kind: 'weighted', values: [8, 9], weights: [0, 3] })
    expect(law.table).toEqual({ kind: 'uniform', low: 9, step: 1, count: 1 })
  })
})

test('a vocabulary is drawn by row number with the weights of the named column', () => {
  const asked: string[] = []
  const law = compileLaw(
    { kind: 'vocabulary', vocabulary: 'surnames', weight: 'count' },
    (vocabulary, column) => {
      asked.push(`${vocabulary}.${column}`)
      return Array.from({ length: 5000 }, (_, i) => 5000 - i)
    },
  )
  expect(asked).toEqual(['surnames.count'])
  const bins = measure(law.table)
  expect(bins).toHaveLength(5000)
  const total = (5000 * 5001) / 2
  expect(variation(bins, ({ low }) => (5000 - low) / total)).toBeLessThan(1e-6)
})

describe('normal', () => {
  test('household sizes are rounded, then clipped', () => {
    const law = compile({ kind: 'normal', mean: 2.5, deviation: 1.2, low: 1, high: 6 })
    const rounded = [...chances(law)].map(([size, p]) => [size, Number(p.toFixed(3))])
    expect(rounded).toEqual([
      [1, 0.202],
      [2, 0.298],
      [3, 0.298],
      [4, 0.155],
      [5, 0.042],
      [6, 0.006],
    ])
    expect(law.distance).toBeLessThan(1e-9)
  })

  test('rounds to the nearest step', () => {
    const law = compile({ kind: 'normal', mean: 50, deviation: 10, low: 0, high: 100, step: 5 })
    expect([...chances(law).keys()].every((value) => value % 5 === 0)).toBe(true)
    expect(chances(law).get(50)).toBeCloseTo(0.19741265, 8)
    expect(law.mean).toBeCloseTo(50, 6)
  })

  test('wide: bins keep mean, deviation and both clipped ends', () => {
    const law = compile({ kind: 'normal', mean: 5e8, deviation: 2e8, low: 1e8, high: 1e9 })
    const bins = measure(law.table)
    expect(bins.length).toBeGreaterThan(4000)
    expect(bins[0]).toMatchObject({ low: 1e8, width: 1 })
    expect((bins[0]?.lanes ?? 0) / 2 ** 32).toBeCloseTo(0.022750132, 7)
    expect(bins.at(-1)).toMatchObject({ low: 1e9, width: 1 })
    expect((bins.at(-1)?.lanes ?? 0) / 2 ** 32).toBeCloseTo(0.0062096653, 7)
    const middle = bins.find(({ low, width }) => low <= 5e8 && 5e8 < low + width)
    const density = (middle?.lanes ?? 0) / 2 ** 32 / (middle?.width ?? NaN)
    expect(density * 2e8 * Math.sqrt(2 * Math.PI)).toBeCloseTo(1, 5)
  })

  test('far inside a wide range it is exact all the same', () => {
    const law = compile({ kind: 'normal', mean: 500, deviation: 100, low: 0, high: 1e9 })
    expect(chances(law).get(500)).toBeCloseTo(0.003989406, 8)
    expect(law.mean).toBeCloseTo(500, 4)
  })

  test('wholly above its range it is the upper bound', () => {
    const law = compile({ kind: 'normal', mean: 1e6, deviation: 1, low: 0, high: 10 })
    expect([law.min, law.max, law.mean]).toEqual([10, 10, 10])
  })
})

describe('log-normal', () => {
  test('has its median in the middle and the mean of the formula', () => {
    const law = compile({ kind: 'logNormal', median: 1e6, sigma: 0.8, low: 0, high: 1e9 })
    const below = measure(law.table).filter(({ low }) => low + 0.5 < 1e6)
    const share = below.reduce((total, { lanes }) => total + lanes, 0) / 2 ** 32
    expect(share).toBeGreaterThan(0.49)
    expect(share).toBeLessThan(0.51)
    expect(law.mean / (1e6 * Math.exp(0.32))).toBeCloseTo(1, 3)
    expect(law.distance).toBeLessThan(1e-6)
  })

  test('is exact over few outcomes', () => {
    const law = compile({ kind: 'logNormal', median: 20, sigma: 0.5, low: 1, high: 100 })
    // Phi(log(20.5 / 20) / 0.5) - Phi(log(19.5 / 20) / 0.5)
    expect(chances(law).get(20)).toBeCloseTo(0.03985, 4)
    expect(law.asked.from.length).toBeLessThanOrEqual(64)
  })
})

test('exponential falls by the same factor from outcome to outcome', () => {
  const law = compile({ kind: 'exponential', mean: 10, low: 0, high: 400 })
  const chance = chances(law)
  expect(chance.get(0)).toBeCloseTo(1 - Math.exp(-0.05), 9)
  for (let k = 1; k < 60; k++)
    expect((chance.get(k + 1) ?? NaN) / (chance.get(k) ?? NaN)).toBeCloseTo(Math.exp(-0.1), 4)
  const wide = compile({ kind: 'exponential', mean: 1e7, low: 0, high: 2 ** 36 })
  expect(wide.mean / 1e7).toBeCloseTo(1, 3)
})

test('Poisson is exact and heaps what lies above the bound on it', () => {
  const law = compile({ kind: 'poisson', mean: 4, high: 6 })
  const table = [0.018315639, 0.073262556, 0.146525111, 0.195366815, 0.195366815, 0.156293452]
  table.forEach((want, k) => expect(chances(law).get(k)).toBeCloseTo(want, 8))
  expect(chances(law).get(6)).toBeCloseTo(1 - table.reduce((a, b) => a + b), 8)
  const large = compile({ kind: 'poisson', mean: 300, high: 10_000 })
  const lanes = measure(large.table).map((bin) => bin.lanes)
  const peak = lanes.indexOf(Math.max(...lanes))
  falling(lanes.slice(peak))
  falling(lanes.slice(0, peak + 1).toReversed())
  expect(large.mean).toBeCloseTo(300, 6)
})

test('geometric counts failures and heaps what lies above the bound on it', () => {
  const law = compile({ kind: 'geometric', mean: 3, high: 20 })
  for (let k = 0; k < 20; k++) expect(chances(law).get(k)).toBeCloseTo(0.25 * 0.75 ** k, 9)
  expect(chances(law).get(20)).toBeCloseTo(0.75 ** 20, 9)
  const wide = compile({ kind: 'geometric', mean: 1e6, high: 2 ** 30 })
  expect(wide.mean / 1e6).toBeCloseTo(1, 3)
  const edge = 2 ** 20
  const above = measure(wide.table).filter(({ low }) => low >= edge)
  const share = above.reduce((total, { lanes }) => total + lanes, 0) / 2 ** 32
  expect(share).toBeCloseTo((1e6 / (1e6 + 1)) ** edge, 6)
})

describe('Zipf', () => {
  test.each([0.2, 0.5, 1, 1.07, 2, 3])(
    'with exponent %d over a million ranks is within 1e-4 of brute force',
    (exponent) => {
      const count = 1_000_000
      const law = compile({ kind: 'zipf', exponent, count })
      const total = sum(1, count, (rank) => rank ** -exponent)
      const bins = measure(law.table)
      const distance = variation(
        bins,
        ({ low, width }) => sum(low, low + width - 1, (rank) => rank ** -exponent) / total,
      )
      expect(distance).toBeLessThan(1e-6)
      expect(Math.abs(distance - law.distance)).toBeLessThan(1e-9)
      falling(bins.filter(({ width }) => width === 1).map(({ lanes }) => lanes))
    },
  )

  // Harmonic number and zeta values: Abramowitz and Stegun 6.1.3, 23.2; zeta(1/2) = -1.4603545088095868.
  test.each([
    [1, Math.log(2 ** 31) + 0.5772156649015329],
    [3, 1.2020569031595942],
    [2, 1.6449340668482264 - 1 / (2 ** 31 + 0.5)],
    [0.5, 2 * Math.sqrt(2 ** 31) - 1.4603545088095868],
  ])('with exponent %d over 2^31 ranks has the known normaliser', (exponent, normaliser) => {
    const law = compile({ kind: 'zipf', exponent, count: 2 ** 31 })
    expect(law.distance).toBeLessThan(1e-6)
    const heaviest = law.asked.probability[0] ?? NaN
    const ranks = exponent === 0.5 ? (law.asked.from[1] ?? NaN) - 1 : 1
    const want = sum(1, ranks, (rank) => rank ** -exponent) / normaliser
    expect(heaviest / want).toBeCloseTo(1, 8)
  })

  test('has single ranks to 4096, then 64 bins an octave', () => {
    const bins = measure(compile({ kind: 'zipf', exponent: 1, count: 20_000 }).table)
    expect(bins.slice(0, 4096).every(({ low, width }, i) => low === i + 1 && width === 1)).toBe(
      true,
    )
    expect(bins.slice(4096, 4096 + 64).every(({ width }) => width === 64)).toBe(true)
    expect(bins[4096 + 64]).toMatchObject({ low: 8193, width: 128 })
    const last = bins.at(-1)
    expect((last?.low ?? NaN) + (last?.width ?? NaN)).toBe(20_001)
  })

  test('with exponent zero is uniform', () => {
    expect(compile({ kind: 'zipf', exponent: 0, count: 77 }).table).toEqual({
      kind: 'uniform',
      low: 1,
      step: 1,
      count: 77,
    })
  })
})

test('a histogram is uniform within its bins', () => {
  const law = compile({ kind: 'histogram', edges: [0, 10, 1000, 5e9], weights: [1, 2, 1] })
  expect(measure(law.table).slice(0, 3)).toEqual([
    { low: 0, width: 10, lanes: 2 ** 30 },
    { low: 10, width: 990, lanes: 2 ** 31 },
    { low: 1000, width: 5e9 - 1000, lanes: 2 ** 30 },
  ])
  expect([law.min, law.max]).toEqual([0, 5e9 - 1])
  expect(law.asked).toEqual({ from: [0, 10, 1000], probability: [0.25, 0.5, 0.25] })
})

describe('calendar', () => {
  test('weighs days by weekday and month', () => {
    const law = compile({
      kind: 'calendar',
      start: '2024-01-01',
      days: 60,
      weekdays: [1, 1, 1, 1, 1, 0, 0],
      months: [1, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    })
    const chance = chances(law)
    const total = 23 + 3 * 21
    expect(chance.get(parseDate('2024-01-01'))).toBeCloseTo(1 / total, 8)
    expect(chance.get(parseDate('2024-02-29'))).toBeCloseTo(3 / total, 8)
    expect(chance.has(parseDate('2024-02-03'))).toBe(false)
    expect(chance.size).toBe(44)
  })

  test('reports by month', () => {
    const law = compile({ kind: 'calendar', start: '2024-01-15', days: 366 })
    expect(law.asked.from).toHaveLength(13)
    expect(law.asked.from[1]).toBe(parseDate('2024-02-01'))
    expect(law.asked.probability[1]).toBeCloseTo(29 / 366, 12)
  })
})

test('time of day is uniform within each of 24 weighted hours', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => (hour < 6 ? 0 : hour))
  const law = compile({ kind: 'timeOfDay', hours })
  const bins = measure(law.table)
  expect(bins).toHaveLength(18)
  expect(variation(bins, ({ low }) => low / 3600 / 261)).toBeLessThan(1e-8)
  expect([law.min, law.max]).toEqual([6 * 3600, 86_399])
})
