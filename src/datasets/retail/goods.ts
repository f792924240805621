import { add, div, least, mod, mul, sub } from '../../core/expr/build.ts'
import type { Operand } from '../../core/expr/build.ts'
import type { Expr } from '../../core/expr/expr.ts'

/** Categories of the vocabulary retail_goods; product p, counted from 1, is of category (p - 1) mod 32. */
export const CATEGORIES = 32
/** Kinds of goods in each category; kind j of category c stands in row c · 6 + j of the vocabulary. */
export const KINDS = 6
/** Days from one price of a product to the next. */
export const PRICE_DAYS = 56
/** Prices of a product in the longest extent, whenever in the first 56 days the first change falls. */
export const PRICE_TILES = 8

/** The category, 0..31, of a product by its number. */
export const categoryOf = (product: Operand): Expr => mod(sub(product, 1), CATEGORIES)

/** The row of 32 products of neighbouring popularity, one of each category, that a product stands in. */
export const popularityRow = (product: Operand): Expr => div(sub(product, 1), CATEGORIES)

/** The category that goes with another: they stand in pairs. */
export const complementOf = (category: Expr): Expr =>
  add(mul(div(category, 2), 2), sub(1, mod(category, 2)))

/** The product of a category in a row of popularity; the last product where the row is not full. */
export const productAt = (
  { row, category }: { readonly row: Expr; readonly category: Expr },
  products: number,
): Expr => least(add(mul(row, CATEGORIES), category, 1), products)

/** Which of its prices, 0..7, a product has on a day from start, given how many days before start its first one began. */
export const priceTile = (day: Expr, shift: Expr): Expr => div(add(day, shift), PRICE_DAYS)
