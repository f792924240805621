import { clamp, int32Of, int64Of } from './vector'

// Where the parts of a law stand, as LAW in src/core/kernel/instructions/laws.ts says.
const STEP: usize = 8
const COUNT: usize = 16
const KIND: usize = 24
const SIZE: usize = 28
const LANES: usize = 32
const THRESHOLDS: usize = 36
const ALIASES: usize = 40
const VALUES: usize = 44
const WIDTHS: usize = 48
const STEP_THRESHOLDS: usize = 64
const STEP_VALUES: usize = 192

const STEPS: i32 = 1
const ALIAS: i32 = 2
const MOST_GROUPS: usize = 8

/** floor(d · n / 2^32) for n to 2^20. */
// @ts-ignore: decorator
@inline function place(d: u32, n: f64): f64 {
  return <f64>((<u64>d * <u64>(<u32>int32Of(n))) >> 32)
}

/** floor((a · 2^16 + floor(b / 2^16)) · n / 2^48) for n to 2^37. */
// @ts-ignore: decorator
@inline function place48(a: u32, b: u32, n: f64): f64 {
  const count = <u64>int64Of(n)
  const rest = (<u64>(b >> 16) * count) >> 16
  return <f64>(<u64>a * (count >> 32) + ((<u64>a * (count & 0xffffffff) + rest) >> 32))
}

// @ts-ignore: decorator
@inline function chooseBin(thresholds: usize, aliases: usize, lane: u32, bits: u32): u32 {
  const slot = lane >> (32 - bits)
  const own = (lane << bits) >> bits < load<u32>(thresholds + (slot << 2))
  // Both are at hand and the choice is even: a branch would be guessed wrong.
  return select<u32>(slot, load<u32>(aliases + (slot << 2)), own)
}

/** The outcome of an alias table at row `r` (times four) of the lanes. */
// @ts-ignore: decorator
@inline function aliasOutcome(table: usize, lane1: usize, lane2: usize, lane3: usize): f64 {
  const thresholds = load<usize>(table + THRESHOLDS)
  const aliases = load<usize>(table + ALIASES)
  const bin = chooseBin(thresholds, aliases, load<u32>(lane1), load<u32>(table + SIZE))
  const low = load<f64>(load<usize>(table + VALUES) + (bin << 3))
  const lanes = load<i32>(table + LANES)
  if (lanes == 0) return low
  const width = load<f64>(load<usize>(table + WIDTHS) + (bin << 3))
  const inside =
    lanes == 1 ? place(load<u32>(lane2), width) : place48(load<u32>(lane2), load<u32>(lane3), width)
  return low + load<f64>(table + STEP) * inside
}

export function alias_i(
  n: i32, lane1: usize, lane2: usize, lane3: usize, table: usize, out: usize,
): void {
  if (load<i32>(table + LANES) == 0) return aliasPoints(n, lane1, table, out)
  for (const end = out + (n << 2); out < end; out += 4, lane1 += 4, lane2 += 4, lane3 += 4)
    store<i32>(out, int32Of(aliasOutcome(table, lane1, lane2, lane3)))
}

/** Outcomes of bins of one value each; what the law is made of is looked up once. */
function aliasPoints(n: i32, lane: usize, table: usize, out: usize): void {
  const bits = load<u32>(table + SIZE)
  const thresholds = load<usize>(table + THRESHOLDS)
  const aliases = load<usize>(table + ALIASES)
  const values = load<usize>(table + VALUES)
  for (const end = out + (n << 2); out < end; out += 4, lane += 4) {
    const bin = chooseBin(thresholds, aliases, load<u32>(lane), bits)
    store<i32>(out, int32Of(load<f64>(values + (bin << 3))))
  }
}

export function alias_d(
  n: i32, lane1: usize, lane2: usize, lane3: usize, table: usize, out: usize,
): void {
  for (const end = out + (n << 3); out < end; out += 8, lane1 += 4, lane2 += 4, lane3 += 4)
    store<f64>(out, aliasOutcome(table, lane1, lane2, lane3))
}

/** The value behind as many of 4 · groups thresholds as the lane has reached; the last one fills up the values. */
// @ts-ignore: decorator
@inline function stepsOutcome(table: usize, lane: u32, groups: usize): f64 {
  const draw = i32x4.splat(lane)
  const from = table + STEP_THRESHOLDS
  let code = reached(draw, from)
  for (let at: usize = 16; at < groups << 4; at += 16) code += reached(draw, from + at)
  return load<f64>(table + STEP_VALUES + (code << 3))
}

/** How many of four thresholds are reached. */
// @ts-ignore: decorator
@inline function reached(draw: v128, thresholds: usize): i32 {
  return popcnt(i32x4.bitmask(i32x4.ge_u(draw, v128.load(thresholds))))
}

function uniformOutcome(table: usize, first: u32, second: u32): f64 {
  const count = load<f64>(table + COUNT)
  const inside = load<i32>(table + LANES) == 1 ? place(first, count) : place48(first, second, count)
  return load<f64>(table) + load<f64>(table + STEP) * inside
}

/** Four thresholds are a group; how many groups hold those of every law, or 0 when a law is no law of steps. */
function commonGroups(directory: usize, count: i32): usize {
  let most: i32 = 1
  for (const end = directory + (count << 2); directory < end; directory += 4) {
    const table = load<usize>(directory)
    if (load<i32>(table + KIND) != STEPS) return 0
    most = max(most, load<i32>(table + SIZE))
  }
  return (most + 3) >> 2
}

// @ts-ignore: decorator
@inline function outcome(table: usize, lane1: usize, lane2: usize, lane3: usize): f64 {
  const kind = load<i32>(table + KIND)
  if (kind == ALIAS) return aliasOutcome(table, lane1, lane2, lane3)
  if (kind == STEPS) return stepsOutcome(table, load<u32>(lane1), MOST_GROUPS)
  return uniformOutcome(table, load<u32>(lane1), load<u32>(lane2))
}

// @ts-ignore: decorator
@inline function lawAt(given: usize, directory: usize, count: i32): usize {
  return load<usize>(directory + (clamp(load<i32>(given), count) << 2))
}

export function given_i(
  n: i32, given: usize, lane1: usize, lane2: usize, lane3: usize,
  directory: usize, count: i32, out: usize,
): void {
  const groups = commonGroups(directory, count)
  const end: usize = n << 2
  if (groups > 0) {
    for (let i: usize = 0; i < end; i += 4) {
      const table = lawAt(given + i, directory, count)
      store<i32>(out + i, int32Of(stepsOutcome(table, load<u32>(lane1 + i), groups)))
    }
    return
  }
  for (let i: usize = 0; i < end; i += 4) {
    const table = lawAt(given + i, directory, count)
    store<i32>(out + i, int32Of(outcome(table, lane1 + i, lane2 + i, lane3 + i)))
  }
}

export function given_d(
  n: i32, given: usize, lane1: usize, lane2: usize, lane3: usize,
  directory: usize, count: i32, out: usize,
): void {
  const groups = commonGroups(directory, count)
  const end: usize = n << 2
  if (groups > 0) {
    for (let i: usize = 0; i < end; i += 4) {
      const table = lawAt(given + i, directory, count)
      store<f64>(out + (i << 1), stepsOutcome(table, load<u32>(lane1 + i), groups))
    }
    return
  }
  for (let i: usize = 0; i < end; i += 4) {
    const table = lawAt(given + i, directory, count)
    store<f64>(out + (i << 1), outcome(table, lane1 + i, lane2 + i, lane3 + i))
  }
}
