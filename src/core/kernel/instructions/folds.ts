import { double, type Family, type Views, word } from './definition.ts'

/**
 * Folds of children into their parents, the rows that `index` names. A child counts where its value is not null and
 * `keep` is true and not null; a mask or `keep` that is 0 excludes nothing.
 */
export const foldInstructions = (views: Views) =>
  ({ ...sums(views), ...extremes(views) }) satisfies Family

interface Filter {
  readonly mask: number
  readonly keep: number
  readonly keepMask: number
}

const counted =
  ({ u8, i32 }: Views) =>
  ({ mask, keep, keepMask }: Filter, r: number): boolean =>
    (mask === 0 || u8[mask + r] === 0) &&
    (keep === 0 || i32[word(keep) + r] === 1) &&
    (keepMask === 0 || u8[keepMask + r] === 0)

const sums = (views: Views) => {
  const { i32, f64 } = views
  const counts = counted(views)
  return {
    /** sums[index[r]] += value[r] */
    reduce_sum: (n, [value = 0, mask = 0, keep = 0, keepMask = 0, index = 0, sum = 0]) => {
      const filter = { mask, keep, keepMask }
      const [v, x, s] = [double(value), word(index), double(sum)]
      for (let r = 0; r < n; r++) if (counts(filter, r)) f64[s + i32[x + r]!]! += f64[v + r]!
    },

    /** counts[index[r]] += 1 */
    reduce_count: (n, [mask = 0, keep = 0, keepMask = 0, index = 0, count = 0]) => {
      const filter = { mask, keep, keepMask }
      const [x, c] = [word(index), double(count)]
      for (let r = 0; r < n; r++) if (counts(filter, r)) f64[c + i32[x + r]!]! += 1
    },
  } satisfies Family
}

const extremes = (views: Views) => {
  const { u8, i32, f64 } = views
  const counts = counted(views)
  return {
    /** The smallest value; `none` is 1 where there was none before, and then 0. */
    reduce_min: (
      n,
      [value = 0, mask = 0, keep = 0, keepMask = 0, index = 0, least = 0, none = 0],
    ) => {
      const filter = { mask, keep, keepMask }
      const [v, x, o] = [double(value), word(index), double(least)]
      for (let r = 0; r < n; r++) {
        if (!counts(filter, r)) continue
        const row = i32[x + r]!
        if (u8[none + row] === 1 || f64[v + r]! < f64[o + row]!) f64[o + row] = f64[v + r]!
        u8[none + row] = 0
      }
    },

    /** The largest value; `none` is 1 where there was none before, and then 0. */
    reduce_max: (
      n,
      [value = 0, mask = 0, keep = 0, keepMask = 0, index = 0, most = 0, none = 0],
    ) => {
      const filter = { mask, keep, keepMask }
      const [v, x, o] = [double(value), word(index), double(most)]
      for (let r = 0; r < n; r++) {
        if (!counts(filter, r)) continue
        const row = i32[x + r]!
        if (u8[none + row] === 1 || f64[v + r]! > f64[o + row]!) f64[o + row] = f64[v + r]!
        u8[none + row] = 0
      }
    },
  } satisfies Family
}
