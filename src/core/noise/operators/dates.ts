import {
  add,
  and,
  day,
  div,
  eq,
  gt,
  le,
  lt,
  mod,
  month,
  mul,
  ne,
  or,
  sub,
  when,
  year,
} from '../../expr/build.ts'
import { law } from '../../expr/build-law.ts'
import type { Expr } from '../../expr/expr.ts'
import type { Operator } from '../model.ts'

/** Day and month in each other's place, where the day can be a month and is not this one. */
export const swapDayAndMonth = (column: string, rate: number): Operator => ({
  name: 'day and month',
  rate,
  where: ({ before }) => {
    const date = before(column)
    return and(le(day(date), 12), ne(day(date), month(date)))
  },
  changes: ({ before }) => {
    const date = before(column)
    const own = dayOfYear(date, { month: month(date), day: day(date) })
    const turned = dayOfYear(date, { month: day(date), day: month(date) })
    return { [column]: add(date, sub(turned, own)) }
  },
})

/** A year or two too old or too young, as ages are misreported: one year 40 % each way, two years 10 % (pseudopeople). */
export const misstateAge = (column: string, rate: number): Operator => ({
  name: 'age',
  rate,
  changes: ({ before, sample }) => {
    const date = before(column)
    const years = sample(AGE_ERRORS, 'years')
    // Years that begin in March end with the leap day; every fourth has one from 1901 to 2099.
    const fromMarch = sub(year(date), when(le(month(date), 2), 1, 0))
    const leapDays = sub(div(add(fromMarch, years), 4), div(fromMarch, 4))
    return { [column]: add(date, add(mul(years, 365), leapDays)) }
  },
})

const AGE_ERRORS = law.weighted([
  [-2, 0.1],
  [-1, 0.4],
  [1, 0.4],
  [2, 0.1],
])

/** The first of January of the year, as when only the year is known. */
export const firstOfJanuary = (column: string, rate: number): Operator => ({
  name: 'first of January',
  rate,
  where: ({ before }) => or(gt(month(before(column)), 1), gt(day(before(column)), 1)),
  changes: ({ before }) => {
    const date = before(column)
    return { [column]: sub(date, dayOfYear(date, { month: month(date), day: day(date) })) }
  },
})

/** Up to fifty days too early or too late (splink_synthetic_data). */
export const shiftDate = (column: string, rate: number): Operator => ({
  name: 'days',
  rate,
  changes: ({ before, sample }) => {
    const drawn = sample(law.uniform(0, 99), 'days')
    return { [column]: add(before(column), sub(drawn, when(lt(drawn, 50), 50, 49))) }
  },
})

interface DayOfMonth {
  readonly month: Expr
  readonly day: Expr
}

/** Days after the first of January of a date's year (Reingold and Dershowitz, Calendrical Calculations, 2.1). */
const dayOfYear = (date: Expr, { month: of, day: number }: DayOfMonth): Expr => {
  const asIfThirty = div(sub(mul(of, 367), 362), 12)
  const short = when(gt(of, 2), when(isLeapYear(year(date)), 1, 2), 0)
  return sub(add(asIfThirty, number), add(short, 1))
}

const isLeapYear = (of: Expr): Expr =>
  and(eq(mod(of, 4), 0), or(ne(mod(of, 100), 0), eq(mod(of, 400), 0)))
