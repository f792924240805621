import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LakewrightError } from '../../../src/core/errors.ts'
import { createDigest } from '../../../src/core/plan/digest.ts'
import { interpretRows } from '../../../src/core/plan/interpret.ts'
import { landedColumns, landedTables } from '../../../src/core/run/landed.ts'
import { generateInWarehouse, type WarehouseRequest } from '../../../src/node/warehouse/generate.ts'
import type { WarehouseHost } from '../../../src/node/warehouse/host.ts'
import type { Warehouse } from '../../../src/core/warehouse/warehouse.ts'
import { SPARK_PROVIDER } from '../../../src/node/warehouse/spark.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { listRuns } from '../../../src/node/run/runs.ts'
import { cancelWarehouseRun, resumeWarehouseRun } from '../../../src/node/warehouse/runs.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { withShortStatements } from '../../support/short-statements.ts'
import { silentHost } from '../../support/silent-host.ts'
import { visitsPlan } from '../../support/visits-plan.ts'
import { errorOf, SPARK_FOLDER, type SparkServer, startSpark } from '../engine/spark/server.ts'

const SCHEMA = 'warehouse_runs'
const ARRANGED = { visits: { zorder: ['area'] }, people: { cluster: ['born'] } }
const TARGET = { catalog: 'spark_catalog', schema: SCHEMA }

