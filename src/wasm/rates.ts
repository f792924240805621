import { sumInt32 } from './parquet-lanes'

/** The SIMD twin of src/core/report/rates.ts, which says what it means. */

/** Marks no row as null. */
const NEVER: usize = memory.data(16, 16)

/** Rows asked about in the upper 16 bits, hits among them in the lower; up to 32,768 rows. A mask at 0 is none. */
export function countRates(rows: i32, values: usize, nulls: usize, asked: usize, askedNulls: usize): i32 {
  const one = i8x16.splat(1)
  const step: usize = nulls == 0 ? 0 : 16
  const askedStep: usize = askedNulls == 0 ? 0 : 16
  let mask = nulls == 0 ? NEVER : nulls
  let askedMask = askedNulls == 0 ? NEVER : askedNulls
  let counts = i16x8.splat(0)
  let hits = counts
  for (let row = 0; row < rows; row += 16) {
    const known = v128.andnot(one, v128.or(v128.load(mask), v128.load(askedMask)))
    const within = rows - row >= 16 ? known : v128.and(known, firstOf(rows - row))
    const count = v128.and(bytesAt(asked), within)
    counts = i16x8.add(counts, i16x8.extadd_pairwise_i8x16_u(count))
    hits = i16x8.add(hits, i16x8.extadd_pairwise_i8x16_u(v128.and(bytesAt(values), count)))
    mask += step
    askedMask += askedStep
    values += 64
    asked += 64
  }
  return (sumInt16(counts) << 16) | sumInt16(hits)
}

// Sixteen integers, each 0 or 1 unless it is null, as bytes.
// @ts-ignore: decorator
@inline
function bytesAt(at: usize): v128 {
  const low = i16x8.narrow_i32x4_s(v128.load(at), v128.load(at, 16))
  const high = i16x8.narrow_i32x4_s(v128.load(at, 32), v128.load(at, 48))
  return i8x16.narrow_i16x8_u(low, high)
}

// Ones in the first `count` of sixteen bytes.
function firstOf(count: i32): v128 {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  return v128.and(i8x16.lt_u(places, i8x16.splat(<i8>count)), i8x16.splat(1))
}

function sumInt16(x: v128): i32 {
  return sumInt32(i32x4.extadd_pairwise_i16x8_u(x))
}
