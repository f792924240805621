import { first, mix, second, stride } from './mixer'
import { float64High, float64Low, int64Of, low32, place32, toFloat64, unsignedHigh, unsignedLow } from './vector'

/** The low and high words of keys. */
export function split(n: i32, key: usize, lo: usize, hi: usize): void {
  const word = f64x2.splat(4294967296)
  const part = f64x2.splat(1 / 4294967296)
  for (const end = lo + (n << 2); lo < end; lo += 16, hi += 16, key += 32) {
    const a = v128.load(key)
    const b = v128.load(key, 16)
    const highA = f64x2.floor(f64x2.mul(a, part))
    const highB = f64x2.floor(f64x2.mul(b, part))
    v128.store(hi, low32(highA, highB))
    v128.store(lo, low32(f64x2.sub(a, f64x2.mul(highA, word)), f64x2.sub(b, f64x2.mul(highB, word))))
  }
}

export function draw(n: i32, lo: usize, hi: usize, c1: i32, c2: i32, out: usize): void {
  const k1 = i32x4.splat(c1)
  const k2 = i32x4.splat(c2)
  const step = stride(hi)
  for (const end = out + (n << 2); out < end; out += 16, lo += 16, hi += step)
    v128.store(out, second(first(lo, k1), hi, k2))
}

export function lanes2(
  n: i32, lo: usize, hi: usize, c1: i32, c2: i32, c3: i32, out1: usize, out2: usize,
): void {
  const k1 = i32x4.splat(c1)
  const k2 = i32x4.splat(c2)
  const k3 = i32x4.splat(c3)
  const step = stride(hi)
  for (const end = out1 + (n << 2); out1 < end; out1 += 16, out2 += 16, lo += 16, hi += step) {
    const x = first(lo, k1)
    const l1 = second(x, hi, k2)
    v128.store(out1, l1)
    v128.store(out2, i32x4.add(x, mix(v128.xor(l1, k3))))
  }
}

export function lanes3(
  n: i32, lo: usize, hi: usize, c1: i32, c2: i32, c3: i32, c4: i32,
  out1: usize, out2: usize, out3: usize,
): void {
  const k1 = i32x4.splat(c1)
  const k2 = i32x4.splat(c2)
  const k3 = i32x4.splat(c3)
  const k4 = i32x4.splat(c4)
  const step = stride(hi)
  for (let i: usize = 0, end: usize = n << 2; i < end; i += 16, hi += step) {
    const x = first(lo + i, k1)
    const l1 = second(x, hi, k2)
    const l2 = i32x4.add(x, mix(v128.xor(l1, k3)))
    v128.store(out1 + i, l1)
    v128.store(out2 + i, l2)
    v128.store(out3 + i, i32x4.add(l1, mix(v128.xor(l2, k4))))
  }
}

export function uniform_i(
  n: i32, lo: usize, hi: usize, c1: i32, c2: i32, count: i32, low: i32, step: i32, out: usize,
): void {
  const k1 = i32x4.splat(c1)
  const k2 = i32x4.splat(c2)
  const counts = i32x4.splat(count)
  const lows = i32x4.splat(low)
  const steps = i32x4.splat(step)
  const move = stride(hi)
  for (const end = out + (n << 2); out < end; out += 16, lo += 16, hi += move) {
    const place = place32(second(first(lo, k1), hi, k2), counts)
    v128.store(out, i32x4.add(lows, i32x4.mul(place, steps)))
  }
}

export function uniform_d(
  n: i32, lo: usize, hi: usize, c1: i32, c2: i32, count: i32, low: f64, step: f64, out: usize,
): void {
  const k1 = i32x4.splat(c1)
  const k2 = i32x4.splat(c2)
  const counts = i32x4.splat(count)
  const lows = f64x2.splat(low)
  const steps = f64x2.splat(step)
  const move = stride(hi)
  for (const end = out + (n << 3); out < end; out += 32, lo += 16, hi += move) {
    const place = place32(second(first(lo, k1), hi, k2), counts)
    v128.store(out, f64x2.add(lows, f64x2.mul(float64Low(place), steps)))
    v128.store(out, f64x2.add(lows, f64x2.mul(float64High(place), steps)), 16)
  }
}

