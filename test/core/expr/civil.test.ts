import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  MICROS_PER_DAY,
  civilFromDays,
  daysFromCivil,
  formatDate,
  formatTimestamp,
  isoWeekday,
  parseDate,
  parseTimestamp,
} from '../../../src/core/expr/civil.ts'

const DAY_MS = 86_400_000
const YEAR_1 = -719_162
const YEAR_10000 = 2_932_897
const anyDay = fc.integer({ min: YEAR_1, max: YEAR_10000 - 1 })

describe('civil dates', () => {
  test('count from 1970-01-01', () => {
    expect(daysFromCivil({ year: 1970, month: 1, day: 1 })).toBe(0)
    expect(daysFromCivil({ year: 2000, month: 3, day: 1 })).toBe(11_017)
    expect(civilFromDays(-1)).toEqual({ year: 1969, month: 12, day: 31 })
    expect(civilFromDays(YEAR_1)).toEqual({ year: 1, month: 1, day: 1 })
  })

  test('agree with the Date object on every day of four centuries', () => {
    for (let day = -100_000; day <= 50_000; day++) {
      const date = new Date(day * DAY_MS)
      const civil = {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
      }
      expect(civilFromDays(day)).toEqual(civil)
      expect(daysFromCivil(civil)).toBe(day)
      expect(isoWeekday(day)).toBe(date.getUTCDay() === 0 ? 7 : date.getUTCDay())
    }
  })

  test('know the weekdays of known days', () => {
    expect(isoWeekday(0)).toBe(4)
    expect(isoWeekday(parseDate('2024-01-01'))).toBe(1)
    expect(isoWeekday(parseDate('1969-12-28'))).toBe(7)
  })
})

describe('ISO text', () => {
  test('of any date reads back', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(parseDate(formatDate(day))).toBe(day)
      }),
      { seed: 3, numRuns: 5000 },
    )
  })

  test('of any timestamp reads back and is what the Date object prints', () => {
    const micros = fc.maxSafeInteger().filter((t) => Math.abs(t) < 2 ** 52)
    fc.assert(
      fc.property(micros, (t) => {
        expect(parseTimestamp(formatTimestamp(t))).toBe(t)
        const whole = Math.floor(t / 1_000_000) * 1_000_000
        expect(formatTimestamp(whole)).toBe(
          new Date(whole / 1000).toISOString().replace('.000Z', 'Z'),
        )
      }),
      { seed: 3, numRuns: 5000 },
    )
  })

  test('has a fraction only when there is one', () => {
    expect(formatTimestamp(0)).toBe('1970-01-01T00:00:00Z')
    expect(formatTimestamp(-1)).toBe('1969-12-31T23:59:59.999999Z')
    expect(formatTimestamp(MICROS_PER_DAY + 1500)).toBe('1970-01-02T00:00:00.001500Z')
    expect(parseTimestamp('1970-01-01T00:00:01.5Z')).toBe(1_500_000)
  })

  test.each([
    '2023-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-04-31',
    '2024-1-01',
    '0000-01-01',
    '2024-01-01 ',
    '2024-01-01T00:00:00Z',
    '',
  ])('%j is not a date', (text) => {
    expect(() => parseDate(text)).toThrow(`got ${JSON.stringify(text)}`)
  })

  test.each([
    '2024-01-31',
    '2024-01-31T24:00:00Z',
    '2024-01-31T10:60:00Z',
    '2024-01-31T10:00:60Z',
    '2024-01-31T10:00:00',
    '2024-01-31T10:00:00+02:00',
    '2024-01-31T10:00:00.1234567Z',
    '2024-02-30T10:00:00Z',
  ])('%j is not a timestamp', (text) => {
    expect(() => parseTimestamp(text)).toThrow('2024-01-31T10:00:00Z')
  })
})
