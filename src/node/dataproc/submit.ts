import { fail, isLakewrightError } from '../../core/errors.ts'
import type { StopSignal } from '../../core/ports.ts'
import { landedTables } from '../../core/run/landed.ts'
import { BIGQUERY_LANDING } from '../../core/warehouse/bigquery-landing.ts'
import {
  batchDocument,
  batchIdAt,
  type BatchSpec,
  batchSql,
  requestId,
  stagedName,
} from '../../core/warehouse/dataproc.ts'
import { cloudPartitions } from '../../core/warehouse/partitions.ts'
import type { FoundTable, PrivilegeFinding } from '../../core/warehouse/warehouse.ts'
import { BIGQUERY_API, DATAPROC_API, requireApis, STORAGE_API } from '../catalog/google/apis.ts'
import { findTables, makeDataset } from '../catalog/google/datasets.ts'
import { bigQueryService } from '../engine/bigquery/bigquery.ts'
import { refuseArrangements } from '../warehouse/begin.ts'
import { type BatchPlace, createBatch, getBatch, hasEnded, placeOptions } from './batches.ts'
import { isThere, permissionsFor, requireAll } from './permissions.ts'
import { stageSql, stagingBucket, unstage } from './staging.ts'
import { makeTables, restoreTables } from './tables.ts'
import { batchWork, checkTables, type Submission } from './work.ts'

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
  /** Called when everything has been looked at, before anything is made. */
  readonly begins: () => void
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
  const { plan, dataset, mode, arrangements } = submission
  const target = { catalog: dataset.project, schema: dataset.dataset }
  refuseArrangements(BIGQUERY_LANDING, { plan, arrangements, target })
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
  const work = await batchWork(place, submission, found)
  const spec = specOf(place, submission, { bucket, most: work.most, now: host.now })
  const sql = batchSql(plan, work.pieces, { dataset: dataset.dataset, mode: mode ?? 'append' })
  host.signal.throwIfAborted()
  host.begins()
  if (!there) await makeDataset(service, dataset, place.region)
  const missing = tables.filter(({ landedName }) => !found.has(landedName))
  const tableWork = { plan, before: work.before, spec, arrangements, missing, found }
  await makeTables(google, tableWork, host.signal)
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
      await restoreTables(google, tableWork)
    }
    throw error
  })
  const names = tables.map(({ landedName }) => landedName)
  return { id: spec.id, tables: names, rows: work.rows, partitions: spec.partitions, query }
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
