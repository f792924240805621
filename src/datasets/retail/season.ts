import { civilFromDays, daysFromCivil, isoWeekday } from '../../core/expr/civil.ts'

/** The longest extent of the data, in days. */
export const SEASON_DAYS = 365

/** Shares of the months in the retail sales of a year, in hundredths of a per cent (US Census Bureau, 2024-25). */
const MONTH_SHARES = [764, 732, 835, 835, 879, 827, 849, 860, 793, 849, 850, 928]
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** How busy a day of each month is, relative to the others, January first. */
export const MONTH_WEIGHTS: readonly number[] = MONTH_SHARES.map((share, i) =>
  Math.round((share * 10) / (MONTH_DAYS[i] ?? 30)),
)

/** How busy each day of the week is, relative to the others, Monday first. */
export const WEEKDAY_WEIGHTS: readonly number[] = [88, 86, 90, 96, 114, 132, 94]

/** The cumulative weight of the first 0, 1, 2 ... 365 days from `start`, a day since 1970. */
export const cumulativeWeights = (start: number): readonly number[] => {
  const sums = [0]
  for (let day = 0; day < SEASON_DAYS; day++) sums.push((sums[day] ?? 0) + weightOf(start + day))
  return sums
}

/** The least number of orders in 365 days that makes exactly `orders` of them in the first `days`. */
export const ordersPerYear = (
  { orders, days }: { readonly orders: number; readonly days: number },
  weights: readonly number[],
): number => {
  const [part, whole] = [BigInt(weights[days] ?? 1), BigInt(weights[SEASON_DAYS] ?? 1)]
  return Number((BigInt(orders) * whole + part - 1n) / part)
}

/**
 * Orders of each of the 365 days: floor(R·W(d + 1)) - floor(R·W(d)) with W the cumulative weight and R the orders of a
 * unit of weight. So the first days together have what the rate asks for, to one, whatever follows them.
 */
export const dailyOrders = (perYear: number, weights: readonly number[]): readonly number[] => {
  const whole = BigInt(weights[SEASON_DAYS] ?? 1)
  const until = weights.map((weight) => Number((BigInt(perYear) * BigInt(weight)) / whole))
  return until.slice(1).map((orders, day) => orders - (until[day] ?? 0))
}

/** Days since 1970 of the first day with and the first day without daylight saving time in the United States. */
export const summersFrom = (start: number): readonly (readonly [from: number, to: number])[] => {
  const { year } = civilFromDays(start)
  return [year, year + 1].map((each) => [
    nthSunday({ year: each, month: 3, nth: 2 }),
    nthSunday({ year: each, month: 11, nth: 1 }),
  ])
}

const weightOf = (day: number): number =>
  (WEEKDAY_WEIGHTS[isoWeekday(day) - 1] ?? 0) * (MONTH_WEIGHTS[civilFromDays(day).month - 1] ?? 0)

const nthSunday = ({
  year,
  month,
  nth,
}: {
  readonly year: number
  readonly month: number
  readonly nth: number
}): number => {
  const first = daysFromCivil({ year, month, day: 1 })
  return first + 7 * nth - isoWeekday(first)
}
