import { law } from '../../core/expr/build-law.ts'
import type { Law } from '../../core/expr/law.ts'
import type { Vocabulary } from '../../core/plan/vocabulary.ts'
import type { ConcreteLaw } from '../../core/random/laws.ts'
import { compileLaw } from '../../core/random/laws.ts'
import { sumOf } from '../../core/random/math.ts'
import { integers, normalise } from '../calibrate.ts'
import { type Adults, expectedAdults } from './households.ts'
import type { Settings } from './parameters.ts'

/** Ages run from 18 to 100. */
export const YOUNGEST = 18
export const OLDEST = 100

/** Age bands by which laws differ: 18-29, 30-44, 45-59, 60-74, 75 and over. */
export const BANDS = 5

/** How much older than the first adult a partner is, in years; at the ends of life it is turned round. */
export const PARTNER_GAP: ConcreteLaw = {
  kind: 'normal',
  mean: 0,
  deviation: 4.5,
  low: -15,
  high: 15,
}

/** The share of people who are neither women nor men in the data, and of couples of one sex. */
export const OTHER_GENDER = 0.01
export const SAME_SEX = 0.02

/** Who lives in the households: laws whose mixture is the population. */
export interface Ages {
  readonly first: Law
  /** Of adults beyond the couple. */
  readonly other: Law
  /** The ages of the population, which the mixture is held against. */
  readonly population: Law
  /** The share of each band among first adults. */
  readonly firstBands: readonly number[]
  /** Women among those who live without a partner, by band, and among all adults. */
  readonly womenSingle: readonly number[]
  readonly women: number
}

/**
 * Fits ages and sexes. First adults are rarely very young, a partner is about as old as the first adult, and who else
 * the population has lives with them: one multiplier an age is fitted until the mixture is the population, so far as
 * households of these sizes can hold it.
 */
export const fitAges = (settings: Settings, vocabulary: Vocabulary): Ages => {
  const adults = expectedAdults(settings)
  const population = normalise(integers(vocabulary, 'weight'))
  let multipliers = population.map(() => 1)
  let laws = lean(population, multipliers)
  for (let round = 0; round < ROUNDS; round++) {
    const now = mix(adults, laws)
    multipliers = multipliers.map((each, i) => each * ratio(population[i], now[i]))
    laws = lean(population, multipliers)
  }
  return {
    first: agesLaw(laws.first),
    other: agesLaw(laws.other),
    population: agesLaw(population),
    firstBands: byBand(laws.first),
    ...fitWomen({ adults, laws, vocabulary }),
  }
}

interface AgeLaws {
  readonly first: readonly number[]
  readonly partner: readonly number[]
  readonly other: readonly number[]
}

const ROUNDS = 40

/** How likely people of an age are to be a household's first adult, and to be a third one or a friend. */
const leads = (age: number): number => Math.min(1, 0.25 + (age - YOUNGEST) * 0.06)
const joins = (age: number): number => (age < 30 ? 1 : age < 75 ? 0.25 : 0.4)

const lean = (population: readonly number[], multipliers: readonly number[]): AgeLaws => {
  const leaning = (by: (age: number) => number): number[] =>
    normalise(population.map((p, i) => p * by(YOUNGEST + i) * (multipliers[i] ?? 0)))
  const first = leaning(leads)
  return { first, partner: partnerAges(first), other: leaning(joins) }
}

const mix = (adults: Adults, { first, partner, other }: AgeLaws): number[] =>
  first.map(
    (p, i) =>
      (p + adults.partners * (partner[i] ?? 0) + adults.others * (other[i] ?? 0)) / adults.all,
  )

const GAPS = compileLaw(PARTNER_GAP, () => []).asked

const partnerAges = (first: readonly number[]): number[] => {
  const ages = first.map(() => 0)
  first.forEach((p, i) =>
    GAPS.from.forEach((gap, g) => {
      const at = turned(YOUNGEST + i + gap) - YOUNGEST
      ages[at] = (ages[at] ?? 0) + p * (GAPS.probability[g] ?? 0)
    }),
  )
  return ages
}

/** An age beyond an end of the range as far inside it. */
const turned = (age: number): number =>
  Math.min(Math.max(age, 2 * YOUNGEST - age), 2 * OLDEST - Math.max(age, 2 * YOUNGEST - age))

const agesLaw = (shares: readonly number[]): Law =>
  law.weighted(shares.map((share, i) => [YOUNGEST + i, Math.round(share * 1e6)] as const))

const byBand = (shares: readonly number[]): number[] =>
  Array.from({ length: BANDS }, (_, band) =>
    sumOf(shares.filter((_share, i) => bandOf(YOUNGEST + i) === band)),
  )

const bandOf = (age: number): number => Math.min(Math.floor(age / 15), BANDS) - 1

const ratio = (a = 0, b = 0): number => (b > 0 ? a / b : 0)

interface Fitting {
  readonly adults: Adults
  readonly laws: AgeLaws
  readonly vocabulary: Vocabulary
}

/**
 * Partners are a man and a woman but for a few, so the women whom a band has beyond one half live without a partner.
 */
const fitWomen = ({ adults, laws, vocabulary }: Fitting): Pick<Ages, 'womenSingle' | 'women'> => {
  const [women, all] = [integers(vocabulary, 'female'), integers(vocabulary, 'weight')].map(byBand)
  const [first, partner, other] = [laws.first, laws.partner, laws.other].map(byBand)
  const known = 1 - OTHER_GENDER
  const bands = Array.from({ length: BANDS }, (_, band) => {
    const firsts = first?.[band] ?? 0
    const couples = adults.partners * (firsts + (partner?.[band] ?? 0))
    const singles = firsts * (1 - adults.partners) + adults.others * (other?.[band] ?? 0)
    const asked = ratio(women?.[band], all?.[band]) * known
    const wanted = asked * (couples + singles) - (known / 2) * couples
    const share = Math.min(known, Math.max(0, ratio(wanted, singles)))
    return { share, women: share * singles + (known / 2) * couples }
  })
  return {
    womenSingle: bands.map(({ share }) => share),
    women: sumOf(bands.map((each) => each.women)) / adults.all,
  }
}
