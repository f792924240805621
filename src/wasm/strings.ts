import { clamp, copyLoose, pointsIn } from './vector'

/** The target row of row `r`. */
// @ts-ignore: decorator
@inline function targetOf(r: i32, index: usize): i32 {
  return index == 0 ? r : load<i32>(index + (r << 2))
}

// @ts-ignore: decorator
@inline function pointAtOffsets(
  row: i32, source: usize, bytes: usize, from: usize, lengths: usize,
): void {
  const start = load<i32>(source)
  store<i32>(from + (row << 2), <i32>bytes + start)
  store<i32>(lengths + (row << 2), load<i32>(source, 4) - start)
}

export function point_codes(
  n: i32, codes: usize, offsets: usize, bytes: usize, count: i32, index: usize, same: i32,
  from: usize, lengths: usize,
): void {
  // Without an index the rows are all, and nothing need be asked of each.
  if (index == 0) {
    for (let r: i32 = 0; r < n; r++) {
      const code = clamp(load<i32>(codes + (r << 2)), count)
      pointAtOffsets(r, offsets + (code << 2), bytes, from, lengths)
    }
    return
  }
  for (let r: i32 = 0; r < n; r++) {
    const row = load<i32>(index + (r << 2))
    const code = clamp(load<i32>(codes + ((same == 1 ? row : r) << 2)), count)
    pointAtOffsets(row, offsets + (code << 2), bytes, from, lengths)
  }
}

export function point_fixed(
  n: i32, strings: usize, width: i32, index: usize, same: i32, from: usize, lengths: usize,
): void {
  for (let r: i32 = 0; r < n; r++) {
    const row = targetOf(r, index)
    store<i32>(from + (row << 2), <i32>strings + (same == 1 ? row : r) * (width + 4) + 4)
    store<i32>(lengths + (row << 2), width)
  }
}

export function point_bytes(
  n: i32, offsets: usize, bytes: usize, index: usize, same: i32, from: usize, lengths: usize,
): void {
  if (index == 0) {
    const first = i32x4.splat(<i32>bytes)
    for (const end = from + (n << 2); from < end; from += 16, lengths += 16, offsets += 16) {
      const starts = v128.load(offsets)
      v128.store(from, i32x4.add(first, starts))
      v128.store(lengths, i32x4.sub(v128.load(offsets, 4), starts))
    }
    return
  }
  for (let r: i32 = 0; r < n; r++) {
    const row = load<i32>(index + (r << 2))
    pointAtOffsets(row, offsets + ((same == 1 ? row : r) << 2), bytes, from, lengths)
  }
}

/** Appends the string that a row is pointed at, by sixteens: rows come in order, so that the next one covers the rest. */
// @ts-ignore: decorator
@inline function append(out: usize, from: usize, lengths: usize): usize {
  const length = load<i32>(lengths)
  copyLoose(load<usize>(from), out, length)
  return out + length
}

export function gather_bytes(
  n: i32, from: usize, lengths: usize, offsets: usize, out: usize,
): void {
  let at = out
  const end: usize = n << 2
  for (let i: usize = 0; i < end; i += 4) {
    store<i32>(offsets + i, <i32>(at - out))
    at = append(at, from + i, lengths + i)
  }
  store<i32>(offsets + end, <i32>(at - out))
}

export function join_2(
  n: i32, from1: usize, lengths1: usize, from2: usize, lengths2: usize, offsets: usize, out: usize,
): void {
  let at = out
  const end: usize = n << 2
  for (let i: usize = 0; i < end; i += 4) {
    store<i32>(offsets + i, <i32>(at - out))
    at = append(at, from1 + i, lengths1 + i)
    at = append(at, from2 + i, lengths2 + i)
  }
  store<i32>(offsets + end, <i32>(at - out))
}

export function join_3(
  n: i32, from1: usize, lengths1: usize, from2: usize, lengths2: usize, from3: usize,
  lengths3: usize, offsets: usize, out: usize,
): void {
  let at = out
  const end: usize = n << 2
  for (let i: usize = 0; i < end; i += 4) {
    store<i32>(offsets + i, <i32>(at - out))
    at = append(at, from1 + i, lengths1 + i)
    at = append(at, from2 + i, lengths2 + i)
    at = append(at, from3 + i, lengths3 + i)
  }
  store<i32>(offsets + end, <i32>(at - out))
}

export function join_4(
  n: i32, from1: usize, lengths1: usize, from2: usize, lengths2: usize, from3: usize,
  lengths3: usize, from4: usize, lengths4: usize, offsets: usize, out: usize,
): void {
  let at = out
  const end: usize = n << 2
  for (let i: usize = 0; i < end; i += 4) {
    store<i32>(offsets + i, <i32>(at - out))
    at = append(at, from1 + i, lengths1 + i)
    at = append(at, from2 + i, lengths2 + i)
    at = append(at, from3 + i, lengths3 + i)
    at = append(at, from4 + i, lengths4 + i)
  }
  store<i32>(offsets + end, <i32>(at - out))
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

export function points(n: i32, from: usize, lengths: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 4, from += 4, lengths += 4) {
    const text = load<usize>(from)
    const length = load<i32>(lengths)
    let count: i32 = 0
    for (let i: i32 = 0; i < length; i += 16) count += pointsIn(v128.load(text + i), length - i)
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
  n: i32, from: usize, lengths: usize, position: usize, ascii: i32, out: usize,
): void {
  const last = out + (n << 2)
  for (; out < last; out += 4, from += 4, lengths += 4, position += 4) {
    let at = load<usize>(from)
    const end = at + load<i32>(lengths)
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
@inline function orderAt(i: usize, fromA: usize, lengthsA: usize, fromB: usize, lengthsB: usize): i32 {
  const a = load<usize>(fromA + i)
  const b = load<usize>(fromB + i)
  return order(a, load<i32>(lengthsA + i), b, load<i32>(lengthsB + i))
}

export function eq_text(
  n: i32, fromA: usize, lengthsA: usize, fromB: usize, lengthsB: usize, out: usize,
): void {
  const end: usize = n << 2
  for (let i: usize = 0; i < end; i += 4) {
    const equal = load<i32>(lengthsA + i) == load<i32>(lengthsB + i)
    store<i32>(out + i, equal && orderAt(i, fromA, lengthsA, fromB, lengthsB) == 0 ? 1 : 0)
  }
}

export function lt_text(
  n: i32, fromA: usize, lengthsA: usize, fromB: usize, lengthsB: usize, out: usize,
): void {
  const end: usize = n << 2
  for (let i: usize = 0; i < end; i += 4)
    store<i32>(out + i, orderAt(i, fromA, lengthsA, fromB, lengthsB) < 0 ? 1 : 0)
}

export function le_text(
  n: i32, fromA: usize, lengthsA: usize, fromB: usize, lengthsB: usize, out: usize,
): void {
  const end: usize = n << 2
  for (let i: usize = 0; i < end; i += 4)
    store<i32>(out + i, orderAt(i, fromA, lengthsA, fromB, lengthsB) <= 0 ? 1 : 0)
}
