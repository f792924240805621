import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compare } from '../../../src/core/score/clusters.ts'
import { missedPairs, wrongPairs } from '../../../src/core/score/disagreements.ts'
import { relabelled, type RecordPairs } from '../../../src/core/score/partition.ts'

const ALL = { most: 1e6, mostOfGroup: 1e6 }

const comparison = (records: readonly (readonly [entity: number, cluster: number])[]) =>
  compare(
    relabelled(
      Int32Array.from(records, ([entity]) => entity),
      100,
    ),
    relabelled(
      Int32Array.from(records, ([, cluster]) => cluster),
      100,
    ),
  )

const listed = ({ left, right }: RecordPairs): readonly string[] =>
  [...left].map((a, i) => `${a} ${right[i]}`).toSorted()

test('missed pairs are of one entity and two clusters, wrong ones the other way round', () => {
  const label = fc.nat({ max: 6 })
  fc.assert(
    fc.property(fc.array(fc.tuple(label, label), { minLength: 1, maxLength: 30 }), (records) => {
      const wanted = (together: 0 | 1): readonly string[] =>
        records
          .flatMap((a, i) =>
            records.flatMap((b, j) =>
              i < j && a[together] === b[together] && a[1 - together] !== b[1 - together]
                ? [`${i} ${j}`]
                : [],
            ),
          )
          .toSorted()
      expect(listed(missedPairs(comparison(records), ALL))).toEqual(wanted(0))
      expect(listed(wrongPairs(comparison(records), ALL))).toEqual(wanted(1))
    }),
  )
})

test('too many are thinned out evenly, and a large group gives a few', () => {
  const entities = Array.from({ length: 30_000 }, (_, i) => [Math.floor(i / 300), i] as const)
  const of = compare(
    relabelled(
      Int32Array.from(entities, ([entity]) => entity),
      100,
    ),
    relabelled(
      Int32Array.from(entities, ([, cluster]) => cluster),
      30_000,
    ),
  )
  const { left, right } = missedPairs(of, { most: 1000, mostOfGroup: 50 })
  expect(left.length).toBe(1000)
  const touched = new Set([...left].map((record) => Math.floor(record / 300)))
  expect([...touched]).toEqual(Array.from({ length: 20 }, (_, i) => 5 * i))
  expect(right.length).toBe(1000)
})
