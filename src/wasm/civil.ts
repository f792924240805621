const YEARS_PER_ERA: i32 = 400
const DAYS_PER_ERA: i32 = 146097
/** Days from 0000-03-01, the start of an era, to 1970-01-01. */
const DAYS_BEFORE_1970: i32 = 719468

/** year · 512 + month · 32 + day of a day since 1970-01-01, by the steps of src/core/expr/civil.ts. */
// @ts-ignore: decorator
@inline export function civil(days: i32): i32 {
  const shifted = days + DAYS_BEFORE_1970
  const era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA
  const dayOfEra = <u32>(shifted - era * DAYS_PER_ERA)
  const leapDays = dayOfEra / 1460 - dayOfEra / 36524 + dayOfEra / 146096
  const yearOfEra = (dayOfEra - leapDays) / 365
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const monthFromMarch = (5 * dayOfYear + 2) / 153
  const day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = era * YEARS_PER_ERA + yearOfEra + (month > 2 ? 0 : 1)
  return (year << 9) | (month << 5) | day
}
