import { clamp, copyLoose } from './vector'

// Four rows a turn, where the turning itself would cost as much as a row.
export function take_i(n: i32, source: usize, index: usize, out: usize): void {
  const end = out + (n << 2)
  for (; out + 16 <= end; out += 16, index += 16) {
    store<i32>(out, load<i32>(source + (load<u32>(index) << 2)))
    store<i32>(out, load<i32>(source + (load<u32>(index, 4) << 2)), 4)
    store<i32>(out, load<i32>(source + (load<u32>(index, 8) << 2)), 8)
    store<i32>(out, load<i32>(source + (load<u32>(index, 12) << 2)), 12)
  }
  for (; out < end; out += 4, index += 4)
    store<i32>(out, load<i32>(source + (load<u32>(index) << 2)))
}

export function take_d(n: i32, source: usize, index: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 8, index += 4)
    store<f64>(out, load<f64>(source + (load<u32>(index) << 3)))
}

export function take_m(n: i32, source: usize, index: usize, out: usize): void {
  for (const end = out + n; out < end; out += 1, index += 4)
    store<u8>(out, load<u8>(source + load<u32>(index)))
}

export function take_fixed(n: i32, source: usize, index: usize, out: usize, stride: i32): void {
  for (const end = index + (n << 2); index < end; index += 4, out += stride)
    copyLoose(source + load<u32>(index) * stride, out, stride)
}

export function take_views(
  n: i32, offsets: usize, bytes: usize, index: usize, from: usize, lengths: usize,
): void {
  for (const end = index + (n << 2); index < end; index += 4, from += 4, lengths += 4) {
    const row = offsets + (load<u32>(index) << 2)
    const start = load<i32>(row)
    store<i32>(from, <i32>bytes + start)
    store<i32>(lengths, load<i32>(row, 4) - start)
  }
}

export function cell_i(n: i32, table: usize, count: i32, index: usize, out: usize): void {
  if (n >= 64 && count <= 16 && areBytes(table, count)) {
    const whole = n & ~15
    byteCells(whole, table, count, index, out)
    n -= whole
    index += whole << 2
    out += whole << 2
  }
  const first = i32x4.splat(0)
  const last = i32x4.splat(count - 1)
  for (const end = out + (n << 2); out < end; out += 16, index += 16) {
    const at = i32x4.shl(i32x4.max_s(i32x4.min_s(v128.load(index), last), first), 2)
    const low = i64x2.extract_lane(at, 0)
    const high = i64x2.extract_lane(at, 1)
    store<i32>(out, load<i32>(table + <u32>low))
    store<i32>(out, load<i32>(table + <u32>(low >> 32)), 4)
    store<i32>(out, load<i32>(table + <u32>high), 8)
    store<i32>(out, load<i32>(table + <u32>(high >> 32)), 12)
  }
}

function areBytes(table: usize, count: i32): bool {
  let all: u32 = 0
  for (const end = table + (count << 2); table < end; table += 4) all |= load<u32>(table)
  return all < 256
}

const CELLS: usize = memory.data(16, 16)

/** Sixteen rows a turn, in a table of up to sixteen bytes that one vector holds. */
function byteCells(n: i32, table: usize, count: i32, index: usize, out: usize): void {
  for (let i: i32 = 0; i < count; i++) store<u8>(CELLS + i, load<u8>(table + (i << 2)))
  const cells = v128.load(CELLS)
  const last = i8x16.splat(<i8>(count - 1))
  for (const end = out + (n << 2); out < end; out += 64, index += 64) {
    const left = i16x8.narrow_i32x4_s(v128.load(index), v128.load(index, 16))
    const right = i16x8.narrow_i32x4_s(v128.load(index, 32), v128.load(index, 48))
    // To narrow keeps what is too low at 0.
    const found = i8x16.swizzle(cells, i8x16.min_u(i8x16.narrow_i16x8_u(left, right), last))
    const low = i16x8.extend_low_i8x16_u(found)
    const high = i16x8.extend_high_i8x16_u(found)
    v128.store(out, i32x4.extend_low_i16x8_u(low))
    v128.store(out, i32x4.extend_high_i16x8_u(low), 16)
    v128.store(out, i32x4.extend_low_i16x8_u(high), 32)
    v128.store(out, i32x4.extend_high_i16x8_u(high), 48)
  }
}

