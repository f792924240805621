import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  deleteCharacter,
  insertKey,
  misread,
  substituteKey,
  transpose,
  truncate,
} from '../../../src/core/noise/operators/text.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import { type DuckDb, openDuckDb } from '../../../src/node/engine/duckdb.ts'
import { kernelRows } from '../../support/kernel-rows.ts'
import { duckdbRows, duckdbText, firstDifference, interpretedRows } from '../sql/duckdb-rows.ts'
import { typedPeople } from './people-plan.ts'

const typos = (column: string) => [
  insertKey(column, 0.1),
  deleteCharacter(column, 0.1),
  substituteKey(column, 0.1),
  transpose(column, 0.1),
  misread(column, 0.1),
  truncate(column, 0.1),
]

const STEPS = [
  { name: 'first_typo', operators: typos('first'), odds: [] },
  { name: 'last_typo', operators: typos('last'), odds: [] },
  { name: 'last_again', operators: typos('last'), odds: [] },
]

describe('noise', () => {
  let db: DuckDb
  beforeAll(async () => {
    db = await openDuckDb()
  })
  afterAll(() => db.close())

  const plan = typedPeople(STEPS, 300)
  test.each(['people', 'people_changes', 'ledger'])(
    'of %s is the same in the kernel and in DuckDB',
    async (name) => {
      const table = plan.tables.get(name)!
      const expected = interpretedRows(plan, table)
      expect(expected.length).toBeGreaterThan(200)
      expect(kernelRows(plan, { name, parts: 3 })).toEqual([
        ...interpretTable(plan, name, { hidden: true }),
      ])
      console.log(name, duckdbText(plan, table).length)
      const actual = await duckdbRows(db, duckdbText(plan, table))
      expect(firstDifference(plan, table, { actual, expected })).toBeUndefined()
    },
  )
})
