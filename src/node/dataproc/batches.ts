import { fail } from '../../core/errors.ts'
import type { Json } from '../../core/ports.ts'
import { pageTokens } from '../http/pages.ts'
import { BATCH_LABEL } from '../../core/warehouse/dataproc.ts'
import { said } from '../http/rest.ts'
import { type Document, fields, list, text } from '../catalog/google/document.ts'
import {
  askGoogle,
  askGoogleJson,
  type Google,
  type GoogleService,
  isNotFound,
} from '../catalog/google/google.ts'

/** The states of a batch as Dataproc names them. */
export const BATCH_STATES = [
  'PENDING',
  'RUNNING',
  'CANCELLING',
  'CANCELLED',
  'SUCCEEDED',
  'FAILED',
] as const
export type BatchState = (typeof BATCH_STATES)[number]

/** A batch as far as people and we care for it; times are RFC 3339. */
export interface Batch {
  readonly id: string
  readonly state: BatchState
  /** Why, mostly for a failure. */
  readonly message: string | undefined
  readonly createdAt: string
  /** When it came to its state. */
  readonly since: string
  readonly creator: string | undefined
  readonly labels: Readonly<Record<string, string>>
  /** Where its SQL is staged, as `gs://bucket/name`. */
  readonly query: string | undefined
  /** The operation by which it is cancelled. */
  readonly operation: string | undefined
  /** What the names of the objects with the driver's output begin with. */
  readonly output: string | undefined
  /** Milliseconds times Dataproc compute units, so far. */
  readonly milliDcuSeconds: number | undefined
}

/** Where batches are. */
export interface BatchPlace {
  readonly google: Google
  readonly region: string
}

/** Whether nothing more happens to a batch. */
export const hasEnded = ({ state }: Pick<Batch, 'state'>): boolean =>
  state === 'CANCELLED' || state === 'SUCCEEDED' || state === 'FAILED'

/** Whether Lakewright submitted a batch. */
export const isOurs = ({ labels }: Pick<Batch, 'labels'>): boolean =>
  labels[BATCH_LABEL.key] === BATCH_LABEL.value

/**
 * Creates a batch; a second time with the same request id changes nothing and is answered alike. Throws usage.option
 * when the id is taken by another batch.
 */
export const createBatch = async (
  place: BatchPlace,
  {
    id,
    requestId,
    document,
  }: { readonly id: string; readonly requestId: string; readonly document: Json },
): Promise<void> => {
  const { status } = await askGoogle(serviceOf(place), {
    method: 'POST',
    path: `/v1/${parentOf(place)}/batches`,
    query: { batchId: id, requestId },
    json: document,
    repeatable: true,
    accept: [409],
  })
  if (status === 409)
    fail('usage.option', `there is a batch ${id} already`, {
      hint: `See it: lakewright dataproc describe ${id}${placeOptions(place)}; or give another --batch-id.`,
    })
}

/** The batch of an id. Throws run.missing when there is none. */
export const getBatch = async (place: BatchPlace, id: string): Promise<Batch> => {
  try {
    const path = batchPath(place, id)
    return batchOf(await askGoogleJson(serviceOf(place), { method: 'GET', path }), place)
  } catch (error) {
    if (!isNotFound(error)) throw error
    return fail(
      'run.missing',
      `there is no batch ${id} in ${place.region} of ${place.google.project}`,
      {
        hint: `See lakewright dataproc list${placeOptions(place)}.`,
        cause: error,
      },
    )
  }
}

/**
 * The newest batches first, at most `limit`; those of others only where `all` says so. No more than `pages` pages are
 * looked through, so that ours need not be found where others have made a great many since.
 */
export const listBatches = async (
  place: BatchPlace,
  {
    limit,
    all,
    pages = 50,
  }: { readonly limit: number; readonly all: boolean; readonly pages?: number },
): Promise<readonly Batch[]> => {
  const found: Batch[] = []
  const turn = pageTokens('Dataproc')
  let pageToken: string | undefined
  let looked = 0
  do {
    const page = await askGoogleJson(serviceOf(place), {
      method: 'GET',
      path: `/v1/${parentOf(place)}/batches`,
      query: { pageSize: '200', orderBy: 'create_time desc', pageToken },
    })
    found.push(
      ...list(page['batches'])
        .map((document) => batchOf(document, place))
        .filter((batch) => all || isOurs(batch)),
    )
    pageToken = turn(text(page['nextPageToken']))
    looked++
  } while (pageToken !== undefined && found.length < limit && looked < pages)
  return found.slice(0, limit)
}

/** Asks for the end of a batch, by its operation; false when it has ended already. */
export const cancelBatch = async (place: BatchPlace, batch: Batch): Promise<boolean> => {
  if (hasEnded(batch)) return false
  const operation =
    batch.operation ?? fail('service.failed', `Dataproc names no operation of batch ${batch.id}`)
  await askGoogle(serviceOf(place), {
    method: 'POST',
    path: `/v1/${operation}:cancel`,
    json: {},
    repeatable: true,
  })
  return true
}

/** The options that name a place again in a command. */
export const placeOptions = ({ google, region }: BatchPlace): string =>
  ` --project-id ${google.project} --region ${region}`

const serviceOf = ({ google, region }: BatchPlace): GoogleService => ({
  ...google.service(`${region}-dataproc.googleapis.com`),
  name: 'Dataproc',
})

/** A region's name, which is part of a host's. Throws usage.option for any other text. */
export const regionName = (region: string): string =>
  /^[a-z]+(-[a-z0-9]+)+$/.test(region)
    ? region
    : fail('usage.option', `--region: ${JSON.stringify(region)} is no region`, {
        hint: 'Such as europe-west1; gcloud compute regions list shows all.',
      })

const parentOf = ({ google, region }: BatchPlace): string =>
  `projects/${encodeURIComponent(google.project)}/locations/${encodeURIComponent(region)}`

const batchPath = (place: BatchPlace, id: string): string =>
  `/v1/${parentOf(place)}/batches/${encodeURIComponent(id)}`

const batchOf = (document: Document, { google }: BatchPlace): Batch => {
  const message = text(document['stateMessage'])
  const info = fields(document['runtimeInfo'])
  const state = BATCH_STATES.find((each) => each === document['state'])
  const created = text(document['createTime']) ?? ''
  const used = text(fields(info['approximateUsage'])['milliDcuSeconds'])
  return {
    id: text(document['name'])?.split('/').at(-1) ?? '',
    // A state that is not known yet is that of a batch that has not begun.
    state: state ?? 'PENDING',
    message: message === undefined ? undefined : said(message, google.secrets),
    createdAt: created,
    since: text(document['stateTime']) ?? created,
    creator: text(document['creator']),
    labels: Object.fromEntries(
      Object.entries(fields(document['labels'])).map(([key, value]) => [key, text(value) ?? '']),
    ),
    query: text(fields(document['sparkSqlBatch'])['queryFileUri']),
    operation: text(document['operation']),
    output: text(info['outputUri']),
    milliDcuSeconds: used === undefined ? undefined : Number(used),
  }
}
