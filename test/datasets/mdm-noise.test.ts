import { describe, expect, test } from 'vitest'
import type { TypedPlan } from '../../src/core/plan/typed.ts'
import type { Finding } from '../../src/core/report/finding.ts'
import { createGenerator } from '../../src/core/kernel/generator.ts'
import { judgeTable } from '../../src/core/report/judge.ts'
import { createMeasurer } from '../../src/core/report/measure.ts'
import { wantedColumns } from '../../src/core/run/landed.ts'
import type { ParameterValues } from '../../src/datasets/definition.ts'
import { NOISE_PARAMETERS, ratesOf, type Family } from '../../src/datasets/mdm/noise/rates.ts'
import { PERSON_FIELDS } from '../../src/datasets/mdm/person.ts'
import { cleanName, SOURCE_TABLES, SOURCES } from '../../src/datasets/mdm/source.ts'
import { plainHost } from '../support/kernel-rows.ts'
import { buildMdm, kernelColumns, typedMdm } from './mdm-rows.ts'

/** Findings of a table's rates, measured on the rows that the kernel makes. */
const findings = (plan: TypedPlan, name: string): readonly Finding[] => {
  const table = plan.tables.get(name)!
  const measurer = createMeasurer(table)
  const wanted = [...wantedColumns(table), ...measurer.expressions]
  let rows = 0
  createGenerator(plan, { table, wanted }, plainHost).generate(
    { variant: 0, lo: 0, hi: table.maxKey + 1 },
    (blocks, count) => {
      rows += count
      measurer.add(blocks, count)
    },
  )
  return judgeTable(table, {
    tallies: measurer.tallies(),
    rows: new Map([[name, rows]]),
    proof: 'measured',
  }).filter(({ kind }) => kind === 'rate')
}

const PERSON = PERSON_FIELDS.flatMap((field) => [field, cleanName(field)])
const CUSTOMERS = 1500

const STATED = typedMdm({ uniqueCustomers: CUSTOMERS })

/** The changes of the ERP's records. */
const changesOf = (plan: TypedPlan) =>
  kernelColumns(plan, { name: 'erp_changes', columns: ['column', 'operator'] })

describe('the noise of mdm', () => {
  test('at difficulty 0 leaves every record true, and no row in the ledger', () => {
    const plan = typedMdm({ uniqueCustomers: 200, noise: 'dirty', difficulty: 0 })
    for (const source of SOURCES) {
      const rows = kernelColumns(plan, { name: SOURCE_TABLES[source], columns: PERSON })
      expect(rows.length).toBeGreaterThan(50)
      for (const row of rows)
        for (const field of PERSON_FIELDS) expect(row[field]).toBe(row[cleanName(field)])
    }
    expect(kernelColumns(plan, { name: 'truth_ledger', columns: ['step'] })).toEqual([])
  })

  test.each([
    ['stated', STATED, 'crm'],
    ['dirty', typedMdm({ uniqueCustomers: CUSTOMERS, noise: 'dirty' }), 'ecommerce'],
  ] as const)('keeps every rate of the preset %s', (...[, plan, source]) => {
    const found = findings(plan, SOURCE_TABLES[source])
    expect(found.length).toBeGreaterThan(60)
    expect(found.filter(({ verdict }) => verdict !== 'holds')).toEqual([])
  })

  test('a typo of a name has twice the odds for people born abroad', () => {
    const found = findings(STATED, SOURCE_TABLES.crm)
    const rate = (of: number): number =>
      Number(found.find(({ name }) => name.startsWith(`last_slip: born abroad ${of}`))?.asked)
    expect(rate(1) / (1 - rate(1)) / (rate(0) / (1 - rate(0)))).toBeGreaterThan(1.8)
  })

  test('as stated: 20 % other providers, 15 % missing, 80 % of telephone numbers written anew', () => {
    const ledger = changesOf(STATED)
    const records = kernelColumns(STATED, { name: SOURCE_TABLES.erp, columns: ['sex'] }).length
    const share = (column: string, operators: readonly string[]): number =>
      ledger.filter(
        (row) => row['column'] === column && operators.includes(String(row['operator'])),
      ).length / records
    expect(share('email', ['provider'])).toBeCloseTo(0.2, 1)
    expect(share('email', ['missing'])).toBeCloseTo(0.15, 1)
    expect(share('phone', ['dots', 'spaces', 'parentheses', '+1'])).toBeCloseTo(0.8, 1)
    expect(share('last_name', ['insert', 'delete', 'substitute', 'transpose'])).toBeCloseTo(0.1, 1)
    expect(ledger.length / records).toBeGreaterThan(1)
    expect(ledger.length / records).toBeLessThan(3)
  })

  test('grows with the difficulty and from clean to dirty', () => {
    const size = (changed: ParameterValues): number =>
      changesOf(typedMdm({ uniqueCustomers: 200, ...changed })).length
    const sizes = [0, 2, 5, 10].map((difficulty) => size({ difficulty }))
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
    expect(new Set(sizes).size).toBe(sizes.length)
    const [clean, typical, dirty] = ['clean', 'typical', 'dirty'].map((noise) => size({ noise }))
    expect(clean).toBeLessThan(typical! / 2)
    expect(typical).toBeLessThan(dirty! / 2)
  })

  test('gives each preset a rate for every family, and every rate its place on the dial', () => {
    const { noise, difficulty, unevenNoise, ...families } = NOISE_PARAMETERS
    expect([difficulty.default, unevenNoise.default]).toEqual([5, 0])
    const names = Object.keys(families)
    expect(names.length).toBe(15)
    for (const values of Object.values(noise.choices))
      expect(Object.keys(values).toSorted()).toEqual([...names, 'unevenNoise'].toSorted())
    for (const values of Object.values(noise.choices))
      for (const name of names) {
        const rates = [0, 1, 5, 7, 10].map((dial) =>
          ratesOf({ ...values, difficulty: dial, unevenNoise: 0 }, 'crm')(name as Family),
        )
        expect(rates).toEqual(rates.toSorted((a, b) => a - b))
        expect(rates[2]).toBeCloseTo(values[name as Family], 12)
        expect([rates[0], rates[4]! < 1]).toEqual([0, true])
      }
  })

  test.each(['clean', 'typical', 'dirty'])('of the preset %s can be turned up to 10', (noise) => {
    expect(buildMdm({ noise, difficulty: 10 }).tables.length).toBeGreaterThan(10)
  })

  test('that cannot hold together is refused by its options', () => {
    expect(() => typedMdm({ typos: 0.8, misreadings: 0.5 })).toThrow(
      /--typos 0.8, --misreadings 0.5 add up to 1.3 for first_name, more than 1/,
    )
  })
})
