/** Children in a block, as src/core/kernel/program.ts says. */
const BLOCK_ROWS: i32 = 16384

export function seq_i(n: i32, out: usize, first: i32): void {
  let values = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3))
  const four = i32x4.splat(4)
  for (const end = out + (n << 2); out < end; out += 16) {
    v128.store(out, values)
    values = i32x4.add(values, four)
  }
}

export function seq_d(n: i32, out: usize, first: f64): void {
  let values = f64x2.add(f64x2.splat(first), f64x2(0, 1))
  const two = f64x2.splat(2)
  for (const end = out + (n << 3); out < end; out += 16) {
    v128.store(out, values)
    values = f64x2.add(values, two)
  }
}

/** Children are written eight at a time, up to seven more than there are. */
export function expand(n: i32, count: usize, state: usize, outIndex: usize, outOrdinal: usize): i32 {
  const limitRow = load<i32>(state, 8)
  const limitCount = load<i32>(state, 12)
  let row = load<i32>(state)
  let child = load<i32>(state, 4)
  let made: i32 = 0
  while (row < n && made < BLOCK_ROWS) {
    let most = load<i32>(count + (row << 2))
    if (row == limitRow) most = min(most, limitCount)
    const end = min(most, child + BLOCK_ROWS - made)
    const total = end - child
    if (total > 0) {
      putChildren(outIndex + (made << 2), outOrdinal + (made << 2), row, child, total)
      made += total
      child = end
    }
    if (child < most) break
    row += 1
    child = 0
    // Parents of a rare child have none for long.
    if (most == 0)
      while (row + 4 <= n && !v128.any_true(v128.load(count + (row << 2)))) row += 4
  }
  store<i32>(state, row)
  store<i32>(state, child, 4)
  return made
}

// @ts-ignore: decorator
@inline function putChildren(index: usize, ordinal: usize, row: i32, child: i32, total: i32): void {
  const rows = i32x4.splat(row)
  const eight = i32x4.splat(8)
  let left = i32x4.add(i32x4.splat(child), i32x4(0, 1, 2, 3))
  let right = i32x4.add(i32x4.splat(child), i32x4(4, 5, 6, 7))
  for (let i: i32 = 0; i < total; i += 8) {
    v128.store(index + (i << 2), rows)
    v128.store(index + (i << 2), rows, 16)
    v128.store(ordinal + (i << 2), left)
    v128.store(ordinal + (i << 2), right, 16)
    left = i32x4.add(left, eight)
    right = i32x4.add(right, eight)
  }
}

export function childkey_ii(
  n: i32, key: usize, index: usize, ordinal: usize, m: i32, out: usize,
): void {
  for (const end = out + (n << 2); out < end; out += 4, index += 4, ordinal += 4)
    store<i32>(out, load<i32>(key + (load<i32>(index) << 2)) * m + load<i32>(ordinal))
}

export function childkey_id(
  n: i32, key: usize, index: usize, ordinal: usize, m: f64, out: usize,
): void {
  for (const end = out + (n << 3); out < end; out += 8, index += 4, ordinal += 4)
    store<f64>(out, <f64>load<i32>(key + (load<i32>(index) << 2)) * m + <f64>load<i32>(ordinal))
}

export function childkey_dd(
  n: i32, key: usize, index: usize, ordinal: usize, m: f64, out: usize,
): void {
  for (const end = out + (n << 3); out < end; out += 8, index += 4, ordinal += 4)
    store<f64>(out, load<f64>(key + (load<i32>(index) << 3)) * m + <f64>load<i32>(ordinal))
}
