import {
  add,
  concat,
  div,
  lookup,
  mod,
  mul,
  padLeft,
  sample,
  text,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'

/** A number within 1..rows of a range table, known as a key of it, so that references to it hold by construction. */
export const existing = (
  table: 'stores' | 'products' | 'customers' | 'promotions',
  number: Expr,
): Expr => lookup(table, number, KEY_OF[table])

const KEY_OF = {
  stores: 'store_id',
  products: 'product_id',
  customers: 'customer_id',
  promotions: 'promotion_id',
} as const

/** A house number, a street and its type; each takes a stream of its own in the column it stands in. */
export const streetAddress = (): Expr =>
  concat(
    text(sample(law.logNormal(900, 1.2, { low: 1, high: 19_999 }), { stream: 'house_number' })),
    ' ',
    lookup('streets', sample(law.vocabulary('streets', 'weight'), { stream: 'street' }), 'name'),
    ' ',
    lookup(
      'street_types',
      sample(law.vocabulary('street_types', 'weight'), { stream: 'street_type' }),
      'name',
    ),
  )

/** Cents as dollars, as in $4.99. */
export const dollars = (cents: Expr): Expr =>
  concat('$', text(div(cents, 100)), '.', padLeft(text(mod(cents, 100)), 2, '0'))

/** A tenth, 0..9, of the numbers 1..count that one lies in. */
export const tenthOf = (number: Expr, count: number): Expr => div(mul(add(number, -1), 10), count)
