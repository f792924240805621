import fc from 'fast-check'
import { expect, it } from 'vitest'
import { factsOf, labelsOf } from '../../../src/core/warehouse/labels.ts'

it('a short fact is a readable label', () => {
  expect(labelsOf({ 'lakewright.planHash': 'ab12-c' })).toEqual([
    ['lakewright-plan_hash', 'ab12-c'],
  ])
})

it('a fact that is too long goes on in a second label', () => {
  const digest = '0123456789abcdef'.repeat(4) + '01234567'
  const labels = labelsOf({ 'lakewright.digest': digest })
  expect(labels.map(([key, value]) => [key, value.length])).toEqual([
    ['lakewright-digest', 63],
    ['lakewright-digest_2', 9],
  ])
  expect(factsOf(Object.fromEntries(labels))).toEqual({ 'lakewright.digest': digest })
})

it('labels of others are no facts', () => {
  expect(factsOf({ team: 'red', cost_2: 'x' })).toEqual({})
})

it('any facts of printable ASCII come back, whatever the order of the labels, and all labels are allowed', () => {
  const names = fc.stringMatching(/^lakewright\.[a-z][A-Za-z]{0,15}$/)
  const values = fc.stringMatching(/^[ -~]{0,300}$/)
  fc.assert(
    fc.property(fc.dictionary(names, values, { noNullPrototype: true }), (facts) => {
      const labels = labelsOf(facts)
      for (const [key, value] of labels) {
        expect(key).toMatch(/^[a-z][a-z0-9_-]{0,62}$/)
        expect(value).toMatch(/^[a-z0-9_-]{0,63}$/)
      }
      expect(factsOf(Object.fromEntries(labels.toReversed()))).toEqual(facts)
    }),
  )
})
