import { expect, test } from 'vitest'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { sampleTables } from '../../../src/node/run/report.ts'
import { marketPlan } from '../../support/market-plan.ts'

test('a report shows the first ten rows of every table, those of a cross too', () => {
  const plan = resolvePlan(marketPlan({ days: 3 }), new Map())
  const samples = sampleTables(plan)
  expect([...samples.keys()]).toEqual(['stores', 'products', 'orders', 'items', 'stock'])
  for (const [name, rows] of samples) {
    const table = plan.tables.get(name)!
    const expected = [...interpretTable(plan, name, { limit: 10 })].map((row) =>
      table.columns.map((column) => {
        const value = row[column.name] ?? null
        if (column.shape.type.kind === 'boolean') return value === 1 ? 'true' : 'false'
        return value === null ? null : String(value)
      }),
    )
    expect(rows.length).toBeGreaterThan(2)
    expect(rows, name).toEqual(expected)
  }
})
