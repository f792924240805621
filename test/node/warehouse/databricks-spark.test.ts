import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landedTables } from '../../../src/core/run/landed.ts'
import { generateInWarehouse } from '../../../src/node/warehouse/generate.ts'
import { databricksProvider } from '../../../src/node/warehouse/databricks.ts'
import { fetchHttp, systemPause } from '../../../src/node/http/fetch.ts'
import { nativeDigests } from '../../support/differential/digests.ts'
import { overSpark } from '../../support/databricks/over-spark.ts'
import { startStub } from '../../support/databricks/server.ts'
import { signIn, userOf } from '../../support/databricks/sign-in.ts'
import { stubStatements } from '../../support/databricks/statements.ts'
import { emptyUnity, stubUnity } from '../../support/databricks/unity.ts'
import { stubWarehouses, WAREHOUSE } from '../../support/databricks/warehouses.ts'
import { stubEnvironment } from '../../support/databricks/workspace.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { silentHost } from '../../support/silent-host.ts'
import { withShortStatements } from '../../support/short-statements.ts'
import { SHOP } from '../../core/sql/plans.ts'
import { SPARK_FOLDER, type SparkServer, startSpark } from '../engine/spark/server.ts'

const folder = temporaryFolders()
const SCHEMA = 'databricks_text'
const TARGET = { catalog: 'spark_catalog', schema: SCHEMA }

/** What is sent to Databricks, run by open-source Spark behind a stub of the REST interface. */
describe.skipIf(SPARK_FOLDER === undefined)('what Databricks is told, on a real Spark', () => {
  let spark: SparkServer
  beforeAll(async () => {
    spark = await startSpark()
    await spark.session.run(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
  }, 300_000)
  afterAll(async () => {
    await spark.session.run(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`)
    await spark.stop()
  }, 180_000)

  it('lands tables with the digests of the native engine, all their keys and nothing besides', async () => {
    const world = emptyUnity()
    world.catalogs.set(TARGET.catalog, 'ann@x.org')
    world.schemas.set(`${TARGET.catalog}.${SCHEMA}`, 'ann@x.org')
    const { execute, model } = overSpark(world, spark.session)
    const statements = stubStatements({ execute }, (id) => id === WAREHOUSE)
    const routes = [
      ...signIn().routes,
      stubWarehouses(),
      statements.route,
      stubUnity(world, { userOf }),
    ]
    const stub = await startStub(routes)
    const env = { ...stubEnvironment(stub), DATABRICKS_WAREHOUSE_ID: WAREHOUSE }
    const outside = { http: fetchHttp(), pause: systemPause(), readText: () => undefined }
    const provider = databricksProvider(outside)
    const connection = provider.connection(new Map(), env)
    const place = { warehouse: 'databricks' as const, connection, target: TARGET }
    const options = { proof: 'digest' as const, arrangements: {} }
    const outcome = await generateInWarehouse(
      { lake: folder(), place, plan: SHOP, mode: undefined, options },
      {
        ...silentHost,
        open: async () => withShortStatements(await provider.open(connection, env), 2000),
      },
    )
    const tables = landedTables(SHOP)
    for (const [i, table] of tables.entries()) {
      const native = nativeDigests({ plan: SHOP, table })({ from: 0, to: table.maxKey + 1 })
      expect(outcome.tables[i]).toMatchObject({ name: table.name, digest: native.hex() })
    }
    const names = tables.map(({ landedName }) => `${TARGET.catalog}.${SCHEMA}.${landedName}`)
    expect([...world.tables.keys()].toSorted()).toEqual(names.toSorted())
    expect(
      statements.all.filter(({ sql }) => sql.startsWith('CREATE OR REPLACE VIEW')).length,
    ).toBeGreaterThan(2)
    const shown = await spark.session.rows(`SHOW TABLES IN ${SCHEMA}`)
    expect(shown.map((row) => row['tableName'])).toEqual(
      expect.arrayContaining(tables.map(({ landedName }) => landedName)),
    )
    expect(shown.filter((row) => String(row['tableName']).startsWith('lakewright_'))).toEqual([])
    expect(model.keys.size).toBeGreaterThan(1)
  }, 600_000)
})
