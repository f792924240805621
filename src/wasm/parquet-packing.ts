/** Bit packing of 32 values, a miniblock; stores run up to 8 bytes past the end. */

/** Packs 32 values of at most 32 bits; returns the place behind their 4 * width bytes. */
export function pack32(values: usize, width: i32, out: usize): usize {
  if (width == 0) return out
  if (width <= 8) {
    packBytes(values, width, out)
    packBytes(values + 64, width, out + <usize>(2 * width))
  } else if (width <= 14) packQuads(values, width, out)
  else if (width <= 28) packPairs(values, width, out)
  else packSingles(values, width, out)
  return out + <usize>(4 * width)
}

/** Packs 32 values of at most 56 bits, each in 64; returns the place behind their 4 * width bytes. */
export function pack64(values: usize, width: i32, out: usize): usize {
  if (width > 32) packHalves(values, width, out)
  else packWords(values, width, out)
  return out + <usize>(4 * width)
}

// Both halves of the values end on a byte: a lane each, side by side. The last store of the first half overwrites at
// most three bytes of the second, which begins with at least 33 bits of its first value.
function packHalves(values: usize, width: i32, out: usize): void {
  const half = <usize>(2 * width)
  let carry = i64x2.splat(0)
  let used = 0
  let at = out
  for (let k: usize = 0; k < 128; k += 8) {
    const pair = v128.load64_lane(values + k + 128, v128.load64_zero(values + k), 1)
    const words = v128.or(carry, i64x2.shl(pair, used))
    v128.store64_lane(at, words, 0)
    v128.store64_lane(at + half, words, 1)
    const bits = used + width
    at += <usize>(bits >> 3)
    carry = i64x2.shr_u(words, bits & ~7)
    used = bits & 7
  }
  store<u32>(out + half, load<u32>(values, 128))
}

function packWords(values: usize, width: i32, out: usize): void {
  const put = <u64>width
  let carry: u64 = 0
  let used: u64 = 0
  for (let k: usize = 0; k < 256; k += 8) {
    const word = carry | (load<u64>(values + k) << used)
    store<u64>(out, word)
    const bits = used + put
    out += <usize>(bits >> 3)
    carry = word >> (bits & ~7)
    used = bits & 7
  }
}

// 16 values of at most 8 bits: narrowed to bytes, whose 2 x 8 are then squeezed together by halves.
// @ts-ignore: decorator
@inline
function packBytes(values: usize, width: i32, out: usize): void {
  const low = i16x8.narrow_i32x4_u(v128.load(values), v128.load(values, 16))
  const high = i16x8.narrow_i32x4_u(v128.load(values, 32), v128.load(values, 48))
  let x = i8x16.narrow_i16x8_u(low, high)
  x = squeeze(x, i16x8.splat(0x00ff), 8 - width)
  x = squeeze(x, i32x4.splat(0x0000ffff), 16 - 2 * width)
  x = squeeze(x, i64x2.splat(0xffffffff), 32 - 4 * width)
  v128.store64_lane(out, x, 0)
  v128.store64_lane(out + <usize>width, x, 1)
}

// @ts-ignore: decorator
@inline
function squeeze(x: v128, low: v128, shift: i32): v128 {
  return v128.or(v128.and(x, low), i64x2.shr_u(v128.andnot(x, low), shift))
}

function packQuads(values: usize, width: i32, out: usize): void {
  const put = <u64>(4 * width)
  let carry: u64 = 0
  let used: u64 = 0
  for (let k: usize = 0; k < 128; k += 16) {
    const x = squeeze(v128.load(values + k), i64x2.splat(0xffffffff), 32 - width)
    const quad = <u64>i64x2.extract_lane(x, 0) | (<u64>i64x2.extract_lane(x, 1) << <u64>(2 * width))
    const word = carry | (quad << used)
    store<u64>(out, word)
    const bits = used + put
    out += <usize>(bits >> 3)
    carry = word >> (bits & ~7)
    used = bits & 7
  }
}

function packPairs(values: usize, width: i32, out: usize): void {
  const put = <u64>(2 * width)
  let carry: u64 = 0
  let used: u64 = 0
  for (let k: usize = 0; k < 128; k += 16) {
    const x = squeeze(v128.load(values + k), i64x2.splat(0xffffffff), 32 - width)
    let word = carry | (<u64>i64x2.extract_lane(x, 0) << used)
    store<u64>(out, word)
    let bits = used + put
    out += <usize>(bits >> 3)
    carry = word >> (bits & ~7)
    used = bits & 7
    word = carry | (<u64>i64x2.extract_lane(x, 1) << used)
    store<u64>(out, word)
    bits = used + put
    out += <usize>(bits >> 3)
    carry = word >> (bits & ~7)
    used = bits & 7
  }
}

function packSingles(values: usize, width: i32, out: usize): void {
  const put = <u64>width
  let carry: u64 = 0
  let used: u64 = 0
  for (let k: usize = 0; k < 128; k += 4) {
    const word = carry | (<u64>load<u32>(values + k) << used)
    store<u64>(out, word)
    const bits = used + put
    out += <usize>(bits >> 3)
    carry = word >> (bits & ~7)
    used = bits & 7
  }
}
