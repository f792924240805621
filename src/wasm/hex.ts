import { bigEndian, leftDigits, rightDigits } from './digits'
import { first, mix, second, stride } from './mixer'

const DASH: i8 = 0x2d

// @ts-ignore: decorator
@inline function putHex(at: usize, words: v128): void {
  const bytes = bigEndian(words)
  store<i32>(at, 32)
  v128.store(at, leftDigits(bytes), 4)
  v128.store(at, rightDigits(bytes), 20)
}

/** The four lanes of up to so many keys, row by row. */
const TURN: i32 = 64
const LANES: usize = memory.data(64 * 16, 16)

/**
 * Makes the lanes of `n` keys, which are made and spelt in two loops: one would keep more in flight than a processor
 * holds.
 */
function drawLanes(
  n: i32, lo: usize, hi: usize, c1: i32, c2: i32, c3: i32, c4: i32, c5: i32,
): void {
  const k1 = i32x4.splat(c1)
  const k2 = i32x4.splat(c2)
  const k3 = i32x4.splat(c3)
  const k4 = i32x4.splat(c4)
  const k5 = i32x4.splat(c5)
  const step = stride(hi)
  let out = LANES
  for (const end = lo + (n << 2); lo < end; lo += 16, hi += step, out += 64) {
    const x = first(lo, k1)
    const l1 = second(x, hi, k2)
    const l2 = i32x4.add(x, mix(v128.xor(l1, k3)))
    const l3 = i32x4.add(l1, mix(v128.xor(l2, k4)))
    const l4 = i32x4.add(l2, mix(v128.xor(l3, k5)))
    const a = v128.shuffle<u32>(l1, l2, 0, 4, 1, 5)
    const b = v128.shuffle<u32>(l1, l2, 2, 6, 3, 7)
    const c = v128.shuffle<u32>(l3, l4, 0, 4, 1, 5)
    const d = v128.shuffle<u32>(l3, l4, 2, 6, 3, 7)
    v128.store(out, v128.shuffle<u64>(a, c, 0, 2))
    v128.store(out, v128.shuffle<u64>(a, c, 1, 3), 16)
    v128.store(out, v128.shuffle<u64>(b, d, 0, 2), 32)
    v128.store(out, v128.shuffle<u64>(b, d, 1, 3), 48)
  }
}

export function hex(
  n: i32, lo: usize, hi: usize, c1: i32, c2: i32, c3: i32, c4: i32, c5: i32, out: usize,
): void {
  const step = stride(hi) * (TURN >> 2)
  for (let r: i32 = 0; r < n; r += TURN, lo += TURN << 2, hi += step) {
    const rows = min(TURN, n - r)
    drawLanes(rows, lo, hi, c1, c2, c3, c4, c5)
    for (let at = LANES, end = LANES + (rows << 4); at < end; at += 16, out += 36)
      putHex(out, v128.load(at))
  }
}

/** Dashes stand where the swizzles leave 0. */
// @ts-ignore: decorator
@inline function putUuid(at: usize, words: v128): void {
  const free = i32x4(-1, 0xffff0fff, 0x3fffffff, -1)
  const version = i32x4(0, 0x4000, 0x80000000, 0)
  const bytes = bigEndian(v128.or(v128.and(words, free), version))
  const left = leftDigits(bytes)
  const right = rightDigits(bytes)
  const start = i8x16.swizzle(left, i8x16(0, 1, 2, 3, 4, 5, 6, 7, -1, 8, 9, 10, 11, -1, 12, 13))
  const middle = v128.or(
    i8x16.swizzle(left, i8x16(14, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1)),
    i8x16.swizzle(right, i8x16(-1, -1, -1, 0, 1, 2, 3, -1, 4, 5, 6, 7, 8, 9, 10, 11)),
  )
  store<i32>(at, 36)
  v128.store(at, v128.or(start, i8x16(0, 0, 0, 0, 0, 0, 0, 0, DASH, 0, 0, 0, 0, DASH, 0, 0)), 4)
  v128.store(at, v128.or(middle, i8x16(0, 0, DASH, 0, 0, 0, 0, DASH, 0, 0, 0, 0, 0, 0, 0, 0)), 20)
  v128.store32_lane(at, right, 3, 36)
}

export function uuid(
  n: i32, lo: usize, hi: usize, c1: i32, c2: i32, c3: i32, c4: i32, c5: i32, out: usize,
): void {
  const step = stride(hi) * (TURN >> 2)
  for (let r: i32 = 0; r < n; r += TURN, lo += TURN << 2, hi += step) {
    const rows = min(TURN, n - r)
    drawLanes(rows, lo, hi, c1, c2, c3, c4, c5)
    for (let at = LANES, end = LANES + (rows << 4); at < end; at += 16, out += 40)
      putUuid(out, v128.load(at))
  }
}
