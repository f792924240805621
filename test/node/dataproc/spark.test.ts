import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDigest } from '../../../src/core/plan/digest.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import type { TypedPlan, TypedTable } from '../../../src/core/plan/typed.ts'
import { declaredColumns, landedTables } from '../../../src/core/run/landed.ts'
import { digestQuery } from '../../../src/core/sql/digest.ts'
import { batchSql } from '../../../src/core/warehouse/dataproc.ts'
import { landingTable } from '../../../src/core/warehouse/landing.ts'
import { SPARK_LANDING } from '../../../src/core/warehouse/spark-landing.ts'
import { SPARK_PROPERTIES } from '../../../src/core/warehouse/spark-properties.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { warehouseParts } from '../../../src/node/warehouse/begin.ts'
import { shopPlan } from '../../support/shop-plan.ts'
import { SPARK_FOLDER, type SparkServer, startSpark } from '../engine/spark/server.ts'

const SCHEMA = 'dataproc_batch'

/** Delta tables stand for those of BigQuery: the connector needs the service. */
describe.skipIf(SPARK_FOLDER === undefined)('the SQL of a batch', () => {
  let spark: SparkServer
  beforeAll(async () => {
    spark = await startSpark()
    await spark.session.run(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
    for (const [name, value] of Object.entries(SPARK_PROPERTIES))
      await spark.session.run(`SET ${name} = ${value}`)
  }, 300_000)
  afterAll(async () => {
    await spark.session.run(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`)
    await spark.stop()
  }, 180_000)

  const rowsOf = async (table: string): Promise<unknown> =>
    (await spark.session.columns(`SELECT count(*) FROM ${SCHEMA}.${table}`)).cells[0]?.[0]

  const make = async (plan: TypedPlan, tables: readonly TypedTable[]): Promise<void> => {
    for (const table of tables) {
      const name = { catalog: 'spark_catalog', schema: SCHEMA, table: table.landedName }
      const landing = landingTable(plan, table, {
        arrangement: undefined,
        properties: { 'lakewright.run': '1' },
      })
      await spark.session.run(SPARK_LANDING.create(name, landing))
    }
  }

  const write = async (sql: string): Promise<number> => {
    const statements = sql.replaceAll('`lakewright`.', '').split(';\n').slice(0, -1)
    for (const statement of statements) await spark.session.run(statement)
    return statements.length
  }

  it('adds what a plan has grown by', async () => {
    const [before, plan] = [await loadPlan(shopPlan(40)), await loadPlan(shopPlan(60))]
    const tables = landedTables(plan).filter(({ name }) => name === 'customers')
    await make(plan, tables)
    const all = tables.map((table) => ({ table }))
    await write(batchSql(before, all, { dataset: SCHEMA, mode: 'append' }))
    const grown = warehouseParts(plan, { parts: 2 }, before).flatMap((part) =>
      tables.flatMap((table) => (part.table === table.name ? [{ table, part }] : [])),
    )
    expect(grown).toHaveLength(2)
    await write(batchSql(plan, grown, { dataset: SCHEMA, mode: 'append' }))
    const digest = digestQuery(
      'spark',
      declaredColumns(tables[0]!),
      `SELECT * FROM ${SCHEMA}.customers`,
    )
    const { cells } = await spark.session.columns(`SELECT digest FROM (${digest})`)
    const expected = createDigest()
    for (const row of interpretTable(plan, 'customers'))
      expected.add(declaredColumns(tables[0]!).map(({ name }) => row[name] ?? null))
    expect(cells[0]?.[0]).toBe(expected.hex())
  }, 300_000)

  it('adds rows to tables, or replaces them, a statement a table', async () => {
    const plan = await loadPlan(shopPlan(40))
    const tables = landedTables(plan).filter(({ name }) => name === 'stores')
    expect(tables).toHaveLength(1)
    await make(plan, tables)
    const counts: number[] = []
    const pieces = tables.map((table) => ({ table }))
    for (const mode of ['append', 'append', 'overwrite'] as const) {
      const sql = batchSql(plan, pieces, { dataset: SCHEMA, mode })
      expect(await write(sql)).toBe(tables.length)
      counts.push(Number(await rowsOf('stores')))
    }
    const [rows = 0] = counts
    expect(rows).toBeGreaterThan(1)
    expect(counts).toEqual([rows, 2 * rows, rows])
  }, 300_000)
})
