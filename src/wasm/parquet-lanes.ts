/** The least of four lanes. */
export function leastInt32(x: v128): i32 {
  const half = i32x4.min_s(x, v128.shuffle<u32>(x, x, 2, 3, 0, 1))
  return min(i32x4.extract_lane(half, 0), i32x4.extract_lane(half, 1))
}

/** The sum of four lanes. */
export function sumInt32(x: v128): i32 {
  const half = i32x4.add(x, v128.shuffle<u32>(x, x, 2, 3, 0, 1))
  return i32x4.extract_lane(half, 0) + i32x4.extract_lane(half, 1)
}
