import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseCluster } from '../../../src/core/warehouse/databricks-cluster.ts'
import type { JobCompute } from '../../../src/core/warehouse/databricks-job.ts'
import { declaredColumns, landedTables } from '../../../src/core/run/landed.ts'
import { publishSql } from '../../../src/core/warehouse/databricks-job-sql.ts'
import { DATABRICKS_LANDING } from '../../../src/core/warehouse/databricks-landing.ts'
import { factProperties, factsOf } from '../../../src/core/warehouse/facts.ts'
import { cancelRun, describeRun } from '../../../src/node/engine/databricks/jobs.ts'
import { warehouseParts } from '../../../src/node/warehouse/begin.ts'
import { submitJob } from '../../../src/node/warehouse/databricks-job.ts'
import { silentHost } from '../../support/silent-host.ts'
import { stubJobs } from '../../support/databricks/jobs.ts'
import { startStub } from '../../support/databricks/server.ts'
import { signIn, userOf } from '../../support/databricks/sign-in.ts'
import { emptyUnity, granting, stubUnity } from '../../support/databricks/unity.ts'
import { stubWarehouses, WAREHOUSE } from '../../support/databricks/warehouses.ts'
import { stubWorkspace } from '../../support/databricks/workspace.ts'
import { failureOf } from '../../support/failure.ts'
import { SHOP } from '../../core/sql/plans.ts'

const TARGET = { catalog: 'main', schema: 'bronze' }
const ON_WAREHOUSE: JobCompute = { kind: 'warehouse', id: WAREHOUSE }
const CLUSTER_FILE = new URL('../../../assets/databricks/cluster.json', import.meta.url)

const scene = async (looks = 2, result = 'SUCCESS') => {
  const world = emptyUnity()
  world.catalogs.set('main', 'boss@x.org')
  world.schemas.set('main.bronze', 'boss@x.org')
  granting(world, { on: 'catalog main', principal: 'ann@x.org' }, ['USE CATALOG'])
  granting(world, { on: 'schema main.bronze', principal: 'ann@x.org' }, ['ALL PRIVILEGES'])
  const jobs = stubJobs(looks, result)
  const stub = await startStub([
    ...signIn().routes,
    stubWarehouses(),
    jobs.route,
    stubUnity(world, { userOf }),
  ])
  const workspace = stubWorkspace(stub)
  const submit = (compute: JobCompute = ON_WAREHOUSE, mode?: 'overwrite' | 'append' | 'resume') =>
    submitJob(
      workspace,
      { plan: SHOP, target: TARGET, mode, options: { proof: 'counts', arrangements: {} }, compute },
      silentHost,
    )
  /** Puts a table of the plan there, as if by an earlier run. */
  const put = (landedName: string, facts: Readonly<Record<string, string>>): void => {
    const table = landedTables(SHOP).find((each) => each.landedName === landedName)
    const { typeName } = DATABRICKS_LANDING
    world.tables.set(`main.bronze.${landedName}`, {
      columns: (table === undefined ? [] : declaredColumns(table)).map((each) => ({
        name: each.name,
        type: typeName(each),
      })),
      properties: factProperties({
        ...factsOf(SHOP, { fingerprint: 'f', run: 'r', number: 1 }),
        ...facts,
      }),
    })
  }
  return { world, jobs, stub, workspace, submit, put }
}

const tasksOf = (jobs: ReturnType<typeof stubJobs>) =>
  [...jobs.runs.values()].map(
    ({ body }) => body['tasks'] as readonly { readonly task_key: string }[],
  )

