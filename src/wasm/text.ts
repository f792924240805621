import { civil } from './civil'
import { int32Of, isNull } from './vector'

const MINUS: u8 = 0x2d
const DASH: u8 = 0x2d
const POINT: u8 = 0x2e
const COLON: u8 = 0x3a
const LETTER_T: u8 = 0x54
const LETTER_Z: u8 = 0x5a

const BILLION: f64 = 1000000000

/** The digits of 0 to 99, two bytes each. */
const PAIRS: usize = memory.data<u8>([
  48, 48, 48, 49, 48, 50, 48, 51, 48, 52, 48, 53, 48, 54, 48, 55, 48, 56, 48, 57,
  49, 48, 49, 49, 49, 50, 49, 51, 49, 52, 49, 53, 49, 54, 49, 55, 49, 56, 49, 57,
  50, 48, 50, 49, 50, 50, 50, 51, 50, 52, 50, 53, 50, 54, 50, 55, 50, 56, 50, 57,
  51, 48, 51, 49, 51, 50, 51, 51, 51, 52, 51, 53, 51, 54, 51, 55, 51, 56, 51, 57,
  52, 48, 52, 49, 52, 50, 52, 51, 52, 52, 52, 53, 52, 54, 52, 55, 52, 56, 52, 57,
  53, 48, 53, 49, 53, 50, 53, 51, 53, 52, 53, 53, 53, 54, 53, 55, 53, 56, 53, 57,
  54, 48, 54, 49, 54, 50, 54, 51, 54, 52, 54, 53, 54, 54, 54, 55, 54, 56, 54, 57,
  55, 48, 55, 49, 55, 50, 55, 51, 55, 52, 55, 53, 55, 54, 55, 55, 55, 56, 55, 57,
  56, 48, 56, 49, 56, 50, 56, 51, 56, 52, 56, 53, 56, 54, 56, 55, 56, 56, 56, 57,
  57, 48, 57, 49, 57, 50, 57, 51, 57, 52, 57, 53, 57, 54, 57, 55, 57, 56, 57, 57,
])

/** The size of an integer below 2^53; 0 for what is none, which only a null's row can hold. */
// @ts-ignore: decorator
@inline function sizeOf(value: f64): f64 {
  const size = abs(value)
  return size <= 9007199254740992 ? size : 0
}

/** How many decimal digits a number has. */
// @ts-ignore: decorator
@inline function digits32(value: u32): i32 {
  if (value < 10000)
    return 1 + i32(value >= 10) + i32(value >= 100) + i32(value >= 1000)
  const more = i32(value >= 100000) + i32(value >= 1000000) + i32(value >= 10000000)
  return 5 + more + i32(value >= 100000000) + i32(value >= 1000000000)
}

/** Writes the last `digits` decimal digits of a number, by pairs from the right; returns the place behind them. */
// @ts-ignore: decorator
@inline function put32(at: usize, value: u32, digits: i32): usize {
  const end = at + digits
  let to = end
  for (; to > at + 1; to -= 2) {
    const left = value / 100
    store<u16>(to - 2, load<u16>(PAIRS + ((value - left * 100) << 1)))
    value = left
  }
  if (to > at) store<u8>(at, <u8>(48 + (value % 10)))
  return end
}

/** Writes an integer below 2^53 in at least `least` decimal digits; returns the place behind them. */
// @ts-ignore: decorator
@inline function putSize(at: usize, size: f64, least: i32): usize {
  if (size < BILLION) {
    const value = <u32>int32Of(size)
    return put32(at, value, max(least, digits32(value)))
  }
  const left = floor(size / BILLION)
  const value = <u32>int32Of(left)
  at = put32(at, value, max(least - 9, digits32(value)))
  return put32(at, <u32>int32Of(size - left * BILLION), 9)
}

// @ts-ignore: decorator
@inline function putSign(at: usize, value: f64): usize {
  store<u8>(at, MINUS)
  return at + usize(value < 0)
}

export function text_i(n: i32, source: usize, offsets: usize, bytes: usize, nulls: usize): i32 {
  let at = bytes
  for (let r: i32 = 0; r < n; r++, source += 4, offsets += 4) {
    store<i32>(offsets, at - bytes)
    if (isNull(nulls, r)) continue
    const value = load<i32>(source)
    const size = <u32>abs(value)
    at = putSign(at, <f64>value)
    at = put32(at, size, digits32(size))
  }
  store<i32>(offsets, at - bytes)
  return <i32>(at - bytes)
}

export function text_d(n: i32, source: usize, offsets: usize, bytes: usize, nulls: usize): i32 {
  let at = bytes
  for (let r: i32 = 0; r < n; r++, source += 8, offsets += 4) {
    store<i32>(offsets, at - bytes)
    if (isNull(nulls, r)) continue
    const value = load<f64>(source)
    at = putSize(putSign(at, value), sizeOf(value), 1)
  }
  store<i32>(offsets, at - bytes)
  return <i32>(at - bytes)
}

