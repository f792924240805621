import { describe, expect, test } from 'vitest'
import {
  createBoundsTracker,
  mergeStatistics,
  NO_CELLS,
} from '../../../src/core/parquet/statistics.ts'
import { plainPrimitives } from '../../../src/core/parquet/primitives.ts'
import type { Bound } from '../../../src/core/parquet/statistics.ts'
import { everyColumn } from './every-column.ts'
import { readMetadata } from './readers.ts'
import {
  blockOf,
  column,
  dictionaryOf,
  encode,
  repeated,
  type Cell,
  type TestColumn,
} from './tables.ts'

const text = (bound: Bound): Cell =>
  bound instanceof Uint8Array ? Buffer.from(bound).toString() : (bound ?? null)

const before = (a: Cell, b: Cell): boolean =>
  typeof a === 'string' && typeof b === 'string'
    ? Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0
    : Number(a) < Number(b)

const recomputed = ({ cells }: TestColumn) => {
  const values = cells.filter((cell) => cell !== null)
  return {
    min: values.reduce<Cell>((a, b) => (a === null || before(b, a) ? b : a), null),
    max: values.reduce<Cell>((a, b) => (a === null || before(a, b) ? b : a), null),
    nulls: cells.length - values.length,
  }
}

describe('statistics', () => {
  const columns = everyColumn(700)
  const { bytes, summary } = encode(columns, { pageRows: 64, rowGroupRows: 256 })

  test('of a file are exact for every kind of column', () => {
    const found = summary.statistics.map(({ min, max, nulls }) => ({
      min: text(min),
      max: text(max),
      nulls,
    }))
    expect(found).toEqual(columns.map(recomputed))
  })

  test('of a chunk enclose its cells and count its nulls', async () => {
    const { row_groups: groups } = await readMetadata(bytes)
    expect(groups).toHaveLength(3)
    const nulls = columns.map((_, i) =>
      groups.reduce((sum, group) => {
        const counted = group.columns[i]?.meta_data?.statistics?.null_count
        return sum + Number(counted)
      }, 0),
    )
    expect(nulls).toEqual(columns.map((each) => recomputed(each).nulls))
  })

  test('of a chunk are as exact as a number', async () => {
    const { row_groups: groups } = await readMetadata(bytes)
    const index = columns.findIndex(({ spec }) => spec.name === 'long_extremes')
    const bounds = groups.map((group) => group.columns[index]?.meta_data?.statistics)
    expect(bounds.map((each) => each?.max_value)).toEqual(
      repeated(BigInt(Number.MAX_SAFE_INTEGER), 3),
    )
  })

  test('of nothing but nulls have no bounds', () => {
    const { summary: blank } = encode([column('x', { type: 'string' }, [null, null])])
    expect(blank.statistics).toEqual([{ min: undefined, max: undefined, nulls: 2 }])
  })
})

describe('long strings', () => {
  const chunkBounds = async (cells: readonly string[]) => {
    const { bytes } = encode([column('x', { type: 'string' }, cells)])
    const found = (await readMetadata(bytes)).row_groups[0]?.columns[0]?.meta_data?.statistics
    return [
      found?.min_value,
      found?.is_min_value_exact,
      found?.max_value,
      found?.is_max_value_exact,
    ]
  }

  test('are cut to bounds that still enclose them', async () => {
    const cells = [`a${'b'.repeat(99)}`, `y${'z'.repeat(99)}`]
    expect(await chunkBounds(cells)).toEqual([
      `a${'b'.repeat(63)}`,
      false,
      `y${'z'.repeat(62)}{`,
      false,
    ])
  })

  test('are never cut within a character', async () => {
    const [min, , max] = await chunkBounds([`a${'€'.repeat(40)}`])
    expect(min).toBe(`a${'€'.repeat(21)}`)
    expect(max).toBe('b')
  })

  test('of 64 bytes stay whole', async () => {
    const cell = 'q'.repeat(64)
    expect(await chunkBounds([cell])).toEqual([cell, true, cell, true])
  })

  test('without a character to raise have no upper bound', async () => {
    const [, , max] = await chunkBounds(['é'.repeat(50)])
    expect(max).toBeUndefined()
  })
})

describe('a bounds tracker', () => {
  const words = ['ant', 'bee', 'cat']
  const shuffled = ['cat', 'ant', 'bee']

  test.each([words, shuffled])(
    'follows the codes of %s, %s, %s anew after each take',
    (...list) => {
      const sketch = { type: 'string', block: 'codes', dictionary: dictionaryOf(list) } as const
      const cells = column('pet', sketch, ['bee', 'cat', 'bee', 'bee'])
      const tracker = createBoundsTracker(cells.spec, plainPrimitives())
      tracker.add(blockOf(cells, 0, 2))
      tracker.add(blockOf(cells, 2, 3))
      const first = tracker.take()
      expect([text(first.min), text(first.max)]).toEqual(['bee', 'cat'])
      tracker.add(blockOf(cells, 3, 4))
      const second = tracker.take()
      expect([text(second.min), text(second.max)]).toEqual(['bee', 'bee'])
      expect(tracker.take()).toEqual({ min: undefined, max: undefined })
    },
  )

  test('keeps strings that outlive their block', () => {
    const cells = column('x', { type: 'string' }, ['mm', 'kk'])
    const tracker = createBoundsTracker(cells.spec, plainPrimitives())
    const block = blockOf(cells, 0, 2)
    tracker.add(block)
    if (block.kind === 'bytes') block.bytes.fill(0)
    const { min, max } = tracker.take()
    expect([text(min), text(max)]).toEqual(['kk', 'mm'])
  })
})

test('merging takes the outer bounds and adds the nulls', () => {
  const a = { min: 3, max: 9, nulls: 1 }
  expect(mergeStatistics(a, { min: 2, max: 4, nulls: 5 })).toEqual({ min: 2, max: 9, nulls: 6 })
  expect(mergeStatistics(NO_CELLS, a)).toEqual(a)
  expect(mergeStatistics(a, NO_CELLS)).toEqual(a)
})
