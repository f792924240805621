import { fail } from '../../../core/errors.ts'
import { sumOf } from '../../../core/random/math.ts'
import { rounded } from '../../calibrate.ts'
import { kebabCase, type ParameterSpec } from '../../declare.ts'
import type { SourceName } from '../source.ts'
import type { PersonField } from '../person.ts'

const RATE = { min: 0, max: 1 }

/** What can go wrong, each with its rate: the share of the cells where it applies. */
const FAMILIES = {
  nameVariations: 'Names written another way, in ten kinds alike.',
  addressVariations: 'Addresses written another way, in seven kinds alike.',
  phoneFormats: 'Telephone numbers with dots, spaces, parentheses or +1, a quarter each.',
  emailDomains: 'E-mail addresses at another provider.',
  typos: 'Slips of the keyboard: keys too many, lost, wrong or in the wrong order.',
  missing: 'Cells left empty: middle name, birth date, e-mail, phone, second address line.',
  misreadings: 'Characters that a scanner took for others.',
  soundalikes: 'Names spelled as they sound.',
  truncations: 'Text cut off at the end.',
  fieldSwaps: 'First name in the place of the last or of the middle name.',
  dateErrors: 'Birth dates with day and month swapped, a wrong age or other days.',
  zipErrors: 'ZIP codes with wrong or swapped digits.',
  householdCopies: 'Birth dates and telephone numbers of the first member of the household.',
  wrongOptions: 'The other sex ticked.',
  wordBreaks: 'A word written as two, or two as one, in names, streets and cities.',
} as const

/** A kind of noise with a rate of its own. */
export type Family = keyof typeof FAMILIES

type Rates = Readonly<Record<Family, number>>

/** The rates that the dataset promises when nothing else is asked for. */
const STATED: Rates = {
  nameVariations: 0.3,
  addressVariations: 0.3,
  phoneFormats: 0.8,
  emailDomains: 0.2,
  typos: 0.1,
  missing: 0.15,
  misreadings: 0,
  soundalikes: 0,
  truncations: 0,
  fieldSwaps: 0,
  dateErrors: 0,
  zipErrors: 0,
  householdCopies: 0,
  wrongOptions: 0,
  wordBreaks: 0,
}

/** Every column noise of pseudopeople at its default of 1 % of the cells. */
const CLEAN: Rates = {
  nameVariations: 0.01,
  addressVariations: 0.01,
  phoneFormats: 0.01,
  emailDomains: 0.01,
  typos: 0.01,
  missing: 0.01,
  misreadings: 0.01,
  soundalikes: 0.01,
  truncations: 0,
  fieldSwaps: 0,
  dateErrors: 0.02,
  zipErrors: 0.01,
  householdCopies: 0.01,
  wrongOptions: 0.01,
  wordBreaks: 0,
}

/** febrl: one of ten names, addresses and birth dates is hit, one of twenty codes and numbers. */
const TYPICAL: Rates = {
  nameVariations: 0.1,
  addressVariations: 0.15,
  phoneFormats: 0.4,
  emailDomains: 0.1,
  typos: 0.06,
  missing: 0.05,
  misreadings: 0.01,
  soundalikes: 0.03,
  truncations: 0.005,
  fieldSwaps: 0.01,
  dateErrors: 0.04,
  zipErrors: 0.02,
  householdCopies: 0.01,
  wrongOptions: 0.01,
  wordBreaks: 0.005,
}

/** More than a fifth of the names misspelt (Porter and Winkler 1997), other figures as splink_synthetic_data has them. */
const DIRTY: Rates = {
  nameVariations: 0.4,
  addressVariations: 0.4,
  phoneFormats: 0.8,
  emailDomains: 0.2,
  typos: 0.12,
  missing: 0.1,
  misreadings: 0.03,
  soundalikes: 0.06,
  truncations: 0.01,
  fieldSwaps: 0.05,
  dateErrors: 0.1,
  zipErrors: 0.05,
  householdCopies: 0.02,
  wrongOptions: 0.02,
  wordBreaks: 0.018,
}

