import { expect, test } from 'vitest'
import { pageTokens } from '../../../src/node/http/pages.ts'

test('tokens of pages are given back, no token and an empty one end the list', () => {
  const turn = pageTokens('Here')
  expect(['a', 'b', '', undefined].map(turn)).toEqual(['a', 'b', undefined, undefined])
})

test('a token that comes again, or tokens without end, fail in a line', () => {
  const turn = pageTokens('Here')
  turn('a')
  turn('b')
  expect(() => turn('a')).toThrow('Here gives pages of a list without end')
  const other = pageTokens('Here')
  expect(() => {
    for (let i = 0; i < 10_001; i++) other(String(i))
  }).toThrow('without end')
})
