import { fail } from '../../core/errors.ts'
import { sumOf } from '../../core/random/math.ts'
import { solve } from '../calibrate.ts'
import { optionOf } from './parameters.ts'

/**
 * Joint probabilities with given marginals in which nobody is in no source: independent draws of rates marginal · z,
 * given that one succeeds, where z = 1 − Π(1 − marginal · z). If the marginals sum to one, each customer is in one
 * source.
 */
export const jointCoverage = (marginals: readonly number[]): readonly number[] => {
  const sum = sumOf(marginals)
  if (sum < 1 - TOLERANCE)
    fail(
      'plan.infeasible',
      `${COVERAGES.map((name, i) => `${optionOf(name)} ${marginals[i] ?? 0}`).join(', ')}: expected a sum of at least 1, so that every customer is somewhere`,
      { details: { parameter: 'crmCoverage', from: 1 } },
    )
  const missed = (z: number): number => marginals.reduce((none, each) => none * (1 - each * z), 1)
  // 1 - missed(z) - z is concave and 0 at 0: it falls through 0 once more if the marginals sum to more than one.
  const z =
    sum > 1 + CLOSE ? solve((at) => at - 1 + missed(at), { low: CLOSE, high: 1, value: 0 }) : 0
  return Array.from({ length: 1 << marginals.length }, (_, set) => {
    const members = marginals.map((_each, i) => (set >> i) % 2 === 1)
    if (set === 0) return 0
    const first = members.indexOf(true)
    // The factor z of the first member is that of the condition.
    return marginals.reduce((product, each, i) => {
      const rate = i === first ? each : each * z
      return product * (members[i] === true ? rate : 1 - each * z)
    }, 1)
  })
}

const CLOSE = 1e-6
const TOLERANCE = 1e-9
const COVERAGES = ['crmCoverage', 'erpCoverage', 'ecommerceCoverage'] as const
