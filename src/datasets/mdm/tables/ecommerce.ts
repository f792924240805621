import {
  and,
  BOOLEAN,
  col,
  concat,
  decimalType,
  eq,
  ge,
  lower,
  mul,
  or,
  parent,
  reinterpret,
  sample,
  text,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import { check, children, column, hidden } from '../../../core/plan/build.ts'
import { chance } from '../../expressions.ts'
import { MOST_RECORDS, spread } from '../record-keys.ts'
import type { Recipe } from '../recipe.ts'
import { type Source, SOURCE_TABLES } from '../source.ts'
import { countColumn } from './record-counts.ts'
import { cleanColumns, timeColumns } from './records.ts'

/** raw_ecommerce_customers: the accounts of the web shop. */
export const ecommerceSource = (recipe: Recipe): Source => ({
  name: 'ecommerce',
  table: SOURCE_TABLES.ecommerce,
  description: 'Accounts of the web shop: one row an account, some customers have several.',
  rows: children('customers', MOST_RECORDS, col(countColumn('ecommerce'))),
  clean: cleanColumns(recipe),
  times: timeColumns(recipe),
  own: [
    column(
      'username',
      concat(lower(parent('first_name')), '_', text(spread(USER_FACTOR, recipe.volumes))),
      {
        description: 'Name of the account; no two records share one.',
      },
    ),
    column('total_orders', sample(ORDERS), { description: 'Orders so far.' }),
    column('total_spent', reinterpret(mul(col('total_orders'), col('mean_cents')), MONEY), {
      description: 'Dollars spent so far; nothing without an order.',
    }),
    column('preferred_category', sample(CATEGORIES), {
      description: 'Where most was bought or looked at.',
    }),
    column('marketing_opt_in', sample(chance(OPT_IN), { type: BOOLEAN }), {
      description: 'Whether marketing mails may be sent.',
    }),
    hidden('mean_cents', sample(MEAN_CENTS)),
  ],
  checks: [
    check(
      'raw_ecommerce_customers_spent',
      or(
        and(eq(col('total_orders'), 0), eq(col('total_spent'), ZERO)),
        and(ge(col('total_orders'), 1), ge(col('total_spent'), ONE_CENT)),
      ),
    ),
  ],
  promises: [
    { kind: 'unique', name: 'username is unique', columns: ['username'] },
    {
      kind: 'rate',
      name: 'accounts that opted in to marketing',
      of: col('marketing_opt_in'),
      asked: OPT_IN,
      tolerance: 0.005,
    },
    {
      kind: 'distribution',
      name: 'preferred categories have their shares',
      column: 'preferred_category',
      tolerance: 0.005,
    },
  ],
})

const USER_FACTOR = 2_718_277
const MONEY = decimalType(12, 2)
const ZERO = reinterpret(0, MONEY)
const ONE_CENT = reinterpret(1, MONEY)
const ORDERS = law.geometric(5.5, 400)
const MEAN_CENTS = law.logNormal(6_200, 0.7, { low: 500, high: 200_000 })
const OPT_IN = 0.62

const CATEGORIES = law.weighted({
  Electronics: 22,
  Clothing: 19,
  'Home & Garden': 15,
  Sports: 10,
  Books: 9,
  Beauty: 9,
  Toys: 6,
  Groceries: 6,
  Automotive: 4,
})
