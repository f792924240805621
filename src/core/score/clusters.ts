import { meet, type Partition, relabelled, sizesOf } from './partition.ts'
import { type Counted, countedQuality, type Quality, share } from './ratio.ts'

/** The true and the claimed groups of the same records, and the records that are together in both. */
export interface Comparison {
  readonly entities: Partition
  readonly clusters: Partition
  readonly both: Partition
}

/** Records by kind; kinds are numbered from 0. */
export interface Kinds {
  readonly of: Uint8Array
  readonly count: number
}

/** The average of what is said of each record. */
export interface MeanQuality extends Quality {
  readonly records: number
}

/** Compares true and claimed groups. */
export const compare = (entities: Partition, clusters: Partition): Comparison => ({
  entities,
  clusters,
  both: meet(entities, clusters),
})

/** The comparison of some records alone, as if there were no others. */
export const comparisonOf = (
  { entities, clusters, both }: Comparison,
  records: Int32Array,
): Comparison => ({
  entities: restricted(entities, records),
  clusters: restricted(clusters, records),
  both: restricted(both, records),
})

/** One kind for all records. */
export const oneKind = ({ entities }: Comparison): Kinds => ({
  of: new Uint8Array(entities.labels.length),
  count: 1,
})

/**
 * B-cubed for each kind of record. A record's precision is the share of its cluster that is of its entity, its recall
 * the share of its entity that is in its cluster, itself included; both are averaged over records of equal weight
 * (Bagga and Baldwin 1998; Amigó et al. 2009).
 */
export const bCubed = (
  { entities, clusters, both }: Comparison,
  { of, count }: Kinds,
): readonly MeanQuality[] => {
  const sizes = { entities: sizesOf(entities), clusters: sizesOf(clusters), both: sizesOf(both) }
  const [precision, recall] = [new Float64Array(count), new Float64Array(count)]
  const records = new Int32Array(count)
  of.forEach((kind, record) => {
    const shared = sizes.both[both.labels[record] ?? 0] ?? 0
    const [claimed, actual] = [
      sizes.clusters[clusters.labels[record] ?? 0] ?? 1,
      sizes.entities[entities.labels[record] ?? 0] ?? 1,
    ]
    precision[kind] = (precision[kind] ?? 0) + shared / claimed
    recall[kind] = (recall[kind] ?? 0) + shared / actual
    records[kind] = (records[kind] ?? 0) + 1
  })
  return Array.from(records, (n, kind) => {
    const [p, r] = [share(precision[kind] ?? 0, n), share(recall[kind] ?? 0, n)]
    return { precision: p, recall: r, f1: harmonicMean(p, r), records: n }
  })
}

/**
 * Clusters that are an entity with all its records and no others, of all clusters (precision) and of all entities
 * (recall), for each kind; a cluster or entity is of the highest kind among its records.
 */
export const exactClusters = (
  { entities, clusters, both }: Comparison,
  { of, count }: Kinds,
): readonly (Quality & Counted)[] => {
  const sizes = { entities: sizesOf(entities), clusters: sizesOf(clusters), both: sizesOf(both) }
  const right = new Float64Array(count)
  const seen = new Uint8Array(both.count)
  const kinds = highestKinds(both, of)
  both.labels.forEach((label, record) => {
    if (seen[label] === 1) return
    seen[label] = 1
    const size = sizes.both[label]
    if (sizes.entities[entities.labels[record] ?? 0] !== size) return
    if (sizes.clusters[clusters.labels[record] ?? 0] !== size) return
    const kind = kinds[label] ?? 0
    right[kind] = (right[kind] ?? 0) + 1
  })
  const claimed = countOf(highestKinds(clusters, of), count)
  const actual = countOf(highestKinds(entities, of), count)
  return Array.from(right, (n, kind) =>
    countedQuality({ right: n, claimed: claimed[kind] ?? 0, actual: actual[kind] ?? 0 }),
  )
}

const restricted = ({ labels, count }: Partition, records: Int32Array): Partition =>
  relabelled(
    records.map((record) => labels[record] ?? 0),
    count,
  )

const highestKinds = ({ labels, count }: Partition, kinds: Uint8Array): Uint8Array => {
  const highest = new Uint8Array(count)
  labels.forEach((label, record) => {
    highest[label] = Math.max(highest[label] ?? 0, kinds[record] ?? 0)
  })
  return highest
}

const countOf = (kinds: Uint8Array, count: number): Float64Array => {
  const counts = new Float64Array(count)
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

const harmonicMean = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : (share(2 * a * b, a + b) ?? 0)
