import { civilFromDays, MICROS_PER_DAY } from '../../expr/civil.ts'
import { type Family, type Views, word } from './definition.ts'

/**
 * Numbers as text, in the forms of the function `text` (expr/functions/text.ts) and `base36`: offsets and bytes out, the
 * bytes written returned. The last argument is a mask, or 0 where no row is null; a null's text is empty.
 */
export const textInstructions = (views: Views) =>
  ({ ...decimals(views), ...times(views), ...bases(views) }) satisfies Family

type Put = (at: number, value: number) => number

/** Writes the text of each row behind the one before. */
const written =
  ({ u8, i32 }: Views, values: Int32Array | Float64Array, put: Put) =>
  (n: number, [source = 0, offsets = 0, bytes = 0, nulls = 0]: readonly number[]): number => {
    const [s, o] = [source / values.BYTES_PER_ELEMENT, word(offsets)]
    let at = bytes
    for (let r = 0; r < n; r++) {
      i32[o + r] = at - bytes
      if (nulls === 0 || u8[nulls + r] === 0) at = put(at, values[s + r]!)
    }
    i32[o + n] = at - bytes
    return at - bytes
  }

const decimals = (views: Views) => {
  const { u8, i32, f64 } = views
  const putInteger: Put = (at, value) => {
    if (value < 0) u8[at++] = MINUS
    return putDigits(u8, at, { value: Math.abs(value), base: 10, least: 1 })
  }
  return {
    /** Decimal digits behind a minus where negative. */
    text_i: written(views, i32, putInteger),

    /** Decimal digits behind a minus where negative. */
    text_d: written(views, f64, putInteger),

    /** Decimal digits of which the last `scale` stand behind a point. */
    text_decimal: (n, [source = 0, scale = 0, offsets = 0, bytes = 0, nulls = 0]) => {
      const unit = Number(`1e${scale}`)
      const putDecimal: Put = (at, value) => {
        const whole = Math.floor(Math.abs(value) / unit)
        if (value < 0) u8[at++] = MINUS
        at = putDigits(u8, at, { value: whole, base: 10, least: 1 })
        u8[at] = POINT
        return putDigits(u8, at + 1, {
          value: Math.abs(value) - whole * unit,
          base: 10,
          least: scale,
        })
      }
      const put = scale === 0 ? putInteger : putDecimal
      return written(views, f64, put)(n, [source, offsets, bytes, nulls])
    },
  } satisfies Family
}

const times = (views: Views) => {
  const { u8, i32, f64 } = views
  const putPart = (at: number, value: number, least: number): number =>
    putDigits(u8, at, { value, base: 10, least })
  const putMark = (at: number, mark: number): number => {
    u8[at] = mark
    return at + 1
  }
  const putDate: Put = (at, days) => {
    const { year, month, day } = civilFromDays(days)
    const afterYear = putMark(putPart(at, year, 4), DASH)
    return putPart(putMark(putPart(afterYear, month, 2), DASH), day, 2)
  }
  const putTimestamp: Put = (at, micros) => {
    const days = Math.floor(micros / MICROS_PER_DAY)
    const seconds = Math.floor((micros - days * MICROS_PER_DAY) / 1_000_000)
    const fraction = micros - days * MICROS_PER_DAY - seconds * 1_000_000
    const hour = putPart(putMark(putDate(at, days), LETTER_T), Math.floor(seconds / 3600), 2)
    const minute = putPart(putMark(hour, COLON), Math.floor(seconds / 60) % 60, 2)
    const second = putPart(putMark(minute, COLON), seconds % 60, 2)
    return putMark(putPart(putMark(second, POINT), fraction, 6), LETTER_Z)
  }
  return {
    /** YYYY-MM-DD of days since 1970. */
    text_date: written(views, i32, putDate),

    /** YYYY-MM-DDTHH:MM:SS.ffffffZ of microseconds since 1970. */
    text_timestamp: written(views, f64, putTimestamp),
  } satisfies Family
}

const bases = (views: Views) => {
  const { u8, i32, f64 } = views
  const put: Put = (at, value) => putDigits(u8, at, { value, base: 36, least: 1 })
  return {
    /** Digits 0 to 9 and a to z of integers that are not negative. */
    base36_i: written(views, i32, put),

    /** Digits 0 to 9 and a to z of integers that are not negative. */
    base36_d: written(views, f64, put),
  } satisfies Family
}

interface Digits {
  readonly value: number
  readonly base: 10 | 36
  readonly least: number
}

/** Writes an integer that is not negative in at least `least` digits; returns the place behind them. */
const putDigits = (out: Uint8Array, at: number, { value, base, least }: Digits): number => {
  let digits = 1
  for (let limit = base; digits < least || (limit <= value && digits < MOST); limit *= base)
    digits += 1
  const end = at + digits
  for (let to = end - 1, left = value; to >= at; to--) {
    const rest = Math.floor(left / base)
    const digit = left - rest * base
    out[to] = digit < 10 ? digit + ZERO : digit + LETTER_A - 10
    left = rest
  }
  return end
}

// The digits of an exact integer; a null's unspecified number, perhaps infinite, has no more.
const MOST = 16
const ZERO = 0x30
const LETTER_A = 0x61
const LETTER_T = 0x54
const LETTER_Z = 0x5a
const MINUS = 0x2d
const DASH = MINUS
const COLON = 0x3a
const POINT = 0x2e
