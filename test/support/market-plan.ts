import * as e from '../../src/core/expr/build.ts'
import { law } from '../../src/core/expr/build-law.ts'
import * as p from '../../src/core/plan/build.ts'
import type { Column, Plan, Table } from '../../src/core/plan/plan.ts'

/** How large a market is, and how long after a sale something may come back. */
export interface MarketOptions {
  readonly days?: number
  readonly stores?: number
  readonly products?: number
  readonly orders?: number
  readonly lag?: number
  /** More columns of the items, and of the stock. */
  readonly items?: readonly Column[]
  readonly stock?: readonly Column[]
  readonly parts?: Partial<Table>
}

/** The items sold on a row's day, in its store, of its product. */
export const soldBy = [e.col('day'), e.parent('store'), e.col('product')] as const

/** The row of the stock of the day before. */
export const YESTERDAY = e.keyOf('stock', [
  e.sub(e.dimension('days'), 1),
  e.dimension('stores'),
  e.dimension('products'),
])

/**
 * Orders of days with items, and stock of every product in every store on every day: what was sold of it, what came
 * back, what is left, and what had been left the day before.
 */
export const marketPlan = (options: MarketOptions = {}): Plan => {
  const { days = 6, stores = 3, products = 5, orders = 8, lag = 2 } = options
  return p.plan({
    name: 'market',
    seed: 7,
    start: '2024-01-01',
    asOf: '2024-03-01',
    parameters: { days: p.size(days), stores: p.size(stores), products: p.size(products) },
    tables: [
      p.table('days', {
        virtual: true,
        rows: p.range(e.quantity('days')),
        columns: [p.column('day', e.key())],
      }),
      p.table('stores', {
        rows: p.range(e.quantity('stores')),
        columns: [p.column('store', e.key())],
      }),
      p.table('products', {
        rows: p.range(e.quantity('products')),
        columns: [p.column('product', e.key())],
      }),
      p.table('orders', {
        rows: p.children('days', 4096, e.sample(law.uniform(orders - 2, orders))),
        columns: [
          p.column('order', e.key()),
          p.column('day', e.parentKey()),
          p.column('store', e.sample(law.uniform(1, stores))),
          p.column('cancelled', e.sample(law.chance(0.2), { type: e.BOOLEAN })),
        ],
      }),
      p.table('items', {
        rows: p.children('orders', 4, e.sample(law.uniform(1, 4))),
        columns: [
          p.column('item', e.key()),
          p.column('order', e.parentKey()),
          p.column('day', e.parent('day')),
          p.column('product', e.sample(law.uniform(1, products))),
          p.column('quantity', e.sample(law.uniform(1, 3))),
          p.column('lag', e.sample(law.uniform(0, lag)), { nullRate: 0.5 }),
          p.column('back', e.add(e.parent('day'), e.coalesce(e.col('lag'), 0))),
          ...(options.items ?? []),
        ],
      }),
      stockTable(options),
    ],
  })
}

const stockTable = ({ stock = [], parts = {} }: MarketOptions): Table =>
  p.table('stock', {
    rows: p.cross(['days', 1000], ['stores', 100], ['products', 1000]),
    columns: [
      p.column('day', e.dimension('days')),
      p.column('store', e.dimension('stores')),
      p.column('product', e.dimension('products')),
      p.column(
        'sold',
        e.tally.sum('items', e.col('quantity'), {
          by: soldBy,
          where: e.not(e.parent('cancelled')),
          most: 1000,
        }),
      ),
      p.column(
        'returned',
        e.tally.sum('items', e.col('quantity'), {
          by: [e.col('back'), e.parent('store'), e.col('product')],
          where: e.not(e.isNull(e.col('lag'))),
          most: 1000,
        }),
      ),
      p.column('lines', e.tally.count('items', { by: soldBy, most: 1000 })),
      p.column('left', e.sub(2000, e.col('sold'))),
      p.column(
        'before',
        e.when(e.ge(e.dimension('days'), 2), e.lookup('stock', YESTERDAY, 'left'), 2000),
      ),
      ...stock,
    ],
    ...parts,
  })
