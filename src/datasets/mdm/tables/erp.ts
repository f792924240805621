import {
  and,
  col,
  concat,
  decimalType,
  eq,
  ge,
  le,
  mul,
  or,
  padLeft,
  reinterpret,
  sample,
  sampleGiven,
  text,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import { check, children, column, hidden } from '../../../core/plan/build.ts'
import { MOST_RECORDS, spread } from '../record-keys.ts'
import type { Recipe } from '../recipe.ts'
import { type Source, SOURCE_TABLES } from '../source.ts'
import { countColumn } from './record-counts.ts'
import { cleanColumns, timeColumns } from './records.ts'

/** raw_erp_customers: the customers that the accounts know. */
export const erpSource = (recipe: Recipe): Source => ({
  name: 'erp',
  table: SOURCE_TABLES.erp,
  description: 'Customers as the ERP knows them: one row a customer.',
  rows: children('customers', MOST_RECORDS, col(countColumn('erp'))),
  clean: cleanColumns(recipe),
  times: timeColumns(recipe),
  own: [
    column(
      'account_number',
      concat('ACC', padLeft(text(spread(ACCOUNT_FACTOR, recipe.volumes)), 10, '0')),
      {
        description: 'Number of the account; no two records share one.',
      },
    ),
    column('credit_limit', reinterpret(mul(col('credit_steps'), STEP_CENTS), MONEY), {
      description: 'Credit limit in dollars, in steps of 500.',
    }),
    column('payment_terms', sample(PAYMENT_TERMS), { description: 'When bills are due.' }),
    column(
      'account_status',
      sampleGiven(when(eq(col('credit_steps'), 0), 1, 0), [STATUSES, STATUSES_WITHOUT_CREDIT]),
      { description: 'State of the account; without credit it is rarely active.' },
    ),
    hidden('credit_steps', sample(CREDIT_STEPS)),
  ],
  checks: [
    check(
      'raw_erp_customers_credit',
      and(ge(col('credit_limit'), ZERO), le(col('credit_limit'), MOST_CREDIT)),
    ),
    check(
      'raw_erp_customers_status',
      or(...STATUS_NAMES.map((each) => eq(col('account_status'), each))),
    ),
  ],
  promises: [
    { kind: 'unique', name: 'account_number is unique', columns: ['account_number'] },
    {
      kind: 'distribution',
      name: 'payment terms have their shares',
      column: 'payment_terms',
      tolerance: 0.005,
    },
  ],
})

const ACCOUNT_FACTOR = 3_906_829
const MONEY = decimalType(12, 2)
const STEP_CENTS = 50_000
const MOST_STEPS = 500
const ZERO = reinterpret(0, MONEY)
const MOST_CREDIT = reinterpret(MOST_STEPS * STEP_CENTS, MONEY)
const CREDIT_STEPS = law.logNormal(12, 0.9, { low: 0, high: MOST_STEPS })

const PAYMENT_TERMS = law.weighted({
  'Net 30': 46,
  'Net 60': 17,
  'Net 15': 12,
  'Due on Receipt': 15,
  'Net 90': 4,
  '2/10 Net 30': 6,
})

const STATUS_NAMES = ['Active', 'Inactive', 'On Hold', 'Closed'] as const
const statuses = (weights: readonly number[]): ReturnType<typeof law.weighted> =>
  law.weighted(STATUS_NAMES.map((name, i) => [name, weights[i] ?? 0] as const))
const STATUSES = statuses([80, 11, 4, 5])
const STATUSES_WITHOUT_CREDIT = statuses([10, 40, 20, 30])
