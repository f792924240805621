import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256, sha256Hex } from '../../src/core/sha256.ts'

const nodeHex = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex')

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('the examples of FIPS 180-4: %j', (text, hex) => {
  expect(sha256Hex(text)).toBe(hex)
})

test('a text is hashed by its UTF-8 bytes', () => {
  const text = 'Zoë 日本 😀'
  expect(sha256Hex(text)).toBe(nodeHex(text))
})

test('equals node:crypto at every length around the block borders', () => {
  for (let length = 0; length <= 260; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) % 256)
    expect(Buffer.from(sha256(bytes)).toString('hex'), `${length} bytes`).toBe(nodeHex(bytes))
  }
})

test('equals node:crypto on random bytes, also seen through a view', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 3000 }), (bytes) => {
      const view = bytes.subarray(3)
      expect(Buffer.from(sha256(view)).toString('hex')).toBe(nodeHex(view))
    }),
    { seed: 3, numRuns: 200 },
  )
})
