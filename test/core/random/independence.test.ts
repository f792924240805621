import { describe, expect, test } from 'vitest'
import { draw, highWord, lowWord, mix, wide } from '../../../src/core/random/mixer.ts'
import type { StreamConstants } from '../../../src/core/random/mixer.ts'
import { streamConstants } from '../../../src/core/random/stream.ts'
import {
  bitsZ,
  bucketsZ,
  correlationZ,
  jointZ,
  repeatsZ,
  sharedZ,
  translationZ,
} from '../../support/uniformity.ts'

const N = 2 ** 17
const LIMIT = 5

const ranges = [
  { name: 'from 0', first: 0 },
  { name: 'across 2^32', first: 2 ** 32 - N / 2 },
  { name: 'from 2^45', first: 2 ** 45 },
  { name: 'below 2^53', first: 2 ** 53 - 2 * N },
]
const names = [
  { table: 'individuals', stream: 'age' },
  { table: 'individuals', stream: 'gender' },
  { table: 'individuals', stream: 'age', index: 1 },
]
const streams: readonly StreamConstants[] = [
  ...names.map((name) => streamConstants(1, name)),
  streamConstants(2, { table: 'households', stream: 'age' }),
]
const age = streamConstants(1, { table: 'individuals', stream: 'age' })
const gender = streamConstants(1, { table: 'individuals', stream: 'gender' })

const column = (value: (i: number) => number): Uint32Array =>
  Uint32Array.from({ length: N }, (_, i) => value(i))

const drawAt = (constants: StreamConstants, key: number): number =>
  draw(constants, lowWord(key), highWord(key))

const draws = (constants: StreamConstants, first: number): Uint32Array =>
  column((i) => drawAt(constants, first + i))

const lanes = (constants: StreamConstants, first: number): Uint32Array[] => {
  const rows = Array.from({ length: N }, (_, i) =>
    wide(constants, lowWord(first + i), highWord(first + i)),
  )
  return [0, 1, 2, 3].map((lane) => column((i) => rows[i]?.[lane] ?? 0))
}

// Two lanes as one number; 53 of its 64 bits are exact, enough to tell equal from unequal.
const joined = (a?: Uint32Array, b?: Uint32Array): Set<number> =>
  new Set(a?.length ? Array.from(a, (each, i) => each * 2 ** 21 + ((b?.[i] ?? 0) >>> 11)) : [])

const common = ([a, b]: readonly Set<number>[]): number =>
  [...(a ?? [])].filter((each) => b?.has(each)).length

const pairsOf = <T>(items: readonly T[]): (readonly [T, T])[] =>
  items.flatMap((a, i) => items.slice(i + 1).map((b) => [a, b] as const))

const pairZ = (a: Uint32Array, b: Uint32Array): number[] => [
  correlationZ(a, b),
  jointZ(a, b, 'high'),
  jointZ(a, b, 'low'),
  translationZ(a, b),
]

const expectCalm = (z: readonly number[], atLeast: number): void => {
  expect(z.length).toBeGreaterThanOrEqual(atLeast)
  const worst = Math.max(...z.map(Math.abs))
  expect(worst).toBeLessThan(LIMIT)
}

describe.each(ranges)('keys $name', ({ first }) => {
  test('draws and lanes fill buckets evenly', () => {
    const sizes = [6, 14, 83, 1024]
    const z = [age, gender].flatMap((stream) =>
      lanes(stream, first).flatMap((lane) =>
        sizes.flatMap((n) => [bucketsZ(lane, n, 'high'), bucketsZ(lane, n, 'low')]),
      ),
    )
    expectCalm(z, 64)
  })

  test('later lanes repeat as often as chance; adjacent lanes together never', () => {
    const [l1, ...later] = lanes(age, first)
    expectCalm(later.map(repeatsZ), 3)
    let before = l1
    for (const lane of later) {
      expect(joined(before, lane).size).toBe(N)
      before = lane
    }
  })

  test('streams of other names, tables, indexes and seeds share nothing but chance', () => {
    const pairs = pairsOf(streams.map((stream) => draws(stream, first)))
    expectCalm(
      pairs.flatMap(([a, b]) => [...pairZ(a, b), sharedZ(a, b)]),
      30,
    )
  })

  test('lanes of one wide value share nothing but chance', () => {
    const pairs = pairsOf(lanes(age, first))
    expectCalm(
      pairs.flatMap(([a, b]) => [...pairZ(a, b), sharedZ(a, b)]),
      30,
    )
  })

  test('neighbouring keys draw independently, in every pair of bits', () => {
    const a = draws(age, first)
    const z = [1, 2, 15, 1024].flatMap((lag) => {
      const b = draws(age, first + lag)
      return [...pairZ(a, b), bitsZ(a, b)]
    })
    expectCalm(z, 20)
  })

  test('a child at parent * m + k draws independently of its parent', () => {
    const z = [2, 6, 15, 16].flatMap((m) => {
      const start = Math.floor(first / m)
      const parent = draws(age, start)
      return [age, gender].flatMap((stream) => {
        const child = column((i) => drawAt(stream, (start + i) * m + 1))
        return [...pairZ(parent, child), bitsZ(parent, child)]
      })
    })
    expectCalm(z, 40)
  })
})

