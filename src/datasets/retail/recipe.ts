import { fail } from '../../core/errors.ts'
import type { Vocabulary } from '../../core/plan/vocabulary.ts'
import { CATEGORIES } from './goods.ts'
import { MOST_ORDERS, type Settings } from './parameters.ts'
import { PROMOTION_TILES } from './promotions.ts'
import { type BaseStock, baseStock } from './stock.ts'
import { cumulativeWeights, dailyOrders, ordersPerYear, summersFrom } from './season.ts'

/** What the tables of the retail dataset are made from. */
export interface Recipe {
  readonly settings: Settings
  /** Orders of the first 365 days: the law behind the number of orders, whatever the extent. */
  readonly ordersPerYear: number
  /** Orders of each of the first 365 days. */
  readonly dailyOrders: readonly number[]
  /** Keys of orders leave room for so many a day: a power of ten, so that an order's number shows its day. */
  readonly orderCapacity: number
  /** Days since 1970 of the first day with and the first without daylight saving time. */
  readonly summers: readonly (readonly [from: number, to: number])[]
  /** What stores have in stock. */
  readonly stock: BaseStock
  /** Rows of us_places. */
  readonly places: number
}

/** The days after the longest extent in which its orders are still brought back. */
export const RETURN_DAYS = 30

/** Fits all laws; plan.infeasible when the parameters cannot hold together. */
export const fitRecipe = (
  settings: Settings,
  vocabularies: ReadonlyMap<string, Vocabulary>,
): Recipe => {
  const { orders, days, products, promotions, start } = settings
  const most = PROMOTION_TILES * (CATEGORIES + products)
  if (promotions > most)
    fail(
      'plan.infeasible',
      `--promotions ${promotions} cannot hold with --products ${products}: expected at most ${most}`,
      { hint: 'a category and a product have at most one promotion at a time' },
    )
  const weights = cumulativeWeights(start)
  const perYear = orders > 0 ? ordersPerYear({ orders, days }, weights) : settings.ordersPerYear
  if (perYear > MOST_ORDERS)
    fail(
      'plan.infeasible',
      `--orders ${orders} in --days ${days} are ${perYear} a year: expected at most ${MOST_ORDERS}`,
    )
  const daily = dailyOrders(perYear, weights)
  return {
    settings,
    ordersPerYear: perYear,
    dailyOrders: daily,
    orderCapacity: powerOfTen(Math.max(...daily)),
    summers: summersFrom(start),
    stock: baseStock(settings, perYear),
    places: vocabularies.get('us_places')?.rows ?? 1,
  }
}

const powerOfTen = (least: number): number => {
  let power = 1000
  while (power < least) power *= 10
  return power
}