export function cell_d(n: i32, table: usize, count: i32, index: usize, out: usize): void {
  for (const end = out + (n << 3); out < end; out += 8, index += 4)
    store<f64>(out, load<f64>(table + (clamp(load<i32>(index), count) << 3)))
}

/** Which of sixteen choices are `which`, a bit each. */
// @ts-ignore: decorator
@inline function chosen(choice: usize, which: v128): i32 {
  const left = i16x8.narrow_i32x4_s(
    i32x4.eq(v128.load(choice), which),
    i32x4.eq(v128.load(choice, 16), which),
  )
  const right = i16x8.narrow_i32x4_s(
    i32x4.eq(v128.load(choice, 32), which),
    i32x4.eq(v128.load(choice, 48), which),
  )
  return i8x16.bitmask(i8x16.narrow_i16x8_s(left, right))
}

// Few rows are found one by one, many without a jump for each.
export function select(n: i32, choice: usize, which: i32, out: usize): i32 {
  const wanted = i32x4.splat(which)
  let at = out
  let r: i32 = 0
  for (; r + 16 <= n; r += 16, choice += 64) {
    let found = chosen(choice, wanted)
    if (popcnt(found) <= 6) {
      for (; found != 0; found &= found - 1, at += 4) store<i32>(at, r + ctz(found))
      continue
    }
    for (let i: i32 = 0; i < 16; i++, found >>= 1) {
      store<i32>(at, r + i)
      at += usize(found & 1) << 2
    }
  }
  for (; r < n; r++, choice += 4) {
    store<i32>(at, r)
    at += usize(load<i32>(choice) == which) << 2
  }
  return <i32>((at - out) >> 2)
}

export function partition(n: i32, choice: usize, ends: usize): void {
  for (let r: i32 = 0; r < n; r++, choice += 4) {
    const end = ends + (load<u32>(choice) << 2)
    const at = load<usize>(end)
    store<i32>(at, r)
    store<usize>(end, at + 4)
  }
}

export function scatter_i(n: i32, source: usize, index: usize, out: usize): void {
  for (const end = source + (n << 2); source < end; source += 4, index += 4)
    store<i32>(out + (load<u32>(index) << 2), load<i32>(source))
}

export function scatter_d(n: i32, source: usize, index: usize, out: usize): void {
  for (const end = source + (n << 3); source < end; source += 8, index += 4)
    store<f64>(out + (load<u32>(index) << 3), load<f64>(source))
}

export function scatter_m(n: i32, source: usize, index: usize, out: usize): void {
  for (const end = source + n; source < end; source += 1, index += 4)
    store<u8>(out + load<u32>(index), load<u8>(source))
}

export function scatter_fixed(n: i32, source: usize, index: usize, out: usize, stride: i32): void {
  for (const end = index + (n << 2); index < end; index += 4, source += stride) {
    const to = out + load<u32>(index) * stride
    for (let i: i32 = 0; i < stride; i += 4) store<i32>(to + i, load<i32>(source + i))
  }
}

export function scatterk_m(n: i32, index: usize, value: i32, out: usize): void {
  for (const end = index + (n << 2); index < end; index += 4)
    store<u8>(out + load<u32>(index), <u8>value)
}

export function copy_i(n: i32, source: usize, out: usize): void {
  memory.copy(out, source, n << 2)
}

export function fill_i(n: i32, out: usize, value: i32): void {
  const values = i32x4.splat(value)
  for (const end = out + (n << 2); out < end; out += 16) v128.store(out, values)
}

export function fill_d(n: i32, out: usize, value: f64): void {
  const values = f64x2.splat(value)
  for (const end = out + (n << 3); out < end; out += 16) v128.store(out, values)
}

export function fill_m(n: i32, out: usize, value: i32): void {
  memory.fill(out, <u8>value, n)
}

export function fill_fixed(n: i32, out: usize, stride: i32): void {
  memory.fill(out, 0, n * stride)
  for (const end = out + n * stride; out < end; out += stride) store<i32>(out, stride - 4)
}
