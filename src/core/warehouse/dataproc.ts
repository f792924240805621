import type { Json } from '../ports.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import type { Part } from '../run/parts.ts'
import { renderLandedWithViews } from '../sql/landed.ts'
import { SPARK } from '../sql/spark.ts'
import { makeView, SESSION_VIEWS } from '../sql/views.ts'
import { sha256Hex } from '../sha256.ts'
import { SPARK_PROPERTIES } from './spark-properties.ts'

/** What a batch does to a table that is there: takes the place of its rows, or adds to them. */
export type BatchMode = 'overwrite' | 'append'

/** A batch of Dataproc Serverless that writes tables of a plan to BigQuery, apart from its SQL. */
export interface BatchSpec {
  readonly id: string
  readonly project: string
  readonly region: string
  /** The project of the dataset, and the dataset. */
  readonly dataset: { readonly project: string; readonly dataset: string }
  /** A subnetwork's name or URI; without one, Dataproc takes that of the default network. */
  readonly subnet?: string
  readonly serviceAccount?: string
  readonly bucket: string
  /** The runtime's version, such as `3.0`. */
  readonly runtime: string
  /** The version of the Spark BigQuery connector, in place of the runtime's own. */
  readonly connector: string
  /** Spark's partitions of a table. */
  readonly partitions: number
}

/** The connector whose catalog the SQL was written for: the first with a catalog for Spark 4 that is more than a preview. */
export const CONNECTOR_VERSION = '0.45.0'

/** The name that the SQL of a batch gives to BigQuery. */
const CATALOG = 'lakewright'

/** What one statement of a batch writes: all rows of a table, or those of a part. */
export interface BatchPiece {
  readonly table: TypedTable
  readonly part?: Pick<Part, 'variant' | 'lo' | 'hi'>
}

/**
 * The SQL of a batch: a statement a piece, in their order. The connector commits what a statement writes in one step at
 * its end, so a table that is one piece has all of a batch's rows or none. The tables are made beforehand, since the
 * connector's own CREATE TABLE knows no clustering and no descriptions.
 */
export const batchSql = (
  plan: TypedPlan,
  pieces: readonly BatchPiece[],
  { dataset, mode }: { readonly dataset: string; readonly mode: BatchMode },
): string => {
  const head = `-- ${plan.plan.name}, plan ${plan.hash}\n`
  const statements = pieces.flatMap(({ table, part }) => {
    const name = [CATALOG, dataset, table.landedName].map(SPARK.quoteIdentifier).join('.')
    const verb = mode === 'overwrite' ? 'INSERT OVERWRITE' : 'INSERT INTO'
    const { text, views } = renderLandedWithViews(plan, table, {
      dialect: SPARK,
      places: SESSION_VIEWS,
      ...(part === undefined
        ? {}
        : { variant: part.variant, range: { from: part.lo, to: part.hi } }),
    })
    return [
      ...views.map((view) => `${makeView('TEMPORARY VIEW', view)};\n`),
      `${verb} ${name}\nSELECT * FROM (\n${text}\n) AS made;\n`,
    ]
  })
  return [head, ...statements].join('\n')
}

/** The object that holds the SQL of a batch. Only the same request stages under the same name. */
export const stagedName = (id: string, request: string): string =>
  `${stagedFolder(id)}${request.slice(0, 16)}.sql`

/** The folder of a bucket in which the SQL of a batch lies. */
export const stagedFolder = (id: string): string => `${STAGED}${id}/`

/** What the names of all staged objects begin with. */
export const STAGED = 'lakewright/'

/** What marks batches of ours, as `key: value`. */
export const BATCH_LABEL = { key: 'made-by', value: 'lakewright' } as const

/** The batch as batches.create takes it. (dataproc-serverless/docs/reference/rest/v1/projects.locations.batches) */
export const batchDocument = (spec: BatchSpec, plan: TypedPlan, queryFileUri: string): Json => ({
  sparkSqlBatch: { queryFileUri },
  labels: {
    [BATCH_LABEL.key]: BATCH_LABEL.value,
    plan: labelValue(plan.plan.name),
    'plan-hash': labelValue(plan.hash),
    dataset: labelValue(spec.dataset.dataset),
  },
  runtimeConfig: { version: spec.runtime, properties: properties(spec) },
  environmentConfig: {
    executionConfig: {
      stagingBucket: spec.bucket,
      // Without it Dataproc ends a batch after four hours.
      ttl: '86400s',
      ...(spec.serviceAccount === undefined ? {} : { serviceAccount: spec.serviceAccount }),
      ...(spec.subnet === undefined ? {} : { subnetworkUri: subnetUri(spec, spec.subnet) }),
    },
  },
})

/** The same text for the same batch: Dataproc ignores a second request of one id. At most 40 letters, digits and hyphens. */
export const requestId = (spec: BatchSpec, sql: string): string =>
  sha256Hex(JSON.stringify([spec, sha256Hex(sql)])).slice(0, 40)

/** An id for a batch that has been given none: the plan's name, the time in UTC and a bit of its hash. */
export const batchIdAt = (plan: TypedPlan, now: number): string => {
  const name = labelValue(plan.plan.name).slice(0, 20).replace(/-+$/, '')
  const time = new Date(now)
    .toISOString()
    .replaceAll(/[^0-9]/g, '')
    .slice(0, 14)
  return `lakewright-${name}-${time}-${plan.hash.slice(0, 6)}`
}

/** The connector and Spark as the SQL needs them; see docs/dataproc.md. */
const properties = ({
  project,
  dataset,
  connector,
  partitions,
}: BatchSpec): Readonly<Record<string, string>> => ({
  [`spark.sql.catalog.${CATALOG}`]: 'com.google.cloud.spark.bigquery.BigQueryCatalog',
  [`spark.sql.catalog.${CATALOG}.projectId`]: dataset.project,
  'dataproc.sparkBqConnector.version': connector,
  'spark.datasource.bigquery.parentProject': project,
  'spark.datasource.bigquery.writeMethod': 'direct',
  // A query's columns may all be null to Spark, also where the table's may not.
  'spark.datasource.bigquery.enableModeCheckForSchemaFields': 'false',
  'spark.sql.leafNodeDefaultParallelism': String(partitions),
  'spark.sql.shuffle.partitions': String(partitions),
  ...SPARK_PROPERTIES,
})

const subnetUri = ({ project, region }: BatchSpec, subnet: string): string =>
  subnet.includes('/') ? subnet : `projects/${project}/regions/${region}/subnetworks/${subnet}`

/** Labels have small letters, digits and hyphens, begin with a letter, and end before the 64th. */
const labelValue = (text: string): string => {
  const small = text.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')
  return (/^[a-z]/.test(small) ? small : `x${small}`).slice(0, 63).replace(/-+$/, '')
}
