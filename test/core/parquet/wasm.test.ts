import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bounds } from '../../../src/core/parquet/bounds.ts'
import { deltaCapacity } from '../../../src/core/parquet/delta.ts'
import { createEncoderMemory, type Allocator } from '../../../src/core/parquet/memory.ts'
import { plainPrimitives, type ParquetPrimitives } from '../../../src/core/parquet/primitives.ts'
import { wasmPrimitives } from '../../../src/core/parquet/wasm.ts'
import { loadKernel } from '../../../src/node/store/wasm.ts'
import { everyColumn } from './every-column.ts'
import { encode } from './tables.ts'

const kernel = loadKernel(1 << 26)
if (kernel === undefined) throw new Error('the kernel module is not built: run scripts/build')
const START = 1 << 20
const RUBBISH = 1 << 20

/** A fresh allocator over the kernel's memory, whose beginning it fills with rubbish. */
const allocator = (): Allocator => {
  let next = START
  new Uint8Array(kernel.memory.buffer, START, RUBBISH).fill(0xa5)
  return (bytes) => {
    const place = next
    next = (next + bytes + 64 + 15) & ~15
    return new Uint8Array(kernel.memory.buffer, place, bytes)
  }
}

const plain = plainPrimitives()
const twins = wasmPrimitives(kernel)

interface Room {
  readonly int32: (values: readonly number[]) => Int32Array
  readonly float64: (values: readonly number[]) => Float64Array
  readonly bytes: (values: ArrayLike<number>) => Uint8Array
}

const heap: Room = {
  int32: (values) => Int32Array.from(values),
  float64: (values) => Float64Array.from(values),
  bytes: (values) => Uint8Array.from(values),
}

const linear = (): Room => {
  const allocate = allocator()
  const int32 = (values: readonly number[]): Int32Array => {
    const { buffer, byteOffset } = allocate(4 * values.length)
    const array = new Int32Array(buffer, byteOffset, values.length)
    array.set(values)
    return array
  }
  const float64 = (values: readonly number[]): Float64Array => {
    const { buffer, byteOffset } = allocate(8 * values.length)
    const array = new Float64Array(buffer, byteOffset, values.length)
    array.set(values)
    return array
  }
  const bytes = (values: ArrayLike<number>): Uint8Array => {
    const array = allocate(values.length)
    array.set(values)
    return array
  }
  return { int32, float64, bytes }
}

/** Runs a call with plain primitives on the heap and with twins in linear memory; both must give the same. */
const agree = (call: (primitives: ParquetPrimitives, room: Room) => unknown): void => {
  expect(call(twins, linear())).toEqual(call(plain, heap))
}

const blank = (length: number): number[] => Array.from({ length }, () => 0)
const rows = fc.integer({ min: 0, max: 300 })
const many = <T>(cell: fc.Arbitrary<T>, least = 0) =>
  rows.chain((length) =>
    fc.array(cell, { minLength: Math.max(least, length), maxLength: Math.max(least, length) }),
  )
const flags = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 1 }), { minLength: length, maxLength: length })

/** Integers below 2^bits above a base that keeps them exact. */
const near = fc
  .tuple(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), fc.integer({ min: 0, max: 50 }))
  .chain(([base, bits]) => many(fc.integer({ min: 0, max: 2 ** bits }).map((x) => base + x)))

const boundsOf = (values: readonly number[]): Bounds => ({
  min: values.reduce((a, b) => Math.min(a, b), values[0] ?? 0),
  max: values.reduce((a, b) => Math.max(a, b), values[0] ?? 0),
})

