import {
  add,
  and,
  col,
  concat,
  draw,
  eq,
  ge,
  gt,
  key,
  le,
  lookup,
  mul,
  or,
  sample,
  sampleGiven,
  sub,
  timestamp,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import type { Law } from '../../../core/expr/law.ts'
import { check, column, hidden, range, table } from '../../../core/plan/build.ts'
import type { PlanPromise, Table } from '../../../core/plan/plan.ts'
import { BANDS, OTHER_GENDER } from '../ages.ts'
import { ADULTS, COUPLES, LARGEST_HOUSEHOLD } from '../households.ts'
import { bracketLaw, BRACKETS, EDUCATION, incomeLaws, REGIONS } from '../income.ts'
import { type Recipe, SHORTEST_LIFE } from '../recipe.ts'
import { chance, DAY_SECONDS, postalCode, SECOND } from '../../expressions.ts'
import { bandOf, codeOf, EDUCATION_LAWS, gender, inTime } from './parts.ts'

/** households: where people live, and what its members have in common. */
export const householdTable = (recipe: Recipe): Table =>
  table('households', {
    description:
      'One row a household. City, state and postal code agree; income follows the region and the age and education of the first adult.',
    rows: range({ parameter: 'households' }),
    columns: [...landed(recipe), ...shared(recipe)],
    checks: [
      check('households_size', and(ge(col('size'), 1), le(col('size'), LARGEST_HOUSEHOLD))),
      check('households_income', or(...BRACKETS.map((each) => eq(col('income_bracket'), each)))),
      check('households_created', and(...inTime(col('created_at')))),
    ],
    promises: promises(recipe),
  })

const place = (name: string): Expr => lookup('us_places', col('place'), name)

const landed = ({ settings, ages, places }: Recipe): Table['columns'] => [
  column('household_id', key(), { description: 'Number of the household, from 1.' }),
  column('location', concat(col('city'), ', ', col('state')), {
    description: 'City and state, as in "Chicago, IL".',
  }),
  column('city', place('city'), { description: 'City, drawn by residents.' }),
  column('state', place('state'), { description: 'Postal abbreviation of the state.' }),
  column('postal_code', postalCode(col('place')), {
    description: 'A five-digit ZIP code of the city.',
  }),
  column(
    'income_bracket',
    sampleGiven(incomeClass(), incomeLaws(settings, { bands: ages.firstBands, places })),
    { description: 'Yearly income of the household in dollars.' },
  ),
  column(
    'size',
    sample(
      law.normal(
        { parameter: 'sizeMean' },
        { parameter: 'sizeDeviation' },
        {
          low: 1,
          high: LARGEST_HOUSEHOLD,
        },
      ),
    ),
    { range: [1, LARGEST_HOUSEHOLD], description: 'People of the household, children included.' },
  ),
  column(
    'created_at',
    add(
      timestamp('start'),
      mul(add(mul(col('created_day'), DAY_SECONDS), col('created_second')), SECOND),
    ),
    { description: 'When the household was first known (UTC).' },
  ),
]

/** Region, age band and education of the first adult in mixed radix, as the income laws are listed. */
const incomeClass = (): Expr =>
  add(
    mul(
      add(mul(codeOf(place('region'), REGIONS), BANDS), bandOf(col('first_age'))),
      EDUCATION.length,
    ),
    codeOf(col('first_education'), EDUCATION),
  )

const shared = ({ settings, ages, days }: Recipe): Table['columns'] => [
  hidden('place', sample(law.vocabulary('us_places', 'weight'))),
  hidden('surname', sample(law.vocabulary('surnames', 'weight'))),
  hidden('utc_shift', mul(place('utc_offset'), -60), {
    description: 'Seconds by which local standard time is behind UTC.',
  }),
  hidden('created_day', sample(law.uniform(0, days - SHORTEST_LIFE - 2)), {
    description: 'Days from start.',
  }),
  hidden('created_second', sample(law.uniform(0, DAY_SECONDS - 1))),
  hidden(
    'adults',
    sampleGiven(
      sub(col('size'), 1),
      ADULTS.map((weights) => law.weighted(weights.map((weight, i) => [i + 1, weight] as const))),
    ),
  ),
  hidden('couple', when(gt(col('adults'), 1), sample(chance(COUPLES)), 0), {
    description: 'Whether the second adult is the partner of the first, 1 or 0.',
  }),
  hidden('first_age', sample(ages.first)),
  hidden('first_gender', sampleGiven(firstGenderClass(), firstGenders(ages.womenSingle))),
  hidden('first_education', sampleGiven(bandOf(col('first_age')), EDUCATION_LAWS)),
  hidden('has_tv', sample(chance(settings.ctvRate))),
  hidden('has_shared_cookie', sample(chance(settings.sharedCookieRate))),
  hidden('tv_id', draw('uuid')),
  hidden('shared_cookie_id', draw('uuid')),
]

const firstGenderClass = (): Expr => when(eq(col('couple'), 1), BANDS, bandOf(col('first_age')))

const firstGenders = (womenSingle: readonly number[]): readonly Law[] => [
  ...womenSingle.map(gender),
  gender((1 - OTHER_GENDER) / 2),
]

const promises = ({ settings }: Recipe): readonly PlanPromise[] => [
  { kind: 'unique', name: 'household_id is unique', columns: ['household_id'] },
  { kind: 'distribution', name: 'sizes follow their law', column: 'size', tolerance: 0.005 },
  {
    kind: 'distribution',
    name: 'incomes have the asked shares',
    column: 'income_bracket',
    law: bracketLaw(settings),
    tolerance: 0.005,
  },
  {
    kind: 'independent',
    name: 'size does not depend on income',
    columns: ['size', 'income_bracket'],
    below: 0.02,
  },
]
