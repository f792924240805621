import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { streamConstants, streamText } from '../../../src/core/random/stream.ts'
import type { Seed, StreamName } from '../../../src/core/random/stream.ts'

const name = (table: string, stream: string): StreamName => ({ table, stream })

describe('the text that is hashed', () => {
  test.each<[Seed, StreamName, string]>([
    [7, name('people', 'age'), '[7,"people","age"]'],
    ['7', name('people', 'age'), '["7","people","age"]'],
    [-7, { ...name('people', 'age'), index: 0 }, '[-7,"people","age",0]'],
    [0, name('a"b', 'c\\d'), '[0,"a\\"b","c\\\\d"]'],
    ['Zoë', name('日本', 'x'), '["Zoë","日本","x"]'],
  ])('of seed %j and %j', (seed, stream, text) => {
    expect(streamText(seed, stream)).toBe(text)
  })

  test('minus zero is zero', () => {
    expect(streamText(-0, name('t', 's'))).toBe(streamText(0, name('t', 's')))
  })

  test('keeps names apart that a plain separator would join', () => {
    const pairs: readonly (readonly [StreamName, StreamName])[] = [
      [name('a.b', 'c'), name('a', 'b.c')],
      [name('a","b', 'c'), name('a', 'b","c')],
      [name('a', 'b,1'), { ...name('a', 'b'), index: 1 }],
      [name('', 'a'), name('a', '')],
      [name('\ud800', 'a'), name('\ufffd', 'a')],
    ]
    for (const [a, b] of pairs) {
      expect(streamText(1, a)).not.toBe(streamText(1, b))
      expect(streamConstants(1, a)).not.toEqual(streamConstants(1, b))
    }
  })

  test('can be read back, so different names never share it', () => {
    const text = fc.string({ unit: 'binary' })
    const index = fc.option(fc.maxSafeNat(), { nil: undefined })
    const seeds = fc.oneof(fc.maxSafeInteger(), text)
    fc.assert(
      fc.property(seeds, fc.tuple(text, text), index, (seed, [table, stream], i) => {
        const parts = i === undefined ? [seed, table, stream] : [seed, table, stream, i]
        const whole = i === undefined ? { table, stream } : { table, stream, index: i }
        expect(JSON.parse(streamText(seed, whole))).toEqual(parts)
      }),
      { seed: 1, numRuns: 300 },
    )
  })
})

describe('stream constants', () => {
  test('are the first five little-endian words of the SHA-256 of the text', () => {
    const digest = createHash('sha256').update('[7,"people","age",3]').digest()
    const words = [0, 4, 8, 12, 16].map((at) => digest.readUInt32LE(at))
    expect(streamConstants(7, { table: 'people', stream: 'age', index: 3 })).toEqual(words)
  })

  test('refuse a seed that is not an exact integer', () => {
    for (const seed of [0.5, 2 ** 53, -(2 ** 53), NaN, Infinity])
      expect(() => streamConstants(seed, name('t', 's'))).toThrow(`seed ${seed} is not an integer`)
    expect(() => streamConstants(2 ** 53 - 1, name('t', 's'))).not.toThrow()
  })

  test('refuse an index that is negative or not an exact integer', () => {
    for (const index of [-1, 0.5, 2 ** 53, NaN])
      expect(() => streamConstants(1, { table: 't', stream: 's', index })).toThrow(
        `index ${index} of stream t.s is not an integer`,
      )
  })
})