describe('the SIMD twin', () => {
  test('of deltas of 32-bit integers writes the same bytes', () => {
    const narrow = fc
      .integer({ min: 0, max: 30 })
      .chain((bits) => many(fc.integer({ min: -(2 ** bits), max: 2 ** bits - 1 })))
    fc.assert(
      fc.property(narrow, (values) => {
        agree((primitives, { int32, bytes }) => {
          const out = bytes(blank(deltaCapacity(values.length)))
          return [...out.subarray(0, primitives.deltaInt32(int32(values), out))]
        })
      }),
    )
  })

  test('of deltas of doubles writes the same bytes', () => {
    fc.assert(
      fc.property(near, (values) => {
        agree((primitives, { float64, bytes }) => {
          const out = bytes(blank(deltaCapacity(values.length)))
          const length = primitives.deltaFloat64(float64(values), boundsOf(values), out)
          return [...out.subarray(0, length)]
        })
      }),
      { numRuns: 300 },
    )
  })

  test('of bit packing writes the same bytes at every width', () => {
    const widths = Array.from({ length: 32 }, (_, i) => i + 1)
    expect(widths).toHaveLength(32)
    for (const width of widths) {
      const values = many(fc.integer({ min: 0, max: 2 ** width - 1 }))
      fc.assert(
        fc.property(values, (given) => {
          agree((primitives, { int32, bytes }) => {
            const out = bytes(blank(4 * given.length + 256))
            return [...out.subarray(0, primitives.packBits(int32(given), width, out))]
          })
        }),
        { numRuns: 20 },
      )
    }
  })

  test('of runs and bounds of numbers finds the same', () => {
    const few = many(fc.oneof(fc.integer(), fc.integer({ min: 0, max: 2 })), 1)
    fc.assert(
      fc.property(few, (values) => {
        agree((primitives, { int32, float64 }) => [
          primitives.countRuns(int32(values)),
          primitives.int32Bounds(int32(values)),
          primitives.float64Bounds(float64(values.map((value) => value * 2 ** 20))),
        ])
      }),
    )
    agree((primitives, { int32 }) => primitives.countRuns(int32([])))
  })

  test('of bounds of strings finds equally small and large ones', () => {
    // Of few letters, so that many words begin alike or are beginnings of others.
    const alike = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\u{ff}'), maxLength: 12 })
    const texts = fc.oneof(many(fc.string({ unit: 'binary', maxLength: 12 }), 1), many(alike, 1))
    fc.assert(
      fc.property(texts, (values) => {
        const words = values.map((value) => Buffer.from(value))
        agree((primitives, { int32, bytes }) => {
          const ends = words.map((_, i) => Buffer.concat(words.slice(0, i + 1)).length)
          const found = primitives.wordBounds(int32([0, ...ends]), bytes(Buffer.concat(words)))
          return [words[found.min], words[found.max]]
        })
      }),
    )
  })

  test('of offsets moves them and gives the same lengths', () => {
    const given = fc.tuple(many(fc.integer({ min: 0, max: 40 })), fc.integer({ min: 0, max: 1e6 }))
    fc.assert(
      fc.property(given, ([lengths, shift]) => {
        const ends = lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b))
        agree((primitives, { int32 }) => {
          const offsets = int32([0, ...ends])
          const moved = int32(blank(offsets.length))
          const found = int32(blank(lengths.length))
          primitives.shiftOffsets(offsets, shift, moved)
          primitives.wordLengths(moved, found)
          return [[...moved], [...found], lengths]
        })
      }),
    )
  })

  test('of bounds of fixed strings finds equally small and large ones', () => {
    const fixed = fc
      .integer({ min: 1, max: 40 })
      .chain((width) =>
        many(fc.array(fc.integer({ min: 97, max: 99 }), { minLength: width, maxLength: width }), 1),
      )
    fc.assert(
      fc.property(fixed, (cells) => {
        const width = cells[0]?.length ?? 0
        const layout = cells.flatMap((cell) => [width, 0, 0, 0, ...cell])
        agree((primitives, { bytes }) => {
          const found = primitives.fixedBounds(bytes(layout), width + 4)
          return [cells[found.min], cells[found.max]]
        })
      }),
    )
  })

  test('of lattices gives the same indices', () => {
    const lattice = fc.tuple(
      fc.integer({ min: -(2 ** 20), max: 2 ** 20 }),
      fc.constantFrom(1, 2, 5, 1000),
      many(fc.integer({ min: 0, max: 65535 })),
    )
    fc.assert(
      fc.property(lattice, ([low, step, indices]) => {
        const values = indices.map((index) => low + step * index)
        agree((primitives, { int32, float64 }) => {
          const first = int32(blank(values.length))
          const second = int32(blank(values.length))
          primitives.latticeInt32(int32(values), { low, step }, first)
          const scaled = values.map((value) => value * 1e6)
          const wide = { low: low * 1e6, step: step * 1e6 }
          primitives.latticeFloat64(float64(scaled), wide, second)
          return [[...first], [...second], indices]
        })
      }),
    )
  })

  test('of null removal keeps the same cells', () => {
    const holed = rows.chain((length) =>
      fc.tuple(
        flags(length),
        fc.array(fc.integer(), { minLength: length, maxLength: length }),
        fc.integer({ min: 1, max: 40 }),
      ),
    )
    fc.assert(
      fc.property(holed, ([nulls, values, stride]) => {
        const length = values.length
        agree((primitives, { int32, float64, bytes }) => {
          const mask = bytes(nulls)
          const levels = int32(blank(length))
          const ints = int32(blank(length))
          const doubles = float64(blank(length))
          const cells = bytes(blank(length * stride))
          const source = bytes(
            values.flatMap((value) => Array.from({ length: stride }, (_, k) => value + k)),
          )
          const count = primitives.definitionLevels(mask, levels)
          const kept = [
            primitives.compactInt32(int32(values), mask, ints),
            primitives.compactFloat64(float64(values), mask, doubles),
            length === 0 ? 0 : primitives.compactFixed(source, mask, cells),
          ]
          expect(kept).toEqual([length - count, length - count, length - count])
          return [
            count,
            [...levels],
            [...ints.subarray(0, length - count)],
            [...doubles.subarray(0, length - count)],
            [...cells.subarray(0, stride * (length - count))],
          ]
        })
      }),
    )
  })
})

