import { fail } from '../../core/errors.ts'
import type { Law } from '../../core/expr/law.ts'
import type { Vocabulary } from '../../core/plan/vocabulary.ts'
import { daysOf } from '../anchors.ts'
import type { BuildInputs } from '../definition.ts'
import { type Ages, fitAges } from './ages.ts'
import { channelShares, responseRates } from './channels.ts'
import { exposuresLaw } from './exposures.ts'
import { fitFurther, pickShares } from './identifiers.ts'
import type { Settings } from './parameters.ts'

/** Everybody is known for at least so many days before asOf. */
export const SHORTEST_LIFE = 90

/** What the tables of the identity dataset are made from: the parameters and the laws fitted to them. */
export interface Recipe {
  readonly settings: Settings
  /** Days from start to asOf. */
  readonly days: number
  readonly ages: Ages
  /** Probabilities of 0, 1, 2 ... identifiers beyond those that coverage and the fewest ask for. */
  readonly further: readonly number[]
  readonly places: Vocabulary
  /** The number of ads a person sees. */
  readonly exposures: Law
  /** The chance that an ad is answered, by channel. */
  readonly responseRates: readonly number[]
}

/** Fits all laws; plan.infeasible when the parameters cannot hold together. */
export const fitRecipe = (settings: Settings, { vocabularies }: BuildInputs): Recipe => {
  const vocabulary = (name: string): Vocabulary =>
    vocabularies.get(name) ??
    fail('vocabulary.invalid', `the identity dataset needs the vocabulary ${name}`)
  const further = fitFurther(settings)
  return {
    settings,
    days: daysOf(settings, DAYS),
    ages: fitAges(settings, vocabulary('us_ages')),
    further,
    exposures: exposuresLaw(settings),
    responseRates: responseRates(settings, channelShares(pickShares(settings, further))),
    places: vocabulary('us_places'),
  }
}

const DAYS = {
  /** Somebody created on the last day that counts must not be created later than 90 days before asOf. */
  least: SHORTEST_LIFE + 2,
  /** Forty years: beyond, bounds of timestamps would leave the exact integers. */
  most: 14_610,
  hint: `everybody is created at least ${SHORTEST_LIFE} days before the data ends`,
}
