import { add, and, cases, div, eq, ge, lt, mod, mul, sub } from '../../core/expr/build.ts'
import type { Expr } from '../../core/expr/expr.ts'
import { CATEGORIES } from './goods.ts'

/**
 * Where promotions are. Time is cut into tiles of 15 days, and each promotion lies in one. Promotion number i (from 0)
 * is the turn i div 25 of tile i mod 25. In a tile every fourth turn is a category's, at first; the others are
 * products'. After 8 categories only products follow, and when all have had a turn the categories that are left. So no
 * category and no product has two in a tile.
 */
export const PROMOTION_TILES = 25
export const PROMOTION_TILE_DAYS = 15

/** The lists that promotions go through. */
export interface ProductList {
  readonly products: number
  readonly promotions: number
}

/** The tile and the turn of a promotion by its number. */
export const tileOf = (number: Expr): Expr => mod(number, PROMOTION_TILES)
export const turnOf = (number: Expr): Expr => div(number, PROMOTION_TILES)

/** Whether a turn is a product's. */
export const isProductTurn = (turn: Expr, { products }: ProductList): Expr => {
  const mixed = mixedCategories(products)
  return cases([[lt(turn, CYCLE * mixed), ge(mod(turn, CYCLE), 1)]], lt(turn, mixed + products))
}

/** The rank of a turn's category or product among those of the tile, from 0. */
export const rankOf = (turn: Expr, { products }: ProductList): Expr => {
  const mixed = mixedCategories(products)
  const isMixed = lt(turn, CYCLE * mixed)
  return cases(
    [
      [and(isMixed, eq(mod(turn, CYCLE), 0)), div(turn, CYCLE)],
      [isMixed, sub(sub(turn, 1), div(turn, CYCLE))],
      [lt(turn, mixed + products), sub(turn, mixed)],
    ],
    sub(turn, products),
  )
}

/** The category of a rank in a tile: each tile starts elsewhere. */
export const categoryOfRank = (rank: Expr, tile: Expr): Expr =>
  mod(add(mul(rank, CATEGORY_STEP), mul(tile, TILE_STEP)), CATEGORIES)

/** The product of a rank in a tile, counted from 1: tile after tile goes on through the list, which is stirred. */
export const productOfRank = (rank: Expr, tile: Expr, list: ProductList): Expr =>
  add(mod(mul(add(rank, mul(tile, strideOf(list))), stepOf(list.products)), list.products), 1)

/** The number of the promotion that a category has in a tile, when there are so many. */
export const promotionOfCategory = (
  category: Expr,
  tile: Expr,
  { products }: ProductList,
): Expr => {
  const rank = mod(
    mul(mod(sub(category, mul(tile, TILE_STEP)), CATEGORIES), inverseOf(CATEGORY_STEP, CATEGORIES)),
    CATEGORIES,
  )
  const isMixed = lt(rank, mixedCategories(products))
  return numberOf(cases([[isMixed, mul(rank, CYCLE)]], add(rank, products)), tile)
}

/** The number of the promotion that a product, counted from 1, has in a tile, when there are so many. */
export const promotionOfProduct = (product: Expr, tile: Expr, list: ProductList): Expr => {
  const { products } = list
  const place = mod(mul(sub(product, 1), inverseOf(stepOf(products), products)), products)
  const rank = mod(sub(place, mul(tile, strideOf(list))), products)
  const mixed = mixedCategories(products)
  const isMixed = lt(rank, (CYCLE - 1) * mixed)
  return numberOf(cases([[isMixed, add(rank, 1, div(rank, CYCLE - 1))]], add(rank, mixed)), tile)
}

/** Every so many turns is a category's. */
const CYCLE = 4
const MIXED_CATEGORIES = 8
const CATEGORY_STEP = 5
const TILE_STEP = 7

const mixedCategories = (products: number): number =>
  Math.min(MIXED_CATEGORIES, Math.floor(products / (CYCLE - 1)))

/** About as many products as a tile promotes, so that the next one begins where it ends. */
const strideOf = ({ products, promotions }: ProductList): number =>
  Math.ceil(promotions / PROMOTION_TILES) % products

/** A step that visits all of so many products, a good third of them apart. */
const stepOf = (products: number): number => {
  let step = Math.max(1, Math.floor(products * 0.382))
  while (commonDivisor(step, products) > 1) step++
  return step
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b))

/** The number by which a multiple of step is divided by it, counting modulo n; step and n have no common divisor. */
const inverseOf = (step: number, n: number): number => {
  let [rest, next, found, after] = [n, step % n, 0, 1]
  while (next > 0) {
    const times = Math.floor(rest / next)
    ;[rest, next] = [next, rest - times * next]
    ;[found, after] = [after, found - times * after]
  }
  return ((found % n) + n) % n
}

const numberOf = (turn: Expr, tile: Expr): Expr => add(mul(turn, PROMOTION_TILES), tile)