const families = Object.fromEntries(
  Object.entries(FAMILIES).map(([name, description]) => [
    name,
    { ...RATE, default: STATED[name as Family], description },
  ]),
) as Readonly<
  Record<Family, { readonly default: number; readonly description: string } & typeof RATE>
>

/** Parameters of the noise. */
export const NOISE_PARAMETERS = {
  noise: {
    kind: 'choice',
    default: 'stated',
    choices: {
      stated: { ...STATED, unevenNoise: 0 },
      clean: { ...CLEAN, unevenNoise: 1 },
      typical: { ...TYPICAL, unevenNoise: 1 },
      dirty: { ...DIRTY, unevenNoise: 1 },
    },
    description: 'How dirty the records are: a preset of all rates of noise.',
  },
  difficulty: {
    default: 5,
    min: 0,
    max: 10,
    description:
      'Moves all rates of noise together: 0 is none, 5 leaves them as they are, 10 quadruples their odds.',
  },
  ...families,
  unevenNoise: {
    kind: 'flag',
    ...RATE,
    default: 0,
    description: 'Whether sources and columns differ in how often they are wrong.',
  },
} satisfies Record<string, ParameterSpec>

/** What noise is asked for. */
export type NoiseSettings = Rates & { readonly difficulty: number; readonly unevenNoise: number }

/** A family's rate for a field of a source. */
export type RateOf = (family: Family, field?: PersonField) => number

/** The rates of a source, by the settings, its own habits and those of the field. */
export const ratesOf =
  (settings: NoiseSettings, source: SourceName): RateOf =>
  (family, field) => {
    const rate = dialled(settings[family], settings.difficulty)
    if (settings.unevenNoise === 0) return rate
    const bySource = SOURCE_FACTORS[source][family] ?? 1
    return Math.min(1, rate * bySource * (field === undefined ? 1 : (FIELD_FACTORS[field] ?? 1)))
  }

/** Families that strike the same cells, of which at most one may: plan.infeasible names the options otherwise. */
export const checkTogether = (rate: RateOf, names: readonly Family[], field: PersonField): void => {
  const total = sumOf(names.map((name) => rate(name, field)))
  if (total <= 1) return
  const shown = names
    .filter((name) => rate(name, field) > 0)
    .map((name) => `--${kebabCase(name)} ${rounded(rate(name, field))}`)
  fail(
    'plan.infeasible',
    `${shown.join(', ')} add up to ${rounded(total)} for ${field}, more than 1: expected rates that leave room for one another`,
    { hint: 'at most one of them happens to a cell: lower some of them, or --difficulty' },
  )
}

/** A rate at a difficulty: in proportion up to 5, then on to the rate whose odds are four times as high. */
const dialled = (rate: number, difficulty: number): number => {
  if (difficulty <= MIDDLE) return (rate * difficulty) / MIDDLE
  const hardest = (HARDEST * rate) / (1 + (HARDEST - 1) * rate)
  return rate + ((hardest - rate) * (difficulty - MIDDLE)) / MIDDLE
}

const MIDDLE = 5
const HARDEST = 4

/** Sales people type in haste, the ERP is checked, and customers of a web shop leave out what they need not say. */
const SOURCE_FACTORS: Readonly<Record<SourceName, Partial<Rates>>> = {
  crm: { typos: 1.25, soundalikes: 1.4, fieldSwaps: 1.5, missing: 1 },
  erp: { typos: 0.6, soundalikes: 0.7, misreadings: 1.8, fieldSwaps: 0.5, missing: 0.7 },
  ecommerce: { typos: 1.15, soundalikes: 0.9, misreadings: 0.2, fieldSwaps: 1, missing: 1.3 },
}

/** febrl hits codes and numbers half as often as names, addresses and birth dates. */
const FIELD_FACTORS: Partial<Readonly<Record<PersonField, number>>> = {
  phone: 0.5,
  zip_code: 0.5,
  state: 0.5,
}
