import {
  add,
  and,
  cases,
  col,
  concat,
  date,
  eq,
  gt,
  isNull,
  key,
  le,
  lookup,
  mul,
  not,
  or,
  sample,
  sub,
  text,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import { check, column, hidden, range, table } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { KINDS } from '../goods.ts'
import {
  categoryOfRank,
  isProductTurn,
  PROMOTION_TILE_DAYS,
  productOfRank,
  rankOf,
  tileOf,
  turnOf,
} from '../promotions.ts'
import type { Recipe } from '../recipe.ts'
import { entryOf } from '../../expressions.ts'
import { dollars, existing } from './parts.ts'

/** promotions: what is cheaper when. A category or product has at most one at a time. */
export const promotionTable = ({ settings }: Recipe): Table =>
  table('promotions', {
    description: 'One row a promotion of a category or a product.',
    rows: range(settings.promotions),
    columns: [...landed(), ...behind(settings)],
    references: [{ columns: ['product_id'], table: 'products', to: ['product_id'] }],
    checks: [
      check('promotions_kind', or(...PROMOTION_KINDS.map((each) => eq(col('kind'), each)))),
      check('promotions_time', le(col('starts_on'), col('ends_on'))),
      check(
        'promotions_target',
        or(
          and(isNull(col('product_id')), not(isNull(col('category')))),
          and(isNull(col('category')), not(isNull(col('product_id')))),
        ),
      ),
      check(
        'promotions_discount',
        or(gt(col('discount_percent'), 0), gt(col('discount_cents'), 0)),
      ),
    ],
    promises: [
      { kind: 'unique', name: 'promotion_id is unique', columns: ['promotion_id'] },
      ...['category', 'product_id'].map(
        (target) =>
          ({
            kind: 'disjoint',
            name: `one promotion at a time by ${target}`,
            by: [target],
            from: 'starts_on',
            to: 'ends_on',
            where: not(isNull(col(target))),
          }) as const,
      ),
    ],
  })

/** A share of the price, cents off each unit, or a share of the price of two units and more. */
export const PROMOTION_KINDS = ['percent_off', 'amount_off', 'multi_buy']
export const AMOUNT_OFF = 1
export const MULTI_BUY = 2

const PERCENTS = law.weighted([
  [5, 10],
  [10, 25],
  [15, 20],
  [20, 20],
  [25, 12],
  [30, 8],
  [40, 3],
  [50, 2],
])
const AMOUNTS = law.weighted([
  [25, 10],
  [50, 30],
  [100, 35],
  [150, 10],
  [200, 15],
])

const landed = (): Table['columns'] => [
  column('promotion_id', key(), { description: 'Number of the promotion, from 1.' }),
  column('name', concat(offer(), ' ', col('target')), { description: 'What is offered on what.' }),
  column('product_id', when(eq(col('is_product'), 1), existing('products', col('product')), null), {
    description: 'The promoted product, if it is for one.',
  }),
  column('category', when(eq(col('is_product'), 1), null, col('category_name')), {
    description: 'The promoted category, if it is for one.',
  }),
  column('kind', entryOf(col('kind_code'), PROMOTION_KINDS), {
    description:
      'percent_off, amount_off (of each unit), or multi_buy (per cent off two and more).',
  }),
  column('discount_percent', when(eq(col('kind_code'), AMOUNT_OFF), null, col('percent')), {
    description: 'Per cent off the price.',
  }),
  column('discount_cents', when(eq(col('kind_code'), AMOUNT_OFF), col('amount'), null), {
    description: 'Cents off each unit, at most a quarter of its price.',
  }),
  column('starts_on', add(date('start'), col('from_day')), { description: 'First day.' }),
  column('ends_on', add(date('start'), col('last_day')), { description: 'Last day.' }),
]

const offer = () =>
  cases(
    [
      [eq(col('kind_code'), AMOUNT_OFF), concat(dollars(col('amount')), ' off')],
      [eq(col('kind_code'), MULTI_BUY), concat('Buy 2, save ', text(col('percent')), '% on')],
    ],
    concat(text(col('percent')), '% off'),
  )

const behind = (settings: Recipe['settings']): Table['columns'] => {
  const number = sub(key(), 1)
  return [
    hidden('tile', tileOf(number)),
    hidden('turn', turnOf(number)),
    hidden('is_product', when(isProductTurn(col('turn'), settings), 1, 0)),
    hidden('rank', rankOf(col('turn'), settings)),
    hidden('product', productOfRank(col('rank'), col('tile'), settings)),
    hidden(
      'category_name',
      lookup('retail_goods', mul(categoryOfRank(col('rank'), col('tile')), KINDS), 'category'),
    ),
    hidden(
      'target',
      when(
        eq(col('is_product'), 1),
        lookup('products', col('product'), 'name'),
        col('category_name'),
      ),
    ),
    hidden(
      'kind_code',
      sample(
        law.weighted([
          [0, 60],
          [AMOUNT_OFF, 25],
          [MULTI_BUY, 15],
        ]),
      ),
    ),
    hidden('percent', sample(PERCENTS)),
    hidden('amount', sample(AMOUNTS)),
    hidden(
      'from_day',
      add(mul(col('tile'), PROMOTION_TILE_DAYS), sample(law.uniform(0, LATEST_START))),
      { description: 'Days from start.' },
    ),
    hidden(
      'last_day',
      add(col('from_day'), sample(law.uniform(4, PROMOTION_TILE_DAYS - 1 - LATEST_START))),
      { description: 'Days from start; it lies in the same tile.' },
    ),
  ]
}

const LATEST_START = 4
