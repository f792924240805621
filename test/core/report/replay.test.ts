import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { landedColumns } from '../../../src/core/run/landed.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import type { TypedPlan, TypedPromise, TypedTable } from '../../../src/core/plan/typed.ts'
import { landedQuery, viewName } from '../../../src/core/report/landed-query.ts'
import { replaySql } from '../../../src/core/report/replay.ts'
import { DUCKDB } from '../../../src/core/sql/duckdb.ts'
import { type DuckDb, openDuckDb } from '../../../src/node/engine/duckdb.ts'
import { typedMdm } from '../../datasets/mdm-rows.ts'

const TABLES = ['raw_erp_customers', 'truth_ledger', 'truth_xref', 'truth_entities'] as const

describe('replaying a ledger', () => {
  const plan = typedMdm({ uniqueCustomers: 150, noise: 'dirty' })
  const erp = plan.tables.get('raw_erp_customers')!
  const promise = erp.promises.find(isReplay)!
  let db: DuckDb

  beforeAll(async () => {
    db = await openDuckDb()
    for (const name of TABLES) await createTable(db, plan, plan.tables.get(name)!)
  }, 60_000)
  afterAll(() => db.close())

  const replay = async (): Promise<{ readonly cells: number; readonly wrong: number }> => {
    const [row] = await db.rows(replaySql(landedQuery(plan, DUCKDB, erp), promise))
    return { cells: Number(row?.['cells']), wrong: Number(row?.['wrong']) }
  }

  /** What a replay finds while a statement has changed the tables. */
  const replayAfter = async (statement: string): Promise<number> => {
    await db.run('BEGIN')
    try {
      await db.run(statement)
      return (await replay()).wrong
    } finally {
      await db.run('ROLLBACK')
    }
  }

  const count = async (from: string): Promise<number> =>
    Number((await db.rows(`SELECT count(*) AS n FROM ${from}`))[0]?.['n'])

  test('explains every cell of the rows that were made', async () => {
    const { cells, wrong } = await replay()
    const rows = await count('"rows of raw_erp_customers"')
    expect(rows).toBeGreaterThan(80)
    expect(cells).toBe(rows * promise.columns.length)
    expect(wrong).toBe(0)
    const ledger = '"rows of truth_ledger" WHERE source = \'erp\''
    expect(await count(ledger)).toBeGreaterThan(rows)
    const again = `(SELECT 1 FROM ${ledger} GROUP BY record_id, "column" HAVING count(*) > 1)`
    expect(await count(again)).toBeGreaterThan(5)
  })

  const one = (table: string, where = 'true'): string =>
    `rowid = (SELECT min(rowid) FROM ${table} WHERE ${where})`
  const dirty = '"rows of raw_erp_customers"'
  const ledger = '"rows of truth_ledger"'
  const touched = `record_id IN (SELECT record_id FROM ${ledger} WHERE source = 'erp' AND "column" = 'last_name')`

  test.each([
    [
      'a cell that noise left alone',
      `UPDATE ${dirty} SET last_name = last_name || 'x' WHERE ${one(dirty, `NOT ${touched}`)}`,
    ],
    [
      'a cell that noise changed',
      `UPDATE ${dirty} SET last_name = last_name || 'x' WHERE ${one(dirty, touched)}`,
    ],
    ['a cell that was emptied', `UPDATE ${dirty} SET city = NULL WHERE ${one(dirty)}`],
    ['a birth date', `UPDATE ${dirty} SET birth_date = birth_date + 1 WHERE ${one(dirty)}`],
    ['a ledger row that is gone', `DELETE FROM ${ledger} WHERE ${one(ledger, "source = 'erp'")}`],
    [
      'a ledger row of a true value',
      `UPDATE ${ledger} SET true_value = 'x' WHERE ${one(ledger, "source = 'erp'")}`,
    ],
    [
      'a ledger row of an emitted value',
      `UPDATE ${ledger} SET emitted_value = 'x' WHERE ${one(ledger, "source = 'erp'")}`,
    ],
    [
      'a ledger row of another column',
      `UPDATE ${ledger} SET "column" = 'sex' WHERE ${one(ledger, "source = 'erp' AND \"column\" <> 'sex'")}`,
    ],
    [
      'a ledger row of a column that is not',
      `UPDATE ${ledger} SET "column" = 'x' WHERE ${one(ledger, "source = 'erp'")}`,
    ],
    [
      'a ledger row of a record that is not',
      `UPDATE ${ledger} SET record_id = 'x' WHERE ${one(ledger, "source = 'erp'")}`,
    ],
    [
      'a ledger row too many',
      `INSERT INTO ${ledger} SELECT * REPLACE ('x' AS true_value) FROM ${ledger} WHERE ${one(ledger, "source = 'erp'")}`,
    ],
    ['a true value', `UPDATE "rows of truth_entities" SET zip_code = '00000'`],
    [
      'a link to somebody else',
      `UPDATE "rows of truth_xref" SET entity_id = entity_id + 1 WHERE ${one('"rows of truth_xref"', "source = 'erp'")}`,
    ],
  ])('finds %s', async (...[, statement]) => {
    expect(await replayAfter(statement)).toBeGreaterThan(0)
    expect((await replay()).wrong).toBe(0)
  })

  test('finds steps in the wrong order', async () => {
    const chain = `(record_id, "column") IN (SELECT (record_id, "column") FROM ${ledger}
      WHERE source = 'erp' GROUP BY record_id, "column" HAVING count(*) > 1 LIMIT 1)`
    expect(
      await replayAfter(`UPDATE ${ledger} SET step = 100 - step WHERE source = 'erp' AND ${chain}`),
    ).toBeGreaterThan(0)
  })

  test('does not mind rows of other sources', async () => {
    expect(await replayAfter(`DELETE FROM ${ledger} WHERE source <> 'erp'`)).toBe(0)
  })
})

type Replay = Extract<TypedPromise, { readonly kind: 'replay' }>
function isReplay(promise: TypedPromise): promise is Replay {
  return promise.kind === 'replay'
}

/** The landed rows of a table under the name of its view, as physical values. */
const createTable = async (db: DuckDb, plan: TypedPlan, table: TypedTable): Promise<void> => {
  const columns = landedColumns(table)
  const name = DUCKDB.quoteIdentifier(viewName(table))
  const types = columns.map(
    (column) =>
      `${DUCKDB.quoteIdentifier(column.name)} ${column.shape.type.kind === 'string' ? 'VARCHAR' : 'BIGINT'}`,
  )
  await db.run(`CREATE TABLE ${name} (${types.join(', ')})`)
  const rows = [...interpretTable(plan, table.name)].map((row) =>
    columns
      .map((column) => {
        const value = row[column.name] ?? null
        return typeof value === 'string' ? DUCKDB.quoteString(value) : String(value ?? 'NULL')
      })
      .join(', '),
  )
  await db.run(`INSERT INTO ${name} VALUES ${rows.map((row) => `(${row})`).join(', ')}`)
}