describe('a job on a warehouse', () => {
  test('stages all tables side by side, then publishes, describes and cleans up', async () => {
    const { jobs, submit } = await scene()
    const { run, folder } = await submit()
    expect(run).toBe('9007199254740993')
    expect(folder).toMatch(/^\/Workspace\/Users\/ann@x\.org\/\.lakewright\/[0-9a-f]{12}$/)
    const [tasks = []] = tasksOf(jobs)
    const keys = tasks.map((task) => task.task_key)
    expect(keys[0]).toBe('check')
    expect(keys.slice(-3)).toEqual(['publish', 'describe', 'clean'])
    const stages = keys.filter((key) => key.startsWith('stage_'))
    expect(stages.length).toBeGreaterThan(2)
    expect(tasks.at(-3)).toMatchObject({
      depends_on: stages.map((task_key) => ({ task_key })),
      sql_task: { warehouse_id: WAREHOUSE, file: { source: 'WORKSPACE' } },
    })
  })

  test('is submitted once, however often it is asked for and cut off', async () => {
    const { jobs, stub, submit } = await scene()
    stub.break({ at: /runs\/submit$/, kind: 'cutAfter' })
    const first = await submit()
    expect(await submit()).toEqual(first)
    expect(jobs.runs.size).toBe(1)
  })

  test('is submitted anew when the run before has ended', async () => {
    const { jobs, submit } = await scene(0, 'RUN_EXECUTION_ERROR')
    const first = await submit()
    for (const run of jobs.runs.values()) run.start -= 3_600_000
    const second = await submit()
    expect(second.run).not.toBe(first.run)
    expect(second.folder).toBe(first.folder)
    expect(await submit()).toEqual(second)
  })

  test('replaces tables only when asked', async () => {
    const { jobs, submit, put } = await scene()
    await submit()
    put('products', {})
    expect(await failureOf(submit())).toMatchObject({ code: 'dataset.exists' })
    await submit(ON_WAREHOUSE, 'overwrite')
    expect(jobs.runs.size).toBe(2)
  })

  test('goes on with tables that it has published before it failed', async () => {
    const { jobs, submit, put } = await scene()
    const { folder, run } = await submit()
    put('products', { run: folder.slice(-12) })
    expect(await submit()).toMatchObject({ folder, run })
    for (const { landedName } of landedTables(SHOP))
      put(landedName, { run: folder.slice(-12), rows: '1' })
    expect(await failureOf(submit())).toMatchObject({ code: 'dataset.exists' })
    expect(jobs.runs.size).toBe(1)
  })

  test('adds to tables that say how many rows they have', async () => {
    const { jobs, submit, put } = await scene()
    for (const { landedName } of landedTables(SHOP)) put(landedName, {})
    expect(await failureOf(submit(ON_WAREHOUSE, 'append'))).toMatchObject({
      code: 'plan.append',
      message: 'products does not say how many rows it has',
    })
    for (const { landedName } of landedTables(SHOP)) put(landedName, { rows: '1' })
    await submit(ON_WAREHOUSE, 'append')
    // Nothing is new in the same plan.
    expect(
      tasksOf(jobs)
        .at(-1)
        ?.map((task) => task.task_key),
    ).toEqual(['describe'])
  })

  test.each([
    [10_000_000, true],
    [10_000_001, false],
  ])('compares %d rows that are there before it adds to them: %s', async (rows, compares) => {
    const digest = 'd'.repeat(72)
    const before = { rows, digest }
    const [product] = landedTables(SHOP)
    const table = product ?? expect.fail('no table')
    const sql = publishSql({
      plan: SHOP,
      target: TARGET,
      tables: [{ table, parts: warehouseParts(SHOP, {}).slice(0, 1), way: 'insert', before }],
      arrangements: {},
      proof: 'digest',
      fingerprint: 'f',
      run: 'r',
      number: 2,
    })
    expect(sql.some((each) => each.includes(`= '${digest}'`))).toBe(compares)
    expect(sql.some((each) => each.startsWith('INSERT INTO'))).toBe(true)
  })

  test('is not submitted to a warehouse that is not there', async () => {
    const { jobs, submit } = await scene()
    const error = await failureOf(submit({ kind: 'warehouse', id: 'feed' }))
    expect(error).toMatchObject({ code: 'usage.option', message: 'there is no SQL warehouse feed' })
    expect(jobs.files.size + jobs.runs.size).toBe(0)
  })

  test('cannot resume', async () => {
    const { submit } = await scene()
    expect(await failureOf(submit(ON_WAREHOUSE, 'resume'))).toMatchObject({ code: 'usage.option' })
  })

  test('is not submitted without privileges', async () => {
    const { world, jobs, submit } = await scene()
    world.grants.clear()
    expect(await failureOf(submit())).toMatchObject({ code: 'service.denied' })
    expect(jobs.files.size + jobs.runs.size).toBe(0)
  })
})

