import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exp, log, log1p, normalCdf, poisson, pow, sumOf } from '../../../src/core/random/math.ts'

const relative = (got: number, want: number): number =>
  got === want ? 0 : Math.abs(got - want) / Math.abs(want)

const within = (tolerance: number, got: number, want: number): void => {
  expect(relative(got, want), `${got} for ${want}`).toBeLessThanOrEqual(tolerance)
}

const normal = (x: number): boolean => Math.abs(x) > 1e-300

const seeded = { seed: 3, numRuns: 20_000 }
const anyPositive = fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true })

describe('log', () => {
  test('agrees with Math.log to 1e-15 for every size of number', () => {
    fc.assert(
      fc.property(anyPositive, (x) => within(1e-15, log(x), Math.log(x))),
      seeded,
    )
  })

  test('agrees with Math.log to 1e-15 next to one, where the result is small', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (x) =>
        within(1e-15, log(x), Math.log(x)),
      ),
      seeded,
    )
  })

  test('gives the published constants', () => {
    within(3e-16, log(2), 0.6931471805599453)
    within(3e-16, log(10), 2.302585092994046)
    within(3e-16, log(2 ** 31), 31 * 0.6931471805599453)
  })

  test('has the usual edges', () => {
    expect(log(1)).toBe(0)
    expect(log(0)).toBe(-Infinity)
    expect(log(Infinity)).toBe(Infinity)
    expect(log(-1)).toBeNaN()
    expect(log(NaN)).toBeNaN()
    within(1e-15, log(5e-324), -744.4400719213812)
  })
})

describe('log1p', () => {
  test('keeps the digits of small numbers', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.9, max: 1e6, noNaN: true }).filter(normal), (x) =>
        within(2e-15, log1p(x), Math.log1p(x)),
      ),
      seeded,
    )
    within(1e-15, log1p(1e-12), 9.999999999995e-13)
  })
})

describe('exp', () => {
  test('agrees with Math.exp to 1e-15 down to the subnormal numbers', () => {
    fc.assert(
      fc.property(fc.double({ min: -708, max: 709, noNaN: true }), (x) =>
        within(1e-15, exp(x), Math.exp(x)),
      ),
      seeded,
    )
  })

  test('gives the published constants', () => {
    within(3e-16, exp(1), 2.718281828459045)
    within(3e-16, exp(-1), 0.36787944117144233)
    within(1e-15, exp(100), 2.6881171418161356e43)
  })

  test('has the usual edges', () => {
    expect(exp(0)).toBe(1)
    expect(exp(-Infinity)).toBe(0)
    expect(exp(Infinity)).toBe(Infinity)
    expect(exp(710)).toBe(Infinity)
    expect(exp(-746)).toBe(0)
    expect(exp(NaN)).toBeNaN()
    expect(exp(-745)).toBe(5e-324)
    expect(exp(709.78)).toBeLessThan(Infinity)
  })

  test('undoes log', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (x) =>
        within(1e-14, exp(log(x)), x),
      ),
      seeded,
    )
  })
})

describe('pow', () => {
  test('agrees with Math.pow over ranks and exponents of Zipf laws', () => {
    const ranks = fc.integer({ min: 1, max: 2 ** 31 })
    const exponents = fc.double({ min: -3, max: 0, noNaN: true })
    fc.assert(
      fc.property(ranks, exponents, (x, y) => within(3e-14, pow(x, y), x ** y)),
      seeded,
    )
  })

  test('is one for the exponent zero', () => {
    expect(pow(7, 0)).toBe(1)
  })
})

describe('normalCdf', () => {
  // Abramowitz and Stegun, tables 26.1 and 26.2.
  test.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [1.96, 0.9750021048517795],
    [2, 0.9772498680518208],
    [-1, 0.15865525393145705],
    [-3, 0.0013498980316300945],
    [-5, 2.866515718791939e-7],
    [-10, 7.619853024160526e-24],
  ])('of %d is %d', (x, want) => within(1e-13, normalCdf(x), want))

  test('mirrors: the two tails sum to one', () => {
    fc.assert(
      fc.property(fc.double({ min: -12, max: 12, noNaN: true }), (x) => {
        expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThan(1e-15)
      }),
      seeded,
    )
  })

  test('never falls, also where series and fraction meet', () => {
    for (let i = 1; i <= 40_000; i++)
      expect(normalCdf(i / 4000 - 5)).toBeGreaterThanOrEqual(normalCdf((i - 1) / 4000 - 5))
  })

  test('agrees with a fine sum over its density', () => {
    const cells = 200_000
    let sum = 0
    for (let i = 0; i < cells; i++) sum += Math.exp(-(((i + 0.5) / cells) ** 2) / 2) / cells
    within(1e-11, normalCdf(1) - 0.5, sum / Math.sqrt(2 * Math.PI))
  })

  test('has the usual edges', () => {
    expect(normalCdf(-Infinity)).toBe(0)
    expect(normalCdf(Infinity)).toBe(1)
    expect(normalCdf(NaN)).toBeNaN()
  })
})

describe('poisson', () => {
  test('gives the published probabilities of mean 4', () => {
    const { first, probability } = poisson(4)
    expect(first).toBe(0)
    const table = [0.018315639, 0.073262556, 0.146525111, 0.195366815, 0.195366815, 0.156293452]
    table.forEach((want, k) => expect(probability[k]).toBeCloseTo(want, 9))
  })

  test.each([0.001, 0.5, 1, 7.3, 100, 12_345.6, 1e6])(
    'of mean %d sums to one and has that mean and variance',
    (mean) => {
      const { first, probability } = poisson(mean)
      within(1e-12, sumOf(probability), 1)
      const moment = sumOf(probability.map((p, i) => p * (first + i)))
      within(1e-10, moment, mean)
      within(1e-8, sumOf(probability.map((p, i) => p * (first + i - mean) ** 2)), mean)
    },
  )

  test('of mean zero is always zero', () => {
    expect(poisson(0)).toEqual({ first: 0, probability: [1] })
  })
})
