import {
  add,
  and,
  col,
  date,
  dateOf,
  eq,
  fold,
  ge,
  greatest,
  gt,
  hour,
  isNull,
  key,
  least,
  lookup,
  lt,
  mul,
  ne,
  or,
  parent,
  parentKey,
  sample,
  sampleGiven,
  sub,
  timestampOf,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import type { Law } from '../../../core/expr/law.ts'
import { check, children, column, hidden, table } from '../../../core/plan/build.ts'
import type { PlanPromise, Table } from '../../../core/plan/plan.ts'
import { customerLaw } from '../customers.ts'
import { HOURS, TIME_LAWS, webShareOf } from '../hours.ts'
import { type Recipe, RETURN_DAYS } from '../recipe.ts'
import { MONTH_WEIGHTS, WEEKDAY_WEIGHTS } from '../season.ts'
import { anyStore } from './customers.ts'
import { chance, SECOND, entryOf } from '../../expressions.ts'
import { existing } from './parts.ts'

/** orders: what customers bought, in a store or on the web. */
export const orderTable = (recipe: Recipe): Table =>
  table('orders', {
    description:
      'One row an order. Its day is that of the local clock at the store that sells or ships it.',
    rows: children('days', recipe.orderCapacity, col('orders')),
    columns: [...landed(recipe), ...money(), ...behind(recipe)],
    references: [
      { columns: ['store_id'], table: 'stores', to: ['store_id'] },
      { columns: ['customer_id'], table: 'customers', to: ['customer_id'] },
    ],
    checks: [
      check('orders_channel', or(...CHANNELS.map((each) => eq(col('channel'), each)))),
      check('orders_status', or(...STATUSES.map((each) => eq(col('status'), each)))),
      check(
        'orders_total',
        eq(
          col('total_cents'),
          add(
            sub(col('subtotal_cents'), col('discount_cents')),
            col('tax_cents'),
            col('shipping_cents'),
          ),
        ),
      ),
      check(
        'orders_money',
        and(
          gt(col('subtotal_cents'), 0),
          ge(col('discount_cents'), 0),
          lt(col('discount_cents'), col('subtotal_cents')),
          ge(col('tax_cents'), 0),
          ge(col('shipping_cents'), 0),
        ),
      ),
      check(
        'orders_returned',
        or(
          and(eq(col('status'), 'returned'), gt(col('returned_on'), col('order_date'))),
          and(ne(col('status'), 'returned'), isNull(col('returned_on'))),
        ),
      ),
    ],
    promises: promises(recipe),
  })

/** What is wanted, by number. */
export const productLaw = ({ products }: Recipe['settings']): Law =>
  law.zipf({ parameter: 'productSkew' }, products)

/** The most lines that an order has. */
export const MOST_LINES = 10
export const CHANNELS = ['store', 'web']
export const STATUSES = ['completed', 'cancelled', 'returned']
export const CANCELLED = 1
export const RETURNED = 2

/** Of ten baskets three hold one thing; the mean is 3. */
const LINES = law.weighted([
  [1, 30],
  [2, 22],
  [3, 16],
  [4, 11],
  [5, 8],
  [6, 5],
  [7, 3],
  [8, 2],
  [9, 2],
  [10, 1],
])

const PAYMENTS = [
  law.weighted({ card: 62, cash: 20, mobile_wallet: 13, gift_card: 5 }),
  law.weighted({ card: 64, mobile_wallet: 24, gift_card: 4, pay_later: 8 }),
]

const STATUS_LAWS = [
  law.weighted([
    [0, 95],
    [CANCELLED, 1],
    [RETURNED, 4],
  ]),
  law.weighted([
    [0, 86],
    [CANCELLED, 4],
    [RETURNED, 10],
  ]),
]

const landed = ({ settings }: Recipe): Table['columns'] => [
  column('order_id', key(), { description: 'Number of the order: its day and its place in it.' }),
  column('order_date', parent('date'), { description: 'Day on the local clock of the store.' }),
  column('store_id', when(eq(col('at_home'), 1), col('home_store'), anyStore(settings)), {
    description: 'The store that sells or ships it: mostly the home store of the customer.',
  }),
  column(
    'customer_id',
    existing('customers', sample(customerLaw(settings.customers, settings.customerSpread))),
    {
      description: 'Who buys.',
    },
  ),
  column('channel', entryOf(col('is_web'), CHANNELS), { description: 'store or web.' }),
  column(
    'placed_at',
    add(
      timestampOf(col('order_date')),
      mul(add(sub(col('local_second'), col('summer_shift')), col('utc_shift')), SECOND),
    ),
    { description: 'When it was placed (UTC); in a store, within its opening hours.' },
  ),
  column('status', entryOf(col('status_code'), STATUSES), {
    description: 'completed, cancelled or returned.',
  }),
  column(
    'returned_on',
    when(eq(col('status_code'), RETURNED), add(col('order_date'), col('return_days')), null),
    {
      description: 'The day a returned order comes back.',
    },
  ),
  column('payment_method', sampleGiven(col('is_web'), PAYMENTS), {
    description: 'How it is paid.',
  }),
]

/** Cents; sums are of the order's items. */
const money = (): Table['columns'] => [
  column('subtotal_cents', fold.sum('order_items', col('gross_cents')), {
    description: 'Quantity times unit price of all lines.',
  }),
  column('discount_cents', fold.sum('order_items', col('discount_cents')), {
    description: 'Discounts of all lines.',
  }),
  column('tax_cents', fold.sum('order_items', col('tax_cents')), {
    description: 'Sales tax of all lines.',
  }),
  column('shipping_cents', when(eq(col('is_web'), 1), shipping(), 0), {
    description: 'Nothing in a store, and on the web from $50 on.',
  }),
  column(
    'total_cents',
    add(sub(col('subtotal_cents'), col('discount_cents')), col('tax_cents'), col('shipping_cents')),
    { description: 'Subtotal - discount + tax + shipping.' },
  ),
]

const shipping = (): Expr =>
  when(ge(sub(col('subtotal_cents'), col('discount_cents')), 5_000), 0, 599)

const behind = ({ settings }: Recipe): Table['columns'] => [
  hidden('day_key', parentKey()),
  hidden('day', parent('day'), { description: 'Days from start.' }),
  hidden('is_web', sample(chance(settings.webShare))),
  hidden('at_home', sample(chance(0.8))),
  hidden('home_store', lookup('customers', col('customer_id'), 'home_store_id')),
  hidden('status_code', sampleGiven(col('is_web'), STATUS_LAWS)),
  hidden('return_days', sample(law.uniform(1, RETURN_DAYS))),
  hidden(
    'return_lag',
    least(greatest(sub(col('returned_on'), col('order_date')), 1), RETURN_DAYS),
    { description: 'The same by what lands: null where nothing comes back.' },
  ),
  hidden(
    'local_second',
    sampleGiven(
      when(eq(col('is_web'), 1), HOURS.length, lookup('stores', col('store_id'), 'hours_code')),
      TIME_LAWS,
    ),
    { description: 'Second of the day on the local clock.' },
  ),
  hidden('utc_shift', lookup('stores', col('store_id'), 'utc_shift')),
  hidden(
    'summer_shift',
    when(eq(parent('is_summer'), 1), lookup('stores', col('store_id'), 'summer_shift'), 0),
  ),
  hidden('tax_bp', lookup('stores', col('store_id'), 'tax_rate_bp')),
  hidden('first_product', sample(productLaw(settings))),
  hidden('lines', sample(LINES)),
]

const promises = ({ settings, summers }: Recipe): readonly PlanPromise[] => [
  { kind: 'unique', name: 'order_id is unique', columns: ['order_id'] },
  {
    kind: 'independent',
    name: 'which customer orders does not depend on the day',
    columns: ['customer_id', 'order_date'],
    below: 0.02,
  },
  {
    kind: 'rate',
    name: 'the subtotal of an order is the sum of its lines, to the cent',
    of: eq(
      col('subtotal_cents'),
      fold.sum('order_items', mul(col('quantity'), col('unit_price_cents'))),
    ),
    asked: 1,
  },
  {
    kind: 'rate',
    name: 'total and shipping differ by the sum of the line totals',
    of: eq(
      sub(col('total_cents'), col('shipping_cents')),
      fold.sum('order_items', col('line_total_cents')),
    ),
    asked: 1,
  },
  {
    kind: 'rate',
    name: 'customers have signed up before they order',
    of: gt(col('order_date'), lookup('customers', col('customer_id'), 'signed_up_on')),
    asked: 1,
  },
  {
    kind: 'rate',
    name: 'stores have opened before they sell',
    of: gt(col('order_date'), lookup('stores', col('store_id'), 'opened_on')),
    asked: 1,
  },
  {
    kind: 'rate',
    name: 'store orders fall on their day within opening hours, by the local clock',
    of: and(
      eq(dateOf(local(summers)), col('order_date')),
      ge(hour(local(summers)), ofStore('opens_hour')),
      lt(hour(local(summers)), ofStore('closes_hour')),
    ),
    among: eq(col('channel'), 'store'),
    asked: 1,
  },
  {
    kind: 'rate',
    name: 'orders on the web',
    of: eq(col('channel'), 'web'),
    asked: settings.webShare,
    tolerance: 0.002,
  },
  {
    kind: 'rate',
    name: 'web orders from 18 to 22, by the local clock',
    of: and(ge(hour(local(summers)), 18), lt(hour(local(summers)), 22)),
    among: eq(col('channel'), 'web'),
    asked: webShareOf(18, 22),
    tolerance: 0.005,
  },
  {
    kind: 'distribution',
    name: 'days follow season and week',
    column: 'order_date',
    law: law.calendar({
      start: 'start',
      days: { parameter: 'days' },
      weekdays: WEEKDAY_WEIGHTS,
      months: MONTH_WEIGHTS,
    }),
    tolerance: 0.002,
  },
  {
    kind: 'distribution',
    name: 'few customers order much',
    column: 'customer_id',
    law: customerLaw(settings.customers, settings.customerSpread),
    tolerance: 0.005,
  },
  {
    kind: 'mean',
    name: 'lines of an order',
    of: fold.count('order_items'),
    asked: 3,
    tolerance: 0.02,
  },
]

const ofStore = (name: string): Expr => lookup('stores', col('store_id'), name)

/** The local clock of the store when the order was placed, by landed columns. */
const local = (summers: Recipe['summers']): Expr =>
  add(
    col('placed_at'),
    mul(
      add(
        ofStore('utc_offset_minutes'),
        when(and(ofStore('observes_dst'), isSummer(summers)), 60, 0),
      ),
      60 * SECOND,
    ),
  )

const isSummer = (summers: Recipe['summers']): Expr =>
  or(
    ...summers.map(([from, to]) => {
      const days = sub(col('order_date'), date('1970-01-01'))
      return and(ge(days, from), lt(days, to))
    }),
  )
