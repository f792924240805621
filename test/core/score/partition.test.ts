import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  connected,
  groupsOf,
  meet,
  relabelled,
  sizesOf,
} from '../../../src/core/score/partition.ts'

const labels = fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 40 })

const partition = (values: readonly number[]) => relabelled(Int32Array.from(values), 7)

test('labels are numbered in the order in which they occur', () => {
  expect(partition([5, 2, 5, 0, 2])).toEqual({ labels: Int32Array.of(0, 1, 0, 2, 1), count: 3 })
})

test('groups hold every record once, each group in order', () => {
  fc.assert(
    fc.property(labels, (values) => {
      const of = partition(values)
      const { order, starts } = groupsOf(of)
      expect([...order].toSorted((a, b) => a - b)).toEqual(values.map((_, i) => i))
      for (let group = 0; group < of.count; group++) {
        const records = [...order.subarray(starts[group], starts[group + 1])]
        expect(records).toEqual(values.flatMap((_, i) => (of.labels[i] === group ? [i] : [])))
        expect(sizesOf(of)[group]).toBe(records.length)
      }
    }),
  )
})

test('records are together in the meet of two partitions when they are in both', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 })), { minLength: 1 }),
      (both) => {
        const [a, b] = [partition(both.map(([x]) => x)), partition(both.map(([, y]) => y))]
        const { labels: found, count } = meet(a, b)
        expect(count).toBe(new Set(both.map(([x, y]) => `${x} ${y}`)).size)
        both.forEach(([x, y], i) =>
          both.forEach(([u, v], j) => {
            expect(found[i] === found[j]).toBe(x === u && y === v)
          }),
        )
      },
    ),
  )
})

describe('records connected by pairs', () => {
  const of = (
    records: number,
    pairs: readonly (readonly [number, number])[],
  ): readonly number[] => {
    const left = Int32Array.from(pairs, ([a]) => a)
    const right = Int32Array.from(pairs, ([, b]) => b)
    return [...connected(records, { left, right }).labels]
  }

  test('are in one group through others too, and alone without a pair', () => {
    expect(of(6, [[0, 4], [5, 4], [2, 3]])).toEqual([0, 1, 2, 2, 0, 0]) // prettier-ignore
    expect(of(3, [])).toEqual([0, 1, 2])
  })

  test('are the same whatever the order of the pairs', () => {
    const pair = fc.tuple(fc.nat({ max: 19 }), fc.nat({ max: 19 }))
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 30 }), (pairs) => {
        expect(of(20, pairs.map(([a, b]) => [b, a] as const).toReversed())).toEqual(of(20, pairs))
      }),
    )
  })

  test('of a chain of 200,000 are one', () => {
    const chain = Array.from({ length: 199_999 }, (_, i) => [i, i + 1] as const)
    expect(new Set(of(200_000, chain.toReversed()))).toEqual(new Set([0]))
  })
})
