import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lowerTable } from '../../src/core/plan/lower.ts'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import { wantedColumns } from '../../src/core/run/landed.ts'
import { DUCKDB } from '../../src/core/sql/duckdb.ts'
import { renderTable } from '../../src/core/sql/render.ts'
import { type DuckDb, openDuckDb } from '../../src/node/engine/duckdb.ts'
import { typedMdm } from './mdm-rows.ts'

// Constant lists of names pass through many layers of the statement, which takes DuckDB much memory.
const MEMORY_MB = 2000

let db: DuckDb
const spillFolder = mkdtempSync(join(tmpdir(), 'lakewright-noise-'))
beforeAll(async () => {
  db = await openDuckDb({ memoryMb: MEMORY_MB, threads: 1, spillFolder })
})
afterAll(() => {
  db.close()
  rmSync(spillFolder, { recursive: true, force: true })
})

const plan = typedMdm({ uniqueCustomers: 30, noise: 'dirty' })

test.each(['raw_crm_customers', 'truth_ledger'])(
  'DuckDB makes the landed rows of %s as the interpreter does',
  async (name) => {
    const wanted = wantedColumns(plan.tables.get(name)!)
    const text = renderTable(lowerTable(plan, name, wanted), {
      dialect: DUCKDB,
      vocabularies: plan.vocabularies,
    })
    const { cells } = await db.columns(text)
    const found = (cells[0] ?? []).map((_, row) => cells.map((column) => column[row] ?? null))
    const expected = [...interpretTable(plan, name)].map((row) =>
      wanted.map((column) => row[column.name] ?? null),
    )
    const sorted = (rows: readonly unknown[]): readonly string[] =>
      rows.map((row) => JSON.stringify(row)).toSorted()
    expect(expected.length).toBeGreaterThan(20)
    expect(sorted(found)).toEqual(sorted(expected))
  },
  120_000,
)
