/** Records put into groups: a label below `count` for each record; every label has at least one record. */
export interface Partition {
  readonly labels: Int32Array
  readonly count: number
}

/** Pairs of records by their numbers, one pair at each index. */
export interface RecordPairs {
  readonly left: Int32Array
  readonly right: Int32Array
}

/** The number of records of each group. */
export const sizesOf = ({ labels, count }: Partition): Int32Array => {
  const sizes = new Int32Array(count)
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1
  return sizes
}

/** The partition with labels 0, 1, 2 ... in the order in which they first occur; any labels from 0 on are read. */
export const relabelled = (labels: Int32Array, bound: number): Partition => {
  const names = new Int32Array(bound).fill(-1)
  const out = new Int32Array(labels.length)
  let count = 0
  labels.forEach((label, record) => {
    let name = names[label] ?? -1
    if (name < 0) {
      name = count++
      names[label] = name
    }
    out[record] = name
  })
  return { labels: out, count }
}

/** The records in the order of their groups, and where each group begins; a last entry ends them all. */
export interface Groups {
  readonly order: Int32Array
  readonly starts: Int32Array
}

/** The groups of a partition, the records of each in the order in which `records` has them, by default ascending. */
export const groupsOf = (partition: Partition, records?: Int32Array): Groups => {
  const { labels, count } = partition
  const starts = new Int32Array(count + 1)
  for (const label of labels) starts[label + 1] = (starts[label + 1] ?? 0) + 1
  for (let label = 0; label < count; label++)
    starts[label + 1] = (starts[label + 1] ?? 0) + (starts[label] ?? 0)
  const next = starts.slice()
  const order = new Int32Array(labels.length)
  for (let i = 0; i < labels.length; i++) {
    const record = records?.[i] ?? i
    const label = labels[record] ?? 0
    const at = next[label] ?? 0
    order[at] = record
    next[label] = at + 1
  }
  return { order, starts }
}

/** The partition into records that are together in both. */
export const meet = (a: Partition, b: Partition): Partition => {
  const { order } = groupsOf(a, groupsOf(b).order)
  const labels = new Int32Array(order.length)
  let last = -1
  let count = 0
  for (const record of order) {
    const isNew =
      last < 0 || a.labels[record] !== a.labels[last] || b.labels[record] !== b.labels[last]
    if (isNew) count++
    labels[record] = count - 1
    last = record
  }
  return { labels, count }
}

/** The partition of `records` records into those that pairs connect, directly or through others. */
export const connected = (records: number, { left, right }: RecordPairs): Partition => {
  const parents = Int32Array.from({ length: records }, (_, record) => record)
  left.forEach((a, i) => {
    const [one, other] = [rootOf(parents, a), rootOf(parents, right[i] ?? a)]
    parents[Math.max(one, other)] = Math.min(one, other)
  })
  for (let record = 0; record < records; record++) parents[record] = rootOf(parents, record)
  return relabelled(parents, records)
}

/** The smallest record known to be connected; halves the path to it. */
const rootOf = (parents: Int32Array, record: number): number => {
  let at = record
  for (;;) {
    const parent = parents[at] ?? at
    if (parent === at) return at
    const next = parents[parent] ?? parent
    parents[at] = next
    at = next
  }
}
