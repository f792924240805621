import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dialect } from '../../../src/core/sql/dialect.ts'
import { DUCKDB } from '../../../src/core/sql/duckdb.ts'
import { renderLandedTable } from '../../../src/core/sql/landed.ts'
import { type DuckDb, openDuckDb } from '../../../src/node/engine/duckdb.ts'
import { duckdbRows, duckdbText, firstDifference, interpretedRows } from './duckdb-rows.ts'
import { GRID, SHOP, tableIn, UNREACHED } from './plans.ts'

describe('the text of a table', () => {
  it.each([
    { name: 'products', plan: SHOP },
    { name: 'orders', plan: SHOP },
    { name: 'items', plan: SHOP, range: { from: 40, to: 80 } },
    { name: 'visits', plan: GRID, range: { from: 1000, to: 2003 } },
    { name: 'events', plan: GRID },
  ])('of $name reads well and does not change', async ({ name, plan, range }) => {
    const options = range === undefined ? {} : { range }
    const text = renderLandedTable(plan, tableIn(plan, name), { dialect: DUCKDB, ...options })
    await expect(`${text}\n`).toMatchFileSnapshot(`golden/${name}.sql`)
  })

  it('computes nothing twice: no column has the expression of another in its layer', () => {
    const text = renderLandedTable(SHOP, tableIn(SHOP, 'orders'), { dialect: DUCKDB })
    const expressions = [...text.matchAll(/^ {4}(.*\bxor\(.*) AS c\d+/gm)].map((each) => each[1])
    expect(expressions.length).toBeGreaterThan(20)
    expect(new Set(expressions).size).toBe(expressions.length)
  })

  it('grows with a chain of draws as a sum, not as a product', () => {
    const items = duckdbText(SHOP, tableIn(SHOP, 'items'))
    expect(items.length).toBeLessThan(12_000)
  })

  it('is refused with the reason when the dialect has no word for a function', () => {
    const wordless: Dialect = {
      ...DUCKDB,
      name: 'wordless',
      spellings: { lt: { unsupported: 'it cannot compare' } },
    }
    expect(() => renderLandedTable(GRID, tableIn(GRID, 'guarded'), { dialect: wordless })).toThrow(
      'wordless cannot say lt: it cannot compare',
    )
  })

  it('does not compile with a misspelt override', () => {
    const misspelt: Dialect = {
      ...DUCKDB,
      // @ts-expect-error there is no function of this name
      spellings: { uper: { unsupported: 'a misspelling' } },
    }
    expect(misspelt.name).toBe('duckdb')
  })
})

describe('in DuckDB', () => {
  let db: DuckDb
  beforeAll(async () => {
    db = await openDuckDb({ threads: 1 })
  })
  afterAll(() => db.close())

  it.each([
    ...[...SHOP.tables.keys()].map((name) => ({ name, plan: SHOP })),
    ...['stores', 'visits', 'events'].map((name) => ({ name, plan: GRID })),
  ])('$name has the rows that the interpreter makes', async ({ name, plan }) => {
    const table = tableIn(plan, name)
    const actual = await duckdbRows(db, duckdbText(plan, table))
    const expected = interpretedRows(plan, table)
    expect(expected.length).toBeGreaterThan(2)
    expect(firstDifference(plan, table, { actual, expected })).toBeUndefined()
  })

  it('a shared product that only a branch keeps small does not overflow in other rows', async () => {
    const text = duckdbText(GRID, tableIn(GRID, 'guarded'))
    const [found] = await db.rows(
      `SELECT max(product) AS largest, sum(product) > 0 AS some, count(DISTINCT second) AS kinds FROM (${text})`,
    )
    const p = 999 ** 5
    expect(found).toEqual({ largest: p + Math.floor(p / 7), some: true, kinds: 3 })
  })

  it('what no row can reach may be no number', async () => {
    const rows = await duckdbRows(db, duckdbText(UNREACHED, tableIn(UNREACHED, 'shares')))
    expect(rows).toEqual([
      [1, 0, 7],
      [2, 0, 7],
    ])
  })

  it('a part reads only the rows of its own keys', async () => {
    const range = { from: 3_999_990, to: 4_000_100 }
    const rows = await duckdbRows(db, duckdbText(GRID, tableIn(GRID, 'guarded'), { range }))
    expect(rows.map(([key]) => key)).toEqual(Array.from({ length: 11 }, (_, i) => 3_999_990 + i))
  })
})
