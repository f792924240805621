import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landedTables } from '../../../src/core/run/landed.ts'
import { batchSql } from '../../../src/core/warehouse/dataproc.ts'
import { landingTable } from '../../../src/core/warehouse/landing.ts'
import { SPARK_LANDING } from '../../../src/core/warehouse/spark-landing.ts'
import { SPARK_PROPERTIES } from '../../../src/core/warehouse/spark-properties.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
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

  it('adds rows to tables, or replaces them, a statement a table', async () => {
    const plan = await loadPlan(shopPlan(40))
    const tables = landedTables(plan).filter(({ name }) => name === 'stores')
    expect(tables).toHaveLength(1)
    for (const table of tables) {
      const name = { catalog: 'spark_catalog', schema: SCHEMA, table: table.landedName }
      const landing = landingTable(plan, table, {
        arrangement: undefined,
        properties: { 'lakewright.run': '1' },
      })
      await spark.session.run(SPARK_LANDING.create(name, landing))
    }
    const counts: number[] = []
    for (const mode of ['append', 'append', 'overwrite'] as const) {
      const sql = batchSql(plan, tables, { dataset: SCHEMA, mode })
      const statements = sql.replaceAll('`lakewright`.', '').split(';\n').slice(0, -1)
      expect(statements).toHaveLength(tables.length)
      for (const statement of statements) await spark.session.run(statement)
      counts.push(Number(await rowsOf('stores')))
    }
    const [rows = 0] = counts
    expect(rows).toBeGreaterThan(1)
    expect(counts).toEqual([rows, 2 * rows, rows])
  }, 300_000)
})
