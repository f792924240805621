import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Value } from '../../src/core/expr/types.ts'
import { createGenerator } from '../../src/core/kernel/generator.ts'
import { appendObstacles, compareForAppend, isAppend } from '../../src/core/plan/append.ts'
import { interpretRows } from '../../src/core/plan/interpret.ts'
import type { TypedPlan, TypedTable } from '../../src/core/plan/typed.ts'
import { keySpaces } from '../../src/core/run/key-space.ts'
import { wantedColumns } from '../../src/core/run/landed.ts'
import { lastRows } from '../../src/core/run/last-rows.ts'
import { DUCKDB } from '../../src/core/sql/duckdb.ts'
import { renderLandedTable } from '../../src/core/sql/landed.ts'
import { SOURCE_TABLES } from '../../src/datasets/mdm/source.ts'
import { openDuckDb } from '../../src/node/engine/duckdb.ts'
import { cellOf, plainHost } from '../support/kernel-rows.ts'
import { typedMdm } from './mdm-rows.ts'

const CUSTOMERS = 1_000_000_000
/** Keys of records are permuted below it. */
const PRIME = 1_073_741_789

const largest = typedMdm({ uniqueCustomers: CUSTOMERS })
const landed = [...largest.tables.values()].filter((table) => !table.virtual)
const TABLES = landed.map(({ name }) => name)

/** The keys of the last customers, of the last variant where there are several. */
const lastKeys = (plan: TypedPlan, table: TypedTable, customers: number) => {
  const spaces = keySpaces(plan, table)
  const { keyAt, positions } = spaces.at(-1)!
  return { variant: spaces.length - 1, lo: keyAt(positions - customers), hi: keyAt(positions) }
}

const interpreted = (plan: TypedPlan, table: TypedTable, customers: number): readonly Value[][] => {
  const { lo, hi } = lastKeys(plan, table, customers)
  const { holds } = keySpaces(plan, table).at(-1)!
  return [...interpretRows(plan, table.name, { fromKey: lo, toKey: hi })]
    .filter(({ key }) => holds(key))
    .map(({ values }) => wantedColumns(table).map(({ name }) => values[name] ?? null))
}

describe('a billion customers', () => {
  test('cannot be appended to a hundred million', () => {
    const found = compareForAppend(typedMdm({ uniqueCustomers: 100_000_000 }), largest)
    expect(isAppend(found)).toBe(false)
    expect(appendObstacles(found)[0]).toMatch(/columns\[0\]\.expr.* differs/)
  })

  test.each(TABLES)('the kernel ends %s as the interpreter does', (name) => {
    const table = largest.tables.get(name)!
    const generator = createGenerator(largest, { table, wanted: wantedColumns(table) }, plainHost)
    const rows: Value[][] = []
    generator.generate(lastKeys(largest, table, 60), (blocks, count) => {
      for (let row = 0; row < count; row++) rows.push(blocks.map((block) => cellOf(block, row)))
    })
    expect(rows.length).toBeGreaterThan(0)
    expect(rows).toEqual(interpreted(largest, table, 60))
  })

  test('SQL ends the truth about records as the interpreter does', async () => {
    const spillFolder = mkdtempSync(join(tmpdir(), 'lakewright-billions-'))
    const db = await openDuckDb({ memoryMb: 1000, threads: 1, spillFolder })
    try {
      const table = largest.tables.get(SOURCE_TABLES.erp)!
      const { lo: from, hi: to } = lastKeys(largest, table, 20)
      const query = renderLandedTable(largest, table, {
        dialect: DUCKDB,
        range: { from, to },
      })
      const { cells } = await db.columns(`SELECT record_id, account_number FROM (${query}) AS made`)
      const found = (cells[0] ?? []).map((id, row) => `${id} ${cells[1]?.[row]}`)
      const expected = [...interpretRows(largest, table.name, { fromKey: from })].map(
        ({ values }) => `${values['record_id']} ${values['account_number']}`,
      )
      expect(expected.length).toBeGreaterThan(5)
      expect(new Set(found)).toEqual(new Set(expected))
      expect(found.length).toBe(expected.length)
    } finally {
      db.close()
      rmSync(spillFolder, { recursive: true, force: true })
    }
  }, 120_000)

  test('every number of a record or account has ten digits, and none comes twice', () => {
    for (const [name, columns] of [
      [SOURCE_TABLES.crm, ['record_id']],
      [SOURCE_TABLES.erp, ['record_id', 'account_number']],
      [SOURCE_TABLES.ecommerce, ['record_id', 'username']],
    ] as const) {
      const table = largest.tables.get(name)!
      const ends = lastRows(largest, table, 60)
      const border = [
        ...interpretRows(largest, name, { fromKey: PRIME - 200, toKey: PRIME + 200 }),
      ].map(({ values }) => values)
      expect(border.length).toBeGreaterThan(20)
      for (const column of columns) {
        const ids = [...border, ...ends].map((row) => /\d+$/.exec(String(row[column]))?.[0] ?? '')
        expect(new Set(ids).size).toBe(ids.length)
        if (column !== 'username') expect(ids.every((id) => id.length === 10)).toBe(true)
      }
    }
  })

  test('those who were there with a hundred million keep every cell', () => {
    const usual = typedMdm({ uniqueCustomers: 100_000_000 })
    for (const name of TABLES.filter((each) => each !== 'truth_xref' && each !== 'truth_ledger')) {
      const rows = interpreted(usual, usual.tables.get(name)!, 30)
      const range = lastKeys(usual, usual.tables.get(name)!, 30)
      const later = [...interpretRows(largest, name, { fromKey: range.lo, toKey: range.hi })].map(
        ({ values }) =>
          wantedColumns(largest.tables.get(name)!).map((column) => values[column.name] ?? null),
      )
      expect(rows.length, name).toBeGreaterThan(0)
      expect(later, name).toEqual(rows)
    }
  })
})
