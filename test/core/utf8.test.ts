import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8, utf8Length } from '../../src/core/utf8.ts'

const encoder = new TextEncoder()
const bytesOf = (text: string): number[] => [...utf8(text)]

test.each([
  ['one byte', 'A\u007f', '417f'],
  ['two bytes', '\u0080\u07ff', 'c280dfbf'],
  ['three bytes', '\u0800\ud7ff\ue000\uffff', 'e0a080ed9fbfee8080efbfbf'],
  ['four bytes', '\u{10000}\u{10ffff}', 'f0908080f48fbfbf'],
  ['an unpaired surrogate', 'a\ud800b\udc00', '61efbfbd62efbfbd'],
  ['nothing', '', ''],
])('%s', (_, text, hex) => {
  expect(Buffer.from(utf8(text)).toString('hex')).toBe(hex)
  expect(utf8Length(text)).toBe(hex.length / 2)
})

test('equals the TextEncoder on any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(bytesOf(text)).toEqual([...encoder.encode(text)])
    }),
    { seed: 1, numRuns: 500 },
  )
})

test('equals the TextEncoder on any 16-bit units, paired or not', () => {
  const units = fc.array(fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd7ff, max: 0xe000 })))
  fc.assert(
    fc.property(units, (codes) => {
      const text = String.fromCharCode(...codes)
      expect(bytesOf(text)).toEqual([...encoder.encode(text)])
    }),
    { seed: 2, numRuns: 500 },
  )
})
