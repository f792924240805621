import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare } from '../../../src/core/score/clusters.ts'
import { relabelled } from '../../../src/core/score/partition.ts'
import {
  clustersOf,
  NOISE_LEVELS,
  type Prediction,
  type Score,
  scoreOf,
  type ScoreReport,
  type Truth,
} from '../../../src/core/score/score.ts'
import { naiveBCubed, naiveClusters, naivePairs } from './naive.ts'

interface Case {
  readonly entities: readonly number[]
  readonly clusters: readonly number[]
  readonly sources: readonly number[]
  readonly noise: readonly number[]
}

const truthOf = ({ entities, sources, noise }: Omit<Case, 'clusters'>): Truth => ({
  entities: relabelled(Int32Array.from(entities), 100),
  sources: Uint8Array.from(sources),
  sourceNames: ['crm', 'erp', 'shop'],
  noise: Uint32Array.from(noise),
})

const scored = (truth: Truth, prediction: Prediction): ScoreReport =>
  scoreOf(truth, prediction, compare(truth.entities, clustersOf(prediction, truth.sources.length)))

const scoredClusters = (given: Case): ScoreReport =>
  scored(truthOf(given), {
    kind: 'clusters',
    clusters: relabelled(Int32Array.from(given.clusters), 100),
  })

const record = fc.record({
  entity: fc.nat({ max: 8 }),
  cluster: fc.nat({ max: 8 }),
  source: fc.nat({ max: 2 }),
  noise: fc.nat({ max: 6 }),
})

const cases = fc.array(record, { minLength: 1, maxLength: 30 }).map((records): Case => ({
  entities: records.map(({ entity }) => entity),
  clusters: records.map(({ cluster }) => cluster),
  sources: records.map(({ source }) => source),
  noise: records.map(({ noise }) => noise),
}))

const levelOf = (entries: number): number => (entries < 2 ? entries : entries < 4 ? 2 : 3)

const expectCounts = (found: Score['pairs'], wanted: ReturnType<typeof naivePairs>): void => {
  const { right, claimed, actual } = wanted
  expect(found).toMatchObject(wanted)
  expect(found.precision).toBe(claimed === 0 ? null : right / claimed)
  expect(found.recall).toBe(actual === 0 ? null : right / actual)
  expect(found.f1).toBe(claimed + actual === 0 ? null : (2 * right) / (claimed + actual))
}

describe('metrics agree with their definitions on random clusters', () => {
  test('for all records', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { entities, clusters } = given
        const { pairs, bCubed, exactClusters } = scoredClusters(given).all
        expectCounts(pairs, naivePairs(entities, clusters))
        expectCounts(exactClusters, naiveClusters(entities, clusters))
        const wanted = naiveBCubed(entities, clusters)
        expect(bCubed.precision).toBeCloseTo(wanted.precision, 12)
        expect(bCubed.recall).toBeCloseTo(wanted.recall, 12)
        const { precision: p, recall: r } = wanted
        expect(bCubed.f1).toBeCloseTo((2 * p * r) / (p + r), 12)
        expect(bCubed.records).toBe(entities.length)
      }),
    )
  })

  test('by the sources of both records', () => {
    let seen = 0
    fc.assert(
      fc.property(cases, (given) => {
        const { entities, clusters, sources } = given
        const names = ['crm', 'erp', 'shop']
        for (const score of scoredClusters(given).bySources) {
          const [a, b] = score.sources.map((name) => names.indexOf(name)) as [number, number]
          const ofBoth = (x: number, y: number): boolean =>
            (sources[x] === a && sources[y] === b) || (sources[x] === b && sources[y] === a)
          expectCounts(score.pairs, naivePairs(entities, clusters, ofBoth))
          const some = sources.flatMap((source, i) => (source === a || source === b ? [i] : []))
          const [e, c] = [entities, clusters].map((of) => some.map((i) => of[i] ?? 0)) as [
            number[],
            number[],
          ]
          expectCounts(score.exactClusters, naiveClusters(e, c))
          expect(score.bCubed.records).toBe(some.length)
          if (some.length === 0) expect(score.bCubed.precision).toBeNull()
          else {
            expect(score.bCubed.precision).toBeCloseTo(naiveBCubed(e, c).precision, 12)
            expect(score.bCubed.recall).toBeCloseTo(naiveBCubed(e, c).recall, 12)
          }
          seen++
        }
      }),
      { numRuns: 50 },
    )
    expect(seen).toBe(50 * 6)
  })

  test('by noise: the noisier record of a pair, the noisiest of a cluster, the record itself', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { entities, clusters, noise } = given
        const levels = noise.map(levelOf)
        const highest = (records: readonly number[]): number =>
          Math.max(...records.map((i) => levels[i] ?? 0))
        scoredClusters(given).byNoise?.forEach((score, level) => {
          expect(score.noise).toBe(NOISE_LEVELS[level])
          expectCounts(
            score.pairs,
            naivePairs(entities, clusters, (a, b) => highest([a, b]) === level),
          )
          expectCounts(
            score.exactClusters,
            naiveClusters(entities, clusters, (group) => highest(group) === level),
          )
          const records = levels.filter((each) => each === level).length
          expect(score.bCubed.records).toBe(records)
          if (records === 0) return
          const wanted = naiveBCubed(entities, clusters, (i) => levels[i] === level)
          expect(score.bCubed.precision).toBeCloseTo(wanted.precision, 12)
          expect(score.bCubed.recall).toBeCloseTo(wanted.recall, 12)
        })
      }),
      { numRuns: 50 },
    )
  })
})

describe('pairs', () => {
  const truth = truthOf({
    entities: [0, 0, 0, 1, 1, 2],
    sources: [0, 1, 2, 0, 1, 0],
    noise: [0, 1, 0, 5, 0, 0],
  })
  const prediction: Prediction = {
    kind: 'pairs',
    pairs: { left: Int32Array.of(0, 1, 3), right: Int32Array.of(1, 2, 5) },
  }
  const report = scored(truth, prediction)

  test('are counted as they were given and as they are closed', () => {
    expect(report.all.givenPairs).toMatchObject({ right: 2, claimed: 3, actual: 4 })
    expect(report.all.pairs).toMatchObject({ right: 3, claimed: 4, actual: 4 })
    expect(report.all.exactClusters).toMatchObject({ right: 1, claimed: 3, actual: 3 })
  })

  test('are counted by source and by noise as they were given', () => {
    const given = report.bySources.map(({ sources, givenPairs }) => [
      sources.join(),
      givenPairs?.right,
      givenPairs?.claimed,
      givenPairs?.actual,
    ])
    expect(given).toEqual([
      ['crm,crm', 0, 1, 0],
      ['crm,erp', 1, 1, 2],
      ['crm,shop', 0, 0, 1],
      ['erp,erp', 0, 0, 0],
      ['erp,shop', 1, 1, 1],
      ['shop,shop', 0, 0, 0],
    ])
    expect(report.byNoise?.map(({ givenPairs }) => givenPairs?.claimed)).toEqual([0, 2, 0, 1])
  })

  test('that claim nothing have no precision, a recall and an F1 of 0', () => {
    const none = { left: new Int32Array(), right: new Int32Array() }
    const { all } = scored(truth, { kind: 'pairs', pairs: none })
    expect(all.givenPairs).toMatchObject({ precision: null, recall: 0, f1: 0 })
    expect(all.bCubed).toMatchObject({ precision: 1 })
  })

  test('have no score by noise without a ledger', () => {
    expect(scored({ ...truth, noise: undefined }, prediction).byNoise).toBeUndefined()
  })
})
