import {
  add,
  and,
  col,
  concat,
  date,
  div,
  eq,
  greatest,
  gt,
  key,
  least,
  lookup,
  lt,
  mod,
  mul,
  or,
  padLeft,
  sample,
  slice,
  text,
  upper,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { check, column, hidden, range, table } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { categoryOf, KINDS, popularityRow, PRICE_DAYS, PRICE_TILES } from '../goods.ts'
import type { Recipe } from '../recipe.ts'
import { chance } from '../../expressions.ts'

/**
 * products: product 1 sells best. Neighbours in popularity are of different categories; some products are launched after
 * the data starts, and until then the one 32 places before them, of the same category, is bought instead.
 */
export const productTable = ({ settings }: Recipe): Table =>
  table('products', {
    description: 'One row a product, numbered by how well it sells.',
    rows: range(settings.products),
    columns: [...landed(), ...behind()],
    checks: [
      check(
        'products_price',
        and(gt(col('unit_cost_cents'), 0), lt(col('unit_cost_cents'), col('unit_price_cents'))),
      ),
      check('products_tax_class', or(...TAX_CLASSES.map((each) => eq(col('tax_class'), each)))),
    ],
    promises: [
      { kind: 'unique', name: 'product_id is unique', columns: ['product_id'] },
      { kind: 'unique', name: 'a sku is one product', columns: ['sku'] },
    ],
  })

/** How a product is taxed. */
export const TAX_CLASSES = ['standard', 'reduced', 'exempt']

const VARIANTS = law.weighted({
  Classic: 20,
  Everyday: 18,
  Original: 14,
  Select: 12,
  Essential: 10,
  Premium: 10,
  Natural: 8,
  Signature: 6,
  Family: 5,
  Deluxe: 4,
  Limited: 2,
})

const kind = (name: string): Expr => lookup('retail_goods', col('kind_row'), name)

const landed = (): Table['columns'] => [
  column('product_id', key(), { description: 'Number of the product, from 1.' }),
  column('sku', concat(upper(slice(col('department'), 0, 3)), '-', padLeft(text(key()), 6, '0')), {
    description: 'Stock-keeping unit: department and number.',
  }),
  column('name', concat(col('brand'), ' ', sample(VARIANTS), ' ', col('subcategory')), {
    description: 'Brand, line and kind of goods.',
  }),
  column('brand', lookup('brands', sample(law.vocabulary('brands', 'weight')), 'name'), {
    description: 'None of these brands exists.',
  }),
  column('department', kind('department'), { description: 'First level of the category tree.' }),
  column('category', kind('category'), { description: 'Second level of the category tree.' }),
  column('subcategory', kind('kind'), { description: 'Third level of the category tree.' }),
  column('unit_cost_cents', div(mul(col('unit_price_cents'), sample(law.uniform(45, 75))), 100), {
    description: 'What a unit costs the company, in cents.',
  }),
  column('unit_price_cents', ninth(mul(kind('usual_cents'), sample(SPREAD))), {
    description: 'List price in cents; what it sells for on a day is in product_prices.',
  }),
  column('tax_class', kind('tax_class'), {
    description: 'standard, reduced (half the rate) or exempt.',
  }),
  column('launched_on', add(date('start'), col('launch_day')), {
    description: 'First day on which it can be bought.',
  }),
]

const SPREAD = law.normal(100, 25, { low: 50, high: 200 })

/** Hundredths of cents as a price that ends in 9. */
const ninth = (hundredths: Expr): Expr => add(mul(div(hundredths, 1000), 10), 9)

const behind = (): Table['columns'] => [
  hidden('slot', categoryOf(key()), { description: 'Category, 0..31.' }),
  hidden('kind_row', add(mul(col('slot'), KINDS), sample(law.uniform(0, KINDS - 1)))),
  hidden('is_late', when(eq(mod(popularityRow(key()), 2), 1), sample(chance(LATE)), 0), {
    description: 'Whether it is launched after the data starts.',
  }),
  hidden('late_day', when(eq(col('is_late'), 1), sample(law.uniform(1, 300)), 0), {
    description: 'Days from start before which it is not there yet; 0 for most.',
  }),
  hidden(
    'launch_day',
    when(eq(col('is_late'), 1), col('late_day'), sample(law.uniform(-3_000, -PRICE_DAYS))),
    { description: 'Days from start.' },
  ),
  hidden('price_shift', sample(law.uniform(0, PRICE_DAYS - 1)), {
    description: 'Days by which its first price began before start.',
  }),
  hidden(
    'skipped_tiles',
    greatest(
      least(div(add(col('launch_day'), col('price_shift')), PRICE_DAYS), PRICE_TILES - 1),
      0,
    ),
    { description: 'Prices that would be over when it is launched.' },
  ),
]

const LATE = 0.06
