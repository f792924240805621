import { describe, expect, test } from 'vitest'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { keySpaces } from '../../../src/core/run/key-space.ts'
import { stageName } from '../../../src/core/run/stages.ts'
import { knownSamples, sampleTables } from '../../../src/node/run/report.ts'
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

describe('what parts tell of the first rows', () => {
  const plan = resolvePlan(marketPlan({ days: 3 }), new Map())
  const first = Array.from({ length: 10 }, (_, i) => [
    String(i),
    '2024-01-01T00:00:00.000000Z',
    null,
  ])
  const known = (lo: number, rows: readonly (readonly (string | null)[])[]) => {
    const part = { table: 'orders', number: 0, variant: 0, lo, hi: 1000, rows: 100 }
    const result = { rows: 100, bytes: 0, cpuSeconds: 0, files: [], measures: null, first: rows }
    return knownSamples(
      plan,
      { parts: [part] },
      new Map([[stageName({ kind: 'generate', part }), result]]),
    )
  }
  const [space] = keySpaces(plan, plan.tables.get('orders')!)
  const lowest = space!.keyAt(0)

  test('is shown instead of rows made anew', () => {
    const samples = sampleTables(plan, known(lowest, first))
    expect(samples.get('orders')).toEqual(first.map(([key]) => [key, '2024-01-01T00:00:00Z', null]))
    expect(samples.get('items')).toEqual(sampleTables(plan).get('items'))
  })

  test('is not known where parts begin behind the first row or have too few', () => {
    expect(known(lowest + 5, first).size).toBe(0)
    expect(known(lowest, first.slice(1)).size).toBe(0)
  })
})