test('keys that differ in the high word alone draw independently', () => {
  const a = draws(age, 0)
  const z = [1, 2, 3, 2 ** 13, 2 ** 20].flatMap((high) => {
    const b = draws(age, high * 2 ** 32)
    return [...pairZ(a, b), sharedZ(a, b), bitsZ(a, b)]
  })
  expectCalm(z, 30)
})

test('high words in turn at one low word draw evenly', () => {
  const z = [0, 1, 12345].flatMap((lo) => {
    const values = column((i) => draw(age, lo, i))
    return [
      bucketsZ(values, 83, 'high'),
      bucketsZ(values, 64, 'low'),
      bucketsZ(values, 1024, 'high'),
    ]
  })
  expectCalm(z, 9)
})

describe('one draw from each of many', () => {
  const table = 'individuals'
  const few = 2 ** 14
  const check = (constants: (i: number) => StreamConstants): void => {
    const all = Array.from({ length: few }, (_, i) => constants(i))
    const values = Uint32Array.from(all, (each) => draw(each, 1, 0))
    const next = Uint32Array.from([...values.subarray(1), 0])
    const other = Uint32Array.from(all, (each) => draw(each, 1, 2))
    const buckets = [6, 83, 256].flatMap((n) => [
      bucketsZ(values, n, 'high'),
      bucketsZ(values, n, 'low'),
    ])
    expectCalm([...buckets, ...pairZ(values, next), ...pairZ(values, other)], 14)
  }

  test('seed', () => {
    check((seed) => streamConstants(seed, { table, stream: 'age' }))
  })

  test('stream', () => {
    check((index) => streamConstants(1, { table, stream: 'age', index }))
  })
})

// Root mean square of 2 p - 1 over key bit and output bit; 1 / sqrt(samples) is sampling error.
test('flipping any of the 53 key bits changes each output bit half the time', () => {
  const samples = 2 ** 13
  let squares = 0
  for (let bit = 0; bit < 53; bit++) {
    const [low, high] = bit < 32 ? [1 << bit, 0] : [0, 1 << (bit - 32)]
    const changed = new Uint32Array(32)
    for (let i = 0; i < samples; i++) {
      const [lo, hi] = [Math.imul(i, 0x61c88647), (i * 2039) & 0x1fffff]
      const flipped = draw(age, lo, hi) ^ draw(age, lo ^ low, hi ^ high)
      for (let k = 0; k < 32; k++) changed[k] = (changed[k] ?? 0) + ((flipped >>> k) & 1)
    }
    for (const each of changed) squares += ((2 * each) / samples - 1) ** 2
  }
  const excess = (squares / (53 * 32)) * samples
  expect(excess).toBeGreaterThan(0.8)
  expect(excess).toBeLessThan(1.2)
})

describe('the checks catch', () => {
  const worst = (z: readonly number[]): number => Math.max(...z.map(Math.abs))

  test('a single mix of key ^ constant, whose streams are translations of each other', () => {
    const single = (c: number): Uint32Array => column((i) => mix(i ^ c))
    const [a, b] = [single(0x12340000), single(0x12340001)]
    expect(worst([sharedZ(a, b), translationZ(a, b)])).toBeGreaterThan(100)
  })

  test('lanes that are chained from one 32-bit word', () => {
    const twice = (a: Uint32Array): Set<number> => joined(a, a.map(mix))
    const chained = [0, 1].map((hi) => twice(draws(age, hi * 2 ** 32)))
    const whole = [0, 1].map((hi) => {
      const [l1, l2] = lanes(age, hi * 2 ** 32)
      return joined(l1, l2)
    })
    expect(common(chained)).toBeGreaterThan(0)
    expect(common(whole)).toBe(0)
  })

  test('a key that is only multiplied', () => {
    const weak = column((i) => Math.imul(i, 0x61c88647))
    const next = column((i) => Math.imul(i + 1, 0x61c88647))
    expect(worst([correlationZ(weak, next), bitsZ(weak, next)])).toBeGreaterThan(100)
    expect(Math.abs(bucketsZ(weak, 1024, 'high'))).toBeGreaterThan(LIMIT)
  })
})