describe('a run', () => {
  test('is described until it has ended, and cancelled', async () => {
    const { workspace, submit } = await scene()
    const { run } = await submit()
    expect(await describeRun(workspace, run)).toMatchObject({ state: 'RUNNING', result: '' })
    await cancelRun(workspace, run)
    const ended = await describeRun(workspace, run)
    expect(ended).toMatchObject({ state: 'TERMINATED', result: 'USER_CANCELED' })
    expect(ended.page).toContain(run)
  })

  test('that is unknown, or no number, is one clear line', async () => {
    const { workspace } = await scene()
    expect((await failureOf(describeRun(workspace, '12'))).message).toContain(
      'Run 12 does not exist.',
    )
    expect(await failureOf(cancelRun(workspace, '1; 2'))).toMatchObject({ code: 'usage.option' })
  })
})

describe('a cluster', () => {
  const text = readFileSync(CLUSTER_FILE, 'utf8')
  const base = JSON.parse(text) as Record<string, unknown>

  test('of the package does the whole job in one notebook', async () => {
    const { jobs, submit } = await scene()
    await submit({ kind: 'cluster', cluster: parseCluster(text, 'cluster.json') })
    const [tasks = []] = tasksOf(jobs)
    expect(tasks).toMatchObject([
      { task_key: 'generate', new_cluster: { runtime_engine: 'PHOTON' }, notebook_task: {} },
    ])
    const [notebook = ''] = jobs.files.values()
    expect(notebook.startsWith("-- Databricks notebook source\nSET TIME ZONE 'UTC'\n")).toBe(true)
    expect(notebook.match(/SET TIME ZONE/g)).toHaveLength(1)
  })

  test('of the package is fast by its settings', () => {
    expect(base['spark_conf']).toMatchObject({
      'spark.sql.adaptive.enabled': 'true',
      'spark.databricks.delta.optimizeWrite.enabled': 'true',
      'spark.databricks.delta.autoCompact.enabled': 'true',
      'spark.sql.session.timeZone': 'UTC',
    })
  })

  test.each([
    [{ num_worker: 3 }, 'there is no setting "num_worker"'],
    [{ num_workers: 3 }, 'give num_workers or autoscale, one of them'],
    [{ instance_pool_id: 'p' }, 'give node_type_id or instance_pool_id, one of them'],
    [{ runtime_engine: 'FAST' }, 'runtime_engine must be PHOTON or STANDARD'],
    [{ spark_conf: { a: true } }, 'spark_conf must be an object of texts'],
    [
      { autoscale: { min_workers: 1 } },
      'autoscale must be an object with min_workers and max_workers',
    ],
    [{ spark_version: '' }, 'spark_version must be a text'],
  ])('with %j is refused', (change, reason) => {
    expect(() => parseCluster(JSON.stringify({ ...base, ...change }), 'c.json')).toThrow(
      `c.json: ${reason}`,
    )
  })

  test('from a pool is fine', () => {
    const { node_type_id: _, ...rest } = base
    const pooled = { ...rest, instance_pool_id: 'pool-1' }
    expect(parseCluster(JSON.stringify(pooled), 'c.json')).toEqual(pooled)
  })
})