export function text_decimal(
  n: i32, source: usize, scale: i32, offsets: usize, bytes: usize, nulls: usize,
): i32 {
  if (scale == 0) return text_d(n, source, offsets, bytes, nulls)
  let unit: f64 = 1
  for (let i: i32 = 0; i < scale; i++) unit *= 10
  let at = bytes
  for (let r: i32 = 0; r < n; r++, source += 8, offsets += 4) {
    store<i32>(offsets, at - bytes)
    if (isNull(nulls, r)) continue
    const value = load<f64>(source)
    const size = sizeOf(value)
    const whole = floor(size / unit)
    at = putSize(putSign(at, value), whole, 1)
    store<u8>(at, POINT)
    at = putSize(at + 1, size - whole * unit, scale)
  }
  store<i32>(offsets, at - bytes)
  return <i32>(at - bytes)
}

// @ts-ignore: decorator
@inline function putPair(at: usize, value: u32): void {
  store<u16>(at, load<u16>(PAIRS + (value << 1)))
}

// @ts-ignore: decorator
@inline function putDate(at: usize, days: i32): usize {
  const date = civil(days)
  const year = <u32>max(0, date >> 9)
  at = put32(at, year, max(4, digits32(year)))
  store<u8>(at, DASH)
  putPair(at + 1, (date >> 5) & 15)
  store<u8>(at, DASH, 3)
  putPair(at + 4, date & 31)
  return at + 6
}

export function text_date(n: i32, source: usize, offsets: usize, bytes: usize, nulls: usize): i32 {
  let at = bytes
  for (let r: i32 = 0; r < n; r++, source += 4, offsets += 4) {
    store<i32>(offsets, at - bytes)
    if (!isNull(nulls, r)) at = putDate(at, load<i32>(source))
  }
  store<i32>(offsets, at - bytes)
  return <i32>(at - bytes)
}

// @ts-ignore: decorator
@inline function putTimestamp(at: usize, micros: f64): usize {
  const days = floor(micros / 86400000000)
  const inDay = micros - days * 86400000000
  const whole = floor(inDay / 1000000)
  const seconds = <u32>int32Of(whole)
  const minutes = seconds / 60
  const hours = minutes / 60
  at = putDate(at, int32Of(days))
  store<u8>(at, LETTER_T)
  putPair(at + 1, hours)
  store<u8>(at, COLON, 3)
  putPair(at + 4, minutes - hours * 60)
  store<u8>(at, COLON, 6)
  putPair(at + 7, seconds - minutes * 60)
  store<u8>(at, POINT, 9)
  put32(at + 10, <u32>int32Of(inDay - whole * 1000000), 6)
  store<u8>(at, LETTER_Z, 16)
  return at + 17
}

export function text_timestamp(
  n: i32, source: usize, offsets: usize, bytes: usize, nulls: usize,
): i32 {
  let at = bytes
  for (let r: i32 = 0; r < n; r++, source += 8, offsets += 4) {
    store<i32>(offsets, at - bytes)
    if (!isNull(nulls, r)) at = putTimestamp(at, instantOf(load<f64>(source)))
  }
  store<i32>(offsets, at - bytes)
  return <i32>(at - bytes)
}

/** An instant, or 0 for a number that is none, which only a null's row can hold. */
// @ts-ignore: decorator
@inline function instantOf(value: f64): f64 {
  return abs(value) <= 9007199254740992 ? value : 0
}

/** Writes a number in base 36; returns the place behind it. */
// @ts-ignore: decorator
@inline function putBase36(at: usize, size: f64): usize {
  let digits: i32 = 1
  for (let limit: f64 = 36; size >= limit; limit *= 36) digits += 1
  const end = at + digits
  const left = floor(size / 60466176)
  let to = putDigits36(end, <u32>int32Of(size - left * 60466176), min(5, digits))
  if (digits <= 5) return end
  const leftmost = floor(left / 60466176)
  to = putDigits36(to, <u32>int32Of(left - leftmost * 60466176), min(5, digits - 5))
  if (digits > 10) putDigits36(to, <u32>int32Of(leftmost), digits - 10)
  return end
}

/** Writes the last digits of a number in base 36 before `to`; returns where they begin. */
// @ts-ignore: decorator
@inline function putDigits36(to: usize, value: u32, digits: i32): usize {
  for (; digits > 0; digits--) {
    const left = value / 36
    const digit = value - left * 36
    to -= 1
    store<u8>(to, <u8>(digit + (digit < 10 ? 48 : 87)))
    value = left
  }
  return to
}

export function base36_i(n: i32, source: usize, offsets: usize, bytes: usize, nulls: usize): i32 {
  let at = bytes
  for (let r: i32 = 0; r < n; r++, source += 4, offsets += 4) {
    store<i32>(offsets, at - bytes)
    if (!isNull(nulls, r)) at = putBase36(at, <f64>max(0, load<i32>(source)))
  }
  store<i32>(offsets, at - bytes)
  return <i32>(at - bytes)
}

export function base36_d(n: i32, source: usize, offsets: usize, bytes: usize, nulls: usize): i32 {
  let at = bytes
  for (let r: i32 = 0; r < n; r++, source += 8, offsets += 4) {
    store<i32>(offsets, at - bytes)
    if (!isNull(nulls, r)) at = putBase36(at, sizeOf(max(0.0, load<f64>(source))))
  }
  store<i32>(offsets, at - bytes)
  return <i32>(at - bytes)
}
