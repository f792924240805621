import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeletionVector } from '../../../src/core/delta/actions.ts'
import { deletedRows, vectorBlock, vectorPath } from '../../../src/core/delta/deletion-vector.ts'
import { decodeZ85 } from '../../../src/core/delta/z85.ts'
import { vector } from './actions.ts'

const le = (width: number, value: number): readonly number[] =>
  Array.from({ length: width }, (_, byte) => Math.floor(value / 2 ** (8 * byte)) % 256)

/** How a container of values that share their high 16 bits is written; `run` only where the values are consecutive. */
type Form = 'array' | 'bitmap' | 'run'

interface Container {
  readonly key: number
  readonly lows: readonly number[]
  readonly form: Form
}

const containerBytes = ({ lows, form }: Container): readonly number[] => {
  if (form === 'array') return lows.flatMap((low) => le(2, low))
  const first = lows[0] ?? 0
  if (form === 'run') return [...le(2, 1), ...le(2, first), ...le(2, lows.length - 1)]
  const bits = new Uint8Array(8192)
  for (const low of lows) bits[low >> 3] = (bits[low >> 3] ?? 0) | (1 << (low & 7))
  return [...bits]
}

/** A 32-bit Roaring bitmap, written by the letter of RoaringFormatSpec. */
const roaring = (containers: readonly Container[]): readonly number[] => {
  const runs = containers.some(({ form }) => form === 'run')
  const flags = new Uint8Array(Math.ceil(containers.length / 8))
  containers.forEach(({ form }, index) => {
    if (form === 'run') flags[index >> 3] = (flags[index >> 3] ?? 0) | (1 << (index & 7))
  })
  const cookie = runs
    ? [...le(2, 12347), ...le(2, containers.length - 1), ...flags]
    : [...le(4, 12346), ...le(4, containers.length)]
  const header = containers.flatMap(({ key, lows }) => [...le(2, key), ...le(2, lows.length - 1)])
  const offsets = runs && containers.length < 4 ? [] : containers.flatMap(() => le(4, 0))
  return [...cookie, ...header, ...offsets, ...containers.flatMap(containerBytes)]
}

const bitmapArray = (
  bitmaps: readonly (readonly [high: number, bytes: readonly number[]])[],
): Uint8Array =>
  Uint8Array.from([
    ...le(4, 1681511377),
    ...le(8, bitmaps.length),
    ...bitmaps.flatMap(([high, bytes]) => [...le(4, high), ...bytes]),
  ])

const described = (bitmap: Uint8Array, cardinality: number): DeletionVector => ({
  ...vector('', cardinality),
  sizeInBytes: bitmap.length,
})

const rowsOf = (bitmap: Uint8Array, cardinality: number): readonly number[] =>
  deletedRows(bitmap, described(bitmap, cardinality))

const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index)

describe('the deleted rows of a bitmap', () => {
  test.each<[string, readonly Container[], readonly number[]]>([
    ['an array', [{ key: 0, lows: [1, 5, 65535], form: 'array' }], [1, 5, 65535]],
    ['a run', [{ key: 2, lows: range(10, 100), form: 'run' }], range(131082, 100)],
    ['a bitmap', [{ key: 1, lows: range(3, 5000), form: 'bitmap' }], range(65539, 5000)],
    [
      'many containers, runs among them',
      [
        { key: 0, lows: [7], form: 'array' },
        { key: 1, lows: range(0, 3), form: 'run' },
        { key: 2, lows: range(0, 4097), form: 'bitmap' },
        { key: 3, lows: [9], form: 'array' },
        { key: 9, lows: range(5, 2), form: 'run' },
      ],
      [7, ...range(65536, 3), ...range(131072, 4097), 196617, 589829, 589830],
    ],
    ['nothing', [], []],
  ])('%s', (_, containers, expected) => {
    expect(rowsOf(bitmapArray([[0, roaring(containers)]]), expected.length)).toEqual(expected)
  })

  test('beyond 2^32 come from the high words', () => {
    const one = roaring([{ key: 0, lows: [3], form: 'array' }])
    expect(
      rowsOf(
        bitmapArray([
          [0, one],
          [5, one],
        ]),
        2,
      ),
    ).toEqual([3, 5 * 2 ** 32 + 3])
  })

  test('are read back, whatever they are', () => {
    const container = fc.record({
      key: fc.nat({ max: 65535 }),
      lows: fc.uniqueArray(fc.nat({ max: 65535 }), { minLength: 1, maxLength: 50 }),
    })
    const containers = fc.uniqueArray(container, { maxLength: 8, selector: ({ key }) => key })
    fc.assert(
      fc.property(containers, (made) => {
        const sorted = made
          .toSorted((a, b) => a.key - b.key)
          .map(({ key, lows }) => ({
            key,
            lows: lows.toSorted((a, b) => a - b),
            form: 'array' as const,
          }))
        const expected = sorted.flatMap(({ key, lows }) => lows.map((low) => key * 65536 + low))
        expect(rowsOf(bitmapArray([[0, roaring(sorted)]]), expected.length)).toEqual(expected)
      }),
      { seed: 13 },
    )
  })
})

