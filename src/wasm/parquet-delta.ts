import { leastInt32 } from './parquet-lanes'
import { pack32, pack64 } from './parquet-packing'

/** SIMD twins of src/core/parquet/delta.ts: DELTA_BINARY_PACKED in blocks of 128 values and miniblocks of 32. */

/** 128 deltas of up to 64 bits. */
const DELTAS: usize = memory.data(1024, 16)

const BLOCK: i32 = 128
const MINIBLOCK: i32 = 32

/** DELTA_BINARY_PACKED of 32-bit integers whose differences fit 32 bits; returns the bytes written. */
export function deltaInt32(values: usize, count: i32, out: usize): i32 {
  let at = putHeader(out, count, count > 0 ? <i64>load<i32>(values) : 0)
  for (let start = 1; start < count; start += BLOCK) {
    const size = min(BLOCK, count - start)
    at = putNarrowBlock(int32Deltas(values + (<usize>start << 2), size), size, at)
  }
  return <i32>(at - out)
}

/** The same of exact doubles whose differences fit 32 bits. */
export function deltaNarrowFloat64(values: usize, count: i32, out: usize): i32 {
  let at = putHeader(out, count, count > 0 ? <i64>load<f64>(values) : 0)
  for (let start = 1; start < count; start += BLOCK) {
    const size = min(BLOCK, count - start)
    at = putNarrowBlock(float64Deltas(values + (<usize>start << 3), size), size, at)
  }
  return <i32>(at - out)
}

/** The same of exact doubles whose differences are below 2^51. */
export function deltaWideFloat64(values: usize, count: i32, out: usize): i32 {
  let at = putHeader(out, count, count > 0 ? <i64>load<f64>(values) : 0)
  for (let start = 1; start < count; start += BLOCK) {
    const size = min(BLOCK, count - start)
    at = putWideBlock(wideDeltas(values + (<usize>start << 3), size), size, at)
  }
  return <i32>(at - out)
}

// Writes `size` deltas of the values behind `at - 1`, the least of them in the rest of 128; returns the least.
function int32Deltas(at: usize, size: i32): i32 {
  let least = i32x4.splat(i32.MAX_VALUE)
  let k: usize = 0
  const whole = <usize>(size & ~3) << 2
  for (; k < whole; k += 16) {
    const delta = i32x4.sub(v128.load(at + k), v128.load(at + k - 4))
    v128.store(DELTAS + k, delta)
    least = i32x4.min_s(least, delta)
  }
  return padNarrow(at, size, leastInt32(least))
}

function padNarrow(at: usize, size: i32, least: i32): i32 {
  for (let k = size & ~3; k < size; k++) {
    const from = at + (<usize>k << 2)
    const delta = load<i32>(from) - load<i32>(from - 4)
    store<i32>(DELTAS + (<usize>k << 2), delta)
    least = min(least, delta)
  }
  for (let k = size; k < BLOCK; k++) store<i32>(DELTAS + (<usize>k << 2), least)
  return least
}

function float64Deltas(at: usize, size: i32): i32 {
  let least = i32.MAX_VALUE
  let leasts = i32x4.splat(least)
  let k = 0
  for (; k + 4 <= size; k += 4) {
    const delta = v128.shuffle<u64>(narrowDeltas(at + (<usize>k << 3)), narrowDeltas(at + (<usize>(k + 2) << 3)), 0, 2)
    v128.store(DELTAS + (<usize>k << 2), delta)
    leasts = i32x4.min_s(leasts, delta)
  }
  least = leastInt32(leasts)
  for (; k < size; k++) {
    const from = at + (<usize>k << 3)
    const delta = <i32>(load<f64>(from) - load<f64>(from - 8))
    store<i32>(DELTAS + (<usize>k << 2), delta)
    least = min(least, delta)
  }
  for (; k < BLOCK; k++) store<i32>(DELTAS + (<usize>k << 2), least)
  return least
}

