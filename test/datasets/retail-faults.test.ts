import { expect, test } from 'vitest'
import * as e from '../../src/core/expr/build.ts'
import { law } from '../../src/core/expr/build-law.ts'
import { isLakewrightError } from '../../src/core/errors.ts'
import type { Expr } from '../../src/core/expr/expr.ts'
import type { Plan } from '../../src/core/plan/plan.ts'
import { generate } from '../../src/node/run/generate.ts'
import { loadPlan } from '../../src/node/run/load-plan.ts'
import { temporaryFolders, testHost } from '../support/lake.ts'
import { buildRetail } from './retail-rows.ts'

const folder = temporaryFolders()

const PLAN = buildRetail({
  stores: 3,
  products: 90,
  customers: 80,
  promotions: 900,
  orders: 300,
  days: 5,
})

interface Fault {
  readonly table: string
  readonly column: string
  /** The expression in place of the right one. */
  readonly by: (right: Expr) => Expr
}

const withFault = (plan: Plan, { table, column, by }: Fault): Plan => ({
  ...plan,
  tables: plan.tables.map((each) =>
    each.name === table
      ? {
          ...each,
          columns: each.columns.map((one) =>
            one.name === column ? { ...one, expr: by(one.expr) } : one,
          ),
        }
      : each,
  ),
})

/** The lines of the promises that a run of the plan finds broken. */
const brokenIn = async (plan: Plan): Promise<readonly string[]> => {
  try {
    await generate(
      {
        lake: folder(),
        catalog: 'c',
        plan: await loadPlan(plan),
        mode: undefined,
        options: { format: 'parquet', compression: 'none', checksums: false, engine: 'native' },
        workers: 1,
      },
      testHost(),
    )
    return []
  } catch (error) {
    if (!isLakewrightError(error) || error.code !== 'run.promise') throw error
    return error.details['broken'] as readonly string[]
  }
}

const ONE_CELL = e.and(
  ...['days', 'stores', 'products'].map((table) => e.eq(e.dimension(table), 2)),
)

const FAULTS: readonly (readonly [string, string, Fault])[] = [
  [
    'items at the list price',
    'an item costs what its product costs on the day',
    {
      table: 'order_items',
      column: 'unit_price_cents',
      by: () => e.lookup('products', e.col('product_id'), 'unit_price_cents'),
    },
  ],
  [
    'a cent too much of tax in one of a hundred orders',
    'total and shipping differ by the sum of the line totals',
    {
      table: 'orders',
      column: 'tax_cents',
      by: (right) => e.add(right, e.sample(law.chance(0.01), { stream: 'slip' })),
    },
  ],
  [
    'promotions that go on for days too long',
    'a discount lies within its promotion',
    {
      table: 'promotions',
      column: 'ends_on',
      by: (right) => e.sub(right, 4),
    },
  ],
  [
    'products that are sold before their launch',
    'products are launched before they are sold',
    { table: 'products', column: 'launched_on', by: (right) => e.add(right, 70) },
  ],
  [
    'orders an hour late',
    'store orders fall on their day within opening hours',
    { table: 'orders', column: 'placed_at', by: (right) => e.add(right, 3_600_000_000) },
  ],
  [
    'customers who sign up after the start',
    'customers_signed_up',
    { table: 'customers', column: 'signed_up_on', by: (right) => e.add(right, 12) },
  ],
  [
    'stock that counts cancelled orders as sold',
    "sold is the sum of the day's items that were not cancelled",
    {
      table: 'inventory_snapshots',
      column: 'sold',
      by: (right) => {
        if (right.kind !== 'tally') throw new Error(`expected a tally, not ${right.kind}`)
        return e.tally.sum('order_items', e.col('quantity'), { by: right.by, most: right.most })
      },
    },
  ],
  [
    'a unit that nobody received',
    'inventory_balance',
    {
      table: 'inventory_snapshots',
      column: 'received',
      by: (right) => e.add(right, e.when(ONE_CELL, 1, 0)),
    },
  ],
  [
    'mornings that forget the evening',
    "a day opens with yesterday's closing",
    { table: 'inventory_snapshots', column: 'opening', by: () => e.col('base') },
  ],
]

test('each fault breaks its promise, and no other promise breaks', async () => {
  const plan = FAULTS.reduce((faulty, [, , fault]) => withFault(faulty, fault), PLAN)
  const broken = await brokenIn(plan)
  for (const [fault, promise] of FAULTS)
    expect(broken.filter((line) => line.includes(promise)).length, fault).toBe(1)
  expect(broken.length, broken.join('; ')).toBe(FAULTS.length)
}, 60_000)

test('a run of the plan as it is lets all pass', async () => {
  expect(await brokenIn(PLAN)).toEqual([])
}, 60_000)
