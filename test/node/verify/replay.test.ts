import { describe, expect, test } from 'vitest'
import { and, eq, mod, ne, ordinal, parent, parentKey, when } from '../../../src/core/expr/build.ts'
import type { Expr } from '../../../src/core/expr/expr.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import type { Finding } from '../../../src/core/report/finding.ts'
import { buildMdm } from '../../datasets/mdm-rows.ts'
import { temporaryFolders, testHost } from '../../support/lake.ts'
import { verified } from '../../support/verified.ts'

const folder = temporaryFolders()

const PLAN = buildMdm({ uniqueCustomers: 120 })

/** The plan with a column of a table made of what it was: files that are whole, but not what was promised. */
const broken = (table: string, column: string, change: (expr: Expr) => Expr): Plan => ({
  ...PLAN,
  tables: PLAN.tables.map((each) =>
    each.name === table
      ? {
          ...each,
          columns: each.columns.map((one) =>
            one.name === column ? { ...one, expr: change(one.expr) } : one,
          ),
        }
      : each,
  ),
})

const replays = async (plan: Plan): Promise<readonly Finding[]> => {
  const { files } = await verified(folder(), plan, testHost({ judge: () => new Map() }))
  return files.filter(({ kind }) => kind === 'replay')
}

const FEW = eq(mod(parentKey(), 25), 0)

describe('verify replays the ledger from the files', () => {
  test('and finds that it explains every cell of the three sources', async () => {
    const findings = await replays(PLAN)
    expect(findings.map(({ verdict, found }) => [verdict, found])).toEqual([
      ['holds', 0],
      ['holds', 0],
      ['holds', 0],
    ])
    expect(findings.every(({ n }) => n > 500)).toBe(true)
  }, 60_000)

  test.each([
    [
      'some cells of a source',
      broken('raw_crm_customers', 'city', (city) => when(FEW, 'Nowhere', city)),
      ['broken', 'holds', 'holds'],
    ],
    [
      'some rows of the ledger, of two sources',
      // In a union the ordinal is the member's number.
      broken('truth_ledger', 'true_value', (value) =>
        when(and(ne(ordinal(), 3), eq(parent('step'), 3)), 'nothing', value),
      ),
      ['broken', 'broken', 'holds'],
    ],
  ] as const)(
    'and finds that it does not explain %s',
    async (...[, plan, verdicts]) => {
      const findings = await replays(plan)
      expect(findings.map(({ verdict }) => verdict)).toEqual(verdicts)
    },
    60_000,
  )
})
