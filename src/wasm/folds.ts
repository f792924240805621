/** Whether the row at `r` counts: not null, and kept if there is a condition. */
// @ts-ignore: decorator
@inline function counts(r: i32, mask: usize, keep: usize, keepMask: usize): bool {
  const known = mask == 0 ? 1 : i32(load<u8>(mask + r) == 0)
  const kept = keep == 0 ? 1 : i32(load<i32>(keep + (r << 2)) == 1)
  const certain = keepMask == 0 ? 1 : i32(load<u8>(keepMask + r) == 0)
  return bool(known & kept & certain)
}

export function reduce_sum(
  n: i32, value: usize, mask: usize, keep: usize, keepMask: usize, index: usize, sum: usize,
): void {
  for (let r: i32 = 0; r < n; r++, value += 8, index += 4) {
    const at = sum + (load<u32>(index) << 3)
    // A choice between doubles would be a jump, which is guessed wrong for every other row.
    const amount = load<i64>(value) & -i64(counts(r, mask, keep, keepMask))
    store<f64>(at, load<f64>(at) + reinterpret<f64>(amount))
  }
}

export function reduce_count(
  n: i32, mask: usize, keep: usize, keepMask: usize, index: usize, count: usize,
): void {
  for (let r: i32 = 0; r < n; r++, index += 4) {
    const at = count + (load<u32>(index) << 3)
    store<f64>(at, load<f64>(at) + <f64>i32(counts(r, mask, keep, keepMask)))
  }
}

export function reduce_min(
  n: i32, value: usize, mask: usize, keep: usize, keepMask: usize, index: usize, least: usize,
  none: usize,
): void {
  for (let r: i32 = 0; r < n; r++, value += 8, index += 4) {
    if (!counts(r, mask, keep, keepMask)) continue
    const row = load<u32>(index)
    const at = least + (row << 3)
    const candidate = load<f64>(value)
    if (load<u8>(none + row) == 1 || candidate < load<f64>(at)) store<f64>(at, candidate)
    store<u8>(none + row, 0)
  }
}

export function reduce_max(
  n: i32, value: usize, mask: usize, keep: usize, keepMask: usize, index: usize, most: usize,
  none: usize,
): void {
  for (let r: i32 = 0; r < n; r++, value += 8, index += 4) {
    if (!counts(r, mask, keep, keepMask)) continue
    const row = load<u32>(index)
    const at = most + (row << 3)
    const candidate = load<f64>(value)
    if (load<u8>(none + row) == 1 || candidate > load<f64>(at)) store<f64>(at, candidate)
    store<u8>(none + row, 0)
  }
}
