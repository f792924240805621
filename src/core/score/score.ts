import { fail } from '../errors.ts'
import {
  bCubed,
  type Comparison,
  comparisonOf,
  exactClusters,
  type Kinds,
  type MeanQuality,
  oneKind,
} from './clusters.ts'
import { countListedBy, countPairsBy, type Strata } from './pair-counts.ts'
import { connected, type Partition, type RecordPairs } from './partition.ts'
import { type Counted, countedQuality, type Quality } from './ratio.ts'

/** Who is behind each record: records are numbered from 0. */
export interface Truth {
  readonly entities: Partition
  /** The number of each record's source. */
  readonly sources: Uint8Array
  readonly sourceNames: readonly string[]
  /** How many entries of the ledger each record has; undefined when no ledger was kept. */
  readonly noise: Uint32Array | undefined
}

/** What a matcher claims: pairs that are one entity, each listed once and of two records, or clusters of records. */
export type Prediction =
  | { readonly kind: 'pairs'; readonly pairs: RecordPairs }
  | { readonly kind: 'clusters'; readonly clusters: Partition }

/** The quality of a prediction, for all records or for some. */
export interface Score {
  /** Of the pairs as they were given; absent when clusters were. */
  readonly givenPairs?: Quality & Counted
  /** Of all pairs within a cluster: clusters are what the given pairs connect. */
  readonly pairs: Quality & Counted
  readonly bCubed: MeanQuality
  readonly exactClusters: Quality & Counted
}

/** A prediction held against the truth. */
export interface ScoreReport {
  readonly all: Score
  /** By the sources of both records of a pair; B-cubed and clusters of the records of these sources alone. */
  readonly bySources: readonly (Score & { readonly sources: readonly [string, string] })[]
  /** By the noisier record of a pair, entity or cluster, and by the record itself for B-cubed. */
  readonly byNoise: readonly (Score & { readonly noise: NoiseLevel })[] | undefined
}

/** How many entries a record has in the ledger. */
export const NOISE_LEVELS = ['0', '1', '2-3', '4+'] as const
export type NoiseLevel = (typeof NOISE_LEVELS)[number]

/** The clusters of a prediction: pairs are closed transitively, and a record that no pair names is alone. */
export const clustersOf = (prediction: Prediction, records: number): Partition =>
  prediction.kind === 'clusters' ? prediction.clusters : connected(records, prediction.pairs)

/** Holds a prediction against the truth; `comparison` is of the truth's entities and the prediction's clusters. */
export const scoreOf = (
  truth: Truth,
  prediction: Prediction,
  comparison: Comparison,
): ScoreReport => {
  const pairs = prediction.kind === 'pairs' ? prediction.pairs : undefined
  const kinds = noiseKinds(truth)
  const [all = fail('internal', 'a prediction without a score')] = scoresBy(
    comparison,
    pairs,
    oneKind(comparison),
  )
  return {
    all,
    bySources: scoresBySources(comparison, pairs, truth),
    byNoise:
      kinds === undefined
        ? undefined
        : scoresBy(comparison, pairs, kinds).map((score, i) => ({
            noise: NOISE_LEVELS[i] ?? '0',
            ...score,
          })),
  }
}

const noiseKinds = ({ noise }: Truth): Kinds | undefined =>
  noise === undefined
    ? undefined
    : {
        of: Uint8Array.from(noise, (entries) => (entries < 2 ? entries : entries < 4 ? 2 : 3)),
        count: NOISE_LEVELS.length,
      }

/** Scores by kind of record, of which a pair has the higher. */
const scoresBy = (
  comparison: Comparison,
  pairs: RecordPairs | undefined,
  kinds: Kinds,
): readonly Score[] => {
  const qualities = pairQualities(comparison, pairs, {
    strata: kinds.of,
    kinds: kinds.count,
    of: Math.max,
    pairKinds: kinds.count,
  })
  const means = bCubed(comparison, kinds)
  const exact = exactClusters(comparison, kinds)
  return means.flatMap((mean, kind) => {
    const clusters = exact[kind]
    const quality = qualities(kind)
    return clusters === undefined ? [] : [{ ...quality, bCubed: mean, exactClusters: clusters }]
  })
}

const scoresBySources = (
  comparison: Comparison,
  pairs: RecordPairs | undefined,
  { sources, sourceNames }: Truth,
): ScoreReport['bySources'] => {
  const count = sourceNames.length
  const qualities = pairQualities(comparison, pairs, {
    strata: sources,
    kinds: count,
    of: (a, b) => Math.min(a, b) * count + Math.max(a, b),
    pairKinds: count * count,
  })
  return sourceNames.flatMap((first, a) =>
    sourceNames.slice(a).flatMap((second, i) => {
      const records = recordsOf(sources, [a, a + i])
      const some = comparisonOf(comparison, records)
      const [mean] = bCubed(some, oneKind(some))
      const [exact] = exactClusters(some, oneKind(some))
      if (mean === undefined || exact === undefined) return []
      const names = [first, second] as const
      const quality = qualities(a * count + a + i)
      return [{ sources: names, ...quality, bCubed: mean, exactClusters: exact }]
    }),
  )
}

const pairQualities = (
  { entities, clusters, both }: Comparison,
  given: RecordPairs | undefined,
  strata: Strata,
): ((kind: number) => Pick<Score, 'givenPairs' | 'pairs'>) => {
  const actual = countPairsBy(entities, strata)
  const claimed = countPairsBy(clusters, strata)
  const right = countPairsBy(both, strata)
  const listed = given === undefined ? undefined : countListedBy(given, strata)
  const listedRight = given === undefined ? undefined : countListedBy(given, strata, entities)
  return (kind) => {
    const at = (counts: Float64Array | undefined): number => counts?.[kind] ?? 0
    const pairs = { right: at(right), claimed: at(claimed), actual: at(actual) }
    if (listed === undefined) return { pairs: countedQuality(pairs) }
    const counted = { right: at(listedRight), claimed: at(listed), actual: at(actual) }
    return { givenPairs: countedQuality(counted), pairs: countedQuality(pairs) }
  }
}

const recordsOf = (sources: Uint8Array, wanted: readonly number[]): Int32Array => {
  const records = new Int32Array(sources.length)
  let count = 0
  sources.forEach((source, record) => {
    if (wanted.includes(source)) records[count++] = record
  })
  return records.slice(0, count)
}
