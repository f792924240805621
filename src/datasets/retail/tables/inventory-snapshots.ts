import {
  add,
  and,
  col,
  dimension,
  div,
  eq,
  ge,
  greatest,
  key,
  keyOf,
  le,
  least,
  lookup,
  lt,
  mul,
  ne,
  or,
  parent,
  sub,
  tally,
  when,
} from '../../../core/expr/build.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { check, column, cross, hidden, table } from '../../../core/plan/build.ts'
import type { PlanPromise, Table } from '../../../core/plan/plan.ts'
import { type Recipe, RETURN_DAYS } from '../recipe.ts'
import { SEASON_DAYS } from '../season.ts'
import { BUSY_PRODUCTS, BUSY_STORES } from '../stock.ts'
import { CANCELLED, MOST_LINES, STATUSES } from './orders.ts'
import { MOST_UNITS } from './order-items.ts'

/**
 * inventory_snapshots: what each store had of each product on each day. Overnight a store is filled up to its base stock
 * of a product, or to what it will sell if that is more, so that a day rests on its own figures and those of the day
 * before, and on no others.
 */
export const inventoryTable = (recipe: Recipe): Table =>
  table('inventory_snapshots', {
    description:
      'One row a store, product and day: opening + received - sold + restocked = closing.',
    rows: cross(
      ['days', SEASON_DAYS + 1],
      ['stores', recipe.settings.stores + 1],
      ['products', recipe.settings.products + 1],
    ),
    columns: [...landed(recipe), ...behind(recipe)],
    references: [
      { columns: ['store_id'], table: 'stores', to: ['store_id'] },
      { columns: ['product_id'], table: 'products', to: ['product_id'] },
    ],
    checks: [
      check(
        'inventory_balance',
        eq(
          col('closing'),
          add(sub(add(col('opening'), col('received')), col('sold')), col('restocked')),
        ),
      ),
      check(
        'inventory_not_negative',
        and(
          ge(col('opening'), 0),
          ge(col('received'), 0),
          ge(col('sold'), 0),
          ge(col('closing'), 0),
          ge(col('on_order'), 0),
        ),
      ),
      check(
        'inventory_restocked',
        and(ge(col('restocked'), 0), le(col('restocked'), col('returned'))),
      ),
    ],
    promises: promises(recipe),
  })

const landed = (recipe: Recipe): Table['columns'] => [
  column('snapshot_id', key(), { description: 'Number of the row: day, store and product.' }),
  column('snapshot_date', dimension('days', 'date'), {
    description: 'Day on the local clock of the store.',
  }),
  column('store_id', dimension('stores'), { description: 'The store.' }),
  column('product_id', dimension('products'), { description: 'The product.' }),
  column('opening', opening(), {
    description: 'Units in the morning: those of the evening before.',
  }),
  column('received', sub(greatest(col('base'), col('sold')), col('opening')), {
    description: 'Units that came from the depot.',
  }),
  column('sold', soldUnits(recipe), {
    description: 'Units of the orders of the day that were not cancelled.',
  }),
  column('returned', returnedUnits(recipe), {
    description: 'Units that customers brought back on the day.',
  }),
  column('restocked', least(col('returned'), col('sold'), col('base')), {
    description: 'Those of them that went back on the shelf; the others went to the depot.',
  }),
  column('closing', add(greatest(sub(col('base'), col('sold')), 0), col('restocked')), {
    description: 'Units in the evening.',
  }),
  column('on_order', sub(col('base'), col('closing')), {
    description: 'Units that the depot still owes.',
  }),
]

const behind = ({ stock }: Recipe): Table['columns'] => [
  hidden(
    'base',
    when(
      lt(dimension('days', 'day'), dimension('products', 'late_day')),
      0,
      add(
        stock.least,
        div(
          stock.spread,
          mul(add(dimension('stores'), BUSY_STORES), add(dimension('products'), BUSY_PRODUCTS)),
        ),
      ),
    ),
    { description: 'Base stock: some days of expected sales, and nothing before the launch.' },
  ),
]

const soldUnits = ({ orderCapacity }: Recipe): Expr =>
  tally.sum('order_items', col('quantity'), {
    by: [col('day_key'), col('store'), col('product_id')],
    where: ne(parent('status'), STATUSES[CANCELLED] ?? ''),
    most: orderCapacity * MOST_LINES * MOST_UNITS,
  })

const returnedUnits = ({ orderCapacity }: Recipe): Expr =>
  tally.sum('order_items', col('quantity'), {
    by: [add(col('day_key'), parent('return_lag')), col('store'), col('product_id')],
    most: orderCapacity * MOST_LINES * MOST_UNITS * RETURN_DAYS,
  })

/** The base stock on the first day, yesterday's closing on all others; a choice of nearly all rows would cost more. */
const opening = (): Expr =>
  add(col('base'), mul(least(sub(dimension('days'), 1), 1), sub(yesterday('closing'), col('base'))))

/** A column of the same store and product a day before; on the first day, of that day. */
const yesterday = (name: string): Expr =>
  lookup(
    'inventory_snapshots',
    keyOf('inventory_snapshots', [
      greatest(sub(dimension('days'), 1), 1),
      dimension('stores'),
      dimension('products'),
    ]),
    name,
  )

const promises = (recipe: Recipe): readonly PlanPromise[] => [
  { kind: 'unique', name: 'snapshot_id is unique', columns: ['snapshot_id'] },
  {
    kind: 'rate',
    name: "a day opens with yesterday's closing",
    of: or(eq(dimension('days'), 1), eq(col('opening'), yesterday('closing'))),
    asked: 1,
  },
  {
    kind: 'rate',
    name: "sold is the sum of the day's items that were not cancelled",
    of: eq(col('sold'), soldUnits(recipe)),
    asked: 1,
  },
  {
    kind: 'rate',
    name: 'returned is the sum of the items that came back on the day',
    of: eq(col('returned'), returnedUnits(recipe)),
    asked: 1,
  },
]
