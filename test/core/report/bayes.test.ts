import { describe, expect, test } from 'vitest'
import { bayesFactor } from '../../../src/core/report/bayes.ts'
import type { Finding } from '../../../src/core/report/finding.ts'
import { renderPromises } from '../../../src/core/report/html-promises.ts'

const rate = (asked: number, hits: number, n: number): Finding => ({
  table: 'people',
  name: 'typos',
  kind: 'rate',
  asked,
  found: hits / n,
  n,
  unit: 'people',
  tolerance: 0.1,
  proof: 'measured',
  verdict: 'holds',
})

describe('the Bayes factor of a rate', () => {
  // exp(lbeta(k + ½, n - k + ½) - ln π - k ln p - (n - k) ln(1 - p)), lbeta by the C library's lgamma.
  test.each([
    [0.5, 5, 10, 0.24609375],
    [0.1, 100, 1000, 0.02521754526646135],
    [0.1, 150, 1000, 5192.836351915758],
    [0.01, 0, 1, 0.5050505050505051],
  ])('asked %d, %d of %d, is that of a beta-binomial to a binomial', (...[p, k, n, expected]) => {
    const factor = bayesFactor(rate(p, k, n))!
    expect(Math.abs(factor / expected - 1)).toBeLessThan(1e-9)
  })

  test('is small where a rate holds, however many rows there are', () => {
    expect(bayesFactor(rate(0.15, 150_000, 1_000_000))).toBeLessThan(0.1)
    expect(bayesFactor(rate(0.15, 160_000, 1_000_000))).toBeGreaterThan(1e6)
  })

  test('is not there for what no rate of independent rows says', () => {
    expect(bayesFactor(rate(0, 0, 100))).toBeUndefined()
    expect(bayesFactor(rate(0.5, 0, 0))).toBeUndefined()
    expect(bayesFactor({ ...rate(0.5, 5, 10), unit: 'households' })).toBeUndefined()
    expect(bayesFactor({ ...rate(0.5, 5, 10), kind: 'mean' })).toBeUndefined()
    expect(bayesFactor({ ...rate(0.5, 5, 10), verdict: 'unchecked' })).toBeUndefined()
  })

  test('has a column in the report where a table has rates', () => {
    expect(renderPromises([rate(0.1, 100, 1000)]).html).toContain('Bayes factor')
    expect(renderPromises([{ ...rate(0.1, 10, 100), kind: 'mean' }]).html).not.toContain('Bayes')
  })
})
