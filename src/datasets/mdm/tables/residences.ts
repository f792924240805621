import {
  add,
  cases,
  col,
  concat,
  eq,
  greatest,
  least,
  lookup,
  nothing,
  ordinal,
  or,
  parent,
  sample,
  STRING,
  text,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { children, hidden, virtualTable } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { chance, postalCode } from '../../expressions.ts'
import { UNASSIGNED } from '../parts.ts'
import type { Recipe } from '../recipe.ts'
import { ADDRESSES } from '../events.ts'

/** residences: where a household lives between two moves. City, state, ZIP and area code are those of one place. */
export const residenceTable = (recipe: Recipe): Table =>
  virtualTable('residences', {
    description: 'The addresses of a household, one after another.',
    rows: children('households', ADDRESSES, ADDRESSES),
    columns: [...where(recipe), ...street()],
  })

const place = (name: string): Expr => lookup('us_places', col('place'), name)

const where = ({ places }: Recipe): Table['columns'] => [
  hidden('distance', sample(DISTANCES)),
  hidden(
    'place',
    cases(
      [
        [or(eq(ordinal(), 0), eq(col('distance'), 0)), parent('home')],
        [eq(col('distance'), FAR), sample(law.vocabulary('us_places', 'weight'))],
      ],
      greatest(least(add(parent('home'), col('distance')), places - 1), 0),
    ),
  ),
  hidden('is_home', eq(col('place'), parent('home')), {
    description: 'Whether it is in the place where the household lived first.',
  }),
  hidden('city', place('city')),
  hidden('state', place('state')),
  hidden('area_code', place('area_code')),
  hidden('zip_code', postalCode(col('place'))),
  hidden('landline', sample(law.uniform(0, UNASSIGNED - 1))),
]

/** Two of three moves stay in the city, some lead to a place near by (the next ones by ZIP), others anywhere. */
const FAR = 99
const DISTANCES = law.weighted([
  [0, 62],
  ...[-4, -3, -2, -1, 1, 2, 3, 4].map((places) => [places, 2.5] as const),
  [FAR, 18],
])

const street = (): Table['columns'] => [
  hidden('house_number', text(sample(HOUSE_NUMBERS))),
  hidden('direction', sample(DIRECTIONS), { description: 'Between number and street.' }),
  hidden(
    'street',
    lookup('streets', sample(law.vocabulary('streets', 'weight'), { stream: 'street' }), 'name'),
  ),
  hidden('street_type', sample(law.vocabulary('street_types', 'weight')), {
    description: 'Row of the kind of street.',
  }),
  hidden(
    'address_line1',
    concat(
      col('house_number'),
      col('direction'),
      col('street'),
      ' ',
      lookup('street_types', col('street_type'), 'name'),
    ),
  ),
  hidden('unit_number', text(sample(UNIT_NUMBERS))),
  hidden(
    'address_line2',
    when(
      eq(sample(chance(FLATS), { stream: 'flat' }), 1),
      concat(sample(UNITS, { stream: 'unit' }), col('unit_number')),
      nothing(STRING),
    ),
  ),
]

const HOUSE_NUMBERS = law.histogram([1, 100, 1000, 10_000, 20_000], [14, 42, 40, 4])
const DIRECTIONS = law.weighted({ ' ': 82, ' North ': 5, ' South ': 5, ' East ': 4, ' West ': 4 })
const FLATS = 0.27
const UNITS = law.weighted({ 'Apt ': 76, 'Unit ': 20, 'Suite ': 4 })
const UNIT_NUMBERS = law.histogram([1, 30, 100, 500, 2500], [45, 10, 35, 10])
