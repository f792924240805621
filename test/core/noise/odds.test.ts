import { expect, test } from 'vitest'
import { lit } from '../../../src/core/expr/build.ts'
import { classRates, type Odds } from '../../../src/core/noise/odds.ts'

const odds = (shares: readonly number[], factors: readonly number[]): Odds => ({
  name: 'x',
  class: lit(0),
  shares,
  factors,
})

const mean = ({ shares, rates }: ReturnType<typeof classRates>): number =>
  shares.reduce((sum, share, i) => sum + share * rates[i]!, 0)

const oddsOf = (rate: number): number => rate / (1 - rate)

test.each([0.001, 0.1, 0.5, 0.99])('a rate of %d is the mean over all classes', (rate) => {
  const classes = classRates(rate, [odds([0.6, 0.3, 0.1], [0.5, 1, 4]), odds([6, 1], [1, 2])])
  expect(classes.rates.length).toBe(6)
  expect(mean(classes)).toBeCloseTo(rate, 12)
})

test('odds of classes are in the proportion of their factors', () => {
  const { rates } = classRates(0.2, [odds([0.5, 0.5], [1, 3]), odds([0.5, 0.5], [1, 10])])
  const [a, b, c, d] = rates.map(oddsOf)
  expect(b! / a!).toBeCloseTo(10, 9)
  expect(c! / a!).toBeCloseTo(3, 9)
  expect(d! / a!).toBeCloseTo(30, 9)
})

test('nothing and everything stay what they are', () => {
  expect(classRates(0, [odds([1, 1], [1, 2])]).rates).toEqual([0, 0])
  expect(classRates(1, [odds([1, 1], [1, 2])]).rates).toEqual([1, 1])
})

test('without attributes there is one class', () => {
  expect(classRates(0.3, [])).toMatchObject({ shares: [1] })
  expect(mean(classRates(0.3, []))).toBeCloseTo(0.3, 12)
})
