import { leastInt32 } from './parquet-lanes'

/** SIMD twins of src/core/parquet/bounds.ts; each returns the address of a smallest and a largest. */

const RESULT: usize = memory.data(16, 16)

/** The address of the smallest and the largest of at least one value. */
export function int32Bounds(values: usize, count: i32): usize {
  let low = load<i32>(values)
  let high = low
  let lows = i32x4.splat(low)
  let highs = lows
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const v = v128.load(values + (<usize>i << 2))
    lows = i32x4.min_s(lows, v)
    highs = i32x4.max_s(highs, v)
  }
  low = leastInt32(lows)
  highs = i32x4.max_s(highs, v128.shuffle<u32>(highs, highs, 2, 3, 0, 1))
  high = i32x4.extract_lane(i32x4.max_s(highs, v128.shuffle<u32>(highs, highs, 1, 0, 3, 2)), 0)
  for (; i < count; i++) {
    const v = load<i32>(values + (<usize>i << 2))
    low = min(low, v)
    high = max(high, v)
  }
  return putInt32s(low, high)
}

/** The address of the smallest and the largest (doubles) of at least one value. */
export function float64Bounds(values: usize, count: i32): usize {
  let lows = f64x2.splat(load<f64>(values))
  let highs = lows
  let moreLows = lows
  let moreHighs = lows
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const at = values + (<usize>i << 3)
    const a = v128.load(at)
    const b = v128.load(at, 16)
    lows = f64x2.pmin(lows, a)
    highs = f64x2.pmax(highs, a)
    moreLows = f64x2.pmin(moreLows, b)
    moreHighs = f64x2.pmax(moreHighs, b)
  }
  for (; i < count; i++) {
    const v = v128.load64_splat(values + (<usize>i << 3))
    lows = f64x2.pmin(lows, v)
    highs = f64x2.pmax(highs, v)
  }
  lows = f64x2.pmin(lows, moreLows)
  highs = f64x2.pmax(highs, moreHighs)
  store<f64>(RESULT, min(f64x2.extract_lane(lows, 0), f64x2.extract_lane(lows, 1)))
  store<f64>(RESULT, max(f64x2.extract_lane(highs, 0), f64x2.extract_lane(highs, 1)), 8)
  return RESULT
}

/** The address of the rows of a smallest and a largest PLAIN string of `stride` >= 8 bytes; at least one row. */
export function fixedBounds(bytes: usize, rows: i32, stride: usize): usize {
  let low = 0
  let high = 0
  let least = headOf(bytes)
  let most = least
  let at = bytes
  for (let row = 0; row < rows;) {
    // Few rows are near the bounds, so most are passed over four at a time.
    if (row + 4 <= rows) {
      const heads = fourHeads(at, stride)
      const beyond = v128.or(
        i32x4.le_u(heads, i32x4.splat(least)),
        i32x4.ge_u(heads, i32x4.splat(most)),
      )
      if (!v128.any_true(beyond)) {
        row += 4
        at += stride << 2
        continue
      }
    }
    for (const end = min(row + 4, rows); row < end; row++, at += stride) {
      const head = headOf(at)
      if (head <= least && (head < least || comesBefore(at, bytes + <usize>low * stride, stride))) {
        least = head
        low = row
      }
      if (head >= most && (head > most || comesBefore(bytes + <usize>high * stride, at, stride))) {
        most = head
        high = row
      }
    }
  }
  return putInt32s(low, high)
}

/** The address of the rows of a smallest and a largest of at least one string behind offsets. */
export function wordBounds(offsets: usize, rows: i32, bytes: usize): usize {
  let low = 0
  let high = 0
  let least = wordHead(offsets, bytes)
  let most = least
  let at = offsets
  for (let row = 0; row < rows;) {
    // Few rows are near the bounds, so most are passed over four at a time.
    if (row + 4 <= rows) {
      const first = strictlyBetween(twoWordHeads(at, bytes), least, most)
      const second = strictlyBetween(twoWordHeads(at + 8, bytes), least, most)
      if (i64x2.all_true(v128.and(first, second))) {
        row += 4
        at += 16
        continue
      }
    }
    for (const end = min(row + 4, rows); row < end; row++, at += 4) {
      const head = wordHead(at, bytes)
      if (head <= least && (head < least || wordBefore(at, offsets + (<usize>low << 2), bytes))) {
        least = head
        low = row
      }
      if (head >= most && (head > most || wordBefore(offsets + (<usize>high << 2), at, bytes))) {
        most = head
        high = row
      }
    }
  }
  return putInt32s(low, high)
}

