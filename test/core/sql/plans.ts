import {
  add,
  col,
  dimension,
  div,
  draw,
  fold,
  hour,
  key,
  letIn,
  local,
  lookup,
  lt,
  mul,
  ordinal,
  parentKey,
  sample,
  text,
  timestamp,
  TIMESTAMP,
  reinterpret,
  decimalType,
  when,
  cases,
  gt,
} from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { children, column, cross, plan, range, table, union } from '../../../src/core/plan/build.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'

const PRICE = decimalType(9, 2)

/** Orders with items: a lookup, a fold, words, nulls and each type that lands. */
export const SHOP: TypedPlan = resolvePlan(
  plan({
    name: 'shop',
    seed: 7,
    tables: [
      table('products', {
        rows: range(20),
        columns: [
          column('product_id', key()),
          column('price', sample(law.uniform(99, 9999), { type: PRICE })),
        ],
      }),
      table('orders', {
        rows: range(1000),
        columns: [
          column('order_id', key(), { as: 'order' }),
          column('channel', sample(law.weighted({ web: 5, shop: 3, phone: 1 }))),
          column('note', draw('uuid'), { nullRate: 0.5 }),
          column('total', fold.sum('items', col('amount'))),
          column('is_large', gt(fold.count('items'), 2)),
        ],
      }),
      table('items', {
        rows: children('orders', 4, sample(law.uniform(0, 4), { stream: 'items' })),
        columns: [
          column('item_id', key()),
          column('order_id', parentKey()),
          column('line', ordinal()),
          column('product_id', sample(law.uniform(1, 20))),
          column('amount', lookup('products', col('product_id'), 'price')),
          column('at', reinterpret(mul(key(), 60_000_000), TIMESTAMP)),
        ],
      }),
    ],
  }),
  new Map(),
)

/** Row spaces that are rarer: a cross, a union of it with a range, and what a case may only compute inside. */
export const GRID: TypedPlan = resolvePlan(
  plan({
    name: 'grid',
    seed: 'a text',
    tables: [
      table('stores', { rows: range(3), columns: [column('store_id', key())] }),
      table('days', { rows: range(5), columns: [column('day_id', key())] }),
      table('visits', {
        rows: cross(['stores', 10], ['days', 1000]),
        columns: [
          column('visit_id', key()),
          column('store_id', dimension('stores')),
          column('label', text(dimension('days'))),
        ],
      }),
      table('events', {
        rows: union(4, ['stores', 1], ['visits', 3]),
        columns: [column('event_id', key()), column('member', ordinal())],
      }),
      table('guarded', {
        rows: range(4_000_000),
        columns: [
          column(
            'product',
            when(
              lt(key(), 1000),
              letIn(
                'p',
                mul(key(), key(), key(), key(), key()),
                add(local('p'), div(local('p'), 7)),
              ),
              0,
            ),
          ),
          column(
            'second',
            cases(
              [
                [gt(key(), 999), 1],
                [
                  gt(
                    letIn('p', mul(key(), key(), key(), key(), key()), add(local('p'), local('p'))),
                    5,
                  ),
                  2,
                ],
              ],
              3,
            ),
          ),
        ],
      }),
    ],
  }),
  new Map(),
)

/** A division by what is always nothing, though its interval does not say so, in a branch that no row takes. */
export const UNREACHED: TypedPlan = resolvePlan(
  plan({
    name: 'unreached',
    seed: 1,
    tables: [
      table('shares', {
        rows: range(2),
        columns: [
          column('none', hour(timestamp('2024-01-01T00:00:00Z'))),
          column('share', when(gt(col('none'), 0), div(col('none'), col('none')), 7)),
        ],
      }),
    ],
  }),
  new Map(),
)

/** A table of a plan that is known to be there. */
export const tableIn = (typed: TypedPlan, name: string) => {
  const found = typed.tables.get(name)
  if (found === undefined) throw new Error(`no table ${name}`)
  return found
}
