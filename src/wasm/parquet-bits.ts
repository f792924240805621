import { sumInt32 } from './parquet-lanes'
import { pack32 } from './parquet-packing'

/** SIMD twins of the packing primitives in src/core/parquet/bits.ts and runs.ts, which say what they mean. */

/** A last group of values, padded with zeros. */
const GROUP: usize = memory.data(128, 16)

const MINIBLOCK: i32 = 32

/** Packs the low `width` bits of 32-bit values, zeros filling the last group of eight; returns the bytes written. */
export function packBits(values: usize, count: i32, width: i32, out: usize): i32 {
  const whole = count & ~31
  let at = out
  for (let i = 0; i < whole; i += MINIBLOCK) at = pack32(values + (<usize>i << 2), width, at)
  const rest = count - whole
  if (rest > 0) {
    memory.fill(GROUP, 0, 128)
    memory.copy(GROUP, values + (<usize>whole << 2), <usize>rest << 2)
    pack32(GROUP, width, at)
  }
  return ((count + 7) >> 3) * width
}

/** How often neighbours differ, plus one; 0 for no values. */
export function countRuns(values: usize, count: i32): i32 {
  if (count == 0) return 0
  let i = 1
  let differ = i32x4.splat(0)
  for (; i + 4 <= count; i += 4) {
    const at = values + (<usize>i << 2)
    differ = i32x4.sub(differ, i32x4.ne(v128.load(at), v128.load(at - 4)))
  }
  let runs = 1 + sumInt32(differ)
  for (; i < count; i++) {
    const at = values + (<usize>i << 2)
    runs += i32(load<i32>(at) != load<i32>(at - 4))
  }
  return runs
}
