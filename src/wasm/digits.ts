/** The hex digits of sixteen numbers below 16. */
// @ts-ignore: decorator
@inline function digits(nibbles: v128): v128 {
  const table = i8x16(48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102)
  return i8x16.swizzle(table, nibbles)
}

/** The bytes of four words, each word most significant byte first. */
// @ts-ignore: decorator
@inline export function bigEndian(words: v128): v128 {
  return v128.shuffle<u8>(words, words, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)
}

/** The first sixteen hex digits of sixteen bytes. */
// @ts-ignore: decorator
@inline export function leftDigits(bytes: v128): v128 {
  const high = v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(15))
  const low = v128.and(bytes, i8x16.splat(15))
  return digits(v128.shuffle<u8>(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23))
}

/** The last sixteen hex digits of sixteen bytes. */
// @ts-ignore: decorator
@inline export function rightDigits(bytes: v128): v128 {
  const high = v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(15))
  const low = v128.and(bytes, i8x16.splat(15))
  return digits(v128.shuffle<u8>(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31))
}
