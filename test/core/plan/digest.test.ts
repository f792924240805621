import { createHash } from 'node:crypto'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Value } from '../../../src/core/expr/types.ts'
import { createDigest, rowText } from '../../../src/core/plan/digest.ts'
import { sqlExample } from '../../support/digest-doc.ts'

type Rows = readonly (readonly Value[])[]

const ROWS: Rows = [
  [1, 'a|b\\c', null, 1],
  [-2, 'Ünï', 250, 0],
  [9007199254740991, '', -719162, null],
]

const digestOf = (rows: Rows): string => {
  const digest = createDigest()
  for (const row of rows) digest.add(row)
  return digest.hex()
}

/** The definition, by BigInt and node:crypto. */
const reference = (rows: Rows): string => {
  const sums = [0n, 0n, 0n, 0n]
  for (const row of rows) {
    const hex = createHash('md5').update(rowText(row), 'utf8').digest('hex')
    sums.forEach((sum, i) => (sums[i] = sum + BigInt(`0x${hex.slice(8 * i, 8 * i + 8)}`)))
  }
  const digits = (n: bigint, width: number): string => n.toString(16).padStart(width, '0')
  return digits(BigInt(rows.length), 8) + sums.map((sum) => digits(sum, 16)).join('')
}

const row = fc.tuple(
  fc.option(fc.maxSafeInteger()),
  fc.option(fc.string({ unit: fc.constantFrom('a', '|', '\\', 'p', 'N', 'é', '中') })),
)

describe('the table digest', () => {
  test('of no rows is all zeros', () => {
    expect(createDigest().hex()).toBe('0'.repeat(72))
  })

  test('writes a row as the definition says', () => {
    expect(rowText([1, 'a|b\\c', null, -5])).toBe('V1|Va\\pb\\\\c|N|V-5')
    expect(rowText([null, 'N'])).toBe('N|VN')
  })

  test('keeps its golden value', () => {
    expect(digestOf(ROWS)).toBe(GOLDEN)
  })

  test('is the sum that BigInt and another MD5 give', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        expect(digestOf(rows)).toBe(reference(rows))
      }),
      { seed: 2, numRuns: 200 },
    )
  })

  test('does not depend on order, and parts merge into the whole', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), fc.nat(40), (rows, cut) => {
        const merged = createDigest()
        merged.merge(digestOf(rows.slice(cut)))
        merged.merge(digestOf(rows.slice(0, cut)))
        expect(merged.hex()).toBe(digestOf(rows))
        expect(merged.rows()).toBe(rows.length)
        expect(digestOf(rows.toReversed())).toBe(digestOf(rows))
      }),
      { seed: 3, numRuns: 100 },
    )
  })

  test('sees a moved, a nulled, a doubled and a shifted cell', () => {
    const changed: readonly Rows[] = [
      [[1, 'b', 'a']],
      [[1, 'a', null]],
      [[1, 'a|Vb', 'c']],
      [
        [1, 'a', 'b'],
        [1, 'a', 'b'],
      ],
    ]
    const digests = [digestOf([[1, 'a', 'b']]), ...changed.map(digestOf)]
    expect(new Set(digests).size).toBe(5)
  })

  test('stays exact when the sums pass 2^53', () => {
    const digest = createDigest()
    const half = `20000000${'1fffffffe0000000'.repeat(4)}`
    digest.merge(half)
    digest.merge(half)
    expect(digest.hex()).toBe(`40000000${'3fffffffc0000000'.repeat(4)}`)
  })

  test('refuses what is not a digest, and more rows than its sums can hold', () => {
    expect(() => createDigest().merge('ff')).toThrow(/72 hex digits/)
    const full = createDigest()
    full.merge(`7fffffff${'0'.repeat(64)}`)
    expect(() => full.add([1])).toThrow(/at most 2147483647 rows/)
  })

  test('is what the SQL of docs/digest.md gives in DuckDB', async () => {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(
      'create table t as select * from (values ' +
        "(1::bigint, 'a|b\\c', null::date, true), (-2, 'Ünï', date '1970-09-08', false), " +
        "(9007199254740991, '', date '0001-01-01', null)) as v(id, name, born, ok)",
    )
    const reader = await connection.runAndReadAll(sqlExample())
    connection.closeSync()
    instance.closeSync()
    expect(reader.getRows()).toEqual([[digestOf(ROWS)]])
  })
})

const GOLDEN = '00000003000000010ea442c40000000172f1795c00000001407542b90000000153328405'
