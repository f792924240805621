import { expect, test } from 'vitest'
import { createGenerator } from '../../../src/core/kernel/generator.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { textOf } from '../../../src/core/utf8.ts'
import { createFirstRows, FIRST_ROWS } from '../../../src/core/run/first-rows.ts'
import { wantedColumns } from '../../../src/core/run/landed.ts'
import { plainHost } from '../../support/kernel-rows.ts'
import { shopPlan } from '../../support/shop-plan.ts'

const plan = resolvePlan(shopPlan(50), new Map())
const table = plan.tables.get('customers')!

/** The first rows of the table, given at most `blockRows` at a time; wide cells are made later, or at once. */
const firstRows = (blockRows: number, later: boolean) => {
  const wanted = wantedColumns(table).map((column) => ({ ...column, later }))
  const generator = createGenerator(plan, { table, wanted }, plainHost)
  const first = createFirstRows(generator.columns(0), textOf)
  for (let lo = 0; lo <= table.maxKey; lo += blockRows)
    generator.generate({ variant: 0, lo, hi: lo + blockRows }, first.add)
  return { rows: first.rows(), hasLater: generator.columns(0).some((each) => each.later) }
}

test('the first ten rows are kept however they come in', () => {
  const { rows: whole } = firstRows(table.maxKey + 1, false)
  expect(whole).toHaveLength(FIRST_ROWS)
  expect(new Set(whole.map(([key]) => key)).size).toBe(FIRST_ROWS)
  expect(firstRows(3, false).rows).toEqual(whole)
})

test('cells that are made of keys are made for the first rows', () => {
  const made = firstRows(7, true)
  expect(made.hasLater).toBe(true)
  expect(made.rows).toEqual(firstRows(7, false).rows)
})
