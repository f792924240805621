import {
  add,
  col,
  date,
  div,
  eq,
  greatest,
  key,
  least,
  lookup,
  lt,
  mul,
  or,
  sample,
  sampleGiven,
  sub,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { check, column, hidden, range, table } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import type { Recipe } from '../recipe.ts'
import { chance, emailAddress, postalCode } from '../../expressions.ts'
import { existing, streetAddress, tenthOf } from './parts.ts'

/** customers: who buys. Numbers follow the sign-ups, and those who came first order most. */
export const customerTable = ({ settings, places }: Recipe): Table =>
  table('customers', {
    description: 'One row a customer, numbered by sign-up. Customers live around their home store.',
    rows: range(settings.customers),
    columns: [...landed(settings), ...behind(settings, places)],
    references: [{ columns: ['home_store_id'], table: 'stores', to: ['store_id'] }],
    checks: [
      check('customers_segment', or(...SEGMENTS.map((each) => eq(col('segment'), each)))),
      check('customers_signed_up', lt(col('signed_up_on'), date('start'))),
    ],
    promises: [
      { kind: 'unique', name: 'customer_id is unique', columns: ['customer_id'] },
      { kind: 'unique', name: 'an e-mail address is one customer', columns: ['email'] },
    ],
  })

const SEGMENTS = ['gold', 'silver', 'bronze']
/** Stores differ in how busy they are by Zipf's law of this exponent. */
const STORE_SKEW = 0.4

/** A store by how busy it is. */
export const anyStore = ({ stores }: Pick<Recipe['settings'], 'stores'>): Expr =>
  existing('stores', sample(law.zipf(STORE_SKEW, stores)))

/** Days before start in which customers signed up. */
const SIGN_UP_DAYS = 2_500
/** Rows of us_places, which stand by ZIP area, that a customer lives from the home store. */
const NEAR = 3

const place = (name: string): Expr => lookup('us_places', col('place'), name)

const landed = ({ customers, stores }: Recipe['settings']): Table['columns'] => [
  column('customer_id', key(), { description: 'Number of the customer, from 1.' }),
  column(
    'segment',
    sampleGiven(
      tenthOf(key(), customers),
      Array.from({ length: 10 }, (_, tenth) =>
        law.weighted({
          gold: [70, 20, 5][tenth] ?? 1,
          silver: [25, 60, 50, 40, 30, 20][tenth] ?? 10,
          bronze: [5, 20, 45, 59, 69, 79][tenth] ?? 89,
        }),
      ),
    ),
    { description: 'gold, silver or bronze: who orders much is mostly gold.' },
  ),
  column('first_name', when(eq(col('is_woman'), 1), given('female'), given('male')), {
    description: 'Given name.',
  }),
  column('last_name', lookup('surnames', sample(law.vocabulary('surnames', 'weight')), 'name'), {
    description: 'Surname.',
  }),
  column('email', emailAddress(col('first_name'), col('last_name')), {
    description: 'Unique; the domains are reserved, so that nobody has it.',
  }),
  column('street_address', streetAddress(), { description: 'House number and street.' }),
  column('city', place('city'), { description: 'City, near the home store.' }),
  column('state', place('state'), { description: 'Postal abbreviation of the state.' }),
  column('postal_code', postalCode(col('place')), { description: 'A ZIP code of the city.' }),
  column('home_store_id', anyStore({ stores }), {
    description: 'The store where the customer mostly buys.',
  }),
  column('signed_up_on', sub(date('start'), col('signed_up_days')), {
    description: 'The day of the sign-up, before the data starts.',
  }),
]

const given = (sex: string): Expr =>
  lookup(
    `given_names_${sex}`,
    sample(law.vocabulary(`given_names_${sex}`, 'weight'), { stream: `given_name_${sex}` }),
    'name',
  )

const behind = ({ customers }: Recipe['settings'], places: number): Table['columns'] => [
  hidden('is_woman', sample(chance(0.54))),
  hidden(
    'place',
    least(
      greatest(
        add(lookup('stores', col('home_store_id'), 'place'), sample(law.uniform(-NEAR, NEAR))),
        0,
      ),
      places - 1,
    ),
  ),
  hidden(
    'signed_up_days',
    add(div(mul(sub(customers, key()), SIGN_UP_DAYS), customers), sample(law.uniform(1, 10))),
    { description: 'Days before start.' },
  ),
]
