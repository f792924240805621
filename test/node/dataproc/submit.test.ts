import { describe, expect, test } from 'vitest'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import {
  type BatchPlace,
  cancelBatch,
  getBatch,
  listBatches,
} from '../../../src/node/dataproc/batches.ts'
import { batchLogs } from '../../../src/node/dataproc/logs.ts'
import { tidyBatch } from '../../../src/node/dataproc/staging.ts'
import { expectedRows, isCounted } from '../../../src/core/run/expected-rows.ts'
import { proveBatch } from '../../../src/node/dataproc/prove.ts'
import { submitBatch, type Submitted } from '../../../src/node/dataproc/submit.ts'
import type { Submission } from '../../../src/node/dataproc/work.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { shopPlan } from '../../support/shop-plan.ts'
import { failureOf } from '../../support/failure.ts'
import { stubGoogle } from '../../support/google/session.ts'
import { googleWorld, type GoogleWorld } from '../../support/google/world.ts'

const BUCKET = 'dataproc-staging-europe-west1-123-abcd'

const submission = async (change: Partial<Submission> = {}): Promise<Submission> => ({
  plan: await plan(),
  dataset: { project: 'demo-project', dataset: 'mdm_demo' },
  mode: undefined,
  batchId: undefined,
  subnet: undefined,
  serviceAccount: undefined,
  bucket: undefined,
  runtime: '3.0',
  connector: '0.45.0',
  partitions: undefined,
  arrangements: {},
  ...change,
})

let typed: TypedPlan | undefined
const plan = async (): Promise<TypedPlan> => (typed ??= await loadPlan(shopPlan(500)))

const placeOf = async (world: GoogleWorld): Promise<BatchPlace> => ({
  google: await stubGoogle(world),
  region: 'europe-west1',
})

const submit = async (
  world: GoogleWorld,
  change: Partial<Submission> = {},
  told: unknown[] = [],
): Promise<Submitted> =>
  submitBatch(await placeOf(world), await submission(change), {
    now: world.now,
    signal: new AbortController().signal,
    begins: () => undefined,
    onPrivileges: (findings) => told.push(...findings),
  })

const staged = (world: GoogleWorld): readonly string[] => [
  ...(world.buckets.get(BUCKET)?.keys() ?? []),
]
const made = (world: GoogleWorld): readonly string[] =>
  [...world.jobs.values()].map(({ sql }) => sql.split('\n')[0] ?? '')

