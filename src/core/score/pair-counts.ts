import type { Partition, RecordPairs } from './partition.ts'

/** Kinds of pairs, from the strata of their records. */
export interface Strata {
  readonly strata: Uint8Array | Int32Array
  /** Numbers of strata are below this. */
  readonly kinds: number
  /** The number of the kind of a pair, from the strata of its records; below `pairKinds`. */
  readonly of: (a: number, b: number) => number
  readonly pairKinds: number
}

/** How many pairs of records in one group there are of each kind. */
export const countPairsBy = ({ labels, count }: Partition, by: Strata): Float64Array => {
  const { strata, kinds, of } = by
  const seen = new Int32Array(count * kinds)
  const pairs = new Float64Array(by.pairKinds)
  labels.forEach((label, record) => {
    const own = strata[record] ?? 0
    const base = label * kinds
    for (let other = 0; other < kinds; other++) {
      const before = seen[base + other] ?? 0
      if (before === 0) continue
      const kind = of(own, other)
      pairs[kind] = (pairs[kind] ?? 0) + before
    }
    seen[base + own] = (seen[base + own] ?? 0) + 1
  })
  return pairs
}

/** How many of the listed pairs are of each kind; with `within`, those alone whose records are in one group of it. */
export const countListedBy = (
  { left, right }: RecordPairs,
  { strata, of, pairKinds }: Strata,
  within?: Partition,
): Float64Array => {
  const counts = new Float64Array(pairKinds)
  left.forEach((a, i) => {
    const b = right[i] ?? a
    if (within !== undefined && within.labels[a] !== within.labels[b]) return
    const kind = of(strata[a] ?? 0, strata[b] ?? 0)
    counts[kind] = (counts[kind] ?? 0) + 1
  })
  return counts
}
