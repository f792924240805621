import { fail } from '../../core/errors.ts'
import { formatDate } from '../../core/expr/civil.ts'
import type { BuildInputs } from '../definition.ts'
import { optionOf, type Settings } from './parameters.ts'
import { fitVolumes, type Volumes } from './volumes.ts'

/** What the tables of the mdm dataset are made from: the parameters and what was worked out from them. */
export interface Recipe {
  readonly settings: Settings
  readonly volumes: Volumes
  /** Days from start to asOf. */
  readonly days: number
  /** Rows of the vocabulary of places. */
  readonly places: number
}

/** Works everything out; plan.infeasible when the parameters cannot hold together. */
export const fitRecipe = (settings: Settings, { vocabularies }: BuildInputs): Recipe => ({
  settings,
  volumes: fitVolumes(settings),
  days: daysOf(settings),
  places: vocabularies.get('us_places')?.rows ?? 0,
})

/** Everybody is known for at least so many days before asOf. */
export const SHORTEST_LIFE = 60

const LEAST_DAYS = 180
/** Thirty years: somebody who is 18 when the data starts may be the parent of a customer. */
const MOST_DAYS = 10_958

const daysOf = ({ start, asOf }: Settings): number => {
  const days = asOf - start
  if (days >= LEAST_DAYS && days <= MOST_DAYS) return days
  const [from, to] = [formatDate(start + LEAST_DAYS), formatDate(start + MOST_DAYS)]
  return fail(
    'plan.infeasible',
    `${optionOf('asOf')} ${formatDate(asOf)} cannot hold with ${optionOf('start')} ${formatDate(start)}: expected ${from} to ${to}`,
    { details: { parameter: 'asOf', from, to } },
  )
}
