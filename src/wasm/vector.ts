/** floor(d · n / 2^32) of four words each. */
// @ts-ignore: decorator
@inline export function place32(d: v128, n: v128): v128 {
  return v128.shuffle<u32>(
    i64x2.extmul_low_i32x4_u(d, n),
    i64x2.extmul_high_i32x4_u(d, n),
    1, 3, 5, 7,
  )
}

/** The lower two words as 64-bit integers. */
// @ts-ignore: decorator
@inline export function unsignedLow(words: v128): v128 {
  return i64x2.extend_low_i32x4_u(words)
}

/** The upper two words as 64-bit integers. */
// @ts-ignore: decorator
@inline export function unsignedHigh(words: v128): v128 {
  return i64x2.extend_high_i32x4_u(words)
}

/** The lower two int32 as float64. */
// @ts-ignore: decorator
@inline export function float64Low(words: v128): v128 {
  return f64x2.convert_low_i32x4_s(words)
}

/** The upper two int32 as float64. */
// @ts-ignore: decorator
@inline export function float64High(words: v128): v128 {
  return f64x2.convert_low_i32x4_s(v128.shuffle<u64>(words, words, 1, 1))
}

// 1.5 · 2^52: an integer below 2^51 in size, added to it, stands in the low bits of the sum.
const MAGIC: f64 = 6755399441055744

/** The low 32 bits of four integers below 2^51 in size. */
// @ts-ignore: decorator
@inline export function low32(a: v128, b: v128): v128 {
  const magic = f64x2.splat(MAGIC)
  return v128.shuffle<u32>(f64x2.add(a, magic), f64x2.add(b, magic), 0, 2, 4, 6)
}

/**
 * The low 32 bits of an integer below 2^51 in size. V8 makes control flow of a conversion that cannot trap, and loses
 * what it knows to be constant in the loop behind it.
 */
// @ts-ignore: decorator
@inline export function int32Of(value: f64): i32 {
  return <i32>reinterpret<i64>(value + MAGIC)
}

/** An integer below 2^51 in size. */
// @ts-ignore: decorator
@inline export function int64Of(value: f64): i64 {
  return reinterpret<i64>(value + MAGIC) - reinterpret<i64>(MAGIC)
}

/** Two 64-bit integers, not negative and below 2^52, as float64. */
// @ts-ignore: decorator
@inline export function toFloat64(values: v128): v128 {
  return f64x2.sub(v128.or(values, i64x2.splat(0x4330000000000000)), f64x2.splat(4503599627370496))
}

/** The masks of two pairs of 64-bit lanes as four 32-bit lanes. */
// @ts-ignore: decorator
@inline export function narrowMask(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 0, 2, 4, 6)
}

/** Copies `length` bytes by sixteens, up to 15 more than asked. */
// @ts-ignore: decorator
@inline export function copyLoose(from: usize, to: usize, length: i32): void {
  for (let i: i32 = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i))
}

/** Copies exactly `length` bytes, which do not overlap their new place. */
// @ts-ignore: decorator
@inline export function copyExact(from: usize, to: usize, length: i32): void {
  if (length >= 16) {
    for (let i: i32 = 0; i + 16 <= length; i += 16) v128.store(to + i, v128.load(from + i))
    v128.store(to + length - 16, v128.load(from + length - 16))
  } else if (length >= 8) {
    const tail = load<u64>(from + length - 8)
    store<u64>(to, load<u64>(from))
    store<u64>(to + length - 8, tail)
  } else if (length >= 4) {
    const tail = load<u32>(from + length - 4)
    store<u32>(to, load<u32>(from))
    store<u32>(to + length - 4, tail)
  } else if (length > 0) {
    store<u8>(to, load<u8>(from))
    if (length > 1) store<u16>(to + length - 2, load<u16>(from + length - 2))
  }
}

/** The index, kept inside a table of `count` entries. */
// @ts-ignore: decorator
@inline export function clamp(index: i32, count: i32): i32 {
  return max(0, min(index, count - 1))
}

/** Whether row `r` is null by a mask, or by none at address 0. */
// @ts-ignore: decorator
@inline export function isNull(nulls: usize, r: i32): bool {
  return nulls != 0 && load<u8>(nulls + r) != 0
}

/** How many of sixteen bytes, the first `length` of them, begin a code point. */
// @ts-ignore: decorator
@inline export function pointsIn(bytes: v128, length: i32): i32 {
  const begins = i8x16.bitmask(i8x16.ge_s(bytes, i8x16.splat(-64)))
  return popcnt(length < 16 ? begins & ((1 << length) - 1) : begins)
}
