import { describe, expect, test } from 'vitest'
import { createEncodingChooser, type ChunkOutlook } from '../../../src/core/parquet/encoding.ts'
import { column, dictionaryOf, type ColumnSketch } from './tables.ts'

const FULL: ChunkOutlook = { rows: 16384, more: true }

const chosen = (sketch: ColumnSketch, outlook = FULL): string =>
  createEncodingChooser(column('x', sketch, []).spec)(outlook).kind

const words = (count: number, length = 10) =>
  dictionaryOf(Array.from({ length: count }, (_, i) => String(i).padStart(length, '0')))

describe('the encoding of numbers', () => {
  const int = { type: 'integer', block: 'int32' } as const
  const lattice = (count: number, step = 1) => ({
    min: 0,
    max: step * (count - 1),
    lattice: { low: 0, step, count },
  })

  test('is a dictionary where few values are possible', () => {
    expect(chosen({ ...int, ...lattice(83) })).toBe('dictionary')
    expect(chosen({ type: 'timestamp', ...lattice(365, 86400e6) })).toBe('dictionary')
  })

  test('is deltas where a dictionary would be larger than it saves', () => {
    expect(chosen({ ...int, ...lattice(60000) })).toBe('delta')
    expect(chosen({ ...int, ...lattice(83) }, { rows: 40, more: false })).toBe('delta')
  })

  test('is deltas for keys and for whatever spans less than its type', () => {
    expect(chosen({ ...int, long: true, increasing: true, min: 0, max: 2 ** 40 })).toBe('delta')
    expect(chosen({ ...int, increasing: true, ...lattice(10) })).toBe('delta')
    expect(chosen({ ...int, min: 0, max: 1e6 })).toBe('delta')
  })

  test('is plain where deltas would not be smaller', () => {
    expect(chosen({ ...int, min: -(2 ** 31), max: 2 ** 31 - 1 })).toBe('plain')
    expect(chosen({ type: 'integer', min: -(2 ** 52), max: 2 ** 52 })).toBe('plain')
    expect(chosen({ type: 'boolean', block: 'int32', min: 0, max: 1 })).toBe('plain')
  })
})

describe('the encoding of strings', () => {
  const codes = (count: number, length?: number): ColumnSketch => ({
    type: 'string',
    block: 'codes',
    dictionary: words(count, length),
  })

  test('is a dictionary of codes where it pays for the rows to come', () => {
    expect(chosen(codes(5000))).toBe('dictionary')
    expect(chosen(codes(5000), { rows: 300, more: false })).toBe('deltaLength')
  })

  test('leaves out dictionaries of too many entries or bytes', () => {
    expect(chosen(codes(65537))).toBe('deltaLength')
    expect(chosen(codes(10000, 150))).toBe('deltaLength')
  })

  test('follows the form of other blocks', () => {
    expect(chosen({ type: 'string', block: 'fixed' })).toBe('plain')
    expect(chosen({ type: 'string', block: 'bytes' })).toBe('deltaLength')
  })
})

test('a dictionary page is made once and holds its values in PLAIN layout', () => {
  const sketch = { type: 'string', block: 'codes', dictionary: dictionaryOf(['b', 'aé']) } as const
  const choose = createEncodingChooser(column('x', sketch, []).spec)
  const first = choose(FULL)
  expect(choose(FULL)).toBe(first)
  expect(first).toMatchObject({
    width: 1,
    count: 2,
    sorted: false,
    page: Uint8Array.of(1, 0, 0, 0, 0x62, 3, 0, 0, 0, 0x61, 0xc3, 0xa9),
  })
})
