import { describe, expect, it } from 'vitest'
import { BIGQUERY } from '../../../src/core/sql/bigquery.ts'
import { renderLandedTable } from '../../../src/core/sql/landed.ts'
import { GRID, SHOP, tableIn } from './plans.ts'

describe('the BigQuery text of a table', () => {
  it.each([
    { name: 'products', plan: SHOP },
    { name: 'orders', plan: SHOP },
    { name: 'items', plan: SHOP, range: { from: 40, to: 80 } },
    { name: 'visits', plan: GRID, range: { from: 1000, to: 2003 } },
    { name: 'events', plan: GRID },
  ])('of $name reads well and does not change', async ({ name, plan, range }) => {
    const options = range === undefined ? {} : { range }
    const text = renderLandedTable(plan, tableIn(plan, name), { dialect: BIGQUERY, ...options })
    await expect(`${text}\n`).toMatchFileSnapshot(`golden/bigquery/${name}.sql`)
  })
})

describe('a statement for BigQuery', () => {
  it('holds a long list as one literal, and casts an element of integers', () => {
    const values = Array.from({ length: 9 }, (_, i) => i * 10)
    const list = BIGQUERY.list('integer', values.map(String), values)
    expect(list).toBe("split('0,10,20,30,40,50,60,70,80', ',')")
    const texts = ['a,b', "c'", '', 'd', 'e', 'f', 'g', 'h', 'i']
    expect(BIGQUERY.list('string', texts.map(BIGQUERY.quoteString), texts)).toBe(
      "split('a,b;c\\';;d;e;f;g;h;i', ';')",
    )
  })
})

describe('a series in BigQuery', () => {
  it('is one array while that has at most a million elements', () => {
    expect(BIGQUERY.rows.series('k', { from: 1, to: 1_000_001 })).toBe(
      '(SELECT k FROM unnest(generate_array(1, 1000000)) AS k)',
    )
  })

  it('of no rows is an empty array', () => {
    expect(BIGQUERY.rows.series('k', { from: 5, to: 5 })).toContain('generate_array(5, 4)')
  })

  it('that is longer crosses blocks of which each is an array, however many there are', () => {
    const text = BIGQUERY.rows.series('k', { from: 1, to: 10 ** 12 })
    const arrays = [...text.matchAll(/generate_array\((\d+), (\d+)\)/g)]
    expect(arrays.map(([, from, to]) => [Number(from), Number(to)])).toEqual([
      [0, 232],
      [0, 65_535],
      [0, 65_535],
    ])
    expect(text).toContain('WHERE k_block * 65536 + k_place >= 1 AND')
  })
})

describe('quoting for BigQuery', () => {
  it('escapes what would end a literal or a line, and nothing else', () => {
    expect(BIGQUERY.quoteString("a'b\\c`d\n\u0000\u2028é字")).toBe(
      "'a\\'b\\\\c`d\\u000a\\u0000\\u2028é字'",
    )
    expect(BIGQUERY.quoteIdentifier("a`b\\c'd")).toBe("`a\\`b\\\\c'd`")
  })
})