describe('submitting a batch', () => {
  test('makes the tables, stages the SQL and creates the batch with all that was asked', async () => {
    const world = googleWorld()
    const { id, tables, partitions } = await submit(world, {
      subnet: 'private',
      serviceAccount: 'runner@demo-project.iam.gserviceaccount.com',
      arrangements: { customers: { cluster: ['customer_id'] } },
    })
    const document = world.batches.get(id)?.document
    const [object = ''] = staged(world)
    expect(partitions).toBe(100)
    expect(object).toMatch(new RegExp(`^lakewright/${id}/[0-9a-f]{16}\\.sql$`))
    expect(document).toMatchObject({
      sparkSqlBatch: { queryFileUri: `gs://${BUCKET}/${object}` },
      labels: { 'made-by': 'lakewright', plan: 'shop', dataset: 'mdm-demo' },
      runtimeConfig: {
        version: '3.0',
        properties: {
          'spark.sql.catalog.lakewright': 'com.google.cloud.spark.bigquery.BigQueryCatalog',
          'spark.sql.leafNodeDefaultParallelism': '100',
          'spark.datasource.bigquery.writeMethod': 'direct',
          'dataproc.sparkBqConnector.version': '0.45.0',
        },
      },
      environmentConfig: {
        executionConfig: {
          serviceAccount: 'runner@demo-project.iam.gserviceaccount.com',
          subnetworkUri: 'projects/demo-project/regions/europe-west1/subnetworks/private',
        },
      },
    })
    expect(made(world)).toEqual(
      tables.map((table) => `CREATE OR REPLACE TABLE \`demo-project\`.\`mdm_demo\`.\`${table}\` (`),
    )
    expect(
      [...world.jobs.values()].some(({ sql }) => sql.includes('CLUSTER BY `customer_id`')),
    ).toBe(true)
    const sql = new TextDecoder().decode(world.buckets.get(BUCKET)?.get(object)?.bytes)
    for (const table of tables)
      expect(sql).toContain(`INSERT INTO \`lakewright\`.\`mdm_demo\`.\`${table}\``)
  })

  test('twice under one id of its own makes one batch, and none once that has ended', async () => {
    const world = googleWorld({ looks: 5 })
    await submit(world, { batchId: 'mine-1', mode: 'append' })
    world.now += 60_000
    await submit(world, { batchId: 'mine-1', mode: 'append' })
    expect([...world.batches.keys()]).toEqual(['mine-1'])
    expect(staged(world)).toHaveLength(1)
    const other = await failureOf(
      submit(world, { batchId: 'mine-1', mode: 'append', partitions: 7 }),
    )
    expect(other.message).toContain('there is a batch mine-1 already')
    expect(other.hint).toContain('lakewright dataproc describe mine-1')
    // The SQL of the batch that runs is still there.
    expect(staged(world)).toHaveLength(1)
    for (const batch of world.batches.values()) batch.looks = 0
    const ended = await failureOf(submit(world, { batchId: 'mine-1', mode: 'append' }))
    expect(ended.message).toBe('batch mine-1 has ended already: SUCCEEDED')
  })

  test('creates one batch when the answer to its creation is lost', async () => {
    const world = googleWorld()
    let lost = 0
    world.fault = (path, method) =>
      method === 'POST' && path.endsWith('/batches') && lost++ < 2 ? { after: true } : undefined
    await submit(world)
    expect(world.batches.size).toBe(1)
  })

  test('removes its tables and its SQL when Dataproc refuses the batch', async () => {
    const world = googleWorld()
    world.fault = (path, method) =>
      method === 'POST' && path.endsWith('/batches')
        ? {
            status: 400,
            body: {
              error: {
                code: 400,
                message: 'Subnetwork does not support Private Google Access',
                status: 'INVALID_ARGUMENT',
              },
            },
          }
        : undefined
    const error = await failureOf(submit(world))
    expect(error.code).toBe('service.failed')
    expect(error.message).toContain('Private Google Access')
    expect(staged(world)).toEqual([])
    const drops = made(world).filter((sql) => sql.startsWith('DROP TABLE IF EXISTS'))
    expect(drops.length).toBe(made(world).length / 2)
  })

  test('keeps what it made when nobody knows whether the batch was taken', async () => {
    const world = googleWorld()
    world.fault = (path, method) =>
      method === 'POST' && path.endsWith('/batches') ? { after: true } : undefined
    const error = await failureOf(submit(world))
    expect(error.code).toBe('service.unreachable')
    expect(staged(world)).toHaveLength(1)
    expect(world.batches.size).toBe(1)
  })

  test('begins nothing while an API is not enabled', async () => {
    const world = googleWorld({ services: new Set(['bigquery.googleapis.com']) })
    const error = await failureOf(submit(world))
    expect(error.hint).toContain('gcloud services enable dataproc.googleapis.com')
    expect([world.jobs.size, staged(world).length, world.batches.size]).toEqual([0, 0, 0])
  })

  test('begins nothing while a permission is missing, and shows all of them', async () => {
    const world = googleWorld()
    world.permissions.delete('dataproc.batches.create')
    const told: unknown[] = []
    const error = await failureOf(submit(world, {}, told))
    expect(error.code).toBe('service.denied')
    expect(error.message).toBe('1 of 10 permissions are missing: dataproc.batches.create')
    expect(error.hint).toContain('--role=roles/dataproc.serverlessEditor')
    expect(told).toHaveLength(10)
    expect([world.jobs.size, staged(world).length, world.batches.size]).toEqual([0, 0, 0])
  })

  test('asks what becomes of tables that are there, and overwrites them when told to', async () => {
    const world = googleWorld()
    const { id, tables } = await submit(world)
    for (const job of world.jobs.values()) {
      const [, table = ''] = /`mdm_demo`\.`([^`]+)`/.exec(job.sql) ?? []
      world.tables.set(`mdm_demo.${table}`, tableOf(job.sql))
    }
    const refused = await failureOf(submit(world))
    expect(refused.code).toBe('dataset.exists')
    expect(refused.hint).toContain('--write-mode overwrite')
    world.now += 1000
    const jobs = world.jobs.size
    const again = await submit(world, { mode: 'overwrite' })
    expect(again.id).not.toBe(id)
    const labelled = made(world).slice(jobs)
    expect(labelled).toHaveLength(tables.length)
    for (const each of labelled)
      expect(each).toMatch(/^ALTER TABLE .*'lakewright-batch', 'lakewright-/)
    const sql = new TextDecoder().decode(
      world.buckets.get(BUCKET)?.get(again.query.slice(`gs://${BUCKET}/`.length))?.bytes,
    )
    expect(sql.match(/^INSERT OVERWRITE /gm)).toHaveLength(tables.length)
  })

  test('appends the rows of a plan once, unless it is the same batch', async () => {
    const world = googleWorld({ looks: 5 })
    const { id } = await submit(world, { batchId: 'mine-1' })
    keepTables(world)
    const refused = await failureOf(submit(world, { mode: 'append' }))
    expect(refused.message).toContain('was given the rows of this very plan before')
    expect(refused.hint).toContain(`It was batch ${id}. `)
    const again = await submit(world, { batchId: 'mine-1' })
    expect([again.id, world.batches.size]).toEqual([id, 1])
  })

  test('appends what a plan has grown by, and the same again under one id', async () => {
    const world = await grownFrom()
    const grown = {
      plan: await loadPlan(shopPlan(800)),
      mode: 'append',
      batchId: 'more-1',
    } as const
    const { rows, query } = await submit(world, grown)
    const sql = stagedText(world, query)
    expect(sql).toContain('FROM range(501, 801)')
    expect(sql).not.toContain('FROM range(1, ')
    expect(sql).not.toContain('`mdm_demo`.`stores`')
    expect(rows).toBeLessThan((await submit(googleWorld(), { plan: grown.plan })).rows)
    for (const { sql: text } of [...world.jobs.values()].slice(-4)) expect(text).toMatch(/^ALTER /)
    keepTables(world)
    await submit(world, grown)
    expect([...world.batches.keys()]).toEqual(['first-1', 'more-1'])
  })

  test.each([
    ['a seed', { ...shopPlan(800), seed: 'another' }, 'the seed differs'],
    ['fewer rows', shopPlan(400), 'customers'],
  ])('appends nothing that would do more than add rows: %s', async (_, other, says) => {
    const world = await grownFrom()
    const error = await failureOf(submit(world, { plan: await loadPlan(other), mode: 'append' }))
    expect(error.code).toBe('plan.append')
    expect(error.message).toContain(says)
    expect(world.batches.size).toBe(1)
  })

  test('appends nothing where the last batch failed, or others made the table', async () => {
    const more = { plan: await loadPlan(shopPlan(800)), mode: 'append' } as const
    const world = await grownFrom('the driver ran out of memory')
    const failed = await failureOf(submit(world, more))
    expect(failed.message).toBe('batch first-1, which wrote the tables last, is FAILED')
    expect(failed.hint).toContain('--write-mode overwrite replaces them')
    expect((await submit(world, { ...more, mode: 'overwrite' })).id).toContain('shop')
    const foreign = await grownFrom()
    for (const [name, table] of foreign.tables) foreign.tables.set(name, { ...table, labels: {} })
    expect((await failureOf(submit(foreign, more))).message).toContain(
      'does not say which rows it has',
    )
  })

  test('writes into no table that has other columns', async () => {
    const world = googleWorld()
    world.tables.set('mdm_demo.customers', {
      schema: { fields: [{ name: 'other', type: 'STRING' }] },
    })
    const error = await failureOf(submit(world, { mode: 'overwrite' }))
    expect(error.message).toContain('demo-project.mdm_demo.customers has no column')
    expect(world.jobs.size).toBe(0)
  })

  test('makes a dataset that is not there, in the region of the batch', async () => {
    const world = googleWorld({ datasets: new Map() })
    await submit(world)
    expect(world.datasets.get('demo-project.mdm_demo')).toBe('europe-west1')
  })

  test('says how to make a staging bucket where there is none', async () => {
    const error = await failureOf(submit(googleWorld({ buckets: new Map() })))
    expect(error.hint).toContain('gcloud storage buckets create')
  })
})

