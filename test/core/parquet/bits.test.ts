import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bitLength,
  packBits,
  putInt64,
  putVarint,
  putZigzag,
} from '../../../src/core/parquet/bits.ts'
import { unpackBits } from './decode.ts'
import { repeated } from './tables.ts'

const written = (put: (out: Uint8Array) => number): number[] => {
  const out = new Uint8Array(32)
  return [...out.subarray(0, put(out))]
}

describe('variable-length integers', () => {
  test('hold seven bits a byte, lowest first', () => {
    expect(written((out) => putVarint(out, 0, 0))).toEqual([0])
    expect(written((out) => putVarint(out, 0, 127))).toEqual([127])
    expect(written((out) => putVarint(out, 0, 300))).toEqual([0xac, 2])
    expect(written((out) => putVarint(out, 0, 2 ** 52))).toEqual([
      128, 128, 128, 128, 128, 128, 128, 8,
    ])
  })

  test('zigzag puts small sizes of either sign into few bytes', () => {
    expect(written((out) => putZigzag(out, 0, 0))).toEqual([0])
    expect(written((out) => putZigzag(out, 0, -1))).toEqual([1])
    expect(written((out) => putZigzag(out, 0, 63))).toEqual([126])
    expect(written((out) => putZigzag(out, 0, -65))).toEqual([129, 1])
  })

  test('zigzag is exact up to 2^53', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const expected = BigInt(value) < 0n ? -2n * BigInt(value) - 1n : 2n * BigInt(value)
        const bytes = written((out) => putZigzag(out, 0, value))
        const found = bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 127), 0n)
        expect(found).toBe(expected)
      }),
    )
  })
})

test('64-bit integers are stored in two’s complement', () => {
  const extremes = [0, -0, 1, -1, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, 1 - 2 ** 53]
  for (const value of extremes) {
    const view = new DataView(new ArrayBuffer(8))
    putInt64(view, 0, value)
    expect(view.getBigInt64(0, true)).toBe(BigInt(value))
  }
})

test('the bit length counts up to the highest bit set', () => {
  expect([0, 1, 2, 255, 256, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1].map(bitLength)).toEqual([
    0, 1, 2, 8, 9, 32, 32, 33, 53,
  ])
})

test('packing any width can be undone, and zeros fill the last group', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 32 })
        .chain((width) =>
          fc.tuple(
            fc.constant(width),
            fc.array(fc.integer({ min: 0, max: 2 ** width - 1 }), { maxLength: 100 }),
          ),
        ),
      ([width, values]) => {
        const out = new Uint8Array(500).fill(0xee)
        const length = packBits(Int32Array.from(values), width, out)
        const groups = Math.ceil(values.length / 8)
        expect(length).toBe(groups * width)
        const padded = [...values, ...repeated(0, 8 * groups - values.length)]
        expect(unpackBits(out, width, 8 * groups)).toEqual(padded.map(BigInt))
      },
    ),
  )
})
