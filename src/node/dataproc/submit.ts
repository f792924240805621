import { fail, isLakewrightError } from '../../core/errors.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import type { StopSignal } from '../../core/ports.ts'
import { expectedRows, PART_SAMPLE } from '../../core/run/expected-rows.ts'
import { landedTables } from '../../core/run/landed.ts'
import { BIGQUERY_LANDING } from '../../core/warehouse/bigquery-landing.ts'
import {
  batchDocument,
  batchIdAt,
  type BatchMode,
  type BatchSpec,
  batchSql,
  cloudPartitions,
  requestId,
  stagedName,
} from '../../core/warehouse/dataproc.ts'
import { misfits } from '../../core/warehouse/found.ts'
import type { Arrangement } from '../../core/warehouse/landing.ts'
import type { FoundTable, PrivilegeFinding } from '../../core/warehouse/warehouse.ts'
import { BIGQUERY_API, DATAPROC_API, requireApis, STORAGE_API } from '../catalog/google/apis.ts'
import { findTables, makeDataset } from '../catalog/google/datasets.ts'
import { bigQueryService } from '../engine/bigquery/bigquery.ts'
import { rowCounter } from '../run/begin.ts'
import { type BatchPlace, createBatch, getBatch, hasEnded, placeOptions } from './batches.ts'
import { type BatchLanding, isThere, permissionsFor, requireAll } from './permissions.ts'
import { stageSql, stagingBucket, unstage } from './staging.ts'
import { makeTables, restoreTables } from './tables.ts'

/** What a batch is to do, as it was asked for. */
export interface Submission extends BatchLanding {
  readonly plan: TypedPlan
  /** What becomes of tables that are there; without it they are left alone and nothing is submitted. */
  readonly mode: BatchMode | undefined
  readonly batchId: string | undefined
  readonly subnet: string | undefined
  readonly runtime: string
  readonly connector: string
  readonly partitions: number | undefined
  /** By landed name of a table: how its rows are to lie. */
  readonly arrangements: Readonly<Record<string, Arrangement>>
}

/** A batch that Dataproc has taken. */
export interface Submitted {
  readonly id: string
  readonly tables: readonly string[]
  /** Rows expected in all tables. */
  readonly rows: number
  readonly partitions: number
  readonly query: string
}

/** What a submission tells while it goes on. */
export interface SubmitHost {
  readonly now: number
  readonly signal: StopSignal
  readonly onPrivileges: (findings: readonly PrivilegeFinding[]) => void
}

/**
 * Submits a plan as a batch of Dataproc Serverless and returns as soon as Dataproc has taken it. Before that, and before
 * anything is made: APIs, permissions, the tables that are there. Then the dataset and absent tables are made, empty, by
 * BigQuery, the SQL is staged, and the batch created. What a refused batch leaves behind is removed.
 */
export const submitBatch = async (
  place: BatchPlace,
  submission: Submission,
  host: SubmitHost,
): Promise<Submitted> => {
  const { google } = place
  const { plan, dataset, mode } = submission
  await requireApis(google, [BIGQUERY_API, DATAPROC_API, STORAGE_API])
  await refuseEnded(place, submission.batchId)
  const bucket = await stagingBucket(place, submission.bucket)
  const service = bigQueryService(google)
  const there = await isThere(place, submission)
  requireAll(await permissionsFor(place, submission, { bucket, isThere: there }), host.onPrivileges)
  const tables = landedTables(plan)
  const found = there
    ? await findTables(
        service,
        dataset,
        tables.map(({ landedName }) => landedName),
      )
    : new Map<string, FoundTable>()
  checkTables(submission, found)
  const rows = tables.map((table) => rowsOf(plan, table))
  const spec = specOf(place, submission, { bucket, most: Math.max(...rows), now: host.now })
  const sql = batchSql(plan, tables, { dataset: dataset.dataset, mode: mode ?? 'append' })
  if (!there) await makeDataset(service, dataset, place.region)
  const missing = tables.filter(({ landedName }) => !found.has(landedName))
  const work = { plan, spec, arrangements: submission.arrangements, missing, found }
  await makeTables(google, work, host.signal)
  const id = requestId(spec, sql)
  const query = await stageSql(google, { bucket, name: stagedName(spec.id, id), sql })
  await createBatch(place, {
    id: spec.id,
    requestId: id,
    document: batchDocument(spec, plan, query),
  }).catch(async (error: unknown) => {
    // A batch that may have been taken in spite of the error needs what was made for it.
    if (isLakewrightError(error) && error.code !== 'service.unreachable') {
      await unstage(google, query, spec.id)
      await restoreTables(google, work)
    }
    throw error
  })
  const names = tables.map(({ landedName }) => landedName)
  const all = rows.reduce((sum, each) => sum + each, 0)
  return { id: spec.id, tables: names, rows: all, partitions: spec.partitions, query }
}

