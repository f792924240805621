import {
  add,
  and,
  cases,
  col,
  draw,
  eq,
  greatest,
  key,
  le,
  least,
  lookup,
  mul,
  ne,
  not,
  nothing,
  or,
  sample,
  scaleDraw,
  STRING,
  sub,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { hidden, range, virtualTable } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { GROUP, MEMBER_NUMBERS, ROLE, ROLES } from '../households.ts'
import { FEMALE, givenName, givenNameRow, MALE } from '../names.ts'
import { chance, entryOf } from '../../expressions.ts'
import {
  ADULT_AGES,
  BUSINESS_HOURS,
  GROWN_AGE,
  OLDEST_AGE,
  UNASSIGNED,
  YOUNGEST_AGE,
} from '../parts.ts'
import { type Recipe, SHORTEST_LIFE } from '../recipe.ts'
import { foreignBorn } from '../origin.ts'
import { CHANGES, dayColumns, eventsLaw, MOVES } from '../events.ts'
import { patternPlace } from './households.ts'
import { pairColumns } from './hard-pairs.ts'
import { recordCounts } from './record-counts.ts'
import { versionColumns } from './versions.ts'

/** customers: the people behind all records, and what they keep when they move, marry or change their e-mail address. */
export const customerTable = (recipe: Recipe): Table =>
  virtualTable('customers', {
    description: 'The people behind the records of all sources.',
    rows: range({ parameter: 'uniqueCustomers' }),
    columns: [
      ...place(),
      ...person(recipe),
      ...surnames(),
      ...beginning(recipe),
      ...changes(recipe),
      ...versionColumns(),
      ...recordCounts(recipe),
      ...pairColumns(),
    ],
  })

/** A column of the customer's household. */
const home = (column: string): Expr => lookup('households', col('household'), column)

const place = (): Table['columns'] => [
  hidden('customer_id', key()),
  patternPlace(),
  hidden('member', entryOf(col('pattern_place'), MEMBER_NUMBERS), {
    description: 'Number within the household, from 0.',
  }),
  hidden('household', lookup('households', greatest(sub(key(), col('member')), 1), 'household_id')),
  hidden('kind_member', add(mul(home('kind'), GROUP), col('member'))),
  hidden('role', entryOf(col('kind_member'), ROLES)),
  hidden('move_count', home('moves')),
  ...MOVES.days.map((move) => hidden(move, home(move))),
]

const is = (role: keyof typeof ROLE): Expr => eq(col('role'), ROLE[role])

const IS_NAMESAKE = and(is('firstChild'), home('has_namesake'))

const person = ({ settings }: Recipe): Table['columns'] => [
  hidden(
    'sex',
    cases(
      [
        [is('head'), home('sex')],
        [is('partner'), home('partner_sex')],
        [is('firstChild'), home('first_child_sex')],
      ],
      sample(law.uniform(FEMALE, MALE)),
    ),
  ),
  hidden(
    'age',
    greatest(
      cases(
        [
          [is('head'), home('age')],
          [is('partner'), least(home('partner_age'), OLDEST_AGE)],
          [is('firstChild'), home('first_child')],
          [is('secondChild'), home('second_child')],
        ],
        sample(ADULT_AGES),
      ),
      YOUNGEST_AGE,
    ),
    { description: 'Age in days at asOf.' },
  ),
  hidden(
    'given',
    when(
      or(is('head'), IS_NAMESAKE),
      home('given'),
      givenNameRow(col('sex'), sub(settings.asOf, col('age'))),
    ),
    { description: 'Row of the given name in the list of its sex.' },
  ),
  hidden('first_name', givenName(col('sex'), col('given'))),
  hidden(
    'middle_name',
    when(
      eq(sample(chance(MIDDLE_NAMES), { stream: 'has_middle_name' }), 1),
      givenName(col('sex'), sample(law.vocabulary('given_names_female', 'weight'))),
      nothing(STRING),
    ),
  ),
  hidden(
    'suffix',
    cases(
      [
        [IS_NAMESAKE, 'Jr.'],
        [and(is('head'), home('has_namesake')), 'Sr.'],
        [eq(col('sex'), FEMALE), nothing(STRING)],
        [eq(sample(chance(NUMBERED), { stream: 'numbered' }), 1), sample(NUMBERS)],
      ],
      nothing(STRING),
    ),
  ),
  hidden(
    'uses_landline',
    and(home('has_landline'), eq(sample(chance(USE_LANDLINE), { stream: 'uses_landline' }), 1)),
  ),
  hidden('number', sample(law.uniform(0, UNASSIGNED - 1)), {
    description: 'Of the telephone, behind the area code of the first home.',
  }),
]

const MIDDLE_NAMES = 0.78
const NUMBERED = 0.008
const NUMBERS = law.weighted({ II: 35, III: 65 })
const USE_LANDLINE = 0.65

/** Brides may take the surname of the couple; children, friends and some brides keep one of their own. */
const surnames = (): Table['columns'] => [
  hidden(
    'is_bride',
    and(
      home('is_couple'),
      le(col('role'), ROLE.partner),
      eq(col('sex'), FEMALE),
      ne(home('sex'), home('partner_sex')),
    ),
  ),
  hidden('keeps_name', eq(sample(chance(KEEP_NAME)), 1)),
  hidden('own_surname', sample(law.vocabulary('surnames', 'weight'))),
  hidden(
    'surname',
    when(
      or(is('other'), and(col('keeps_name'), or(col('is_bride'), is('secondChild')))),
      col('own_surname'),
      home('surname'),
    ),
    { description: 'Row of the surname, after a wedding if there is one.' },
  ),
  hidden('foreign_born', foreignBorn(col('surname')), {
    description: 'Whether born abroad, 1 or 0, as far as the surname tells.',
  }),
  hidden('has_maiden_name', and(col('is_bride'), not(col('keeps_name')))),
  hidden('weds', and(col('has_maiden_name'), home('marries')), {
    description: 'Whether a bride takes the surname of the couple at her first change.',
  }),
]

const KEEP_NAME = 0.15

/** Nobody is a customer before turning 18. */
const beginning = ({ days }: Recipe): Table['columns'] => [
  hidden('grown_day', greatest(sub(days + GROWN_AGE, col('age')), 0)),
  hidden(
    'created_day',
    least(
      add(col('grown_day'), scaleDraw(draw(), sub(days - SHORTEST_LIFE, col('grown_day')))),
      days - SHORTEST_LIFE,
    ),
    { description: 'When somebody became a customer, in days after start.' },
  ),
  hidden('created_second', sample(BUSINESS_HOURS)),
]

/** Changes of the e-mail address, at a wedding of the surname too. */
const changes = ({ settings, days }: Recipe): Table['columns'] => [
  hidden(
    'changes',
    greatest(sample(eventsLaw(CHANGES, settings.emailChanges, days)), when(col('weds'), 1, 0)),
  ),
  ...dayColumns(CHANGES, days),
]
