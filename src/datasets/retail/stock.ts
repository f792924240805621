import type { Settings } from './parameters.ts'
import { SEASON_DAYS } from './season.ts'

/**
 * Base stock of product p in store s: least + floor(spread / ((s + 4) · (p + 8))), a hyperbola near the laws by which
 * stores and products are busy, scaled to some days of what all of them sell.
 */
export interface BaseStock {
  readonly least: number
  readonly spread: number
}

export const BUSY_STORES = 4
export const BUSY_PRODUCTS = 8

/** The base stock that lasts three average days. */
export const baseStock = ({ stores, products }: Settings, ordersPerYear: number): BaseStock => {
  const daily = (ordersPerYear / SEASON_DAYS) * UNITS_OF_AN_ORDER
  const cells = hyperbola(stores, BUSY_STORES) * hyperbola(products, BUSY_PRODUCTS)
  return { least: 2, spread: Math.min(Math.round((DAYS_OF_STOCK * daily) / cells), MOST) }
}

const DAYS_OF_STOCK = 3
/** Three lines of about one and a half units. */
const UNITS_OF_AN_ORDER = 4.5
const MOST = 1_000_000_000

const hyperbola = (count: number, shift: number): number => {
  let sum = 0
  for (let i = 1; i <= count; i++) sum += 1 / (i + shift)
  return sum
}
