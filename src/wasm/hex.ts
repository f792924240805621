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

export function hex(
  n: i32, lo: usize, hi: usize, c1: i32, c2: i32, c3: i32, c4: i32, c5: i32, out: usize,
): void {
  const k1 = i32x4.splat(c1)
  const k2 = i32x4.splat(c2)
  const k3 = i32x4.splat(c3)
  const k4 = i32x4.splat(c4)
  const k5 = i32x4.splat(c5)
  const step = stride(hi)
  for (const end = lo + (n << 2); lo < end; lo += 16, hi += step, out += 144) {
    const x = first(lo, k1)
    const l1 = second(x, hi, k2)
    const l2 = i32x4.add(x, mix(v128.xor(l1, k3)))
    const l3 = i32x4.add(l1, mix(v128.xor(l2, k4)))
    const l4 = i32x4.add(l2, mix(v128.xor(l3, k5)))
    const a = v128.shuffle<u32>(l1, l2, 0, 4, 1, 5)
    const b = v128.shuffle<u32>(l1, l2, 2, 6, 3, 7)
    const c = v128.shuffle<u32>(l3, l4, 0, 4, 1, 5)
    const d = v128.shuffle<u32>(l3, l4, 2, 6, 3, 7)
    putHex(out, v128.shuffle<u64>(a, c, 0, 2))
    putHex(out + 36, v128.shuffle<u64>(a, c, 1, 3))
    putHex(out + 72, v128.shuffle<u64>(b, d, 0, 2))
    putHex(out + 108, v128.shuffle<u64>(b, d, 1, 3))
  }
}

/** Dashes stand where the swizzles leave 0. */
// @ts-ignore: decorator
@inline function putUuid(at: usize, words: v128): void {
  const bytes = bigEndian(words)
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
  const k1 = i32x4.splat(c1)
  const k2 = i32x4.splat(c2)
  const k3 = i32x4.splat(c3)
  const k4 = i32x4.splat(c4)
  const k5 = i32x4.splat(c5)
  const step = stride(hi)
  for (const end = lo + (n << 2); lo < end; lo += 16, hi += step, out += 160) {
    const x = first(lo, k1)
    const l1 = second(x, hi, k2)
    const l2 = i32x4.add(x, mix(v128.xor(l1, k3)))
    const l3 = i32x4.add(l1, mix(v128.xor(l2, k4)))
    const l4 = i32x4.add(l2, mix(v128.xor(l3, k5)))
    const version = v128.or(v128.and(l2, i32x4.splat(0xffff0fff)), i32x4.splat(0x4000))
    const variant = v128.or(v128.and(l3, i32x4.splat(0x3fffffff)), i32x4.splat(0x80000000))
    const a = v128.shuffle<u32>(l1, version, 0, 4, 1, 5)
    const b = v128.shuffle<u32>(l1, version, 2, 6, 3, 7)
    const c = v128.shuffle<u32>(variant, l4, 0, 4, 1, 5)
    const d = v128.shuffle<u32>(variant, l4, 2, 6, 3, 7)
    putUuid(out, v128.shuffle<u64>(a, c, 0, 2))
    putUuid(out + 40, v128.shuffle<u64>(a, c, 1, 3))
    putUuid(out + 80, v128.shuffle<u64>(b, d, 0, 2))
    putUuid(out + 120, v128.shuffle<u64>(b, d, 1, 3))
  }
}
