import {
  add,
  col,
  date,
  dimension,
  fold,
  key,
  lookup,
  mul,
  parent,
  parentKey,
  quantity,
  sample,
} from '../../src/core/expr/build.ts'
import { law } from '../../src/core/expr/build-law.ts'
import {
  children,
  column,
  cross,
  hidden,
  lawParameter,
  plan,
  range,
  size,
  table,
} from '../../src/core/plan/build.ts'
import type { Plan } from '../../src/core/plan/plan.ts'

/** What a plan of sales is made with: days grow, the others change what is there. */
export interface Sales {
  readonly days: number
  readonly seed?: number
  readonly stores?: number
  /** The highest price, a law. */
  readonly dearest?: number
}

/** A small plan of days: orders and items below them, a cross that begins with days, and stores that do not grow. */
export const salesPlan = ({ days, seed = 7, stores = 3, dearest = 900 }: Sales): Plan =>
  plan({
    name: 'sales',
    seed,
    start: '2024-01-01',
    asOf: '2024-12-31',
    parameters: {
      days: size(days, { min: 0 }),
      stores: size(stores, { min: 1 }),
      dearest: lawParameter(dearest),
    },
    tables: [
      table('stores', {
        rows: range(quantity('stores')),
        columns: [column('store_id', key()), column('area', sample(law.uniform(50, 900)))],
      }),
      table('days', {
        rows: range(quantity('days')),
        columns: [column('day_id', key()), hidden('orders', sample(law.uniform(0, 9)))],
      }),
      table('orders', {
        rows: children('days', 10, col('orders')),
        columns: [
          column('order_id', key()),
          column('day', add(date('2024-01-01'), parentKey())),
          column('total', fold.sum('items', col('price'))),
          hidden('lines', sample(law.uniform(1, 3))),
        ],
      }),
      table('items', {
        rows: children('orders', 4, col('lines')),
        columns: [
          column('item_id', key()),
          column('order_id', parentKey()),
          column('day', parent('day')),
          column('price', sample(law.uniform(1, quantity('dearest')))),
        ],
      }),
      table('stock', {
        rows: cross(['days', 1000], ['stores', 100]),
        columns: [
          column('stock_id', key()),
          column('area', lookup('stores', dimension('stores'), 'area')),
          column('pieces', mul(sample(law.uniform(0, 90)), dimension('days'))),
        ],
      }),
    ],
  })
