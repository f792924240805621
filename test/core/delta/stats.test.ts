import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decimalText,
  lowerBound,
  parseStats,
  statsText,
  upperBound,
} from '../../../src/core/delta/stats.ts'
import type { DataType } from '../../../src/core/expr/types.ts'
import type { LandedColumn } from '../../../src/core/plan/plan.ts'

const column = (name: string, type: DataType, long = false): LandedColumn => ({
  name,
  type,
  long,
  nullable: true,
})

const text = (type: DataType, min: number | string | null, max: number | string | null): string =>
  statsText(3, [{ column: column('c', type), nulls: 1, min, max }])

describe('statistics of a file', () => {
  test('hold rows, bounds and nulls of each column in order', () => {
    expect(
      statsText(10, [
        {
          column: column('id', { kind: 'integer' }, true),
          nulls: 0,
          min: 1,
          max: 9007199254740991,
        },
        { column: column('name', { kind: 'string' }), nulls: 3, min: 'Ann "A"', max: 'Zoë' },
      ]),
    ).toBe(
      '{"numRecords":10,"minValues":{"id":1,"name":"Ann \\"A\\""},' +
        '"maxValues":{"id":9007199254740991,"name":"Zoë"},"nullCount":{"id":0,"name":3}}',
    )
  })

  test.each<[DataType, number, number, string, string]>([
    [{ kind: 'integer' }, -5, 7, '-5', '7'],
    [
      { kind: 'decimal', precision: 15, scale: 2 },
      -5,
      123456789012345,
      '-0.05',
      '1234567890123.45',
    ],
    [{ kind: 'decimal', precision: 9, scale: 0 }, 3, 4, '3', '4'],
    [{ kind: 'date' }, 0, 19723, '"1970-01-01"', '"2024-01-01"'],
    [
      { kind: 'timestamp' },
      1_700_000_000_123_456,
      1_700_000_000_123_456,
      '"2023-11-14T22:13:20.123Z"',
      '"2023-11-14T22:13:20.124Z"',
    ],
    [{ kind: 'timestamp' }, -1, -1000, '"1969-12-31T23:59:59.999Z"', '"1969-12-31T23:59:59.999Z"'],
  ])('%j from %s to %s', (type, ...[min, max, least, greatest]) => {
    const written = text(type, min, max)
    expect(written).toContain(`"minValues":{"c":${least}}`)
    expect(written).toContain(`"maxValues":{"c":${greatest}}`)
  })

  test('a boolean has no bounds, nor has a column of nulls, but both have a null count', () => {
    expect(text({ kind: 'boolean' }, 0, 1)).toBe(
      '{"numRecords":3,"minValues":{},"maxValues":{},"nullCount":{"c":1}}',
    )
    expect(text({ kind: 'date' }, null, null)).toContain('"minValues":{},"maxValues":{}')
  })

  test('a day outside the years 1 to 9999 is no bound', () => {
    expect(text({ kind: 'date' }, -719162, 2932896)).toContain(
      '"minValues":{"c":"0001-01-01"},"maxValues":{"c":"9999-12-31"}',
    )
    expect(text({ kind: 'date' }, -719163, 2932897)).toContain('"minValues":{},"maxValues":{}')
  })

  test('only the first 32 columns are indexed, or as many as the table says', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      column: column(`c${index}`, { kind: 'integer' }),
      nulls: 0,
      min: 0,
      max: index,
    }))
    const indexed = (limit?: number): number =>
      Object.keys(parseStats(statsText(1, many, limit))?.max ?? {}).length
    expect([indexed(), indexed(3), indexed(0), indexed(-1)]).toEqual([32, 3, 0, 40])
  })
})

describe('statistics as read', () => {
  test('keep every digit of long integers and decimals', () => {
    const json =
      '{"numRecords":2,"minValues":{"id":-9223372036854775808,"d":0.10,"s":"1.0 \\" 2"},' +
      '"maxValues":{"id":9223372036854775807,"d":1e3},"nullCount":{"id":0,"n":{"x":1}}}'
    expect(parseStats(json)).toEqual({
      rows: 2,
      min: { id: '-9223372036854775808', d: '0.10', s: '1.0 " 2' },
      max: { id: '9223372036854775807', d: '1e3' },
      nulls: { id: 0, 'n.x': 1 },
    })
  })

  test.each(['', '{', '{}', '[]', 'null', '{"numRecords":"many"}'])('%j is none', (json) => {
    expect(parseStats(json)).toBeUndefined()
  })

  test('are what was written', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.string({ unit: 'binary', maxLength: 20 }),
        (value, name) => {
          const written = statsText(1, [
            { column: column('n', { kind: 'integer' }), nulls: 0, min: value, max: value },
            { column: column('s', { kind: 'string' }), nulls: 0, min: name, max: name },
          ])
          expect(parseStats(written)?.min).toEqual({ n: String(value), s: name })
        },
      ),
      { seed: 7 },
    )
  })
})

const compare = (a: string, b: string): number => {
  const [x, y] = [[...a], [...b]]
  for (let index = 0; index < Math.min(x.length, y.length); index++) {
    const difference = (x[index]?.codePointAt(0) ?? 0) - (y[index]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return x.length - y.length
}

describe('long strings', () => {
  test.each([
    ['a'.repeat(32), 'a'.repeat(32)],
    ['a'.repeat(33), `${'a'.repeat(32)}\u007f`],
    [`${'a'.repeat(32)}é`, `${'a'.repeat(32)}\u{10ffff}`],
    [`${'a'.repeat(32)}\u{10ffff}b`, `${'a'.repeat(32)}\u{10ffff}\u007f`],
    ['\u{10ffff}'.repeat(80), undefined],
  ])('%j has the upper bound %j', (value, bound) => {
    expect(upperBound(value)).toBe(bound)
  })

  test('a lower bound never cuts a surrogate pair', () => {
    expect(lowerBound('😀'.repeat(40))).toBe('😀'.repeat(32))
  })

  test('bounds enclose the string in code-point order', () => {
    const unit = fc.constantFrom('a', '~', '\u007f', '\u0080', '\ufffd', '\u{1f600}', '\u{10ffff}')
    fc.assert(
      fc.property(fc.string({ unit, minLength: 28, maxLength: 80 }), (value) => {
        expect(compare(lowerBound(value), value)).toBeLessThanOrEqual(0)
        const upper = upperBound(value)
        if (upper !== undefined) {
          expect(compare(upper, value)).toBeGreaterThanOrEqual(0)
          expect([...upper].length).toBeLessThanOrEqual(65)
        }
      }),
      { numRuns: 2000, seed: 11 },
    )
  })
})

test.each([
  [0, 0, '0'],
  [7, 2, '0.07'],
  [-7, 2, '-0.07'],
  [-1234, 3, '-1.234'],
  [1234, 0, '1234'],
])('%s units of 10^-%s are %s', (unscaled, scale, expected) => {
  expect(decimalText(unscaled, scale)).toBe(expected)
})
