import { describe, expect, test } from 'vitest'
import { compareForAppend, isAppend } from '../../src/core/plan/append.ts'
import type { Plan } from '../../src/core/plan/plan.ts'
import { resolvePlan } from '../../src/core/plan/resolve.ts'
import { SOURCE_TABLES, SOURCES } from '../../src/datasets/mdm/source.ts'
import { allRows, type Row } from './identity-rows.ts'
import { buildMdm, clusterSizes, landedRows, NO_NOISE, typedMdm, VOCABULARIES } from './mdm-rows.ts'

const FEW = { uniqueCustomers: 50 }
const few = allRows(typedMdm(FEW))

describe('more customers', () => {
  /** Rows of a union stand source by source. */
  const bySource = (rows: readonly Row[]): readonly (readonly Row[])[] =>
    rows.some((row) => 'source' in row)
      ? SOURCES.map((source) => rows.filter((row) => row['source'] === source))
      : [rows]

  test('leave the rows of those who were there as they were', () => {
    const many = allRows(typedMdm({ uniqueCustomers: 150 }))
    expect(Object.keys(many)).toEqual(Object.keys(few))
    for (const [name, rows] of Object.entries(few)) {
      const later = bySource(many[name] ?? [])
      bySource(rows).forEach((part, i) => {
        expect(later[i]?.slice(0, part.length), name).toEqual(part)
        expect(later[i]?.length, name).toBeGreaterThan(part.length)
      })
    }
  })

  test('are an append to the compiler, and so is a larger total', () => {
    const compare = (before: object, after: object, seed = 42) =>
      compareForAppend(
        typedMdm({ ...NO_NOISE, ...before }),
        typedMdm({ ...NO_NOISE, ...after }, seed),
      )
    const grown = compare(FEW, { uniqueCustomers: 51 })
    expect([isAppend(grown), grown.raised]).toEqual([
      true,
      [{ name: 'uniqueCustomers', before: 50, after: 51 }],
    ])
    expect(isAppend(compare({ totalRecords: 1000 }, { totalRecords: 1237 }))).toBe(true)
    expect(compare(FEW, FEW, 43).laws).toContain('seed')
    expect(compare(FEW, { ...FEW, erpCoverage: 0.5 }).laws).toContain(
      'parameters.erpCoverage.value',
    )
    expect(
      compare({ totalRecords: 1000 }, { totalRecords: 1100, uniqueCustomers: 300 }).laws,
    ).not.toEqual([])
  })
})

test('the suffix changes the names under which sources land, and nothing else', () => {
  const plan = typedMdm({ ...FEW, tableSuffix: '_scale' })
  const names = [...plan.tables.values()]
    .filter((table) => !table.virtual)
    .map((table) => table.landedName)
  for (const source of SOURCES) expect(names).toContain(`${SOURCE_TABLES[source]}_scale`)
  expect(names).toContain('truth_xref')
  expect(allRows(plan)).toEqual(few)
})

test('the truth lands with the sources unless it is left out, which changes nothing else', () => {
  const bare = allRows(typedMdm({ ...FEW, withTruth: 0 }))
  expect(Object.keys(bare)).toEqual(Object.values(SOURCE_TABLES))
  for (const [name, rows] of Object.entries(bare)) expect(rows, name).toEqual(few[name])
  for (const name of ['truth_entities', 'truth_xref', 'truth_ledger', 'truth_hard_pairs'])
    expect(few[name]?.length, name).toBeGreaterThan(2)
})

test('another seed makes other people, the same one the same', () => {
  const entities = landedRows(typedMdm({ ...FEW, ...NO_NOISE }), 'truth_entities')
  expect(entities).toEqual(few['truth_entities'])
  expect(landedRows(typedMdm({ ...FEW, ...NO_NOISE }, 'another'), 'truth_entities')).not.toEqual(
    entities,
  )
})

test('the order of tables and columns changes nothing', () => {
  const plan = buildMdm({ uniqueCustomers: 20, ...NO_NOISE })
  const turned: Plan = {
    ...plan,
    tables: plan.tables
      .toReversed()
      .map((table) => ({ ...table, columns: table.columns.toReversed() })),
  }
  expect(allRows(resolvePlan(turned, VOCABULARIES))).toEqual(
    allRows(resolvePlan(plan, VOCABULARIES)),
  )
})

describe('without duplicates', () => {
  const NO_DUPLICATES = { crmDuplicates: 0, ecommerceRecords: 1, uniqueCustomers: 300, ...NO_NOISE }

  test('nobody stands twice in a source', () => {
    const sizes = clusterSizes(typedMdm(NO_DUPLICATES))
    for (const source of SOURCES) {
      expect(sizes[source].size).toBeGreaterThan(100)
      expect(new Set(sizes[source].values())).toEqual(new Set([1]))
    }
  })

  test('and with coverages that sum to one, every cluster is one record', () => {
    const plan = typedMdm({
      ...NO_DUPLICATES,
      crmCoverage: 0.5,
      erpCoverage: 0.3,
      ecommerceCoverage: 0.2,
    })
    const entities = landedRows(plan, 'truth_xref').map((row) => row['entity_id'])
    expect(entities).toHaveLength(300)
    expect(new Set(entities).size).toBe(300)
  })
})

test('at the stated rates sources know and repeat customers as often as asked', () => {
  const sizes = clusterSizes(typedMdm({ uniqueCustomers: 1024, ...NO_NOISE }))
  const known = SOURCES.map((source) => sizes[source].size)
  const records = SOURCES.map((source) => [...sizes[source].values()].reduce((a, b) => a + b, 0))
  // One block of 1,024 customers, over which they are spread evenly.
  for (const [i, share] of [0.8, 0.7, 0.6].entries())
    expect(Math.abs((known[i] ?? 0) - 1024 * share)).toBeLessThanOrEqual(3)
  expect(Math.abs((records[0] ?? 0) / (known[0] ?? 1) - 1.15)).toBeLessThan(0.02)
  expect(records[1]).toBe(known[1])
  expect(Math.abs((records[2] ?? 0) / (known[2] ?? 1) - 1.3)).toBeLessThan(0.03)
  expect(Math.max(...sizes.crm.values(), 0)).toBe(2)
  expect(Math.max(...sizes.ecommerce.values(), 0)).toBe(3)
})
