import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { float64Bounds, int32Bounds } from '../../../src/core/parquet/bounds.ts'
import { deltaCapacity, deltaFloat64, deltaInt32 } from '../../../src/core/parquet/delta.ts'
import { decodeDelta } from './decode.ts'

const packInt32 = (values: readonly number[]): Uint8Array => {
  const out = new Uint8Array(deltaCapacity(values.length))
  return out.subarray(0, deltaInt32(Int32Array.from(values), out))
}

const packFloat64 = (values: readonly number[]): Uint8Array => {
  const all = Float64Array.from(values)
  const out = new Uint8Array(deltaCapacity(values.length))
  const bounds = values.length > 0 ? float64Bounds(all) : { min: 0, max: 0 }
  return out.subarray(0, deltaFloat64(all, bounds, out))
}

const sequence = (length: number, value: (i: number) => number): number[] =>
  Array.from({ length }, (_, i) => value(i))

describe('delta binary packing', () => {
  test('of the format’s own example takes its bytes', () => {
    const bytes = packInt32([7, 5, 3, 1, 2, 3, 4, 5])
    expect([...bytes.subarray(0, 6)]).toEqual([128, 1, 4, 8, 14, 3])
    expect([...bytes.subarray(6, 10)]).toEqual([2, 0, 0, 0])
    expect(decodeDelta(bytes)).toEqual([7n, 5n, 3n, 1n, 2n, 3n, 4n, 5n])
  })

  test.each([0, 1, 2, 32, 33, 34, 128, 129, 130, 257, 1000])('keeps %i values', (length) => {
    const values = sequence(length, (i) => (i * 7919) % 1009)
    expect(decodeDelta(packInt32(values))).toEqual(values.map(BigInt))
    expect(decodeDelta(packFloat64(values))).toEqual(values.map(BigInt))
  })

  test('of keys in steps of one takes no bits a value', () => {
    expect(packInt32(sequence(16384, (i) => 1000 + i)).length).toBeLessThan(16384 / 20)
  })

  test('is the same for integers and for doubles of the same value', () => {
    const values = sequence(500, (i) => ((i * 48271) % 65537) - 30000)
    expect(packFloat64(values)).toEqual(packInt32(values))
  })

  test.each([
    ['deltas of 31 bits', [0, 2 ** 31 - 1, 0, 2 ** 31 - 1]],
    ['deltas of more than 31 bits', [0, 2 ** 31, 0, 2 ** 40, 17]],
    ['steps across 2^32', sequence(300, (i) => 2 ** 32 - 150 + i)],
    ['the widest range', [0, 2 ** 51 - 1, 0, 2 ** 51 - 1, 1]],
    ['the largest keys', sequence(130, (i) => 2 ** 53 - 1 - 130 * 5 + 5 * i)],
    ['the smallest keys', sequence(130, (i) => 1 - 2 ** 53 + 5 * i)],
  ])('is exact for %s', (_, values) => {
    expect(decodeDelta(packFloat64(values))).toEqual(values.map(BigInt))
  })

  test('keeps any 32-bit integers that differ by less than 2^31', () => {
    const values = fc.array(fc.integer({ min: -(2 ** 30), max: 2 ** 30 - 1 }), { maxLength: 400 })
    fc.assert(
      fc.property(values, (given) => {
        expect(decodeDelta(packInt32(given))).toEqual(given.map(BigInt))
      }),
    )
  })

  test('keeps any exact doubles that differ by less than 2^51', () => {
    const near = fc
      .tuple(fc.maxSafeInteger(), fc.integer({ min: 1, max: 50 }))
      .chain(([base, bits]) =>
        fc.array(
          fc.integer({ min: 0, max: 2 ** bits }).map((step) => base - Math.sign(base) * step),
          { maxLength: 400 },
        ),
      )
    fc.assert(
      fc.property(near, (given) => {
        expect(decodeDelta(packFloat64(given))).toEqual(given.map(BigInt))
      }),
    )
  })

  test('never needs more room than its capacity', () => {
    const alternating = sequence(16384, (i) => (i % 2 === 0 ? 0 : 2 ** 51 - 1))
    expect(packFloat64(alternating).length).toBeLessThanOrEqual(deltaCapacity(16384) - 64)
    expect(int32Bounds(Int32Array.of(3, 1, 2))).toEqual({ min: 1, max: 3 })
  })
})