/** Thresholds are compared with sixteen draws at a time. */
export function steps(
  n: i32, lo: usize, hi: usize, c1: i32, c2: i32,
  thresholds: usize, count: i32, low: i32, out: usize,
): void {
  const k1 = i32x4.splat(c1)
  const k2 = i32x4.splat(c2)
  const lows = i32x4.splat(low)
  const last = thresholds + (count << 2)
  const move = stride(hi)
  for (const end = out + (n << 2); out < end; out += 64, lo += 64, hi += move << 2) {
    const a = second(first(lo, k1), hi, k2)
    const b = second(first(lo + 16, k1), hi + move, k2)
    const c = second(first(lo + 32, k1), hi + 2 * move, k2)
    const d = second(first(lo + 48, k1), hi + 3 * move, k2)
    let codesA = lows
    let codesB = lows
    let codesC = lows
    let codesD = lows
    for (let at = thresholds; at < last; at += 4) {
      const threshold = v128.load32_splat(at)
      codesA = i32x4.sub(codesA, i32x4.ge_u(a, threshold))
      codesB = i32x4.sub(codesB, i32x4.ge_u(b, threshold))
      codesC = i32x4.sub(codesC, i32x4.ge_u(c, threshold))
      codesD = i32x4.sub(codesD, i32x4.ge_u(d, threshold))
    }
    v128.store(out, codesA)
    v128.store(out, codesB, 16)
    v128.store(out, codesC, 32)
    v128.store(out, codesD, 48)
  }
}

/**
 * floor((a · 2^16 + floor(b / 2^16)) · count / 2^48) of two rows, whose words are the low halves of 64-bit lanes:
 * a · high + floor((a · low + floor(b' · count / 2^16)) / 2^32), with b' the upper half of b.
 */
// @ts-ignore: decorator
@inline function place48(a: v128, b: v128, low: v128, high: v128): v128 {
  const half = i64x2.shr_u(b, 16)
  const rest = i64x2.add(multiply32(half, low), i64x2.shl(multiply32(half, high), 32))
  const whole = i64x2.add(multiply32(a, low), i64x2.shr_u(rest, 16))
  return i64x2.add(multiply32(a, high), i64x2.shr_u(whole, 32))
}

/** Products of the low halves of 64-bit lanes. */
// @ts-ignore: decorator
@inline function multiply32(a: v128, b: v128): v128 {
  return i64x2.extmul_low_i32x4_u(
    v128.shuffle<u32>(a, a, 0, 2, 0, 2),
    v128.shuffle<u32>(b, b, 0, 2, 0, 2),
  )
}

export function uniform48_d(
  n: i32, lane1: usize, lane2: usize, count: f64, low: f64, step: f64, out: usize,
): void {
  const whole = int64Of(count)
  const countLow = i64x2.splat(whole & 0xffffffff)
  const countHigh = i64x2.splat(whole >> 32)
  const lows = f64x2.splat(low)
  const steps = f64x2.splat(step)
  for (const end = out + (n << 3); out < end; out += 32, lane1 += 16, lane2 += 16) {
    const a = v128.load(lane1)
    const b = v128.load(lane2)
    const left = place48(unsignedLow(a), unsignedLow(b), countLow, countHigh)
    const right = place48(unsignedHigh(a), unsignedHigh(b), countLow, countHigh)
    v128.store(out, f64x2.add(lows, f64x2.mul(toFloat64(left), steps)))
    v128.store(out, f64x2.add(lows, f64x2.mul(toFloat64(right), steps)), 16)
  }
}

export function uniform48_i(
  n: i32, lane1: usize, lane2: usize, count: f64, low: i32, step: i32, out: usize,
): void {
  const whole = int64Of(count)
  const countLow = i64x2.splat(whole & 0xffffffff)
  const countHigh = i64x2.splat(whole >> 32)
  const lows = i32x4.splat(low)
  const steps = i32x4.splat(step)
  for (const end = out + (n << 2); out < end; out += 16, lane1 += 16, lane2 += 16) {
    const a = v128.load(lane1)
    const b = v128.load(lane2)
    const left = place48(unsignedLow(a), unsignedLow(b), countLow, countHigh)
    const right = place48(unsignedHigh(a), unsignedHigh(b), countLow, countHigh)
    const place = v128.shuffle<u32>(left, right, 0, 2, 4, 6)
    v128.store(out, i32x4.add(lows, i32x4.mul(place, steps)))
  }
}

export function scale(n: i32, bits: usize, count: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, bits += 16, count += 16)
    v128.store(out, place32(v128.load(bits), v128.load(count)))
}

export function scale_d(n: i32, bits: usize, count: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, bits += 32, count += 16)
    v128.store(out, place32(low32(v128.load(bits), v128.load(bits, 16)), v128.load(count)))
}
