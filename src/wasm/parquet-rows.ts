/** SIMD twins of src/core/parquet/lattice.ts, nulls.ts and words.ts; they may write up to 32 bytes past an array's end. */

/** The index of each 32-bit value low + step * index. */
export function latticeInt32(values: usize, count: i32, low: f64, step: f64, codes: usize): void {
  if (step != 1) {
    latticeByDivision(values, count, low, step, codes)
    return
  }
  const lows = i32x4.splat(<i32>low)
  for (let i = 0; i < count; i += 4) {
    const at = <usize>i << 2
    v128.store(codes + at, i32x4.sub(v128.load(values + at), lows))
  }
}

/** The index of each double low + step * index. */
export function latticeFloat64(values: usize, count: i32, low: f64, step: f64, codes: usize): void {
  const lows = f64x2.splat(low)
  const steps = f64x2.splat(step)
  for (let i = 0; i < count; i += 2) {
    const offsets = f64x2.sub(v128.load(values + (<usize>i << 3)), lows)
    const indices = i32x4.trunc_sat_f64x2_s_zero(f64x2.div(offsets, steps))
    v128.store64_lane(codes + (<usize>i << 2), indices, 0)
  }
}

/** Definition levels of a null mask; returns the number of nulls. */
export function definitionLevels(nulls: usize, count: i32, levels: usize): i32 {
  const one = i8x16.splat(1)
  let present = 0
  for (let i = 0; i < count; i += 16) {
    const level = i8x16.sub(one, v128.load(nulls + <usize>i))
    const low = i16x8.extend_low_i8x16_u(level)
    const high = i16x8.extend_high_i8x16_u(level)
    const at = levels + (<usize>i << 2)
    v128.store(at, i32x4.extend_low_i16x8_u(low))
    v128.store(at, i32x4.extend_high_i16x8_u(low), 16)
    v128.store(at, i32x4.extend_low_i16x8_u(high), 32)
    v128.store(at, i32x4.extend_high_i16x8_u(high), 48)
    const mask = i8x16.bitmask(i8x16.eq(level, one))
    present += popcnt(count - i >= 16 ? mask : mask & ((1 << (count - i)) - 1))
  }
  return count - present
}

/** Copies the 32-bit values that are not null to the front; returns how many. */
export function compactInt32(values: usize, nulls: usize, count: i32, out: usize): i32 {
  let at = out
  for (let i = 0; i < count; i++) {
    store<i32>(at, load<i32>(values + (<usize>i << 2)))
    at += <usize>(1 - <i32>load<u8>(nulls + <usize>i)) << 2
  }
  return <i32>((at - out) >> 2)
}

/** Copies the doubles that are not null to the front; returns how many. */
export function compactFloat64(values: usize, nulls: usize, count: i32, out: usize): i32 {
  let at = out
  for (let i = 0; i < count; i++) {
    store<f64>(at, load<f64>(values + (<usize>i << 3)))
    at += <usize>(1 - <i32>load<u8>(nulls + <usize>i)) << 3
  }
  return <i32>((at - out) >> 3)
}

/** Copies the cells of `stride` bytes that are not null to the front; returns the bytes copied. */
export function compactFixed(bytes: usize, nulls: usize, rows: i32, stride: usize, out: usize): i32 {
  let at = out
  let from = bytes
  for (let i = 0; i < rows; i++) {
    for (let k: usize = 0; k < stride; k += 16) v128.store(at + k, v128.load(from + k))
    at += stride * <usize>(1 - <i32>load<u8>(nulls + <usize>i))
    from += stride
  }
  return <i32>(at - out)
}

/** Copies the strings that are not null to the front, offsets from 0 and bytes without gaps; returns how many. */
export function compactWords(offsets: usize, bytes: usize, nulls: usize, rows: i32, outOffsets: usize, outBytes: usize): i32 {
  let at = outOffsets
  let end: u32 = 0
  store<u32>(at, 0)
  for (let i = 0; i < rows; i++) {
    if (load<u8>(nulls + <usize>i)) continue
    const from = load<u32>(offsets + (<usize>i << 2))
    const length = load<u32>(offsets + (<usize>i << 2), 4) - from
    for (let k: u32 = 0; k < length; k += 16) {
      v128.store(outBytes + <usize>(end + k), v128.load(bytes + <usize>(from + k)))
    }
    end += length
    at += 4
    store<u32>(at, end)
  }
  return <i32>((at - outOffsets) >> 2)
}

/** Adds a number to each of `count` offsets. */
export function shiftOffsets(offsets: usize, count: i32, shift: i32, out: usize): void {
  const shifts = i32x4.splat(shift)
  for (const end = out + (<usize>count << 2); out < end; out += 16, offsets += 16)
    v128.store(out, i32x4.add(v128.load(offsets), shifts))
}

/** The lengths of `count` words behind offsets. */
export function wordLengths(offsets: usize, count: i32, lengths: usize): void {
  for (const end = lengths + (<usize>count << 2); lengths < end; lengths += 16, offsets += 16)
    v128.store(lengths, i32x4.sub(v128.load(offsets, 4), v128.load(offsets)))
}

function latticeByDivision(values: usize, count: i32, low: f64, step: f64, codes: usize): void {
  const lows = f64x2.splat(low)
  const steps = f64x2.splat(step)
  for (let i = 0; i < count; i += 2) {
    const at = <usize>i << 2
    const exact = f64x2.convert_low_i32x4_s(v128.load64_zero(values + at))
    const indices = i32x4.trunc_sat_f64x2_s_zero(f64x2.div(f64x2.sub(exact, lows), steps))
    v128.store64_lane(codes + at, indices, 0)
  }
}
