import { expect, test } from 'vitest'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import {
  batchDocument,
  batchIdAt,
  type BatchSpec,
  batchSql,
  requestId,
  stagedName,
} from '../../../src/core/warehouse/dataproc.ts'
import { landedTables } from '../../../src/core/run/landed.ts'
import { hello } from '../../support/hello.ts'

const PLAN = resolvePlan(hello, new Map())

const SPEC: BatchSpec = {
  id: 'lakewright-hello-1',
  project: 'demo-project',
  region: 'europe-west1',
  dataset: { project: 'other-project', dataset: 'mdm_demo' },
  bucket: 'bucket',
  runtime: '3.0',
  connector: '0.45.0',
  partitions: 7,
}

test('the id of a batch fits Dataproc, whatever the plan is called', () => {
  for (const name of ['hello', 'Ünnamed_plan.of-a-very_long name that goes on', '7']) {
    const plan = { ...PLAN, plan: { ...PLAN.plan, name } }
    expect(batchIdAt(plan, 1_700_000_000_000)).toMatch(/^[a-z][a-z0-9-]{2,61}[a-z0-9]$/)
  }
})

test('labels of a batch are names of RFC 1035', () => {
  const plan = { ...PLAN, hash: `9${PLAN.hash.slice(1)}`, plan: { ...PLAN.plan, name: 'Ü_x-' } }
  const { labels } = batchDocument(SPEC, plan, 'gs://bucket/x.sql') as {
    readonly labels: Readonly<Record<string, string>>
  }
  expect(Object.keys(labels)).toHaveLength(4)
  for (const each of Object.entries(labels).flat())
    expect(each).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/)
})

test('the dataset’s project is the catalog’s, the batch’s pays', () => {
  expect(batchDocument(SPEC, PLAN, 'gs://bucket/x.sql')).toMatchObject({
    runtimeConfig: {
      properties: {
        'spark.sql.catalog.lakewright.projectId': 'other-project',
        'spark.datasource.bigquery.parentProject': 'demo-project',
      },
    },
  })
})

test('a request has an id of its own for every setting and every text', () => {
  const ids = [
    requestId(SPEC, 'a'),
    requestId(SPEC, 'b'),
    requestId({ ...SPEC, partitions: 8 }, 'a'),
    requestId({ ...SPEC, subnet: 'x' }, 'a'),
  ]
  expect(new Set(ids).size).toBe(4)
  expect(requestId({ ...SPEC }, 'a')).toBe(ids[0])
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]{40}$/)
  expect(stagedName('batch-1', ids[0] ?? '')).toMatch(/^lakewright\/batch-1\/[0-9a-f]{16}\.sql$/)
})

test('the SQL of a batch names tables of the catalog, a statement each', () => {
  const pieces = landedTables(PLAN).map((table) => ({ table }))
  const sql = batchSql(PLAN, pieces, { dataset: 'we`ird', mode: 'overwrite' })
  expect(sql).toMatch(/^-- hello, plan [0-9a-f]{64}\n/)
  expect(sql).toContain('INSERT OVERWRITE `lakewright`.`we``ird`.`greetings`\nSELECT * FROM (\n')
  expect(sql.match(/;\n/g)).toHaveLength(1)
})
