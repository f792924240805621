import { law } from '../../core/expr/build-law.ts'
import type { Law } from '../../core/expr/law.ts'
import { normalCdf } from '../../core/random/math.ts'
import { rounded } from '../calibrate.ts'

/**
 * Who places an order, by number: customers differ in how much they order by a log-normal law of the given sigma, and
 * stand in falling order of it. The first q of them place Φ(Φ⁻¹(q) + sigma) of the orders (the Lorenz curve of the
 * law); within each of its steps all are alike.
 */
export const customerLaw = (customers: number, sigma: number): Law => {
  const steps = [...lorenzSteps(customers, sigma)]
  return law.histogram(
    [1, ...steps.map(({ until }) => until + 1)],
    steps.map(({ share }, i) => rounded(share - (steps[i - 1]?.share ?? 0))),
  )
}

const STEPS_OF_A_DEVIATION = 4
const FARTHEST = 4.5

/** Numbers of customers up to which the curve goes in a step, and the share of orders of all up to there. */
function* lorenzSteps(
  customers: number,
  sigma: number,
): Generator<{ readonly until: number; readonly share: number }> {
  let last = 0
  for (let i = -FARTHEST * STEPS_OF_A_DEVIATION; i < FARTHEST * STEPS_OF_A_DEVIATION; i++) {
    const z = i / STEPS_OF_A_DEVIATION
    const until = Math.floor(customers * normalCdf(z))
    if (until <= last || until >= customers) continue
    yield { until, share: normalCdf(z + sigma) }
    last = until
  }
  yield { until: customers, share: 1 }
}
