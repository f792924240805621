import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SPARK } from '../../../../src/core/sql/spark.ts'
import {
  type DerivedKind,
  derivedSql,
  type DerivedTable,
} from '../../../../src/core/warehouse/derived.ts'
import { UNION_COLUMNS, unionView } from '../../../../src/datasets/mdm/union-view.ts'
import { dailySales, salesLines } from '../../../../src/datasets/retail/views.ts'
import {
  type PipelineFile,
  type PipelineOptions,
  type PipelineWork,
  runPipeline,
} from '../../../../src/node/engine/spark/pipeline.ts'
import { call } from '../../../support/world.ts'
import { errorOf, SPARK_FOLDER, type SparkServer, startSpark } from './server.ts'

const SCHEMA = 'pipelines'

/** The shop's records alone, added to a table of its own as they come. */
const shopRecords: DerivedTable = {
  name: 'shop_records',
  query: (_, read) => `SELECT record_id, email FROM ${read('raw_ecommerce_customers')}`,
}

const fileOf = (table: DerivedTable, kind: DerivedKind): PipelineFile => ({
  path: `transformations/${table.name}.sql`,
  text: derivedSql(table, { dialect: SPARK, kind, place: [] }),
})

const FILES = [
  fileOf(unionView({ suffix: '' }), 'materialized-view'),
  fileOf(shopRecords, 'streaming-table'),
]

