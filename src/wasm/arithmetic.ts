import { float64High, float64Low, low32 } from './vector'

export function add_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, i32x4.add(v128.load(left), v128.load(right)))
}

export function sub_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, i32x4.sub(v128.load(left), v128.load(right)))
}

export function mul_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, i32x4.mul(v128.load(left), v128.load(right)))
}

export function least_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, i32x4.min_s(v128.load(left), v128.load(right)))
}

export function greatest_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, i32x4.max_s(v128.load(left), v128.load(right)))
}

export function add_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 16, left += 16, right += 16)
    v128.store(out, f64x2.add(v128.load(left), v128.load(right)))
}

export function sub_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 16, left += 16, right += 16)
    v128.store(out, f64x2.sub(v128.load(left), v128.load(right)))
}

export function mul_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 16, left += 16, right += 16)
    v128.store(out, product(v128.load(left), v128.load(right)))
}

export function least_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 16, left += 16, right += 16)
    v128.store(out, f64x2.min(v128.load(left), v128.load(right)))
}

export function greatest_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 16, left += 16, right += 16)
    v128.store(out, f64x2.max(v128.load(left), v128.load(right)))
}

/** a · b, 0 for -0. */
// @ts-ignore: decorator
@inline function product(a: v128, b: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), f64x2.splat(0))
}

export function neg_i(n: i32, source: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, source += 16)
    v128.store(out, i32x4.neg(v128.load(source)))
}

export function neg_d(n: i32, source: usize, out: usize): void {
  const zero = f64x2.splat(0)
  for (const end = out + (n << 3); out < end; out += 16, source += 16)
    v128.store(out, f64x2.sub(zero, v128.load(source)))
}

export function abs_i(n: i32, source: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, source += 16)
    v128.store(out, i32x4.abs(v128.load(source)))
}

export function abs_d(n: i32, source: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 16, source += 16)
    v128.store(out, f64x2.abs(v128.load(source)))
}

export function addk_i(n: i32, source: usize, k: i32, out: usize): void {
  const constant = i32x4.splat(k)
  for (const end = out + (n << 2); out < end; out += 16, source += 16)
    v128.store(out, i32x4.add(v128.load(source), constant))
}

export function addk_d(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 3); out < end; out += 16, source += 16)
    v128.store(out, f64x2.add(v128.load(source), constant))
}

export function mulk_i(n: i32, source: usize, k: i32, out: usize): void {
  const constant = i32x4.splat(k)
  for (const end = out + (n << 2); out < end; out += 16, source += 16)
    v128.store(out, i32x4.mul(v128.load(source), constant))
}

export function mulk_d(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 3); out < end; out += 16, source += 16)
    v128.store(out, product(v128.load(source), constant))
}

export function rescale_up(n: i32, source: usize, factor: f64, out: usize): void {
  mulk_d(n, source, factor, out)
}

export function widen(n: i32, source: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 32, source += 16) {
    const values = v128.load(source)
    v128.store(out, float64Low(values))
    v128.store(out, float64High(values), 16)
  }
}

export function narrow(n: i32, source: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, source += 32)
    v128.store(out, low32(v128.load(source), v128.load(source, 16)))
}

export function bits_d(n: i32, source: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 32, source += 16) {
    const values = v128.load(source)
    v128.store(out, f64x2.convert_low_i32x4_u(values))
    v128.store(out, f64x2.convert_low_i32x4_u(v128.shuffle<u64>(values, values, 1, 1)), 16)
  }
}
