import { describe, expect, test } from 'vitest'
import type { LedgerStep, Plan, PlanPromise } from '../../../src/core/plan/plan.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import { type FilesProbe, promiseProbes } from '../../../src/core/report/files-probes.ts'
import { DUCKDB } from '../../../src/core/sql/duckdb.ts'
import { buildMdm, typedMdm, VOCABULARIES } from '../../datasets/mdm-rows.ts'

const SWAP = 'zip_slip: transpose in zip_code'

const probeOf = (plan: TypedPlan, name: string): FilesProbe =>
  promiseProbes(plan, DUCKDB, plan.tables.get('raw_erp_customers')!).find(
    (probe) => probe.name === name,
  )!

describe('a rate that rests on a draw', () => {
  test('weighs every row of a small table by its chance', () => {
    const probe = probeOf(typedMdm({ uniqueCustomers: 1000 }), SWAP)
    expect(probe.missing).toEqual([])
    expect(probe.select[0]).toContain('list_sum(list_transform(')
    expect(probe.select.join()).not.toContain('hash(')
  })

  test('weighs some tens of thousands of a large one', () => {
    const probe = probeOf(typedMdm({ uniqueCustomers: 1_000_000 }), SWAP)
    expect(probe.select[0]).toMatch(/hash\(r\."record_id"\) % \d+ = 0/)
    const share = Number(/% (\d+) = 0/.exec(probe.select[0] ?? '')?.[1])
    expect(1_000_000 / share).toBeGreaterThan(20_000)
    expect(1_000_000 / share).toBeLessThan(100_000)
  })
})

describe('what a ledger is said to show', () => {
  const plan = buildMdm({ uniqueCustomers: 50 })

  const withSteps = (change: (step: LedgerStep) => LedgerStep): Plan => ({
    ...plan,
    tables: plan.tables.map((table) => ({
      ...table,
      promises: (table.promises ?? []).map((promise): PlanPromise =>
        promise.kind === 'replay'
          ? { ...promise, steps: (promise.steps ?? []).slice(0, 1).map(change) }
          : promise,
      ),
    })),
  })

  test.each([
    ['a struck column', (step: LedgerStep) => ({ ...step, struck: 'nowhere' }), /nowhere/],
    ['a draw', (step: LedgerStep) => ({ ...step, draws: ['nothing'] }), /nothing/],
    [
      'a cell that does not land',
      (step: LedgerStep) => ({
        ...step,
        cells: step.cells.map((cell) => ({ ...cell, column: 'typist' })),
      }),
      /typist is hidden/,
    ],
    [
      'an operator of a column without a cell',
      (step: LedgerStep) => ({ ...step, operators: [{ name: 'x', columns: ['city'] }] }),
      /no cell of the column city/,
    ],
  ] as const)('has to be there: %s', (...[, change, message]) => {
    expect(() => resolvePlan(withSteps(change), VOCABULARIES)).toThrow(message)
  })
})
