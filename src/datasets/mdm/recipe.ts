import { daysOf } from '../anchors.ts'
import type { BuildInputs } from '../definition.ts'
import type { Settings } from './parameters.ts'
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
  days: daysOf(settings, DAYS),
  places: vocabularies.get('us_places')?.rows ?? 0,
})

/** Everybody is known for at least so many days before asOf. */
export const SHORTEST_LIFE = 60

const DAYS = {
  least: 180,
  /** Thirty years: somebody who is 18 when the data starts may be the parent of a customer. */
  most: 10_958,
  hint: 'half a year at least, in which customers are made, move and change',
}
