import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { md5Hex } from '../../src/core/md5.ts'

const reference = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex')

describe('MD5', () => {
  test('gives the digests of RFC 1321', () => {
    expect(md5Hex('')).toBe('d41d8cd98f00b204e9800998ecf8427e')
    expect(md5Hex('message digest')).toBe('f96b697d7cb7938d525a2f31aaf161d0')
  })

  test('agrees with another implementation around every block boundary', () => {
    for (let length = 0; length <= 200; length++) {
      const text = 'x'.repeat(length)
      expect(md5Hex(text)).toBe(reference(text))
    }
  })

  test('agrees on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(md5Hex(text)).toBe(reference(text))
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})
