import type { Plan } from '../../src/core/plan/plan.ts'
import { type PlanSize, randomPlan, resolveRandom } from '../support/random-plans.ts'
import type { Speaker } from '../support/differential/digests.ts'
import { failureOf, type Parts, smallestReport } from '../support/differential/smallest.ts'

/** Random plans of the proof; scripts/differential --plans asks for another number. */
export const PLANS = Number(process.env['LAKEWRIGHT_DIFFERENTIAL_PLANS'] ?? 300)

/** Seeds of plans that the compiler accepts. */
export const seeds = (count: number): readonly number[] => {
  const found: number[] = []
  for (let seed = 1; found.length < count; seed++)
    if (resolveRandom(planOf(seed)) !== undefined) found.push(seed)
  return found
}

/** The plan of a seed. Most are small, as deep as large ones, since engines read longer than they make rows. */
export const planOf = (seed: number): Plan => randomPlan(seed, sizeOf(seed))

const sizeOf = (seed: number): PlanSize | undefined =>
  seed % 20 === 0 ? undefined : { tables: 1 + (seed % 3), columns: 3, depth: 2 + (seed % 2) }

/** Throws the first differing cell, and the smallest plan that shows it, when an engine makes other rows than the native ones. */
export const proveOn = async (speaker: Speaker, seed: number, parts: Parts): Promise<void> => {
  const plan = planOf(seed)
  const typed = resolveRandom(plan)
  if (typed === undefined) throw new Error(`the plan of seed ${seed} is invalid`)
  if ((await failureOf(speaker, typed, parts)) === undefined) return
  throw new Error(`seed ${seed}: ${await smallestReport(speaker, plan, parts)}`)
}
