import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCrc32 } from '../../../src/core/parquet/crc32.ts'

const crc32 = createCrc32()

test('the checksum of the digits is the one in the literature', () => {
  expect(crc32(Buffer.from('123456789'), 0)).toBe(0xcbf43926)
  expect(crc32(new Uint8Array(0), 0)).toBe(0)
})

test('checksums continue from piece to piece', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
      const whole = crc32(bytes, 0)
      expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut), 0))).toBe(whole)
    }),
  )
})
