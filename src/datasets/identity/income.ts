import { law } from '../../core/expr/build-law.ts'
import type { Law } from '../../core/expr/law.ts'
import { fail } from '../../core/errors.ts'
import type { Vocabulary } from '../../core/plan/vocabulary.ts'
import { vocabularyColumn } from '../../core/plan/vocabulary.ts'
import { normalCdf, sumOf } from '../../core/random/math.ts'
import { type Cell, fitMarginal, normalise, rounded } from '../calibrate.ts'
import { optionOf, type Settings } from './parameters.ts'

/** Highest education reached, and its shares in per mille by age band: US adults, rounded (CPS 2022). */
export const EDUCATION = ['high_school', 'some_college', 'bachelor', 'master', 'doctorate'] as const
export const EDUCATION_BY_BAND: readonly (readonly number[])[] = [
  [420, 330, 200, 45, 5],
  [330, 250, 270, 120, 30],
  [360, 260, 230, 115, 35],
  [380, 270, 200, 115, 35],
  [460, 240, 170, 95, 35],
]

/** Census regions, as the vocabulary of places spells them. */
export const REGIONS = ['Northeast', 'Midwest', 'South', 'West'] as const

/** Brackets of a household's income in dollars a year. */
export const BRACKETS = ['<30K', '30-60K', '60-100K', '100K+'] as const

/** The asked shares of the brackets; plan.infeasible when they do not sum to one. */
export const bracketShares = (settings: Settings): readonly number[] => {
  const shares = SHARES.map((name) => settings[name])
  const sum = sumOf(shares)
  if (Math.abs(sum - 1) < 1e-6) return shares
  return fail(
    'plan.infeasible',
    `the income shares sum to ${rounded(sum)}, but they must sum to 1`,
    { hint: `change ${SHARES.map(optionOf).join(', ')} together` },
  )
}

/** The law of all incomes together. */
export const bracketLaw = (settings: Settings): Law => bracketsLaw(bracketShares(settings))

/**
 * Laws of the income bracket by region, age band and education of the first adult (in mixed radix, region first), which
 * lean as incomes do and whose mixture has exactly the asked shares.
 */
export const incomeLaws = (
  settings: Settings,
  { bands, places }: { readonly bands: readonly number[]; readonly places: Vocabulary },
): readonly Law[] => {
  const cells = regionShares(places).flatMap((region, r) =>
    bands.flatMap((band, b) =>
      normalise(EDUCATION_BY_BAND[b] ?? []).map((education, e): Cell => ({
        probability: region * band * education,
        leaning: bell((REGION_LEAN[r] ?? 0) + (BAND_LEAN[b] ?? 0) + (EDUCATION_LEAN[e] ?? 0)),
      })),
    ),
  )
  return fitMarginal(cells, bracketShares(settings)).map(bracketsLaw)
}

const SHARES = ['incomeUnder30k', 'income30To60k', 'income60To100k', 'incomeOver100k'] as const

/** How many brackets the middle of a group's incomes lies above the middle of all: our estimate. */
const REGION_LEAN = [0.25, -0.05, -0.2, 0.15]
const BAND_LEAN = [-0.6, 0.15, 0.35, -0.1, -0.6]
const EDUCATION_LEAN = [-0.7, -0.25, 0.5, 0.85, 1.1]

/** No group is without anybody of a bracket. */
const LEAST_LEANING = 0.01

/** Weights of the brackets under a normal curve whose middle lies `steps` brackets above the middle of all. */
const bell = (steps: number): readonly number[] =>
  BRACKETS.map((_, i) => normalCdf(i - 1 - steps) - normalCdf(i - 2 - steps) + LEAST_LEANING)

const bracketsLaw = (shares: readonly number[]): Law =>
  law.weighted(BRACKETS.map((bracket, i) => [bracket, rounded(shares[i] ?? 0)] as const))

const regionShares = (places: Vocabulary): number[] => {
  const [region, weight] = ['region', 'weight'].map((name) => vocabularyColumn(places, name))
  const weights = weight?.kind === 'integer' ? weight.values : []
  return normalise(
    REGIONS.map((name) => sumOf(weights.filter((_, row) => region?.values[row] === name))),
  )
}
