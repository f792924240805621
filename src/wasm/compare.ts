import { int32Of, narrowMask } from './vector'

/** Lanes that are all ones as 1. */
// @ts-ignore: decorator
@inline function ones(mask: v128): v128 {
  return i32x4.shr_u(mask, 31)
}

/** Whether no int32 comes near the constant, so that all rows compare alike. */
// @ts-ignore: decorator
@inline function outside(k: f64): bool {
  return k < -2147483648 || k > 2147483647
}

function fill(n: i32, value: i32, out: usize): void {
  const values = i32x4.splat(value)
  for (const end = out + (n << 2); out < end; out += 16) v128.store(out, values)
}

export function eq_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, ones(i32x4.eq(v128.load(left), v128.load(right))))
}

export function eqk_i(n: i32, source: usize, k: f64, out: usize): void {
  if (outside(k)) return fill(n, 0, out)
  const constant = i32x4.splat(int32Of(k))
  for (const end = out + (n << 2); out < end; out += 16, source += 16)
    v128.store(out, ones(i32x4.eq(v128.load(source), constant)))
}

export function eq_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 32, right += 32) {
    const low = f64x2.eq(v128.load(left), v128.load(right))
    const high = f64x2.eq(v128.load(left, 16), v128.load(right, 16))
    v128.store(out, ones(narrowMask(low, high)))
  }
}

export function eqk_d(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 2); out < end; out += 16, source += 32) {
    const low = f64x2.eq(v128.load(source), constant)
    const high = f64x2.eq(v128.load(source, 16), constant)
    v128.store(out, ones(narrowMask(low, high)))
  }
}

export function ne_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, ones(i32x4.ne(v128.load(left), v128.load(right))))
}

export function nek_i(n: i32, source: usize, k: f64, out: usize): void {
  if (outside(k)) return fill(n, 1, out)
  const constant = i32x4.splat(int32Of(k))
  for (const end = out + (n << 2); out < end; out += 16, source += 16)
    v128.store(out, ones(i32x4.ne(v128.load(source), constant)))
}

export function ne_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 32, right += 32) {
    const low = f64x2.ne(v128.load(left), v128.load(right))
    const high = f64x2.ne(v128.load(left, 16), v128.load(right, 16))
    v128.store(out, ones(narrowMask(low, high)))
  }
}

export function nek_d(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 2); out < end; out += 16, source += 32) {
    const low = f64x2.ne(v128.load(source), constant)
    const high = f64x2.ne(v128.load(source, 16), constant)
    v128.store(out, ones(narrowMask(low, high)))
  }
}

export function lt_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, ones(i32x4.lt_s(v128.load(left), v128.load(right))))
}

export function ltk_i(n: i32, source: usize, k: f64, out: usize): void {
  if (outside(k)) return fill(n, k > 0 ? 1 : 0, out)
  const constant = i32x4.splat(int32Of(k))
  for (const end = out + (n << 2); out < end; out += 16, source += 16)
    v128.store(out, ones(i32x4.lt_s(v128.load(source), constant)))
}

export function lt_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 32, right += 32) {
    const low = f64x2.lt(v128.load(left), v128.load(right))
    const high = f64x2.lt(v128.load(left, 16), v128.load(right, 16))
    v128.store(out, ones(narrowMask(low, high)))
  }
}

export function ltk_d(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 2); out < end; out += 16, source += 32) {
    const low = f64x2.lt(v128.load(source), constant)
    const high = f64x2.lt(v128.load(source, 16), constant)
    v128.store(out, ones(narrowMask(low, high)))
  }
}

export function le_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, ones(i32x4.le_s(v128.load(left), v128.load(right))))
}

export function lek_i(n: i32, source: usize, k: f64, out: usize): void {
  if (outside(k)) return fill(n, k > 0 ? 1 : 0, out)
  const constant = i32x4.splat(int32Of(k))
  for (const end = out + (n << 2); out < end; out += 16, source += 16)
    v128.store(out, ones(i32x4.le_s(v128.load(source), constant)))
}

export function le_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 32, right += 32) {
    const low = f64x2.le(v128.load(left), v128.load(right))
    const high = f64x2.le(v128.load(left, 16), v128.load(right, 16))
    v128.store(out, ones(narrowMask(low, high)))
  }
}

export function lek_d(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 2); out < end; out += 16, source += 32) {
    const low = f64x2.le(v128.load(source), constant)
    const high = f64x2.le(v128.load(source, 16), constant)
    v128.store(out, ones(narrowMask(low, high)))
  }
}

export function gt_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, ones(i32x4.gt_s(v128.load(left), v128.load(right))))
}

export function gtk_i(n: i32, source: usize, k: f64, out: usize): void {
  if (outside(k)) return fill(n, k < 0 ? 1 : 0, out)
  const constant = i32x4.splat(int32Of(k))
  for (const end = out + (n << 2); out < end; out += 16, source += 16)
    v128.store(out, ones(i32x4.gt_s(v128.load(source), constant)))
}

export function gt_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 32, right += 32) {
    const low = f64x2.gt(v128.load(left), v128.load(right))
    const high = f64x2.gt(v128.load(left, 16), v128.load(right, 16))
    v128.store(out, ones(narrowMask(low, high)))
  }
}

export function gtk_d(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 2); out < end; out += 16, source += 32) {
    const low = f64x2.gt(v128.load(source), constant)
    const high = f64x2.gt(v128.load(source, 16), constant)
    v128.store(out, ones(narrowMask(low, high)))
  }
}

export function ge_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, ones(i32x4.ge_s(v128.load(left), v128.load(right))))
}

export function gek_i(n: i32, source: usize, k: f64, out: usize): void {
  if (outside(k)) return fill(n, k < 0 ? 1 : 0, out)
  const constant = i32x4.splat(int32Of(k))
  for (const end = out + (n << 2); out < end; out += 16, source += 16)
    v128.store(out, ones(i32x4.ge_s(v128.load(source), constant)))
}

export function ge_d(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 32, right += 32) {
    const low = f64x2.ge(v128.load(left), v128.load(right))
    const high = f64x2.ge(v128.load(left, 16), v128.load(right, 16))
    v128.store(out, ones(narrowMask(low, high)))
  }
}

export function gek_d(n: i32, source: usize, k: f64, out: usize): void {
  const constant = f64x2.splat(k)
  for (const end = out + (n << 2); out < end; out += 16, source += 32) {
    const low = f64x2.ge(v128.load(source), constant)
    const high = f64x2.ge(v128.load(source, 16), constant)
    v128.store(out, ones(narrowMask(low, high)))
  }
}
