import {
  add,
  and,
  at,
  cases,
  coalesce,
  col,
  div,
  eq,
  ge,
  gt,
  greatest,
  isNull,
  key,
  le,
  least,
  lookup,
  lt,
  mul,
  not,
  or,
  ordinal,
  parent,
  parentKey,
  sample,
  sampleGiven,
  sub,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { check, children, column, hidden, table } from '../../../core/plan/build.ts'
import type { PlanPromise, Table } from '../../../core/plan/plan.ts'
import { complementRate } from '../baskets.ts'
import {
  CATEGORIES,
  categoryOf,
  complementOf,
  popularityRow,
  PRICE_TILES,
  priceTile,
  productAt,
} from '../goods.ts'
import { PROMOTION_TILE_DAYS, promotionOfCategory, promotionOfProduct } from '../promotions.ts'
import type { Recipe } from '../recipe.ts'
import { MOST_LINES, productLaw } from './orders.ts'
import { chance } from '../../expressions.ts'
import { existing } from './parts.ts'
import { AMOUNT_OFF, MULTI_BUY } from './promotions.ts'

/** order_items: the lines of the orders. */
export const orderItemTable = (recipe: Recipe): Table =>
  table('order_items', {
    description: 'One row a line of an order.',
    rows: children('orders', MOST_LINES, col('lines')),
    columns: [...landed(recipe), ...choice(recipe), ...promotion(recipe), ...money()],
    references: [
      { columns: ['order_id'], table: 'orders', to: ['order_id'] },
      { columns: ['product_id'], table: 'products', to: ['product_id'] },
      { columns: ['promotion_id'], table: 'promotions', to: ['promotion_id'] },
    ],
    checks: [
      check('order_items_quantity', gt(col('quantity'), 0)),
      check(
        'order_items_total',
        eq(
          col('line_total_cents'),
          add(
            sub(mul(col('quantity'), col('unit_price_cents')), col('discount_cents')),
            col('tax_cents'),
          ),
        ),
      ),
      check(
        'order_items_discount',
        or(
          and(isNull(col('promotion_id')), eq(col('discount_cents'), 0)),
          and(
            not(isNull(col('promotion_id'))),
            gt(col('discount_cents'), 0),
            lt(col('discount_cents'), mul(col('quantity'), col('unit_price_cents'))),
          ),
        ),
      ),
    ],
    promises: promises(recipe),
  })

/** The most units of a line. */
export const MOST_UNITS = 12

/** Units of a line by what one costs: below $10, below $30, and more. */
const QUANTITIES = [
  law.weighted([
    [1, 66],
    [2, 20],
    [3, 7],
    [4, 4],
    [6, 2],
    [12, 1],
  ]),
  law.weighted([
    [1, 84],
    [2, 12],
    [3, 3],
    [4, 1],
  ]),
  law.weighted([
    [1, 96],
    [2, 4],
  ]),
]

const landed = ({ settings }: Recipe): Table['columns'] => [
  column('order_item_id', key(), { description: 'Number of the line: its order and place in it.' }),
  column('order_id', parentKey(), { description: 'The order.' }),
  column('line_number', add(ordinal(), 1), { description: 'Place in the order, from 1.' }),
  column('product_id', existing('products', soldProduct(settings)), {
    description: 'What is bought.',
  }),
  column('promotion_id', when(gt(col('discount_cents'), 0), col('promotion'), null), {
    description: 'The promotion that makes it cheaper, if one does.',
  }),
  column('quantity', sampleGiven(priceClass(), QUANTITIES), { description: 'Units.' }),
  column(
    'unit_price_cents',
    lookup(
      'price_tiles',
      add(mul(col('product_id'), PRICE_TILES), col('price_tile')),
      'price_cents',
    ),
    { description: 'Price of a unit on the day, in cents, before discount and tax.' },
  ),
  column('discount_cents', discount(), { description: 'Taken off the line.' }),
  column(
    'tax_cents',
    div(add(mul(sub(col('gross_cents'), col('discount_cents')), col('tax_bp')), 5_000), 10_000),
    { description: 'Sales tax of the store on the discounted price, rounded half up.' },
  ),
  column(
    'line_total_cents',
    add(sub(col('gross_cents'), col('discount_cents')), col('tax_cents')),
    { description: 'Quantity times unit price - discount + tax.' },
  ),
]

const priceClass = (): Expr =>
  cases(
    [
      [lt(col('unit_price_cents'), 1_000), 0],
      [lt(col('unit_price_cents'), 3_000), 1],
    ],
    2,
  )

/** What is bought, or what was sold in its place before it was launched. */
const soldProduct = ({ products }: Recipe['settings']): Expr =>
  products > CATEGORIES
    ? when(
        gt(lookup('products', col('wanted'), 'late_day'), col('day')),
        greatest(sub(col('wanted'), CATEGORIES), 1),
        col('wanted'),
      )
    : col('wanted')

const choice = ({ settings }: Recipe): Table['columns'] => [
  hidden('day_key', parent('day_key')),
  hidden('store', parent('store_id')),
  hidden('day', parent('day'), { description: 'Days from start.' }),
  hidden(
    'wanted',
    cases(
      [
        [eq(ordinal(), 0), parent('first_product')],
        [
          eq(col('goes_along'), 1),
          productAt(
            {
              row: popularityRow(col('any_product')),
              category: complementOf(categoryOf(parent('first_product'))),
            },
            settings.products,
          ),
        ],
      ],
      col('any_product'),
    ),
    { description: 'The product before it is known whether it has been launched.' },
  ),
  hidden('any_product', sample(productLaw(settings))),
  hidden('goes_along', sample(chance(settings.complementShare)), {
    description: 'Whether a further line is of the category that goes with the first.',
  }),
  hidden('price_tile', priceTile(col('day'), lookup('products', col('product_id'), 'price_shift'))),
]

/** The promotion of the product, else that of its category, where there is one on the day. */
const promotion = ({ settings }: Recipe): Table['columns'] => {
  const tile = div(col('day'), PROMOTION_TILE_DAYS)
  const ofProduct = promotionOfProduct(col('product_id'), tile, settings)
  const ofCategory = promotionOfCategory(categoryOf(col('product_id')), tile, settings)
  return [
    hidden('of_product', active(ofProduct, settings)),
    hidden('of_category', active(ofCategory, settings)),
    hidden('promotion', coalesce(col('of_product'), col('of_category'))),
  ]
}

/** The key of the promotion of a number, when there is one so late and it runs on the day; else null. */
const active = (number: Expr, { promotions }: Recipe['settings']): Expr => {
  const found = least(add(number, 1), promotions)
  return cases(
    [
      [
        lt(number, promotions),
        when(
          and(
            le(lookup('promotions', found, 'from_day'), col('day')),
            ge(lookup('promotions', found, 'last_day'), col('day')),
          ),
          found,
          null,
        ),
      ],
    ],
    null,
  )
}

const money = (): Table['columns'] => [
  hidden('gross_cents', mul(col('quantity'), col('unit_price_cents'))),
  hidden(
    'tax_bp',
    cases(
      [
        [eq(taxClass(), 'standard'), parent('tax_bp')],
        [eq(taxClass(), 'reduced'), div(parent('tax_bp'), 2)],
      ],
      0,
    ),
  ),
]

const taxClass = (): Expr => lookup('products', col('product_id'), 'tax_class')

const discount = (): Expr => {
  const percentOff = div(mul(col('gross_cents'), ofPromotion('percent')), 100)
  const kind = ofPromotion('kind_code')
  return cases(
    [
      [isNull(col('promotion')), 0],
      [
        eq(kind, AMOUNT_OFF),
        mul(col('quantity'), least(ofPromotion('amount'), div(col('unit_price_cents'), 4))),
      ],
      [and(eq(kind, MULTI_BUY), lt(col('quantity'), 2)), 0],
    ],
    percentOff,
  )
}

const ofPromotion = (name: string): Expr => lookup('promotions', col('promotion'), name)

const promises = ({ settings }: Recipe): readonly PlanPromise[] => [
  { kind: 'unique', name: 'order_item_id is unique', columns: ['order_item_id'] },
  { kind: 'unique', name: 'lines are numbered once', columns: ['order_id', 'line_number'] },
  {
    kind: 'rate',
    name: 'an item costs what its product costs on the day',
    of: eq(col('unit_price_cents'), priceOnDay(settings)),
    asked: 1,
  },
  {
    kind: 'rate',
    name: 'products are launched before they are sold',
    of: ge(parent('order_date'), lookup('products', col('product_id'), 'launched_on')),
    asked: 1,
  },
  {
    kind: 'rate',
    name: 'a discount lies within its promotion, of the product or its category',
    of: and(
      ge(parent('order_date'), onOffer('starts_on')),
      le(parent('order_date'), onOffer('ends_on')),
      coalesce(
        eq(onOffer('product_id'), col('product_id')),
        eq(onOffer('category'), lookup('products', col('product_id'), 'category')),
      ),
    ),
    among: gt(col('discount_cents'), 0),
    asked: 1,
  },
  {
    kind: 'distribution',
    name: "products sell by Zipf's law, but for those not launched yet",
    column: 'product_id',
    law: productLaw(settings),
    tolerance: 0.05,
    unit: 'orders',
  },
  {
    kind: 'rate',
    name: 'further lines that go with the first',
    of: eq(
      categoryOf(col('product_id')),
      complementOf(categoryOf(lookup('order_items', mul(parentKey(), MOST_LINES), 'product_id'))),
    ),
    among: gt(col('line_number'), 1),
    asked: complementRate(settings),
    tolerance: 0.01,
    unit: 'orders',
  },
]

/** The price found by time: in the landed prices, where they land. */
const priceOnDay = ({ withTruth }: Recipe['settings']): Expr => {
  const [prices, from, time] =
    withTruth === 1
      ? (['product_prices', 'valid_from', parent('order_date')] as const)
      : (['price_tiles', 'from_day', col('day')] as const)
  return lookup(prices, at(prices, { parent: col('product_id'), from, time }), 'price_cents')
}

const onOffer = (name: string): Expr => lookup('promotions', col('promotion_id'), name)
