import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DuckDb, openDuckDb } from '../../../src/node/engine/duckdb.ts'
import { NO_NOISE, typedMdm } from '../../datasets/mdm-rows.ts'
import { duckdbRows, duckdbText, firstDifference, interpretedRows } from './duckdb-rows.ts'

const plan = typedMdm({ uniqueCustomers: 24, landlines: 1, doubles: 1, ...NO_NOISE })

describe('DuckDB makes the rows of the interpreter', () => {
  let db: DuckDb
  beforeAll(async () => {
    db = await openDuckDb({ memoryMb: 1536, threads: 1 })
  })
  afterAll(() => db.close())

  it.each([...plan.tables.values()].map((table) => [table.name, table] as const))(
    'for %s of the mdm dataset, hidden columns too',
    async (_, table) => {
      const actual = await duckdbRows(db, duckdbText(plan, table))
      const expected = interpretedRows(plan, table)
      expect(firstDifference(plan, table, { actual, expected })).toBeUndefined()
      if (!/ledger|changes/.test(table.name)) expect(expected.length).toBeGreaterThan(3)
    },
    60_000,
  )
})