// The first four bytes of a cell, as a number in byte order.
// @ts-ignore: decorator
@inline
function headOf(cell: usize): u32 {
  return bswap(load<u32>(cell, 4))
}

// Those of four cells.
// @ts-ignore: decorator
@inline
function fourHeads(cell: usize, stride: usize): v128 {
  let words = v128.load32_zero(cell, 4)
  words = v128.load_lane<u32>(cell + stride, words, 1, 4)
  words = v128.load_lane<u32>(cell + 2 * stride, words, 2, 4)
  words = v128.load_lane<u32>(cell + 3 * stride, words, 3, 4)
  return v128.shuffle<u8>(words, words, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)
}

// Whether the cell at `a` is smaller than the one at `b`, both of `stride` bytes behind their first four.
function comesBefore(a: usize, b: usize, stride: usize): bool {
  for (let k: usize = 4; k < stride; k++) {
    const x = load<u8>(a + k)
    const y = load<u8>(b + k)
    if (x != y) return x < y
  }
  return false
}

// The bytes that a word of 0 to 8 bytes has of a head.
const MASKS: usize = memory.data<u64>([
  0,
  0xff00000000000000,
  0xffff000000000000,
  0xffffff0000000000,
  0xffffffff00000000,
  0xffffffffff000000,
  0xffffffffffff0000,
  0xffffffffffffff00,
  0xffffffffffffffff,
])

// The address of the mask of a word of `length` bytes.
// @ts-ignore: decorator
@inline
function maskOf(length: u32): usize {
  return MASKS + (<usize>min(length, 8) << 3)
}

// The first eight bytes of the word whose offset lies at `at`, as a number in byte order, zeros behind a shorter one.
// @ts-ignore: decorator
@inline
function wordHead(at: usize, bytes: usize): u64 {
  const start = load<u32>(at)
  return bswap(load<u64>(bytes + <usize>start)) & load<u64>(maskOf(load<u32>(at, 4) - start))
}

// Those of two words.
// @ts-ignore: decorator
@inline
function twoWordHeads(at: usize, bytes: usize): v128 {
  const start = load<u32>(at)
  const next = load<u32>(at, 4)
  let words = v128.load64_zero(bytes + <usize>start)
  words = v128.load_lane<u64>(bytes + <usize>next, words, 1)
  let masks = v128.load64_zero(maskOf(next - start))
  masks = v128.load_lane<u64>(maskOf(load<u32>(at, 8) - next), masks, 1)
  return v128.and(v128.shuffle<u8>(words, words, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8), masks)
}

// Which of two heads lie above `least` and below `most`; there are only signed comparisons of 64 bits.
// @ts-ignore: decorator
@inline
function strictlyBetween(heads: v128, least: u64, most: u64): v128 {
  const signed = v128.xor(heads, i64x2.splat(i64.MIN_VALUE))
  return v128.and(
    i64x2.gt_s(signed, i64x2.splat(<i64>least ^ i64.MIN_VALUE)),
    i64x2.gt_s(i64x2.splat(<i64>most ^ i64.MIN_VALUE), signed),
  )
}

// Whether the word whose offset lies at `a` is smaller than the one at `b`, both of the same head.
function wordBefore(a: usize, b: usize, bytes: usize): bool {
  const x = bytes + <usize>load<u32>(a)
  const y = bytes + <usize>load<u32>(b)
  const xs = load<u32>(a, 4) - load<u32>(a)
  const ys = load<u32>(b, 4) - load<u32>(b)
  const shared = <usize>min(xs, ys)
  for (let k: usize = 8; k < shared; k++) {
    const p = load<u8>(x + k)
    const q = load<u8>(y + k)
    if (p != q) return p < q
  }
  return xs < ys
}

function putInt32s(a: i32, b: i32): usize {
  store<i32>(RESULT, a)
  store<i32>(RESULT, b, 4)
  return RESULT
}
