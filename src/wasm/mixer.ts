// A copy of the constants of src/core/random/mixer.ts, which a test compares with them.
export const S1: i32 = 16
export const M1: i32 = 569420461
export const S2: i32 = 15
export const M2: i32 = 1935289751
export const S3: i32 = 15
export const HIGH_WORD_MULTIPLIER: i32 = 1540483477

/** The mixer (`mix`) on four words. */
// @ts-ignore: decorator
@inline export function mix(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, S1)), i32x4.splat(M1))
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, S2)), i32x4.splat(M2))
  return v128.xor(x, i32x4.shr_u(x, S3))
}

/** The state after the low words of four keys. */
// @ts-ignore: decorator
@inline export function first(lo: usize, c1: v128): v128 {
  return mix(v128.xor(v128.load(lo), c1))
}

/** The first lane of four keys; `hi` is the address of their high words, or 0 where all are 0. */
// @ts-ignore: decorator
@inline export function second(x: v128, hi: usize, c2: v128): v128 {
  if (hi != 0) x = i32x4.add(x, i32x4.mul(v128.load(hi), i32x4.splat(HIGH_WORD_MULTIPLIER)))
  return mix(v128.xor(x, c2))
}

/** What `hi` moves by from four keys to the next four. */
// @ts-ignore: decorator
@inline export function stride(hi: usize): usize {
  return hi == 0 ? 0 : 16
}
