import { exp, log } from '../random/math.ts'
import type { Finding } from './finding.ts'

/**
 * How much likelier what a rate came to is if the rate were anything (a beta-binomial of ½ and ½) than if it were the
 * one that was asked (a binomial): above 100 speaks for a mistake, below 0.1 for the rate, in between is undecided, as
 * in the tests of pseudopeople. Undefined where no rate of independent rows was measured.
 */
export const bayesFactor = ({
  kind,
  asked,
  found,
  n,
  unit,
  table,
  verdict,
}: Finding): number | undefined => {
  if (kind !== 'rate' || verdict === 'unchecked' || unit !== table) return undefined
  if (typeof asked !== 'number' || typeof found !== 'number') return undefined
  if (!(asked > 0 && asked < 1 && n > 0)) return undefined
  const hits = found * n
  const any = logBeta(hits + 0.5, n - hits + 0.5) - logBeta(0.5, 0.5)
  return exp(any - hits * log(asked) - (n - hits) * log(1 - asked))
}

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b)

/** The logarithm of the gamma function for x > 0, by Stirling's series (Abramowitz and Stegun 6.1.41) beyond 10. */
const logGamma = (x: number): number => {
  let [high, product] = [x, 1]
  for (; high < 10; high++) product *= high
  const inverse = 1 / (high * high)
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / high
  return (high - 0.5) * log(high) - high + LOG_ROOT_TWO_PI + series - log(product)
}

const LOG_ROOT_TWO_PI = 0.918_938_533_204_672_8