describe('a damaged bitmap is refused', () => {
  const good = bitmapArray([[0, roaring([{ key: 0, lows: [1, 2, 3], form: 'array' }])]])

  test.each([
    ['cut short', good.subarray(0, good.length - 1), 3],
    ['empty', new Uint8Array(), 0],
    ['of Java', Uint8Array.from([...le(4, 1681511376), ...good.subarray(4)]), 3],
    ['with more rows than its descriptor says', good, 2],
    ['with fewer rows than its descriptor says', good, 4],
    ['with endless bitmaps', Uint8Array.from([...le(4, 1681511377), ...range(255, 8)]), 3],
  ])('%s', (_, bitmap, cardinality) => {
    expect(() => rowsOf(bitmap, cardinality)).toThrow(
      expect.objectContaining({ code: 'delta.log' }),
    )
  })

  test('whatever its bytes are, with an error of the catalogue', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const bitmap = Uint8Array.from([...le(4, 1681511377), ...noise])
        expect(() => rowsOf(bitmap, 7)).toThrow(expect.objectContaining({ code: 'delta.log' }))
      }),
      { numRuns: 1000, seed: 17 },
    )
  })
})

describe('where a vector is kept', () => {
  test('a file of the table, named by the UUID in its Z85 text', () => {
    const place = (text: string): unknown => vectorPath({ ...vector(text, 1), storageType: 'u' })
    // The example of the Delta protocol's chapter on deletion vectors.
    expect(place('ab^-aqEH.-t@S}K{vb[*k^')).toEqual({
      kind: 'table',
      path: 'ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin',
    })
    expect(place('^-aqEH.-t@S}K{vb[*k^')).toEqual({
      kind: 'table',
      path: 'deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin',
    })
    expect(() => place('short')).toThrow(/expected a UUID/)
    expect(() => place('~-aqEH.-t@S}K{vb[*k^')).toThrow(/Z85/)
  })

  test('inline, as in a test of delta-kernel', () => {
    const inline: DeletionVector = {
      storageType: 'i',
      pathOrInlineDv: '^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L',
      sizeInBytes: 44,
      cardinality: 6,
    }
    const place = vectorPath(inline)
    expect(place.kind === 'inline' && deletedRows(place.bytes, inline)).toEqual([
      3, 4, 7, 11, 18, 29,
    ])
  })

  test('an absolute path as it stands', () => {
    const absolute: DeletionVector = { ...vector('s3://bucket/x.bin', 1), storageType: 'p' }
    expect(vectorPath(absolute)).toEqual({ kind: 'absolute', path: 's3://bucket/x.bin' })
  })
})

describe('the block of a vector in its file', () => {
  const file = Uint8Array.from([1, 0, 0, 0, 3, 7, 8, 9, 0, 0, 1, 2])
  const at = (offset: number, sizeInBytes: number): DeletionVector => ({
    ...vector('', 1),
    offset,
    sizeInBytes,
  })

  test('is its bitmap and the checksum after it', () => {
    expect(vectorBlock(file, at(1, 3))).toEqual({ bitmap: Uint8Array.of(7, 8, 9), crc32: 258 })
  })

  test.each([
    ['the length differs', file, at(1, 2)],
    ['the file is too short', file.subarray(0, 11), at(1, 3)],
    ['the format is unknown', Uint8Array.from([2, ...file.subarray(1)]), at(1, 3)],
  ])('is refused when %s', (_, content, of) => {
    expect(() => vectorBlock(content, of)).toThrow(/does not hold what its descriptor says/)
  })
})

describe('Z85', () => {
  test('decodes the example of ZeroMQ RFC 32', () => {
    expect(decodeZ85('HelloWorld')).toEqual(
      Uint8Array.of(0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b),
    )
  })

  test.each(['Hell', 'Hell~', '#####'])('refuses %j', (text) => {
    expect(decodeZ85(text)).toBeUndefined()
  })
})
