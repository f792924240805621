import { fail } from '../errors.ts'

/** A day of the proleptic Gregorian calendar; month and day count from 1. */
export interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Microseconds of a day; every day has as many, since timestamps are UTC without leap seconds. */
export const MICROS_PER_DAY = 86_400_000_000

/**
 * Days since 1970-01-01 of a civil date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
 * days_from_civil). The date is not checked.
 */
export const daysFromCivil = ({ year, month, day }: CivilDate): number => {
  const shifted = month > 2 ? year : year - 1
  const era = Math.floor(shifted / YEARS_PER_ERA)
  const yearOfEra = shifted - era * YEARS_PER_ERA
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  return era * DAYS_PER_ERA + yearOfEra * 365 + leapDays + dayOfYear - DAYS_BEFORE_1970
}

/** The civil date of a day since 1970-01-01, negative ones too (Hinnant, civil_from_days). */
export const civilFromDays = (days: number): CivilDate => {
  const shifted = days + DAYS_BEFORE_1970
  const era = Math.floor(shifted / DAYS_PER_ERA)
  const dayOfEra = shifted - era * DAYS_PER_ERA
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36524) + Math.floor(dayOfEra / 146096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return { year: era * YEARS_PER_ERA + yearOfEra + (month > 2 ? 0 : 1), month, day }
}

/** The ISO weekday of a day since 1970-01-01: Monday 1 to Sunday 7. */
export const isoWeekday = (days: number): number => floorMod(days + 3, 7) + 1

/** Days since 1970-01-01 of ISO text such as `2024-01-31`, years 0001 to 9999; anything else is plan.invalid. */
export const parseDate = (text: string): number =>
  dayOf(DATE.exec(text)?.groups) ?? refuse(text, 'a date such as 2024-01-31')

/**
 * Microseconds since 1970 of ISO UTC text such as `2024-01-31T10:00:00Z`, with up to six digits of a second;
 * anything else, offsets included, is plan.invalid.
 */
export const parseTimestamp = (text: string): number => {
  const groups = TIMESTAMP.exec(text)?.groups
  const days = dayOf(groups)
  if (groups === undefined || days === undefined)
    return refuse(text, 'a UTC timestamp such as 2024-01-31T10:00:00Z')
  const { hour, minute, second, fraction = '' } = groups
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second)
  return days * MICROS_PER_DAY + seconds * 1_000_000 + Number(fraction.padEnd(6, '0'))
}

/** ISO text of a day since 1970-01-01, for years 0000 to 9999. */
export const formatDate = (days: number): string => {
  const { year, month, day } = civilFromDays(days)
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

/** ISO UTC text of microseconds since 1970; six digits of a second when they are not all zero. */
export const formatTimestamp = (micros: number): string => {
  const days = Math.floor(micros / MICROS_PER_DAY)
  const seconds = Math.floor((micros - days * MICROS_PER_DAY) / 1_000_000)
  const fraction = floorMod(micros, 1_000_000)
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60]
  const time = clock.map((part) => pad(Math.floor(part), 2)).join(':')
  return `${formatDate(days)}T${time}${fraction === 0 ? '' : `.${pad(fraction, 6)}`}Z`
}

const YEARS_PER_ERA = 400
const DAYS_PER_ERA = 146_097
/** Days from 0000-03-01, the start of an era, to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_468

const DATE = /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/
const TIMESTAMP =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d):(?<second>[0-5]\d)(?:\.(?<fraction>\d{1,6}))?Z$/

const dayOf = (groups: Readonly<Record<string, string>> | undefined): number | undefined => {
  if (groups === undefined) return undefined
  const date = {
    year: Number(groups['year']),
    month: Number(groups['month']),
    day: Number(groups['day']),
  }
  const days = daysFromCivil(date)
  return date.year > 0 && sameDate(civilFromDays(days), date) ? days : undefined
}

const sameDate = (a: CivilDate, b: CivilDate): boolean =>
  a.year === b.year && a.month === b.month && a.day === b.day

const refuse = (text: string, expected: string): never =>
  fail('plan.invalid', `expected ${expected}, got ${JSON.stringify(text)}`)

const floorMod = (a: number, b: number): number => a - Math.floor(a / b) * b

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0')
