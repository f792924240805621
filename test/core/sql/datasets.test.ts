import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import { type DuckDb, openDuckDb } from '../../../src/node/engine/duckdb.ts'
import { typedIdentity, VOCABULARIES } from '../../datasets/identity-rows.ts'
import { typedRetail } from '../../datasets/retail-rows.ts'
import { duckdbRows, duckdbText, firstDifference, interpretedRows } from './duckdb-rows.ts'

const planIn = (path: string): TypedPlan =>
  resolvePlan(JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')), VOCABULARIES)

describe('DuckDB makes the rows of the interpreter', () => {
  let db: DuckDb
  beforeAll(async () => {
    db = await openDuckDb()
  })
  afterAll(() => db.close())

  const hold = async (plan: TypedPlan): Promise<number> => {
    let rows = 0
    for (const table of plan.tables.values()) {
      const actual = await duckdbRows(db, duckdbText(plan, table))
      const expected = interpretedRows(plan, table)
      expect(firstDifference(plan, table, { actual, expected }), table.name).toBeUndefined()
      rows += expected.length
    }
    return rows
  }

  it('for every table of the identity dataset, virtual ones and hidden columns too', async () => {
    expect(await hold(typedIdentity({ households: 60 }))).toBeGreaterThan(2000)
  }, 60_000)

  it('for every table of the retail dataset', async () => {
    const few = { stores: 3, products: 70, customers: 40, promotions: 200, withTruth: 1 }
    expect(await hold(typedRetail({ ...few, orders: 60, days: 5 }))).toBeGreaterThan(2000)
  }, 60_000)

  it.each(['functions', 'laws', 'nulls', 'spaces', 'market', 'hello'])(
    'for the golden plan %s',
    async (name) => {
      expect(await hold(planIn(`../../golden/${name}/plan.json`))).toBeGreaterThan(5)
    },
  )
})
