import {
  and,
  cases,
  col,
  concat,
  date,
  eq,
  ge,
  key,
  le,
  lookup,
  lt,
  mul,
  or,
  sample,
  sampleGiven,
  sub,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { check, column, hidden, range, table } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { HOURS } from '../hours.ts'
import type { Recipe } from '../recipe.ts'
import { postalCode, entryOf } from '../../expressions.ts'
import { streetAddress, tenthOf } from './parts.ts'

/** stores: where things are sold. The first ones are the busiest and mostly the largest. */
export const storeTable = ({ settings }: Recipe): Table =>
  table('stores', {
    description:
      'One row a store, numbered by how busy it is. Address, region and time zone agree.',
    rows: range(settings.stores),
    columns: [...landed(), ...behind(settings.stores)],
    checks: [
      check(
        'stores_hours',
        and(
          ge(col('opens_hour'), 0),
          lt(col('opens_hour'), col('closes_hour')),
          le(col('closes_hour'), 24),
        ),
      ),
      check('stores_size', or(...FORMATS.map((each) => eq(col('format'), each)))),
      check('stores_tax', and(ge(col('tax_rate_bp'), 0), le(col('tax_rate_bp'), 10_000))),
      check('stores_opened', lt(col('opened_on'), date('start'))),
    ],
    promises: [{ kind: 'unique', name: 'store_id is unique', columns: ['store_id'] }],
  })

const FORMATS = ['flagship', 'standard', 'express']

const place = (name: string): Expr => lookup('us_places', col('place'), name)

const landed = (): Table['columns'] => [
  column('store_id', key(), { description: 'Number of the store, from 1.' }),
  column(
    'name',
    concat(
      col('city'),
      ' ',
      lookup('streets', sample(law.vocabulary('streets', 'weight')), 'name'),
    ),
    { description: 'City and neighbourhood.' },
  ),
  column('street_address', streetAddress(), { description: 'House number and street.' }),
  column('city', place('city'), { description: 'City, drawn by residents.' }),
  column('state', place('state'), { description: 'Postal abbreviation of the state.' }),
  column('postal_code', postalCode(col('place')), { description: 'A ZIP code of the city.' }),
  column('region', place('region'), { description: 'Northeast, Midwest, South or West.' }),
  column('time_zone', place('time_zone'), { description: 'IANA name of the time zone.' }),
  column('utc_offset_minutes', place('utc_offset'), {
    description: 'Standard time minus UTC in minutes.',
  }),
  column('observes_dst', eq(place('dst'), 1), {
    description: 'Whether clocks go forward by an hour in summer.',
  }),
  column('opened_on', sub(date('start'), sample(law.uniform(200, 9_000))), {
    description: 'First day of business, before the data starts.',
  }),
  column(
    'opens_hour',
    hours(([from]) => from),
    { description: 'Opening hour on the local clock.' },
  ),
  column(
    'closes_hour',
    hours(([, to]) => to),
    { description: 'Closing hour on the local clock.' },
  ),
  column('format', entryOf(col('format_code'), FORMATS), {
    description: 'flagship, standard or express.',
  }),
  column(
    'square_meters',
    sampleGiven(
      col('format_code'),
      [5_000, 2_000, 600].map((median) =>
        law.logNormal(median, 0.25, { low: 150, high: 15_000, step: 10 }),
      ),
    ),
    { description: 'Sales area.' },
  ),
  column('tax_rate_bp', sample(law.uniform(450, 950, 25)), {
    description: 'Local sales tax in hundredths of a per cent.',
  }),
]

const hours = (of: (range: readonly [number, number]) => number): Expr =>
  cases(
    HOURS.slice(0, -1).map((each, i) => [eq(col('hours_code'), i), of(each.open)] as const),
    of(HOURS.at(-1)?.open ?? [0, 24]),
  )

const behind = (stores: number): Table['columns'] => [
  hidden('place', sample(law.vocabulary('us_places', 'weight'))),
  hidden('hours_code', sample(law.weighted(HOURS.map(({ weight }, i) => [i, weight] as const))), {
    description: 'Which of the usual opening hours.',
  }),
  hidden(
    'format_code',
    sampleGiven(
      tenthOf(key(), stores),
      Array.from({ length: 10 }, (_, tenth) =>
        law.weighted([
          [0, tenth === 0 ? 80 : 2],
          [1, 60 - 3 * tenth],
          [2, 10 + 5 * tenth],
        ]),
      ),
    ),
    { description: 'Busy stores are mostly large.' },
  ),
  hidden('utc_shift', mul(place('utc_offset'), -60), {
    description: 'Seconds by which local standard time is behind UTC.',
  }),
  hidden('summer_shift', mul(place('dst'), 3_600), {
    description: 'Seconds by which clocks go forward in summer.',
  }),
]
