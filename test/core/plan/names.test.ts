import { describe, expect, test } from 'vitest'
import { nearest, quote, suggestion } from '../../../src/core/plan/names.ts'

describe('the nearest name', () => {
  test.each([
    ['households', 'housholds'],
    ['households', 'Households'],
    ['person_id', 'persno_id'],
    ['age', 'agee'],
    [undefined, 'zebra'],
    [undefined, 'x'],
    [undefined, ''],
  ])('%s for %s', (found, asked) => {
    expect(nearest(asked, ['households', 'person_id', 'age', 'created_at'])).toBe(found)
  })

  test('is the nearer of two', () => {
    expect(nearest('colour', ['colours', 'color', 'colouring'])).toBe('colours')
  })

  test('is found quickly for a hostile name', () => {
    expect(nearest('a'.repeat(1e6), ['b'.repeat(128)])).toBeUndefined()
  })
})

test('a suggestion names the nearest, or the few there are, or nothing', () => {
  expect(suggestion('aeg', ['age', 'size'])).toBe(', did you mean "age"?')
  expect(suggestion('colour', ['age', 'size'])).toBe('; there are age, size')
  expect(suggestion('colour', ['age'])).toBe('; there is age')
  expect(suggestion('colour', [])).toBe('')
  expect(
    suggestion(
      'colour',
      Array.from({ length: 50 }, (_, i) => `c${i}`),
    ),
  ).toBe('')
})

test('a quoted text is cut when it is long', () => {
  expect(quote('a"b')).toBe('"a\\"b"')
  expect(quote('x'.repeat(500))).toHaveLength(131)
})
