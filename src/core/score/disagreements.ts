import type { Comparison } from './clusters.ts'
import { groupsOf, type Partition, type RecordPairs } from './partition.ts'

/** How many pairs to list at most: about so many in all, and of one group. */
export interface ListLimits {
  readonly most: number
  readonly mostOfGroup: number
}

/** Pairs of one entity that are in two clusters; groups are taken evenly from all when there are too many. */
export const missedPairs = (
  { entities, clusters, both }: Comparison,
  limits: ListLimits,
): RecordPairs => pairsApart(entities, { apart: clusters, both }, limits)

/** Pairs of one cluster that are of two entities; groups are taken evenly from all when there are too many. */
export const wrongPairs = (
  { entities, clusters, both }: Comparison,
  limits: ListLimits,
): RecordPairs => pairsApart(clusters, { apart: entities, both }, limits)

interface Apart {
  readonly apart: Partition
  readonly both: Partition
}

const pairsApart = (
  together: Partition,
  { apart, both }: Apart,
  { most, mostOfGroup }: ListLimits,
): RecordPairs => {
  const { order, starts } = groupsOf(together)
  const pairs = pairsAcross(together, both).map((count) => Math.min(count, mostOfGroup))
  const stride = Math.max(1, Math.ceil(pairs.reduce((sum, count) => sum + count, 0) / most))
  const [left, right]: [number[], number[]] = [[], []]
  let split = 0
  pairs.forEach((count, group) => {
    if (count === 0 || split++ % stride !== 0) return
    const records = order.subarray(starts[group], starts[group + 1])
    for (const [a, b] of acrossPairs(records, apart, mostOfGroup)) {
      left.push(a)
      right.push(b)
    }
  })
  return { left: Int32Array.from(left), right: Int32Array.from(right) }
}

/** How many pairs of records each group has that are in two groups of the finer partition. */
const pairsAcross = (coarse: Partition, fine: Partition): Float64Array => {
  const [sizes, within] = [new Int32Array(coarse.count), new Int32Array(fine.count)]
  const pairs = new Float64Array(coarse.count)
  coarse.labels.forEach((group, record) => {
    const own = fine.labels[record] ?? 0
    const [others, together] = [sizes[group] ?? 0, within[own] ?? 0]
    pairs[group] = (pairs[group] ?? 0) + others - together
    sizes[group] = others + 1
    within[own] = together + 1
  })
  return pairs
}

function* acrossPairs(
  records: Int32Array,
  { labels }: Partition,
  most: number,
): Generator<readonly [number, number]> {
  let left = most
  for (const [i, a] of records.entries())
    for (const b of records.subarray(i + 1)) {
      if (labels[a] === labels[b]) continue
      if (left-- === 0) return
      yield [a, b]
    }
}
