import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as e from '../../../src/core/expr/build.ts'
import * as p from '../../../src/core/plan/build.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedTable } from '../../../src/core/plan/typed.ts'
import { type DuckDb, openDuckDb } from '../../../src/node/engine/duckdb.ts'
import { type MarketOptions, marketPlan, soldBy } from '../../support/market-plan.ts'
import { duckdbRows, duckdbText, firstDifference, interpretedRows } from './duckdb-rows.ts'

const market = (options: MarketOptions = {}) => {
  const plan = resolvePlan(marketPlan(options), new Map())
  const stock = plan.tables.get('stock') as TypedTable
  return { plan, stock }
}

describe('tallies in DuckDB', () => {
  let db: DuckDb
  beforeAll(async () => {
    db = await openDuckDb()
  })
  afterAll(() => db.close())

  it('are those of the interpreter, also at the keys of other rows', async () => {
    const { plan, stock } = market()
    const actual = await duckdbRows(db, duckdbText(plan, stock))
    const expected = interpretedRows(plan, stock)
    expect(firstDifference(plan, stock, { actual, expected })).toBeUndefined()
    expect(expected.length).toBe(90)
  })

  it('do not depend on the part that is asked for', async () => {
    const { plan, stock } = market()
    const range = { from: 3_00_000, to: 4_02_000 }
    const actual = await duckdbRows(db, duckdbText(plan, stock, { range }))
    const inRange = (key: number): boolean => key >= range.from && key < range.to
    const expected = interpretedRows(plan, stock).filter(([key]) => inRange(Number(key)))
    expect(expected.length).toBe(20)
    expect(firstDifference(plan, stock, { actual, expected })).toBeUndefined()
  })

  it('are one query, and one join for each row that they are read at', () => {
    const { plan, stock } = market()
    const text = duckdbText(plan, stock)
    expect(text.match(/AS MATERIALIZED \(\s+SELECT\s+tally_key/g)?.length).toBe(1)
    expect(text.match(/LEFT JOIN/g)?.length).toBe(2)
  })

  it('beyond their most fail the statement, naming table and column', async () => {
    const tally = e.tally.sum('items', 5, { by: soldBy, most: 4 })
    const { plan, stock } = market({ stock: [p.column('it', tally)] })
    await expect(duckdbRows(db, duckdbText(plan, stock))).rejects.toThrow(
      /stock.it: the tally over items exceeds its most, 4, at the row with key \d+/,
    )
  })
})
