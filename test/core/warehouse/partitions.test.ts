import { expect, test } from 'vitest'
import type { Part } from '../../../src/core/run/parts.ts'
import {
  cloudPartitions,
  largestTable,
  partPartitions,
  sparkPartitions,
} from '../../../src/core/warehouse/partitions.ts'

const part = (table: string, number: number, rows: number): Part => ({
  table,
  number,
  rows,
  variant: 0,
  lo: 0,
  hi: 1,
})

test.each([
  [1, 100],
  [9_999_999, 100],
  [47_142_857, 1000],
  [471_428_570, 5000],
])('a largest table of %i rows is made in %i partitions', (rows, partitions) => {
  expect(cloudPartitions(rows)).toBe(partitions)
})

const PARTS = [
  part('large', 0, 90_000_000),
  part('large', 1, 10_000_000),
  part('small', 0, 45_000),
  part('tiny', 0, 3),
]

test('the partitions of a table are shared by its statements, of 10,000 rows at least', () => {
  expect(largestTable(PARTS)).toBe(100_000_000)
  expect(PARTS.map((each) => partPartitions(PARTS, each, 1000))).toEqual([900, 100, 4, 1])
  expect(PARTS.map((each) => partPartitions(PARTS, each, 1))).toEqual([1, 1, 1, 1])
  expect(partPartitions([part('none', 0, 0)], part('none', 0, 0), 100)).toBe(1)
})

test('Databricks cuts by scale, Spark of one\u2019s own as it is asked to', () => {
  const [first] = PARTS
  const of = (warehouse: 'spark' | 'databricks' | 'bigquery', partitions?: number): unknown =>
    sparkPartitions(
      { warehouse, parts: PARTS, options: partitions === undefined ? {} : { partitions } },
      first!,
    )
  expect(of('databricks')).toEqual({ partitions: 900 })
  expect(of('databricks', 50)).toEqual({ partitions: 45 })
  expect(of('spark')).toEqual({})
  expect(of('spark', 50)).toEqual({ partitions: 45 })
  expect(of('bigquery')).toEqual({})
  const unknown = part('large', 0, 0)
  expect(
    sparkPartitions({ warehouse: 'databricks', parts: [unknown], options: {} }, unknown),
  ).toEqual({})
})
