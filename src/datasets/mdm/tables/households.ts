import {
  add,
  and,
  cases,
  col,
  div,
  draw,
  eq,
  ge,
  greatest,
  key,
  least,
  lookup,
  mod,
  mul,
  not,
  sample,
  sampleGiven,
  scaleDraw,
  sub,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import { hidden, range, virtualTable } from '../../../core/plan/build.ts'
import type { Column, Table } from '../../../core/plan/plan.ts'
import { GROUP, HOUSEHOLD_SIZES, KIND, KIND_LAWS } from '../households.ts'
import { FEMALE, givenNameRow, MALE } from '../names.ts'
import { chance, entryOf } from '../../expressions.ts'
import { ADULT_AGES, PARENT_AGES, YEAR, YOUNGEST_AGE } from '../parts.ts'
import type { Recipe } from '../recipe.ts'
import { dayColumns, eventsLaw, MOVES } from '../events.ts'

/**
 * households: what their members have in common. A household has the key of its first member, so the keys of other
 * customers belong to no household.
 */
export const householdTable = (recipe: Recipe): Table =>
  virtualTable('households', {
    description: 'What the customers of one home have in common, by the key of the first of them.',
    rows: range({ parameter: 'uniqueCustomers' }),
    columns: [
      ...together(recipe),
      ...firstMember(recipe),
      ...partner(recipe),
      ...children(recipe),
      ...moves(recipe),
    ],
  })

/** The hidden column pattern_place: where the customer of a row's key stands in the patterns, pattern · 4 + place. */
export const patternPlace = (): Column =>
  hidden(
    'pattern_place',
    add(
      mul(lookup('groups', add(div(sub(key(), 1), GROUP), 1), 'pattern'), GROUP),
      mod(sub(key(), 1), GROUP),
    ),
  )

const together = ({ settings }: Recipe): Table['columns'] => [
  hidden('household_id', key()),
  patternPlace(),
  hidden('size', entryOf(col('pattern_place'), HOUSEHOLD_SIZES)),
  hidden('kind', sampleGiven(sub(col('size'), 1), KIND_LAWS)),
  hidden(
    'has_child',
    cases(
      [
        [eq(col('kind'), KIND.couple), ge(col('size'), 3)],
        [eq(col('kind'), KIND.parent), ge(col('size'), 2)],
      ],
      false,
    ),
  ),
  hidden('has_landline', eq(sample(chance(settings.landlines)), 1)),
]

/** What the first member of every second group may have from that of the group before: strangers of one name. */
const firstMember = ({ settings }: Recipe): Table['columns'] => [
  hidden(
    'is_double',
    and(
      eq(mod(sub(key(), 1), 2 * GROUP), GROUP),
      not(col('has_child')),
      eq(sample(chance(settings.doubles)), 1),
    ),
  ),
  hidden('own_surname', sample(law.vocabulary('surnames', 'weight'))),
  hidden('own_sex', sample(law.uniform(FEMALE, MALE))),
  hidden('own_age', sampleGiven(when(col('has_child'), 1, 0), [ADULT_AGES, PARENT_AGES])),
  hidden('own_given', givenNameRow(col('own_sex'), sub(settings.asOf, col('own_age')))),
  ...['surname', 'sex', 'age', 'given'].map((each) =>
    hidden(
      each,
      when(
        col('is_double'),
        lookup('households', greatest(sub(key(), GROUP), 1), `own_${each}`),
        col(`own_${each}`),
      ),
    ),
  ),
]

const partner = ({ settings }: Recipe): Table['columns'] => [
  hidden('is_couple', eq(col('kind'), KIND.couple)),
  hidden(
    'partner_sex',
    when(eq(sample(chance(SAME_SEX)), 1), col('sex'), sub(MALE + FEMALE, col('sex'))),
  ),
  hidden('marries', eq(sample(chance(settings.marriages)), 1), {
    description: 'Whether the couple marries between start and asOf.',
  }),
  hidden('partner_born', sample(PARTNER_GAP)),
  hidden(
    'partner_age',
    greatest(
      add(col('age'), col('partner_born')),
      sub(2 * YOUNGEST_AGE, add(col('age'), col('partner_born'))),
      when(
        col('has_child'),
        add(greatest(col('first_child'), col('second_child')), MOTHERS_AGE),
        0,
      ),
    ),
    {
      description: 'Age in days: about that of the first member, and old enough for the children.',
    },
  ),
]

const children = ({ settings }: Recipe): Table['columns'] => [
  hidden('twins', eq(sample(chance(settings.twins)), 1), {
    description: 'Whether two grown children are twins.',
  }),
  hidden('first_child_sex', sample(law.uniform(FEMALE, MALE))),
  hidden(
    'has_namesake',
    and(
      col('has_child'),
      eq(col('sex'), MALE),
      eq(col('first_child_sex'), MALE),
      eq(sample(chance(settings.namesakes)), 1),
    ),
    { description: 'Whether the first member is a father whose first son has his name.' },
  ),
  hidden(
    'first_child',
    sub(
      col('age'),
      add(
        PARENTS_AGE,
        scaleDraw(
          draw(),
          greatest(least(sub(col('age'), PARENTS_AGE + YOUNGEST_AGE), PARENTS_YEARS), 1),
        ),
      ),
    ),
    { description: 'Age in days of a first child.' },
  ),
  hidden('child_gap', sample(law.uniform(YEAR, 3 * YEAR))),
  hidden(
    'second_child',
    cases(
      [
        [col('twins'), col('first_child')],
        [
          ge(sub(col('first_child'), col('child_gap')), YOUNGEST_AGE),
          sub(col('first_child'), col('child_gap')),
        ],
      ],
      add(col('first_child'), col('child_gap')),
    ),
    { description: 'Age in days of a second child, a younger one where it is grown.' },
  ),
]

const moves = ({ settings, days }: Recipe): Table['columns'] => [
  hidden('home', sample(law.vocabulary('us_places', 'weight')), {
    description: 'Row of the place where the household lives first.',
  }),
  hidden('moves', sample(eventsLaw(MOVES, settings.moves, days))),
  ...dayColumns(MOVES, days),
]

const SAME_SEX = 0.02
const PARTNER_GAP = law.normal(0, 4.5 * YEAR, { low: -12 * YEAR, high: 12 * YEAR })
/** Days from birth to a first child: at least, and as much more at most. */
const PARENTS_AGE = 20 * YEAR
const PARENTS_YEARS = 20 * YEAR
const MOTHERS_AGE = 17 * YEAR
