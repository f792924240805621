import { clamp, copyExact } from './vector'

export function length_codes(n: i32, codes: usize, offsets: usize, count: i32, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 4, codes += 4) {
    const word = offsets + (clamp(load<i32>(codes), count) << 2)
    store<i32>(out, load<i32>(word, 4) - load<i32>(word))
  }
}

export function length_bytes(n: i32, offsets: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, offsets += 16)
    v128.store(out, i32x4.sub(v128.load(offsets, 4), v128.load(offsets)))
}

export function prefix(n: i32, lengths: usize, offsets: usize): i32 {
  let total: i32 = 0
  for (const end = lengths + (n << 2); lengths < end; lengths += 4, offsets += 4) {
    store<i32>(offsets, total)
    total += load<i32>(lengths)
  }
  store<i32>(offsets, total)
  return total
}

/** Where the cursor of row `r` is. */
// @ts-ignore: decorator
@inline function cursorOf(r: i32, index: usize, cursor: usize): usize {
  return cursor + ((index == 0 ? r : load<i32>(index + (r << 2))) << 2)
}

/** Copies bytes to a cursor and moves it on. */
// @ts-ignore: decorator
@inline function putAt(cursor: usize, out: usize, from: usize, length: i32): void {
  const at = load<i32>(cursor)
  copyExact(from, out + at, length)
  store<i32>(cursor, at + length)
}

export function put_codes(
  n: i32, codes: usize, offsets: usize, bytes: usize, count: i32, index: usize, cursor: usize,
  out: usize,
): void {
  for (let r: i32 = 0; r < n; r++, codes += 4) {
    const word = offsets + (clamp(load<i32>(codes), count) << 2)
    const from = load<i32>(word)
    putAt(cursorOf(r, index, cursor), out, bytes + from, load<i32>(word, 4) - from)
  }
}

export function put_bytes(
  n: i32, offsets: usize, bytes: usize, index: usize, cursor: usize, out: usize,
): void {
  for (let r: i32 = 0; r < n; r++, offsets += 4) {
    const from = load<i32>(offsets)
    putAt(cursorOf(r, index, cursor), out, bytes + from, load<i32>(offsets, 4) - from)
  }
}

export function put_fixed(
  n: i32, strings: usize, width: i32, index: usize, cursor: usize, out: usize,
): void {
  for (let r: i32 = 0; r < n; r++, strings += width + 4)
    putAt(cursorOf(r, index, cursor), out, strings + 4, width)
}

/** Moves the letters of sixteen bytes that begin at `first` by `distance`. */
// @ts-ignore: decorator
@inline function shifted(bytes: v128, first: v128, distance: v128): v128 {
  const letters = i8x16.lt_u(i8x16.sub(bytes, first), i8x16.splat(26))
  return i8x16.add(bytes, v128.and(letters, distance))
}

export function ascii_upper(n: i32, offsets: usize, bytes: usize, out: usize): void {
  const first = i8x16.splat(0x61)
  const distance = i8x16.splat(-0x20)
  for (const end = out + load<i32>(offsets + (n << 2)); out < end; out += 16, bytes += 16)
    v128.store(out, shifted(v128.load(bytes), first, distance))
}

export function ascii_lower(n: i32, offsets: usize, bytes: usize, out: usize): void {
  const first = i8x16.splat(0x41)
  const distance = i8x16.splat(0x20)
  for (const end = out + load<i32>(offsets + (n << 2)); out < end; out += 16, bytes += 16)
    v128.store(out, shifted(v128.load(bytes), first, distance))
}

/** How many of sixteen bytes, the first `length` of them, begin a code point. */
// @ts-ignore: decorator
@inline function pointsIn(bytes: v128, length: i32): i32 {
  const begins = i8x16.bitmask(i8x16.ge_s(bytes, i8x16.splat(-64)))
  return popcnt(length < 16 ? begins & ((1 << length) - 1) : begins)
}

