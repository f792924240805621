import { expect, test } from 'vitest'
import { byteSize } from '../../../src/core/report/quantities.ts'
import { duration, grouped, textTable } from '../../../src/node/cli/text.ts'

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
  [-1234.6, '-1,235'],
])('%d is grouped as %s', (value, text) => {
  expect(grouped(value)).toBe(text)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [999_499, '999 kB'],
  [999_500, '1.00 MB'],
  [123_456_789, '123 MB'],
  [5e15, '5.00 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text)
})

test.each([
  [0, '0.00 s'],
  [9.994, '9.99 s'],
  [12.34, '12.3 s'],
  [59.94, '59.9 s'],
  [65, '1 min 05 s'],
  [7620, '2 h 07 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})

test('a table is aligned, by code points, and has no blanks at the end', () => {
  const table = textTable(
    ['name', 'n'],
    [
      ['ö', '12'],
      ['long name', '3'],
    ],
    new Set([1]),
  )
  expect(table).toBe('name        n\nö          12\nlong name   3\n')
})
