import { concat, div, mod, padLeft, text } from '../../core/expr/build.ts'
import { law } from '../../core/expr/build-law.ts'
import type { Expr } from '../../core/expr/expr.ts'
import type { Law } from '../../core/expr/law.ts'

/** Ages are counted in days; a year has so many of them. */
export const YEAR = 365
/** The age in days at asOf of the youngest customer, who turned 18 some weeks before. */
export const YOUNGEST_AGE = 6_665
export const OLDEST_AGE = 36_500
/** The age in days from which somebody is a customer. */
export const GROWN_AGE = 6_575

/** A day that no data reaches, in days after start. */
export const NEVER = 20_000

/** Ages in days of adults who live first in a household, and of those who live with grown children. */
export const ADULT_AGES: Law = law.histogram(
  [YOUNGEST_AGE, 9_131, 12_784, 16_436, 20_089, 23_741, 27_394, 31_046, 35_000],
  [8, 17, 17, 16, 17, 14, 8, 3],
)
export const PARENT_AGES: Law = law.histogram(
  [15_400, 18_262, 21_915, 25_567, 31_046],
  [30, 42, 20, 8],
)

/** Numbers behind an area code whose exchange begins with 0 or 1 are never assigned, so nobody has one. */
export const UNASSIGNED = 2_000_000

/** A telephone number as 212-055-0142, of an area code and a number below `UNASSIGNED`. */
export const phoneNumber = (area: Expr, number: Expr): Expr =>
  concat(
    area,
    '-',
    padLeft(text(div(number, 10_000)), 3, '0'),
    '-',
    padLeft(text(mod(number, 10_000)), 4, '0'),
  )

/** Seconds of a day (UTC) at which records are made and changed. */
export const BUSINESS_HOURS: Law = law.timeOfDay([
  2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 6, 8, 9, 9, 9, 9, 8, 8, 7, 6, 4, 3,
])
