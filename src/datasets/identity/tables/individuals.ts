import {
  add,
  and,
  cases,
  col,
  div,
  eq,
  ge,
  greatest,
  key,
  le,
  least,
  lt,
  mul,
  or,
  ordinal,
  parent,
  parentKey,
  draw,
  sample,
  sampleGiven,
  scaleDraw,
  sub,
  when,
  fold,
  gt,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import type { Law } from '../../../core/expr/law.ts'
import { check, children, column, hidden, table } from '../../../core/plan/build.ts'
import type { PlanPromise, Table } from '../../../core/plan/plan.ts'
import { BANDS, OLDEST, OTHER_GENDER, PARTNER_GAP, SAME_SEX, YOUNGEST } from '../ages.ts'
import { rounded } from '../../calibrate.ts'
import { LARGEST_HOUSEHOLD } from '../households.ts'
import {
  expectedIdentifiers,
  DEVICES_OF_TEN,
  FEWEST_IDENTIFIERS,
  MOST_IDENTIFIERS,
  PHONE,
} from '../identifiers.ts'
import { EDUCATION } from '../income.ts'
import { type Recipe, SHORTEST_LIFE } from '../recipe.ts'
import { contactColumns } from './contact-columns.ts'
import { chance, DAY_SECONDS, SECOND } from '../../expressions.ts'
import { bandOf, codeOf, EDUCATION_LAWS, gender, inTime } from './parts.ts'

/** individuals: the adults of the households, and what their identifiers and exposures are made from. */
export const individualTable = (recipe: Recipe): Table =>
  table('individuals', {
    description:
      'One row an adult: at least one a household, at most as many as it has members. Ages follow the US population, those of partners go together, and education depends on age.',
    rows: children('households', LARGEST_HOUSEHOLD, col('adults')),
    columns: [
      ...person(recipe),
      ...beginning(recipe),
      ...identifierCounts(recipe),
      hidden('exposures', sample(recipe.exposures), { description: 'Number of ads seen.' }),
      ...contactColumns(recipe),
    ],
    references: [{ columns: ['household_id'], table: 'households', to: ['household_id'] }],
    checks: [
      check('individuals_age', and(ge(col('age'), YOUNGEST), le(col('age'), OLDEST))),
      check('individuals_gender', or(...['F', 'M', 'X'].map((each) => eq(col('gender'), each)))),
      check('individuals_education', or(...EDUCATION.map((each) => eq(col('education'), each)))),
      check('individuals_created', and(...inTime(col('created_at')))),
    ],
    promises: promises(recipe),
  })

const IS_FIRST = eq(ordinal(), 0)
const IS_PARTNER = and(eq(ordinal(), 1), eq(parent('couple'), 1))

const person = ({ ages }: Recipe): Table['columns'] => [
  column('individual_id', key(), {
    description: `Number of the person: household_id · ${LARGEST_HOUSEHOLD} + place in the household.`,
  }),
  column('household_id', parentKey(), { description: 'The household the person lives in.' }),
  column(
    'age',
    cases(
      [
        [IS_FIRST, parent('first_age')],
        [IS_PARTNER, turned(add(parent('first_age'), sample(PARTNER_GAP, { stream: 'gap' })))],
      ],
      sample(ages.other),
    ),
    { range: [YOUNGEST, OLDEST], description: 'Age in years when the data ends.' },
  ),
  column(
    'gender',
    when(IS_FIRST, parent('first_gender'), sampleGiven(genderClass(), genders(ages.womenSingle))),
    { description: 'F, M or X.' },
  ),
  column(
    'education',
    when(IS_FIRST, parent('first_education'), sampleGiven(bandOf(col('age')), EDUCATION_LAWS)),
    { description: 'Highest education reached.' },
  ),
]

/** An age beyond an end of the range as far inside it. */
const turned = (age: Expr): Expr => {
  const grown = greatest(age, sub(2 * YOUNGEST, age), YOUNGEST)
  return least(grown, sub(2 * OLDEST, grown), OLDEST)
}

/** Without a partner by age band; partners by the gender of the first adult. */
const genderClass = (): Expr =>
  when(IS_PARTNER, add(BANDS, codeOf(parent('first_gender'), ['F', 'M', 'X'])), bandOf(col('age')))

const genders = (womenSingle: readonly number[]): readonly Law[] => [
  ...womenSingle.map(gender),
  gender(SAME_SEX),
  gender(1 - OTHER_GENDER - SAME_SEX),
  gender((1 - OTHER_GENDER) / 2),
]

/** When a person is first known: with the household, or later while 90 days are left. */
const beginning = ({ days }: Recipe): Table['columns'] => [
  column(
    'created_at',
    add(
      parent('created_at'),
      mul(add(mul(col('join_days'), DAY_SECONDS), col('join_seconds')), SECOND),
    ),
    { description: 'When the person was first known (UTC): never before the household.' },
  ),
  hidden(
    'join_days',
    when(
      IS_FIRST,
      0,
      scaleDraw(
        draw(),
        add(
          1,
          scaleDraw(
            draw('bits', { index: 1 }),
            sub(days - SHORTEST_LIFE - 1, parent('created_day')),
          ),
        ),
      ),
    ),
    { description: 'Days after the household: soon rather than late.' },
  ),
  hidden('join_seconds', sample(law.uniform(0, 3599))),
  hidden(
    'created_day',
    add(
      parent('created_day'),
      add(col('join_days'), div(add(parent('created_second'), col('join_seconds')), DAY_SECONDS)),
    ),
    { description: 'Days from start.' },
  ),
  hidden('shares_cookie', parent('has_shared_cookie')),
  hidden('utc_shift', parent('utc_shift')),
  hidden('life', greatest(sub(days - 1, col('created_day')), SHORTEST_LIFE), {
    description: 'Whole days from created_at to asOf.',
  }),
]

/**
 * How many identifiers of each type a person has. Slots 0, 1, 2 ... hold e-mail, mobile, TV, phone, devices and cookies
 * in this order, so the type of a slot is arithmetic on where the types begin.
 */
const identifierCounts = ({ settings, further }: Recipe): Table['columns'] => [
  hidden('has_email', sample(chance(settings.emailRate))),
  hidden('has_mobile', sample(chance(settings.mobileRate))),
  hidden('tv_slot', add(col('has_email'), col('has_mobile'))),
  hidden('phone_slot', add(col('tv_slot'), parent('has_tv'))),
  hidden(
    'identifiers',
    add(
      greatest(col('phone_slot'), FEWEST_IDENTIFIERS),
      sample(law.weighted(further.map((p, y) => [y, rounded(p)] as const)), { stream: 'further' }),
    ),
    { range: [FEWEST_IDENTIFIERS, MOST_IDENTIFIERS], description: 'Number of identifiers.' },
  ),
  hidden('first_phone', sample(law.geometric(rounded(1 / PHONE - 1), MOST_IDENTIFIERS)), {
    description: 'Which further slot would be the first phone, from 0.',
  }),
  hidden(
    'device_slot',
    add(col('phone_slot'), when(lt(col('first_phone'), slotsFrom('phone_slot')), 1, 0)),
  ),
  hidden(
    'cookie_slot',
    add(
      col('device_slot'),
      div(
        add(
          mul(slotsFrom('device_slot'), DEVICES_OF_TEN),
          sample(law.uniform(0, 9), { stream: 'devices' }),
        ),
        10,
      ),
    ),
    { description: 'After the devices: three of ten, rounded up or down by chance.' },
  ),
  hidden(
    'cookie_days',
    div(col('life'), greatest(sub(col('identifiers'), col('cookie_slot')), 1)),
    {
      description: 'Days of an even share of the life for each cookie: at least 6.',
    },
  ),
  hidden('cookie_jitter', div(col('cookie_days'), 2), {
    description: 'A cookie begins less than this many days after its even share.',
  }),
]

/** The slots that are left from the place where a type begins. */
const slotsFrom = (slot: string): Expr =>
  least(greatest(sub(col('identifiers'), col(slot)), 0), MOST_IDENTIFIERS - 1)

const promises = ({ settings, ages, further }: Recipe): readonly PlanPromise[] => [
  { kind: 'unique', name: 'individual_id is unique', columns: ['individual_id'] },
  {
    kind: 'distribution',
    name: 'ages follow the US population',
    column: 'age',
    law: ages.population,
    tolerance: 0.005,
    unit: 'households',
  },
  {
    kind: 'rate',
    name: 'women are as many as in the population',
    of: eq(col('gender'), 'F'),
    asked: rounded(ages.women),
    tolerance: 0.005,
    unit: 'households',
  },
  {
    kind: 'rate',
    name: 'nobody is known before the household',
    of: ge(col('created_at'), parent('created_at')),
    asked: 1,
  },
  ...coverage('email_hash', 'people with an e-mail address', settings.emailRate),
  ...coverage('mobile_ad_id', 'people with a mobile ad id', settings.mobileRate),
  ...coverage('ctv_id', 'people with a TV id', settings.ctvRate),
  {
    kind: 'mean',
    name: 'identifiers of a person',
    of: fold.count('identity_mappings'),
    asked: expectedIdentifiers(settings, further),
    tolerance: 0.01,
    unit: 'households',
  },
  {
    kind: 'mean',
    name: 'ads a person sees',
    of: fold.count('exposures'),
    asked: settings.exposuresMean,
    tolerance: 0.01,
    unit: 'households',
  },
]

const coverage = (type: string, name: string, asked: number): readonly PlanPromise[] => [
  {
    kind: 'rate',
    name,
    of: gt(fold.count('identity_mappings', eq(col('identifier_type'), type)), 0),
    asked,
    tolerance: 0.002,
    unit: 'households',
  },
]
