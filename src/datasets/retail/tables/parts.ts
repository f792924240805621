import {
  add,
  cases,
  concat,
  div,
  draw,
  eq,
  lookup,
  mod,
  mul,
  padLeft,
  sample,
  scaleDraw,
  slice,
  text,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import type { Law } from '../../../core/expr/law.ts'
import { rounded } from '../../calibrate.ts'

/** Microseconds of a second. */
export const SECOND = 1_000_000
export const DAY_SECONDS = 86_400

/** True with a probability, as 1 and 0. */
export const chance = (probability: number): Law =>
  law.weighted([
    [0, rounded(1 - probability)],
    [1, rounded(probability)],
  ])

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

/** The word of a list by its place, which must be one of the list's. */
export const wordOf = (code: Expr, words: readonly string[]): Expr =>
  cases(
    words.slice(0, -1).map((each, i) => [eq(code, i), each] as const),
    words.at(-1) ?? '',
  )

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

/** One of the five-digit ZIP codes of a row of us_places. */
export const postalCode = (place: Expr): Expr =>
  concat(
    lookup('us_places', place, 'zip3'),
    slice(
      lookup('us_places', place, 'zip_tails'),
      mul(scaleDraw(draw(), lookup('us_places', place, 'zips')), 2),
      2,
    ),
  )

/** Cents as dollars, as in $4.99. */
export const dollars = (cents: Expr): Expr =>
  concat('$', text(div(cents, 100)), '.', padLeft(text(mod(cents, 100)), 2, '0'))

/** A tenth, 0..9, of the numbers 1..count that one lies in. */
export const tenthOf = (number: Expr, count: number): Expr => div(mul(add(number, -1), 10), count)