export function points(n: i32, offsets: usize, bytes: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 4, offsets += 4) {
    const from = load<i32>(offsets)
    const length = load<i32>(offsets, 4) - from
    let count: i32 = 0
    for (let i: i32 = 0; i < length; i += 16)
      count += pointsIn(v128.load(bytes + from + i), length - i)
    store<i32>(out, count)
  }
}

/** How many bytes the code point takes that begins with a byte. */
// @ts-ignore: decorator
@inline function pointBytes(first: u8, ascii: i32): i32 {
  if (ascii == 1 || first < 0x80) return 1
  return first < 0xe0 ? 2 : 3
}

// @ts-ignore: decorator
@inline function pointAt(at: usize, bytes: i32): i32 {
  const first = <i32>load<u8>(at)
  if (bytes == 1) return first
  const second = <i32>load<u8>(at, 1) & 0x3f
  if (bytes == 2) return ((first & 0x1f) << 6) | second
  return ((first & 0x0f) << 12) | (second << 6) | (<i32>load<u8>(at, 2) & 0x3f)
}

export function code_at(
  n: i32, offsets: usize, bytes: usize, position: usize, ascii: i32, out: usize,
): void {
  for (const last = out + (n << 2); out < last; out += 4, offsets += 4, position += 4) {
    const end = bytes + load<i32>(offsets, 4)
    let at = bytes + load<i32>(offsets)
    let left = load<i32>(position)
    if (ascii == 1) {
      if (left > 0) at += min<i32>(left, <i32>(end - at))
    } else {
      for (; left > 0 && at < end; left--) at += pointBytes(load<u8>(at), 0)
    }
    let code: i32 = 0
    if (at < end) {
      const taken = pointBytes(load<u8>(at), ascii)
      if (at + taken <= end) code = pointAt(at, taken)
    }
    store<i32>(out, code)
  }
}

/** Below, at or above 0 as the bytes at a stand before, with or behind those at b. */
// @ts-ignore: decorator
@inline function order(a: usize, lengthA: i32, b: usize, lengthB: i32): i32 {
  const common = min(lengthA, lengthB)
  for (let i: i32 = 0; i < common; i += 16) {
    const differing = ~i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i))) & 0xffff
    const at = i + ctz(differing)
    if (differing != 0 && at < common) return <i32>load<u8>(a + at) - <i32>load<u8>(b + at)
  }
  return lengthA - lengthB
}

// @ts-ignore: decorator
@inline function orderAt(offsetsA: usize, bytesA: usize, offsetsB: usize, bytesB: usize): i32 {
  const a = load<i32>(offsetsA)
  const b = load<i32>(offsetsB)
  return order(bytesA + a, load<i32>(offsetsA, 4) - a, bytesB + b, load<i32>(offsetsB, 4) - b)
}

export function eq_bytes(
  n: i32, offsetsA: usize, bytesA: usize, offsetsB: usize, bytesB: usize, out: usize,
): void {
  for (const end = out + (n << 2); out < end; out += 4, offsetsA += 4, offsetsB += 4)
    store<i32>(out, orderAt(offsetsA, bytesA, offsetsB, bytesB) == 0 ? 1 : 0)
}

export function lt_bytes(
  n: i32, offsetsA: usize, bytesA: usize, offsetsB: usize, bytesB: usize, out: usize,
): void {
  for (const end = out + (n << 2); out < end; out += 4, offsetsA += 4, offsetsB += 4)
    store<i32>(out, orderAt(offsetsA, bytesA, offsetsB, bytesB) < 0 ? 1 : 0)
}

export function le_bytes(
  n: i32, offsetsA: usize, bytesA: usize, offsetsB: usize, bytesB: usize, out: usize,
): void {
  for (const end = out + (n << 2); out < end; out += 4, offsetsA += 4, offsetsB += 4)
    store<i32>(out, orderAt(offsetsA, bytesA, offsetsB, bytesB) <= 0 ? 1 : 0)
}