/** A batch that has ended is not begun again by its id, whatever became of it. */
const refuseEnded = async (place: BatchPlace, id: string | undefined): Promise<void> => {
  if (id === undefined) return
  const batch = await getBatch(place, id).catch((error: unknown) => {
    if (isLakewrightError(error) && error.code === 'run.missing') return undefined
    throw error
  })
  if (batch !== undefined && hasEnded(batch))
    fail('usage.option', `batch ${id} has ended already: ${batch.state}`, {
      hint: `Give another --batch-id; see lakewright dataproc describe ${id}${placeOptions(place)}.`,
    })
}

const checkTables = (
  { plan, dataset, mode, batchId }: Submission,
  found: ReadonlyMap<string, FoundTable>,
): void => {
  const where = `${dataset.project}.${dataset.dataset}`
  // Submitted before: Dataproc knows the request, or refuses another one of that id.
  const isOwn = ({ properties }: FoundTable): boolean =>
    batchId !== undefined && properties['lakewright.batch'] === batchId
  if ([...found.values()].every(isOwn)) return
  if (mode === undefined)
    fail('dataset.exists', `${where} has ${[...found.keys()].join(', ')} already`, {
      hint: 'Say what becomes of their rows: --write-mode overwrite or append.',
    })
  const twice = [...found].find(
    ([, table]) =>
      mode === 'append' && table.properties['lakewright.planHash'] === plan.hash && !isOwn(table),
  )
  if (twice !== undefined)
    fail('dataset.exists', `${where}.${twice[0]} was given the rows of this very plan before`, {
      hint: `${madeBy(twice[1])}Appending would bring every key twice: give another --seed, or --write-mode overwrite.`,
    })
  const [misfit] = misfits(plan, found, BIGQUERY_LANDING)
  if (misfit !== undefined)
    fail('dataset.exists', `${where}.${misfit.table} ${misfit.problem}`, {
      hint: 'A batch writes rows and changes no columns: give another --table-suffix or --dataset-id, or drop the table.',
    })
}

const madeBy = ({ properties }: FoundTable): string => {
  const batch = properties['lakewright.batch']
  return batch === undefined ? '' : `It was batch ${batch}. `
}

const rowsOf = (plan: TypedPlan, table: TypedTable): number =>
  expectedRows(plan, table, { count: rowCounter(plan, 'native'), sample: PART_SAMPLE }).rows

const specOf = (
  { google, region }: BatchPlace,
  submission: Submission,
  { bucket, most, now }: { readonly bucket: string; readonly most: number; readonly now: number },
): BatchSpec => {
  const { plan, dataset, batchId, subnet, serviceAccount, runtime, connector, partitions } =
    submission
  return {
    id: batchId ?? batchIdAt(plan, now),
    project: google.project,
    region,
    dataset,
    bucket,
    runtime,
    connector,
    partitions: partitions ?? cloudPartitions(most),
    ...(subnet === undefined ? {} : { subnet }),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  }
}

/** The commands that follow a batch. */
export const followCommands = (place: BatchPlace, id: string): readonly string[] =>
  ['describe', 'logs', 'cancel'].map(
    (action) => `lakewright dataproc ${action} ${id}${placeOptions(place)}`,
  )