test('the SIMD twin of null removal keeps the same strings', () => {
  const words = rows.chain((length) =>
    fc.tuple(
      flags(length),
      fc.array(fc.string({ unit: 'binary', maxLength: 40 }), {
        minLength: length,
        maxLength: length,
      }),
    ),
  )
  fc.assert(
    fc.property(words, ([nulls, texts]) => {
      const parts = texts.map((text) => Buffer.from(text))
      const ends = parts.map((_, i) => Buffer.concat(parts.slice(0, i + 1)).length)
      agree((primitives, { int32, bytes }) => {
        const source = { offsets: int32([0, ...ends]), bytes: bytes(Buffer.concat(parts)) }
        const out = { offsets: int32(blank(parts.length + 1)), bytes: bytes(source.bytes) }
        const count = primitives.compactWords(source, bytes(nulls), out)
        const offsets = [...out.offsets.subarray(0, count + 1)]
        return [count, offsets, Buffer.from(out.bytes.subarray(0, offsets.at(-1))).toString()]
      })
    }),
  )
})

test('a whole file is the same from plain loops and from twins', () => {
  const columns = everyColumn(20_000)
  const memory = createEncoderMemory(allocator())
  const twin = encode(columns, { blockRows: 7000, primitives: twins, memory }).bytes
  expect(twin.length).toBeGreaterThan(1e6)
  expect(Buffer.compare(twin, encode(columns, { blockRows: 7000 }).bytes)).toBe(0)
})

test('arrays outside the kernel’s memory are served too', () => {
  expect(twins.countRuns(Int32Array.of(1, 1, 2))).toBe(2)
})

test('a module without the twins is refused', () => {
  expect(() => wasmPrimitives({ memory: kernel.memory, exports: {} })).toThrow('lacks deltaInt32')
})
