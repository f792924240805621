import {
  add,
  and,
  col,
  date,
  div,
  greatest,
  gt,
  key,
  least,
  lookup,
  lt,
  mul,
  ordinal,
  parent,
  parentKey,
  sample,
  sub,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { check, children, column, hidden, table, virtualTable } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { PRICE_DAYS, PRICE_TILES } from '../goods.ts'

/** price_tiles: eight prices a product, each for 56 days; the first change is on a day of the product's own. */
export const priceTileTable = (): Table =>
  virtualTable('price_tiles', {
    description: 'What a product costs, 56 days at a time.',
    rows: children('products', PRICE_TILES, PRICE_TILES),
    columns: [
      hidden('product_id', parentKey()),
      hidden('from_day', sub(mul(ordinal(), PRICE_DAYS), parent('price_shift')), {
        description: 'Days from start.',
      }),
      hidden('to_day', add(col('from_day'), PRICE_DAYS)),
      hidden(
        'price_cents',
        add(mul(div(mul(parent('unit_price_cents'), add(100, sample(CHANGES))), 1000), 10), 9),
        { description: 'The list price changed by some per cent, ending in 9.' },
      ),
    ],
  })

/** product_prices: the truth behind the prices of items. */
export const productPriceTable = (): Table =>
  table('product_prices', {
    description: 'One row a price of a product, in days that follow one another.',
    rows: children('products', PRICE_TILES, sub(PRICE_TILES, col('skipped_tiles'))),
    columns: [
      column('product_price_id', key(), { description: 'Number of the price.' }),
      column('product_id', parentKey(), { description: 'The product.' }),
      column('valid_from', add(date('start'), greatest(tile('from_day'), parent('launch_day'))), {
        description: 'First day of the price.',
      }),
      column('valid_to', add(date('start'), tile('to_day')), {
        description: 'First day after the price.',
      }),
      column('price_cents', tile('price_cents'), { description: 'Price of a unit in cents.' }),
    ],
    references: [{ columns: ['product_id'], table: 'products', to: ['product_id'] }],
    checks: [
      check(
        'product_prices_valid',
        and(lt(col('valid_from'), col('valid_to')), gt(col('price_cents'), 0)),
      ),
    ],
    promises: [
      { kind: 'unique', name: 'product_price_id is unique', columns: ['product_price_id'] },
      {
        kind: 'disjoint',
        name: 'a product has one price at a time',
        by: ['product_id'],
        from: 'valid_from',
        to: 'valid_to',
      },
      {
        kind: 'rate',
        name: 'prices stay above the cost',
        of: gt(col('price_cents'), lookup('products', col('product_id'), 'unit_cost_cents')),
        asked: 1,
      },
    ],
  })

const CHANGES = law.weighted([
  [-4, 8],
  [-2, 10],
  [0, 50],
  [2, 14],
  [4, 10],
  [7, 5],
  [10, 3],
])

/** A column of the n-th tile that is not over when the product is launched. */
const tile = (name: string): Expr =>
  lookup(
    'price_tiles',
    add(
      mul(parentKey(), PRICE_TILES),
      least(add(ordinal(), parent('skipped_tiles')), PRICE_TILES - 1),
    ),
    name,
  )