describe.skipIf(SPARK_FOLDER === undefined)('a declarative pipeline on Spark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lakewright-pipeline-'))
  let server: SparkServer
  beforeAll(async () => {
    server = await startSpark()
    await server.session.run(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
    for (const source of ['crm', 'erp', 'ecommerce']) {
      const cells = UNION_COLUMNS.map((name) => `'${source}' || id AS ${name}`)
      await server.session.run(
        `CREATE OR REPLACE TABLE ${SCHEMA}.raw_${source}_customers USING delta AS SELECT ${cells.join(', ')} FROM range(3)`,
      )
    }
  }, 300_000)
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const run = async (
    work: PipelineWork,
    { files = FILES, ...options }: PipelineOptions & { readonly files?: typeof FILES } = {},
  ): Promise<readonly string[]> => {
    const events: string[] = []
    const pipeline = {
      files,
      catalog: 'spark_catalog',
      schema: SCHEMA,
      storage: pathToFileURL(folder).href,
      settings: { 'spark.sql.pipelines.maxFlowRetryAttempts': '0' },
    }
    const onEvent = (message: string): number => events.push(message)
    await runPipeline(server.session, { pipeline, work }, { onEvent, ...options })
    return events
  }
  const counts = async (): Promise<readonly unknown[]> =>
    server.session.rows(
      `SELECT (SELECT count(*) FROM ${SCHEMA}.raw_customers) AS records, (SELECT count(DISTINCT source) FROM ${SCHEMA}.raw_customers) AS sources, (SELECT count(*) FROM ${SCHEMA}.shop_records) AS streamed`,
    )

  test('is checked by a dry run, made by the first run and brought up to date by the next', async () => {
    expect(await run({ kind: 'dry' })).toEqual(['Run is COMPLETED.'])
    expect(await server.session.rows(`SHOW TABLES IN ${SCHEMA} LIKE 'raw_customers'`)).toEqual([])
    const events = await run({ kind: 'refresh' })
    expect(events).toContain(`Flow spark_catalog.${SCHEMA}.raw_customers has COMPLETED.`)
    expect(events.at(-1)).toBe('Run is COMPLETED.')
    expect(await counts()).toEqual([{ records: 9, sources: 3, streamed: 3 }])
    await server.session.run(
      `INSERT INTO ${SCHEMA}.raw_ecommerce_customers SELECT * FROM ${SCHEMA}.raw_ecommerce_customers LIMIT 2`,
    )
    const partly = await run({ kind: 'refresh', tables: ['shop_records'] })
    expect(partly).toContain(`Flow 'spark_catalog.${SCHEMA}.raw_customers' is EXCLUDED.`)
    expect(await counts()).toEqual([{ records: 9, sources: 3, streamed: 5 }])
  }, 300_000)

  test('makes the steps of retail in the order in which they rest on each other', async () => {
    const made = [
      ['products', "product_id, 'Food' AS department, 'Tea' AS category, 'B' AS brand", 1, 3],
      [
        'orders',
        "order_id, DATE '2025-01-02' AS order_date, 1 AS store_id, 7 AS customer_id, 'web' AS channel, if(order_id = 3, 'cancelled', 'completed') AS status, CAST(null AS DATE) AS returned_on",
        1,
        4,
      ],
      [
        'order_items',
        '10 * order_id + line AS order_item_id, order_id, line AS line_number, line AS product_id, CAST(null AS BIGINT) AS promotion_id, 2 AS quantity, 100 AS unit_price_cents, 10 AS discount_cents, 5 AS tax_cents, 195 AS line_total_cents',
        1,
        4,
      ],
    ] as const
    for (const [name, columns, from, to] of made) {
      const key = name === 'products' ? 'product_id' : 'order_id'
      const lines =
        name === 'order_items' ? ' CROSS JOIN (SELECT explode(array(1, 2)) AS line)' : ''
      await server.session.run(
        `CREATE OR REPLACE TABLE ${SCHEMA}.${name} USING delta AS SELECT ${columns} FROM (SELECT id AS ${key} FROM range(${from}, ${to}))${lines}`,
      )
    }
    const files = [dailySales, salesLines].map((each) => fileOf(each, 'materialized-view'))
    expect((await run({ kind: 'refresh' }, { files })).at(-1)).toBe('Run is COMPLETED.')
    expect(
      await server.session.rows(
        `SELECT *, (SELECT count(*) FROM ${SCHEMA}.sales_lines) AS lines FROM ${SCHEMA}.daily_sales`,
      ),
    ).toMatchObject([
      { department: 'Food', orders: 2, units: 8, net_cents: 760, tax_cents: 20, lines: 6 },
    ])
  }, 300_000)

  test.each([
    {
      what: 'names no column that there is',
      query: 'SELECT nope FROM raw_crm_customers',
      kind: 'dry',
      details: { errorClass: 'UNRESOLVED_COLUMN.WITH_SUGGESTION', sqlState: '42703' },
    },
    {
      what: 'fails while it runs',
      query: 'SELECT 1 / (length(email) - length(email)) AS x FROM raw_crm_customers',
      kind: 'refresh',
      details: { errorClass: 'DIVIDE_BY_ZERO', sqlState: '22012' },
    },
    {
      what: 'is no SQL',
      query: 'SELEKT 1',
      kind: 'dry',
      details: { errorClass: 'PARSE_SYNTAX_ERROR', sqlState: '42601' },
    },
  ] as const)(
    'whose query $what fails with what Spark says of it',
    async ({ query, kind, details }) => {
      const files = [{ path: 'bad.sql', text: `CREATE MATERIALIZED VIEW bad AS ${query};` }]
      const error = await errorOf(run({ kind }, { files }))
      expect(error.code).toBe('engine.failed')
      expect(error.details).toEqual(details)
      expect(error.message).toContain(details.errorClass)
      expect(error.message).not.toContain('\n')
    },
    120_000,
  )

  test('is run by the command line from a folder, which tells the events', async () => {
    mkdirSync(join(folder, 'src/more'), { recursive: true })
    for (const { path, text } of FILES)
      writeFileSync(join(folder, 'src/more', path.replace('transformations/', '')), text)
    const words = ['pipeline', 'src', '--target', `spark_catalog.${SCHEMA}`, '--dry-run', '--json']
    const remote = ['--remote', `sc://127.0.0.1:${server.port}`]
    const { code, stdout, stderr } = await call([...words, ...remote], { cwd: folder })
    expect([code, stderr]).toEqual([0, 'Run is COMPLETED.\n'])
    expect(JSON.parse(stdout)).toEqual({
      files: ['more/raw_customers.sql', 'more/shop_records.sql'],
      events: ['Run is COMPLETED.'],
    })
  }, 120_000)

  test('is stopped by a signal', async () => {
    const stop = new AbortController()
    const files = [
      {
        path: 'slow.sql',
        // Some seconds: Spark lets a job of a stopped pipeline run to its end.
        text: 'CREATE MATERIALIZED VIEW slow AS SELECT sum(sqrt(a.id * b.id)) AS s FROM range(10000) a CROSS JOIN range(10000) b;',
      },
    ]
    const onEvent = (message: string): void => {
      if (message.includes('RUNNING')) stop.abort()
    }
    const error = await errorOf(run({ kind: 'refresh' }, { files, onEvent, signal: stop.signal }))
    expect(error.code).toBe('run.cancelled')
  }, 120_000)
})