// @ts-ignore: decorator
@inline
function narrowDeltas(at: usize): v128 {
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(v128.load(at), v128.load(at - 8)))
}

function wideDeltas(at: usize, size: i32): f64 {
  let leasts = f64x2.splat(Infinity)
  let moreLeasts = leasts
  let k = 0
  for (; k + 4 <= size; k += 4) {
    const from = at + (<usize>k << 3)
    const a = f64x2.sub(v128.load(from), v128.load(from - 8))
    const b = f64x2.sub(v128.load(from, 16), v128.load(from + 8))
    v128.store(DELTAS + (<usize>k << 3), a)
    v128.store(DELTAS + (<usize>k << 3), b, 16)
    leasts = f64x2.pmin(leasts, a)
    moreLeasts = f64x2.pmin(moreLeasts, b)
  }
  leasts = f64x2.pmin(leasts, moreLeasts)
  let least = min(f64x2.extract_lane(leasts, 0), f64x2.extract_lane(leasts, 1))
  for (; k < size; k++) {
    const from = at + (<usize>k << 3)
    const delta = load<f64>(from) - load<f64>(from - 8)
    store<f64>(DELTAS + (<usize>k << 3), delta)
    least = min(least, delta)
  }
  for (; k < BLOCK; k++) store<f64>(DELTAS + (<usize>k << 3), least)
  return least
}

function putHeader(out: usize, count: i32, first: i64): usize {
  return putVarint(putVarint(putVarint(putVarint(out, BLOCK), BLOCK / MINIBLOCK), count), zigzag(first))
}

function putNarrowBlock(least: i32, size: i32, out: usize): usize {
  const widths = putVarint(out, zigzag(least))
  let at = widths + 4
  const leasts = i32x4.splat(least)
  for (let m = 0; m < 4; m++) {
    const part = DELTAS + (<usize>m << 7)
    let bits = i32x4.splat(0)
    for (let k: usize = 0; k < 128; k += 16) {
      const above = i32x4.sub(v128.load(part + k), leasts)
      v128.store(part + k, above)
      bits = v128.or(bits, above)
    }
    bits = v128.or(bits, v128.shuffle<u32>(bits, bits, 2, 3, 0, 1))
    const union = i32x4.extract_lane(bits, 0) | i32x4.extract_lane(bits, 1)
    const width = m * MINIBLOCK < size ? 32 - clz<i32>(union) : 0
    store<u8>(widths + <usize>m, <u8>width)
    if (width > 0) at = pack32(part, width, at)
  }
  return at
}

// Adding 2^52 to an integer from 0 to 2^52 - 1 puts its bits into the low ones of the double.
function putWideBlock(least: f64, size: i32, out: usize): usize {
  const widths = putVarint(out, zigzag(<i64>least))
  let at = widths + 4
  const leasts = f64x2.splat(least)
  const magic = f64x2.splat(4503599627370496)
  for (let m = 0; m < 4; m++) {
    const part = DELTAS + (<usize>m << 8)
    let bits = i64x2.splat(0)
    for (let k: usize = 0; k < 256; k += 16) {
      const above = v128.xor(f64x2.add(f64x2.sub(v128.load(part + k), leasts), magic), magic)
      v128.store(part + k, above)
      bits = v128.or(bits, above)
    }
    const union = i64x2.extract_lane(bits, 0) | i64x2.extract_lane(bits, 1)
    const width = m * MINIBLOCK < size ? 64 - <i32>clz<i64>(union) : 0
    store<u8>(widths + <usize>m, <u8>width)
    if (width > 0) at = pack64(part, width, at)
  }
  return at
}

// @ts-ignore: decorator
@inline
function zigzag(value: i64): u64 {
  return <u64>((value << 1) ^ (value >> 63))
}

function putVarint(at: usize, value: u64): usize {
  while (value > 127) {
    store<u8>(at++, <u8>(value | 128))
    value >>= 7
  }
  store<u8>(at++, <u8>value)
  return at
}
