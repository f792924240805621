import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  draw,
  HIGH_WORD_MULTIPLIER,
  highWord,
  keyWords,
  lowWord,
  mix,
  MIXER,
  uniform,
  uniform48,
  wide,
} from '../../../src/core/random/mixer.ts'
import type { StreamConstants } from '../../../src/core/random/mixer.ts'
import { ROOT } from '../../support/sources.ts'

const WORD = 2n ** 32n
const word = fc.nat(0xffffffff)
const high = fc.nat(0x1fffff)
const constants: fc.Arbitrary<StreamConstants> = fc.tuple(word, word, word, word, word)

// The mixer as SQL says it: non-negative 64-bit integers, multiplication, shift and mask.
const bigintMix = (x: bigint): bigint => {
  const { s1, m1, s2, m2, s3 } = MIXER
  const a = product(x ^ (x >> BigInt(s1)), m1)
  const b = product(a ^ (a >> BigInt(s2)), m2)
  return b ^ (b >> BigInt(s3))
}

const product = (x: bigint, multiplier: number): bigint => {
  const exact = x * BigInt(multiplier)
  expect(exact < 2n ** 63n).toBe(true)
  return exact % WORD
}

const bigintDraw = (c: StreamConstants, lo: number, hi: number): bigint => {
  const x = bigintMix(BigInt(lo) ^ BigInt(c[0]))
  const sum = (x + product(BigInt(hi), HIGH_WORD_MULTIPLIER)) % WORD
  return bigintMix(sum ^ BigInt(c[1]))
}

const unsigned = (x: number): number => x >>> 0

describe('mix', () => {
  test('has odd multipliers below 2^31, so that a product with 32 bits fits BIGINT', () => {
    for (const m of [MIXER.m1, MIXER.m2, HIGH_WORD_MULTIPLIER]) {
      expect(m % 2).toBe(1)
      expect(m).toBeLessThan(2 ** 31)
    }
  })

  test('takes signed and unsigned words alike and equals its BIGINT reading', () => {
    fc.assert(
      fc.property(word, (x) => {
        expect(mix(x | 0)).toBe(mix(x))
        expect(BigInt(unsigned(mix(x)))).toBe(bigintMix(BigInt(x)))
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  test('is one-to-one: 2^20 spread inputs have 2^20 images', () => {
    const images = new Set<number>()
    for (let i = 0; i < 2 ** 20; i++) images.add(mix(Math.imul(i, 4096) + i))
    expect(images.size).toBe(2 ** 20)
  })
})

describe('draw and wide', () => {
  test('equal their BIGINT reading for every key below 2^53', () => {
    fc.assert(
      fc.property(constants, word, high, (c, lo, hi) => {
        expect(BigInt(draw(c, lo, hi))).toBe(bigintDraw(c, lo, hi))
      }),
      { seed: 2, numRuns: 1000 },
    )
  })

  test('the first lane is the draw and all lanes are unsigned words', () => {
    fc.assert(
      fc.property(constants, word, high, (c, lo, hi) => {
        const lanes = wide(c, lo, hi)
        expect(lanes[0]).toBe(draw(c, lo, hi))
        expect(lanes.map(unsigned)).toEqual(lanes)
      }),
      { seed: 3, numRuns: 500 },
    )
  })

  test('two adjacent lanes tell the next ones, so each pair determines the key', () => {
    fc.assert(
      fc.property(constants, word, high, (c, lo, hi) => {
        const [l1, l2, l3, l4] = wide(c, lo, hi)
        expect(unsigned(l1 + mix(l2 ^ c[3]))).toBe(l3)
        expect(unsigned(l2 + mix(l3 ^ c[4]))).toBe(l4)
        const x = unsigned(l2 - mix(l1 ^ c[2]))
        expect(unsigned(mix(lo ^ c[0]))).toBe(x)
        expect(unsigned(mix((x + Math.imul(hi, HIGH_WORD_MULTIPLIER)) ^ c[1]))).toBe(l1)
      }),
      { seed: 4, numRuns: 500 },
    )
  })
})

describe('key words', () => {
  test.each([
    [0, 0, 0],
    [2 ** 32 - 1, 0xffffffff, 0],
    [2 ** 32, 0, 1],
    [2 ** 32 + 5, 5, 1],
    [2 ** 53 - 1, 0xffffffff, 0x1fffff],
  ])('of %d', (key, lo, hi) => {
    expect(keyWords(key)).toEqual([lo, hi])
    expect([lowWord(key), highWord(key)]).toEqual([lo, hi])
  })
})

describe('uniform', () => {
  const edges = fc.constantFrom(0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff)
  const bits = fc.oneof(word, edges)

  test('is floor(d * n / 2^32) for n up to 2^20', () => {
    const n = fc.oneof(fc.integer({ min: 1, max: 2 ** 20 }), fc.constantFrom(1, 2 ** 20))
    fc.assert(
      fc.property(bits, n, (d, size) => {
        expect(BigInt(uniform(d, size))).toBe((BigInt(d) * BigInt(size)) / WORD)
      }),
      { seed: 5, numRuns: 2000 },
    )
  })

  test('of two draws is floor(48 bits * n / 2^48) for n up to 2^37', () => {
    const n = fc.oneof(fc.integer({ min: 1, max: 2 ** 37 }), fc.constantFrom(1, 2 ** 37))
    fc.assert(
      fc.property(bits, bits, n, (a, b, size) => {
        const drawn = BigInt(a) * 65536n + BigInt(b) / 65536n
        expect(BigInt(uniform48(a, b, size))).toBe((drawn * BigInt(size)) / 2n ** 48n)
      }),
      { seed: 6, numRuns: 2000 },
    )
  })

  test('never reaches n at the largest draws', () => {
    expect(uniform(0xffffffff, 2 ** 20)).toBe(2 ** 20 - 1)
    expect(uniform48(0xffffffff, 0xffffffff, 2 ** 37)).toBe(2 ** 37 - 1)
    expect(uniform48(0, 0, 2 ** 37)).toBe(0)
  })
})

test('the C programs of bench/mixer have the same constants', () => {
  const header = readFileSync(join(ROOT, 'bench/mixer/frozen.h'), 'utf8')
  const value = (name: string): number =>
    Number(new RegExp(`\\b${name} = (\\d+)`).exec(header)?.[1])
  const { s1, m1, s2, m2, s3 } = MIXER
  expect(['S1', 'M1', 'S2', 'M2', 'S3'].map(value)).toEqual([s1, m1, s2, m2, s3])
  expect(value('ODD')).toBe(HIGH_WORD_MULTIPLIER)
})
