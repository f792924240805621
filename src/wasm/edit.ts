import { copyExact, copyLoose, isNull, pointsIn } from './vector'

/** How many bytes at `at`, of `length`, the first `count` code points take. */
// @ts-ignore: decorator
@inline function bytesOfPoints(at: usize, length: i32, count: i32, ascii: i32): i32 {
  if (ascii == 1) return max(0, min(count, length))
  let i: i32 = 0
  for (; count > 0 && i < length; count--) {
    i += 1
    while (i < length && continues(at + i)) i += 1
  }
  return i
}

// @ts-ignore: decorator
@inline function continues(at: usize): bool {
  return (load<u8>(at) & 0xc0) == 0x80
}

export function slice(
  n: i32, from: usize, lengths: usize, start: usize, count: usize, ascii: i32, outFrom: usize,
  outLengths: usize,
): void {
  const end: usize = n << 2
  for (let i: usize = 0; i < end; i += 4) {
    const text = load<usize>(from + i)
    const length = load<i32>(lengths + i)
    const first = bytesOfPoints(text, length, load<i32>(start + i), ascii)
    store<usize>(outFrom + i, text + first)
    store<i32>(
      outLengths + i,
      bytesOfPoints(text + first, length - first, load<i32>(count + i), ascii),
    )
  }
}

/** Whether the bytes at both places are equal; `length` is at least 1. */
// @ts-ignore: decorator
@inline function matches(at: usize, word: usize, length: i32): bool {
  for (let i: i32 = 0; i < length; i++) if (load<u8>(at + i) != load<u8>(word + i)) return false
  return true
}

/** The place of the word's first byte from `at` on, or `end`. */
// @ts-ignore: decorator
@inline function nextFirst(at: usize, end: usize, first: v128): usize {
  for (; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), first))
    if (found != 0) return min(end, at + ctz(found))
  }
  return end
}

export function replace(
  n: i32, offsets: usize, bytes: usize, from: usize, fromLength: i32, to: usize, toLength: i32,
  outOffsets: usize, out: usize,
): i32 {
  const first = v128.load8_splat(from)
  let put = out
  for (const last = offsets + (n << 2); offsets < last; offsets += 4, outOffsets += 4) {
    store<i32>(outOffsets, put - out)
    let at = bytes + load<i32>(offsets)
    const end = bytes + load<i32>(offsets, 4)
    while (at < end) {
      const found = nextFirst(at, end, first)
      for (let i: usize = 0; i < found - at; i += 16) v128.store(put + i, v128.load(at + i))
      put += found - at
      at = found
      if (at == end) break
      if (at + fromLength <= end && matches(at, from, fromLength)) {
        copyExact(to, put, toLength)
        put += toLength
        at += fromLength
      } else {
        store<u8>(put, load<u8>(at))
        put += 1
        at += 1
      }
    }
  }
  store<i32>(outOffsets, put - out)
  return <i32>(put - out)
}

export function pad_left(
  n: i32, offsets: usize, bytes: usize, width: usize, fill: usize, fillLength: i32,
  outOffsets: usize, out: usize, nulls: usize,
): i32 {
  const filling = i8x16.splat(load<i8>(fill))
  let put = out
  for (let r: i32 = 0; r < n; r++, offsets += 4, outOffsets += 4, width += 4) {
    store<i32>(outOffsets, put - out)
    if (isNull(nulls, r)) continue
    const text = bytes + load<i32>(offsets)
    const length = load<i32>(offsets, 4) - load<i32>(offsets)
    let missing = load<i32>(width)
    for (let i: i32 = 0; i < length; i += 16) missing -= pointsIn(v128.load(text + i), length - i)
    if (fillLength == 1 && missing <= 16) {
      v128.store(put, filling)
      put += max(0, missing)
    } else {
      for (; missing > 0; missing--) {
        copyExact(fill, put, fillLength)
        put += fillLength
      }
    }
    copyLoose(text, put, length)
    put += length
  }
  store<i32>(outOffsets, put - out)
  return <i32>(put - out)
}
