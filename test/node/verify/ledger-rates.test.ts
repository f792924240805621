import { beforeAll, describe, expect, test } from 'vitest'
import { eq, parent, when } from '../../../src/core/expr/build.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import type { Finding } from '../../../src/core/report/finding.ts'
import { buildMdm } from '../../datasets/mdm-rows.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { type Verified, verified } from '../../support/verified.ts'

const folder = temporaryFolders()

const PLAN = buildMdm({ uniqueCustomers: 400, noise: 'dirty' })

/** Findings of the run, and of verify afterwards, about the rates of noise in the CRM. */
const rates = async (plan: Plan): Promise<Verified> => {
  const { run, files } = await verified(folder(), plan)
  const ofCrm = (findings: readonly Finding[]): readonly Finding[] =>
    findings.filter(({ table, kind }) => table === 'raw_crm_customers' && kind === 'rate')
  return { run: ofCrm(run), files: ofCrm(files) }
}

const checked = ({ files }: Verified): readonly Finding[] =>
  files.filter(({ verdict }) => verdict !== 'unchecked')

describe('verify counts the rates of noise again from the ledger', () => {
  let both: Verified
  beforeAll(async () => {
    both = await rates(PLAN)
  }, 120_000)

  test('and finds what the run measured, operator by operator', () => {
    const measured = new Map(both.run.map((finding) => [finding.name, finding]))
    const found = checked(both)
    expect(found.filter(({ verdict }) => verdict === 'broken')).toEqual([])
    expect(found.length).toBeGreaterThan(60)
    // Where a draw decides whether an operator applies, rows count by their chances; a street type may have one form.
    const exact = found.filter(({ name }) => !/transpose|ocr|digit|split|street type/.test(name))
    expect(exact.length).toBeGreaterThan(45)
    for (const { name, n, found: rate } of exact)
      expect([name, n, rate]).toEqual([name, measured.get(name)?.n, measured.get(name)?.found])
    const weighed = found.filter(({ name }) => /transpose|ocr|digit|split/.test(name))
    expect(weighed.length).toBeGreaterThan(8)
    for (const { name, n } of weighed) {
      const rows = measured.get(name)!.n
      expect(Math.abs(n - rows) / rows, name).toBeLessThan(0.1)
    }
  })

  test('and says of what it cannot see that it never landed', () => {
    const open = both.files.filter(({ verdict }) => verdict === 'unchecked')
    for (const { note } of open) expect(note).toContain('not checkable from files: ')
    expect(open.map(({ name }) => name).filter((name) => !/typist|born abroad/.test(name))).toEqual(
      [
        'name: nickname in first_name',
        'name: hyphen in last_name',
        'name: maiden name in last_name',
        'name: accents in first_name',
        'name: accents in last_name',
        'first_slip: phonetic in first_name',
        'last_slip: phonetic in last_name',
        'birth: copy in birth_date',
        'address: direction in address_line1',
        'address: spelling in address_line1',
        'phone_copy: copy in phone',
      ],
    )
  })

  test('and finds a ledger that calls errors by other names', async () => {
    const plan = buildMdm({ uniqueCustomers: 300 })
    const wrong: Plan = {
      ...plan,
      tables: plan.tables.map((table) =>
        table.name !== 'truth_ledger'
          ? table
          : {
              ...table,
              columns: table.columns.map((column) =>
                column.name === 'operator'
                  ? {
                      ...column,
                      expr: when(eq(parent('operator'), 'dots'), 'spaces', column.expr),
                    }
                  : column,
              ),
            },
      ),
    }
    const broken = checked(await rates(wrong)).filter(({ verdict }) => verdict === 'broken')
    expect(broken.map(({ name }) => name)).toEqual([
      'phone_format: dots in phone',
      'phone_format: spaces in phone',
    ])
  }, 120_000)
})
