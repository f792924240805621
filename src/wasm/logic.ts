/** 16 bytes of a mask, or 0 where there is none. */
// @ts-ignore: decorator
@inline function mask16(mask: usize): v128 {
  return mask == 0 ? i8x16.splat(0) : v128.load(mask)
}

/** Four bytes as four int32. */
// @ts-ignore: decorator
@inline function bytes4(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)))
}

/** The low bytes of sixteen int32. */
// @ts-ignore: decorator
@inline function lowBytes(at: usize): v128 {
  const low = i32x4.splat(255)
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_u(v128.and(v128.load(at), low), v128.and(v128.load(at, 16), low)),
    i16x8.narrow_i32x4_u(v128.and(v128.load(at, 32), low), v128.and(v128.load(at, 48), low)),
  )
}

/** Which of sixteen choices are `which`, as bytes of ones. */
// @ts-ignore: decorator
@inline function chosen16(choice: usize, which: v128): v128 {
  return i8x16.narrow_i16x8_s(
    i16x8.narrow_i32x4_s(
      i32x4.eq(v128.load(choice), which),
      i32x4.eq(v128.load(choice, 16), which),
    ),
    i16x8.narrow_i32x4_s(
      i32x4.eq(v128.load(choice, 32), which),
      i32x4.eq(v128.load(choice, 48), which),
    ),
  )
}

export function and_i(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, v128.and(v128.load(left), v128.load(right)))
}

export function or_i(n: i32, left: usize, right: usize, out: usize): void {
  const one = i32x4.splat(1)
  for (const end = out + (n << 2); out < end; out += 16, left += 16, right += 16)
    v128.store(out, v128.and(v128.or(v128.load(left), v128.load(right)), one))
}

export function not_i(n: i32, source: usize, out: usize): void {
  const one = i32x4.splat(1)
  for (const end = out + (n << 2); out < end; out += 16, source += 16)
    v128.store(out, i32x4.sub(one, v128.load(source)))
}

export function and_m(
  n: i32, left: usize, leftMask: usize, right: usize, rightMask: usize, out: usize,
): void {
  for (let i: usize = 0; i < <usize>n; i += 16) {
    const x = mask16(leftMask == 0 ? 0 : leftMask + i)
    const y = mask16(rightMask == 0 ? 0 : rightMask + i)
    const a = v128.or(x, lowBytes(left + (i << 2)))
    const b = v128.or(y, lowBytes(right + (i << 2)))
    v128.store(out + i, v128.and(v128.or(x, y), v128.and(a, b)))
  }
}

export function or_m(
  n: i32, left: usize, leftMask: usize, right: usize, rightMask: usize, out: usize,
): void {
  const one = i8x16.splat(1)
  for (let i: usize = 0; i < <usize>n; i += 16) {
    const x = mask16(leftMask == 0 ? 0 : leftMask + i)
    const y = mask16(rightMask == 0 ? 0 : rightMask + i)
    const a = v128.or(x, i8x16.sub(one, lowBytes(left + (i << 2))))
    const b = v128.or(y, i8x16.sub(one, lowBytes(right + (i << 2))))
    v128.store(out + i, v128.and(v128.or(x, y), v128.and(a, b)))
  }
}

export function or_mm(n: i32, left: usize, right: usize, out: usize): void {
  for (const end = out + n; out < end; out += 16, left += 16, right += 16)
    v128.store(out, v128.or(v128.load(left), v128.load(right)))
}

export function mask_i(n: i32, mask: usize, out: usize): void {
  for (const end = out + (n << 2); out < end; out += 16, mask += 4) v128.store(out, bytes4(mask))
}

export function known_i(n: i32, mask: usize, out: usize): void {
  const one = i32x4.splat(1)
  for (const end = out + (n << 2); out < end; out += 16, mask += 4)
    v128.store(out, i32x4.sub(one, bytes4(mask)))
}

export function choose(
  n: i32, condition: usize, conditionMask: usize, which: i32, choice: usize,
): void {
  const one = i32x4.splat(1)
  const zero = i32x4.splat(0)
  const value = i32x4.splat(which)
  for (const end = choice + (n << 2); choice < end; choice += 16, condition += 16) {
    let holds = i32x4.eq(v128.load(condition), one)
    if (conditionMask != 0) {
      holds = v128.and(holds, i32x4.eq(bytes4(conditionMask), zero))
      conditionMask += 4
    }
    v128.store(choice, v128.bitselect(value, v128.load(choice), holds))
  }
}

export function merge_i(n: i32, value: usize, choice: usize, which: i32, out: usize): void {
  const wanted = i32x4.splat(which)
  for (const end = out + (n << 2); out < end; out += 16, value += 16, choice += 16) {
    const chosen = i32x4.eq(v128.load(choice), wanted)
    v128.store(out, v128.bitselect(v128.load(value), v128.load(out), chosen))
  }
}

export function merge_d(n: i32, value: usize, choice: usize, which: i32, out: usize): void {
  const wanted = i32x4.splat(which)
  for (const end = out + (n << 3); out < end; out += 32, value += 32, choice += 16) {
    const chosen = i32x4.eq(v128.load(choice), wanted)
    const low = i64x2.extend_low_i32x4_s(chosen)
    const high = i64x2.extend_high_i32x4_s(chosen)
    v128.store(out, v128.bitselect(v128.load(value), v128.load(out), low))
    v128.store(out, v128.bitselect(v128.load(value, 16), v128.load(out, 16), high), 16)
  }
}

export function merge_m(n: i32, value: usize, choice: usize, which: i32, out: usize): void {
  const wanted = i32x4.splat(which)
  for (const end = out + n; out < end; out += 16, value += 16, choice += 64)
    v128.store(out, v128.bitselect(v128.load(value), v128.load(out), chosen16(choice, wanted)))
}

export function mergek_m(n: i32, value: i32, choice: usize, which: i32, out: usize): void {
  const wanted = i32x4.splat(which)
  const values = i8x16.splat(<i8>value)
  for (const end = out + n; out < end; out += 16, choice += 64)
    v128.store(out, v128.bitselect(values, v128.load(out), chosen16(choice, wanted)))
}

export function merge_fixed(
  n: i32, value: usize, choice: usize, which: i32, out: usize, stride: i32,
): void {
  for (const end = choice + (n << 2); choice < end; choice += 4, value += stride, out += stride) {
    if (load<i32>(choice) != which) continue
    for (let i: i32 = 0; i < stride; i += 4) store<i32>(out + i, load<i32>(value + i))
  }
}
