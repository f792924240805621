import { float64High, float64Low, low32 } from './vector'

// Quotients of integers below 2^53, rounded to a double, lie on the right side of every integer, so their floor and
// truncation are exact; and so is the rest by truncation, for its product is no larger than the dividend.

/** floor(a / b), 0 for -0. */
// @ts-ignore: decorator
@inline function quotient(a: v128, b: v128): v128 {
  return f64x2.add(f64x2.floor(f64x2.div(a, b)), f64x2.splat(0))
}

/** a - b · floor(a / b): the rest by truncation, plus b where it is not 0 and of the other sign. */
// @ts-ignore: decorator
@inline function rest(a: v128, b: v128): v128 {
  const zero = f64x2.splat(0)
  const part = f64x2.sub(a, f64x2.mul(f64x2.trunc(f64x2.div(a, b)), b))
  const differs = v128.xor(f64x2.lt(part, zero), f64x2.lt(b, zero))
  return f64x2.add(part, v128.and(b, v128.and(differs, f64x2.ne(part, zero))))
}

/** a / b to the nearest integer, halves away from zero. */
// @ts-ignore: decorator
@inline function rounded(a: v128, b: v128): v128 {
  const dividend = f64x2.abs(a)
  const divisor = f64x2.abs(b)
  const whole = f64x2.trunc(f64x2.div(dividend, divisor))
  const left = f64x2.sub(dividend, f64x2.mul(whole, divisor))
  const up = f64x2.ge(left, f64x2.sub(divisor, left))
  const size = f64x2.add(whole, v128.and(f64x2.splat(1), up))
  const sign = v128.and(v128.xor(a, b), f64x2.splat(-0.0))
  return f64x2.add(v128.or(size, sign), f64x2.splat(0))
}

/** The low 32 bits of quotients and rests of int32; 0 where a division by 0 gave no number. */
// @ts-ignore: decorator
@inline function narrowed(a: v128, b: v128): v128 {
  return low32(finite(a), finite(b))
}

// @ts-ignore: decorator
@inline function finite(a: v128): v128 {
  return v128.and(a, f64x2.lt(f64x2.abs(a), f64x2.splat(4503599627370496)))
}

export function div_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16) {
    const a = v128.load(left)
    const b = v128.load(right)
    const low = quotient(float64Low(a), float64Low(b))
    v128.store(out, narrowed(low, quotient(float64High(a), float64High(b))))
  }
}

export function divk_i(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 2); out < end; out += 16, source += 16) {
    const a = v128.load(source)
    const low = quotient(float64Low(a), constant)
    v128.store(out, low32(low, quotient(float64High(a), constant)))
  }
}

export function div_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 16, left += 16, right += 16)
    v128.store(out, quotient(v128.load(left), v128.load(right)))
}

export function divk_d(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 3); out < end; out += 16, source += 16)
    v128.store(out, quotient(v128.load(source), constant))
}

export function mod_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16) {
    const a = v128.load(left)
    const b = v128.load(right)
    const low = rest(float64Low(a), float64Low(b))
    v128.store(out, narrowed(low, rest(float64High(a), float64High(b))))
  }
}

export function modk_i(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 2); out < end; out += 16, source += 16) {
    const a = v128.load(source)
    const low = rest(float64Low(a), constant)
    v128.store(out, low32(low, rest(float64High(a), constant)))
  }
}

export function mod_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 16, left += 16, right += 16)
    v128.store(out, rest(v128.load(left), v128.load(right)))
}

export function modk_d(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 3); out < end; out += 16, source += 16)
    v128.store(out, rest(v128.load(source), constant))
}

export function rescale_down(n: i32, source: usize, divisor: f64, out: usize): void {
  const constant = f64x2.splat(divisor)
  for (const end = out + (n << 3); out < end; out += 16, source += 16)
    v128.store(out, rounded(v128.load(source), constant))
}

export function ratio(n: i32, left: usize, right: usize, factor: f64, out: usize): void {
  const constant = f64x2.splat(factor)
  for (const end = out + (n << 3); out < end; out += 16, left += 16, right += 16)
    v128.store(out, rounded(f64x2.mul(v128.load(left), constant), v128.load(right)))
}