describe.skipIf(SPARK_FOLDER === undefined)('a run in Spark', () => {
  const folder = temporaryFolders()
  let spark: SparkServer
  beforeAll(async () => {
    spark = await startSpark()
  }, 300_000)
  afterAll(async () => {
    await spark.session.run(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`)
    await spark.stop()
  }, 120_000)

  const hostOf = (parts: Partial<WarehouseHost> = {}): WarehouseHost => ({
    ...silentHost,
    clock: { now: () => Date.now() },
    now: () => Date.now(),
    open: async ({ connection }) =>
      withShortStatements(await SPARK_PROVIDER.open(connection, {}), 1500),
    ...parts,
  })

  interface Going extends Partial<Omit<WarehouseRequest, 'plan' | 'options'>> {
    readonly people: number
    readonly parts?: number
    readonly host?: Partial<WarehouseHost>
  }

  const generate = async ({ people, parts, mode, host, ...request }: Going) =>
    generateInWarehouse(
      {
        lake: request.lake ?? folder(),
        place: {
          warehouse: 'spark',
          connection: { host: '127.0.0.1', port: spark.port },
          target: TARGET,
        },
        mode,
        ...request,
        plan: await loadPlan(visitsPlan(people)),
        options: {
          proof: 'digest',
          arrangements: mode === undefined ? ARRANGED : {},
          ...(parts === undefined ? {} : { parts }),
        },
      },
      hostOf(host),
    )

  /** Digests of a plan's tables by the interpreter. */
  const expected = async (people: number) => {
    const plan = await loadPlan(visitsPlan(people))
    return landedTables(plan).map((table) => {
      const digest = createDigest()
      const columns = landedColumns(table)
      for (const row of interpretRows(plan, table.name))
        digest.add(columns.map(({ name, shape }) => row.evaluate({ kind: 'column', name, shape })))
      return digest.hex()
    })
  }

  const propertiesOf = async (table: string): Promise<ReadonlyMap<unknown, unknown>> => {
    const rows = await spark.session.rows(`SHOW TBLPROPERTIES ${SCHEMA}.${table}`)
    return new Map(rows.map(({ key, value }) => [key, value]))
  }

  it('lands and appends with the digests of the plan, constraints in force', async () => {
    const lake = folder()
    const made = await generate({ lake, people: 40, parts: 2 })
    expect(made.tables.map(({ digest }) => digest)).toEqual(await expected(40))
    await generate({ lake, people: 70, mode: 'append' })
    const [people, visits] = await expected(70)
    const properties = await propertiesOf('people')
    expect(properties.get('lakewright.digest')).toBe(people)
    expect(properties.get('lakewright.rows')).toBe('70')
    expect((await propertiesOf('visits')).get('lakewright.digest')).toBe(visits)
    const broken = `INSERT INTO ${SCHEMA}.visits SELECT visit_id, person_id, at, paid, 10 FROM ${SCHEMA}.visits LIMIT 1`
    expect((await errorOf(spark.session.run(broken))).details).toMatchObject({
      errorClass: 'DELTA_VIOLATE_CONSTRAINT_WITH_VALUES',
      sqlState: '23001',
    })
    const tables = await spark.session.rows(`SHOW TABLES IN ${SCHEMA}`)
    expect(tables.map(({ tableName }) => tableName)).toEqual(['people', 'visits'])
  }, 300_000)

  it('overwrites, stops at the server with the signal, and goes on', async () => {
    const lake = folder()
    const stop = new AbortController()
    const reason = new LakewrightError('run.cancelled', 'stopped')
    let fills = 0
    const onEvent: WarehouseHost['onEvent'] = (event) => {
      if (event.kind === 'stage' && event.name.startsWith('fill') && ++fills === 2)
        stop.abort(reason)
    }
    const host = { signal: stop.signal, onEvent }
    const error = await errorOf(generate({ lake, people: 31, mode: 'overwrite', host }))
    expect(error.code).toBe('run.cancelled')
    const [record] = await listRuns(lake)
    const resumed = await resumeWarehouseRun(lake, record!, hostOf())
    expect(resumed.tables.map(({ digest }) => digest)).toEqual(await expected(31))
  }, 300_000)

  it('inserts a part once, however often and from wherever it is sent', async () => {
    const name = { ...TARGET, table: 'once' }
    const connection = { host: '127.0.0.1', port: spark.port }
    const [one, other] = await Promise.all([
      SPARK_PROVIDER.open(connection, {}),
      SPARK_PROVIDER.open(connection, {}),
    ])
    await one.prepare(TARGET)
    await one.engine.run(`CREATE OR REPLACE TABLE ${one.landing.name(name)} (n BIGINT) USING delta`)
    const query = 'SELECT id AS n FROM range(100000)'
    const insert = one.landing.insert(name, {
      columns: ['n'],
      query,
      rowsBefore: 0,
      token: 'once-1',
    })
    const send = async ({ engine }: Warehouse): Promise<void> => {
      for (const sql of insert) await engine.run(sql)
    }
    const sent = await Promise.allSettled([send(one), send(other)])
    expect(sent.some(({ status }) => status === 'fulfilled')).toBe(true)
    const third = await SPARK_PROVIDER.open(connection, {})
    await send(third)
    expect(await spark.session.rows(`SELECT count(*) AS n FROM ${SCHEMA}.once`)).toEqual([
      { n: 100_000 },
    ])
    await spark.session.run(`DROP TABLE ${SCHEMA}.once`)
    await Promise.all([one.close(), other.close(), third.close()])
  }, 120_000)

  it('refuses a table of the same name with other columns before it makes anything', async () => {
    await spark.session.run('CREATE SCHEMA warehouse_others')
    await spark.session.run('CREATE TABLE warehouse_others.visits (id INT) USING delta')
    const target = { catalog: 'spark_catalog', schema: 'warehouse_others' }
    const connection = { host: '127.0.0.1', port: spark.port }
    const place = { warehouse: 'spark' as const, connection, target }
    const error = await errorOf(generate({ lake: folder(), people: 5, place, mode: 'overwrite' }))
    expect(error.code).toBe('dataset.columns')
    const missing = { ...place, target: { catalog: 'nope', schema: 'x' } }
    expect((await errorOf(generate({ lake: folder(), people: 5, place: missing }))).message).toBe(
      'Spark knows no catalog "nope"',
    )
    await spark.session.run('DROP SCHEMA warehouse_others CASCADE')
  }, 120_000)

  it('leaves nothing behind when it is cancelled', async () => {
    const lake = folder()
    const open: WarehouseHost['open'] = async ({ connection }) => {
      const warehouse = await SPARK_PROVIDER.open(connection, {})
      const run: typeof warehouse.engine.run = async (sql, options) => {
        if (sql.includes('lakewright.digest')) throw new Error('cut')
        return warehouse.engine.run(sql, options)
      }
      return { ...warehouse, engine: { ...warehouse.engine, run } }
    }
    await generate({ lake, people: 32, mode: 'overwrite', host: { open } }).catch(() => undefined)
    const [record] = await listRuns(lake)
    expect(await cancelWarehouseRun(lake, { record: record!, patience: 0 }, hostOf())).toBe(
      'cancelled',
    )
    const tables = await spark.session.rows(`SHOW TABLES IN ${SCHEMA}`)
    expect(tables.map(({ tableName }) => tableName)).toEqual(['people', 'visits'])
  }, 120_000)
})
