import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileLaw } from '../../../src/core/random/laws.ts'
import type { ConcreteLaw } from '../../../src/core/random/laws.ts'
import { tableHash } from '../../../src/core/random/table-hash.ts'

interface GoldenTable {
  readonly law: ConcreteLaw
  readonly hash: string
}

const golden = JSON.parse(
  readFileSync(new URL('../../golden/law-tables.json', import.meta.url), 'utf8'),
) as readonly GoldenTable[]

const hashOf = (law: ConcreteLaw): string => tableHash(compileLaw(law, vocabularyWeights).table)

/** Stands for any vocabulary: 2,000 rows of falling integer weights. */
const vocabularyWeights = (): readonly number[] =>
  Array.from({ length: 2000 }, (_, row) => Math.floor(1e6 / (row + 10)))

describe('golden tables, which pin the values of every dataset', () => {
  test.each(golden)('$law', ({ law, hash }) => expect(hashOf(law)).toBe(hash))

  test('cover every kind of law', () => {
    expect(new Set(golden.map(({ law }) => law.kind)).size).toBe(12)
  })
})

test('the hash tells apart tables that differ in one integer', () => {
  const weights = Array.from({ length: 40 }, () => 1000)
  const values = weights.map((_, i) => i)
  const hashes = [
    hashOf({ kind: 'uniform', low: 0, high: 9 }),
    hashOf({ kind: 'uniform', low: 1, high: 10 }),
    hashOf({ kind: 'weighted', values: [1, 2], weights: [1, 1] }),
    hashOf({ kind: 'weighted', values: [1, 2], weights: [1, 1.000001] }),
    hashOf({ kind: 'weighted', values, weights }),
    hashOf({ kind: 'weighted', values, weights: [1000.001, ...weights.slice(1)] }),
    hashOf({ kind: 'weighted', values: [-1, ...values.slice(1)], weights }),
  ]
  expect(new Set(hashes).size).toBe(hashes.length)
})