describe('proving a batch', () => {
  const DIGEST = 'ab'.repeat(36)
  const prove = async (world: GoogleWorld, customers = 500) =>
    proveBatch(
      await placeOf(world),
      {
        plan: await loadPlan(shopPlan(customers)),
        dataset: { project: 'demo-project', dataset: 'mdm_demo' },
      },
      new AbortController().signal,
    )

  /** BigQuery finds `rows` rows in every table, and one digest. */
  const answering = (world: GoogleWorld, rows: (table: string) => number): void => {
    world.query = (sql) => {
      const [, table = ''] = /`mdm_demo`\.`([^`]+)`/.exec(sql) ?? []
      if (sql.startsWith('SELECT count(*) AS n'))
        return { fields: [{ name: 'n', type: 'INTEGER' }], rows: [[String(rows(table))]] }
      return sql.startsWith('ALTER')
        ? {}
        : { fields: [{ name: 'digest', type: 'STRING' }], rows: [[DIGEST]] }
    }
  }
  const UNKNOWN = 10
  const rowsOf = (name: string): number => {
    const table = [...typed!.tables.values()].find(({ landedName }) => landedName === name)!
    return isCounted(typed!, table)
      ? expectedRows(typed!, table, { count: () => 0, sample: 0 }).rows
      : UNKNOWN
  }

  test('counts and digests its tables, which are those of a run from then on', async () => {
    const world = await grownFrom()
    answering(world, rowsOf)
    const proven = await prove(world)
    expect(proven.find(({ table }) => table === 'customers')).toEqual({
      table: 'customers',
      rows: 500,
      digest: DIGEST,
    })
    keepTables(world)
    const { labels = {} } = world.tables.get('mdm_demo.customers') ?? {}
    expect(labels).toMatchObject({ 'lakewright-run': 'first-1', 'lakewright-rows': '500' })
    expect(labels).not.toHaveProperty('lakewright-batch')
    const more = { plan: await loadPlan(shopPlan(800)), mode: 'append' } as const
    expect((await submit(world, more)).rows).toBeGreaterThan(0)
  })

  test('counts alone what is too large for a digest, and fails on other rows than asked for', async () => {
    const world = await grownFrom()
    answering(world, (table) => (rowsOf(table) === UNKNOWN ? 3_000_000_000 : rowsOf(table)))
    const proven = await prove(world)
    expect(proven.filter(({ digest }) => digest === null).length).toBeGreaterThan(0)
    for (const { rows, digest } of proven)
      expect(digest).toBe(rows === 3_000_000_000 ? null : DIGEST)
    answering(world, (table) => (table === 'customers' ? 499 : rowsOf(table)))
    const short = await failureOf(prove(world))
    expect(short.message).toBe('customers has 499 rows, expected 500')
  })

  test('wants the plan of the batch, and a batch that has succeeded', async () => {
    expect((await failureOf(prove(await grownFrom(), 501))).message).toContain(
      'was not made by this plan',
    )
    const failed = await failureOf(prove(await grownFrom('no memory')))
    expect(failed).toMatchObject({ code: 'run.unfinished' })
  })
})

describe('a batch that was submitted', () => {
  test('goes through its states; its SQL is removed when it has ended, and only then', async () => {
    const world = googleWorld({ looks: 1 })
    const place = await placeOf(world)
    const { id } = await submit(world)
    const states: string[] = []
    for (let i = 0; i < 3; i++) {
      const batch = await getBatch(place, id)
      states.push(batch.state)
      expect(await tidyBatch(place, batch)).toBe(batch.state === 'SUCCEEDED')
    }
    expect(states).toEqual(['RUNNING', 'RUNNING', 'SUCCEEDED'])
    expect(staged(world)).toEqual([])
    expect(await getBatch(place, id)).toMatchObject({ milliDcuSeconds: 7_200_000 })
  })

  test('is cancelled by its operation, once', async () => {
    const world = googleWorld()
    const place = await placeOf(world)
    const { id } = await submit(world)
    expect(await cancelBatch(place, await getBatch(place, id))).toBe(true)
    const batch = await getBatch(place, id)
    expect(batch.state).toBe('CANCELLED')
    expect(await cancelBatch(place, batch)).toBe(false)
    expect(await tidyBatch(place, batch)).toBe(true)
  })

  test('of somebody else keeps its SQL and is listed only when all are asked for', async () => {
    const world = googleWorld({ looks: 0 })
    const place = await placeOf(world)
    for (let i = 0; i < 4; i++) {
      world.now += 1000
      await submit(world, { mode: 'append' })
    }
    const [first] = world.batches.values()
    const document = first?.document as { labels: Record<string, string> }
    document.labels = {}
    expect(await listBatches(place, { limit: 10, all: false })).toHaveLength(3)
    expect(await listBatches(place, { limit: 10, all: true })).toHaveLength(4)
    expect(await listBatches(place, { limit: 2, all: true })).toHaveLength(2)
    await getBatch(place, first?.id ?? '')
    const ended = await getBatch(place, first?.id ?? '')
    expect(ended.state).toBe('SUCCEEDED')
    expect(await tidyBatch(place, ended)).toBe(false)
    expect(staged(world)).toHaveLength(4)
  })

  test('that is not there is named', async () => {
    const error = await failureOf(getBatch(await placeOf(googleWorld()), 'gone-1'))
    expect(error).toMatchObject({ code: 'run.missing' })
    expect(error.message).toContain('gone-1')
  })

  test('shows what it has logged, the last lines in their order', async () => {
    const world = googleWorld()
    for (let i = 1; i <= 5; i++)
      world.logs.push({ batch: 'b-1', text: `line ${i}`, at: `2026-11-21T12:00:0${i}Z` })
    world.logs.push({ batch: 'b-2', text: 'other', at: '2026-11-21T12:00:00Z' })
    const place = await placeOf(world)
    const texts = async (limit: number) =>
      (await batchLogs(place, 'b-1', limit)).map(({ text }) => text)
    expect(await texts(3)).toEqual(['line 3', 'line 4', 'line 5'])
    expect(await texts(100)).toHaveLength(5)
    world.permissions.delete('logging.logEntries.list')
    const error = await failureOf(batchLogs(place, 'b-1', 3))
    expect(error.code).toBe('service.denied')
  })
})

/** Where a batch `first-1` of 500 customers has ended: well, or with a message. */
const grownFrom = async (message = ''): Promise<GoogleWorld> => {
  const world = googleWorld({ looks: 0 })
  const { id } = await submit(world, { batchId: 'first-1' })
  keepTables(world)
  const batch = world.batches.get(id)!
  batch.message = message
  const place = await placeOf(world)
  for (let i = 0; i < 3; i++) await getBatch(place, id)
  return world
}

const stagedText = (world: GoogleWorld, query: string): string =>
  new TextDecoder().decode(
    world.buckets.get(BUCKET)?.get(query.slice(`gs://${BUCKET}/`.length))?.bytes,
  )

/** Keeps the tables and labels that jobs have made and set. */
const keepTables = (world: GoogleWorld): void => {
  for (const { sql } of world.jobs.values()) {
    const [, table = ''] = /`mdm_demo`\.`([^`]+)`/.exec(sql) ?? []
    const name = `mdm_demo.${table}`
    const known = sql.startsWith('CREATE') ? tableOf(sql) : world.tables.get(name)
    if (known !== undefined) world.tables.set(name, { ...known, labels: labelsIn(sql) })
  }
}

const labelsIn = (sql: string) =>
  Object.fromEntries(
    [...sql.matchAll(/\('([^']*)', '([^']*)'\)/g)].map(([, key = '', value = '']) => [key, value]),
  )

/** The resource of a table as its CREATE statement declares it. */
const tableOf = (sql: string) => ({
  schema: {
    fields: [...sql.matchAll(/^ {2}`([^`]+)` (\w+)(?:\((\d+), (\d+)\))?/gm)].map(
      ([, name = '', type = '', precision, scale]) => ({
        name,
        type,
        ...(precision === undefined ? {} : { precision, scale: scale ?? '0' }),
      }),
    ),
  },
})
