import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hybrid, hybridCapacity } from '../../../src/core/parquet/hybrid.ts'
import { plainPrimitives } from '../../../src/core/parquet/primitives.ts'
import { countRuns } from '../../../src/core/parquet/runs.ts'
import { decodeHybrid } from './decode.ts'
import { repeated } from './tables.ts'

const primitives = plainPrimitives()

const pack = (values: readonly number[], width: number): Uint8Array => {
  const out = new Uint8Array(hybridCapacity(values.length, width))
  return out.subarray(0, hybrid(primitives, { values: Int32Array.from(values), width }, out))
}

describe('the run-length and bit-packing hybrid', () => {
  test('of one value is one run', () => {
    expect([...pack(repeated(1, 16384), 1)]).toEqual([0x80, 0x80, 2, 1])
    expect([...pack(repeated(0x1234, 5), 13)]).toEqual([10, 0x34, 0x12])
  })

  test('of mixed values is one bit-packed run', () => {
    expect([...pack([0, 1, 2, 3, 4, 5, 6, 7], 3)]).toEqual([3, 0b10001000, 0b11000110, 0b11111010])
  })

  test('of nothing is nothing', () => {
    expect(pack([], 4)).toHaveLength(0)
  })

  test('takes long runs out of a packed page', () => {
    const values = [...repeated(3, 5000), 1, 2, 3, ...repeated(2, 5000), 0, 1]
    const bytes = pack(values, 2)
    expect(bytes.length).toBeLessThan(30)
    expect(decodeHybrid(bytes, 2, values.length)).toEqual(values)
  })

  test('keeps any values at any width', () => {
    const runs = fc
      .integer({ min: 1, max: 20 })
      .chain((width) =>
        fc.tuple(
          fc.constant(width),
          fc.array(
            fc.tuple(fc.integer({ min: 0, max: 2 ** width - 1 }), fc.integer({ min: 1, max: 80 })),
            { minLength: 1, maxLength: 30 },
          ),
        ),
      )
    fc.assert(
      fc.property(runs, ([width, parts]) => {
        const values = parts.flatMap(([value, length]) => repeated(value, length))
        const bytes = pack(values, width)
        expect(decodeHybrid(bytes, width, values.length)).toEqual(values)
        expect(bytes.length).toBeLessThanOrEqual(Math.ceil(values.length / 8) * width + 5)
      }),
    )
  })

  test('counts runs', () => {
    expect(
      [[], [4], [4, 4], [4, 5, 5, 4]].map((values) => countRuns(Int32Array.from(values))),
    ).toEqual([0, 1, 1, 3])
  })
})
