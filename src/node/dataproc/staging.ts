import { fail, isLakewrightError } from '../../core/errors.ts'
import { STAGED, stagedFolder } from '../../core/warehouse/dataproc.ts'
import { list, text } from '../catalog/google/document.ts'
import {
  askGoogle,
  askGoogleJson,
  type Google,
  type GoogleService,
} from '../catalog/google/google.ts'
import { type Batch, type BatchPlace, hasEnded, isOurs, listBatches } from './batches.ts'

/**
 * The bucket for the SQL of a batch: the one that was named, else the one that Dataproc has made for batches of the
 * region. Throws usage.option with the command that makes one when there is neither.
 */
export const stagingBucket = async (
  { google, region }: BatchPlace,
  named: string | undefined,
): Promise<string> => {
  if (named !== undefined) return bucketName(named)
  const prefix = `dataproc-staging-${region}-`
  const answer = await askGoogleJson(storage(google), {
    method: 'GET',
    path: '/storage/v1/b',
    query: { project: google.project, prefix },
  })
  const [first] = list(answer['items']).flatMap(({ name }) => text(name) ?? [])
  return (
    first ??
    fail(
      'usage.option',
      `project ${google.project} has no staging bucket of Dataproc in ${region} yet`,
      {
        hint: `Name one with --staging-bucket; gcloud storage buckets create gs://NAME --project=${google.project} --location=${region} makes it.`,
      },
    )
  )
}

/** Stages the SQL of a batch and gives its `gs://` address; what was staged under that name before stays as it is. */
export const stageSql = async (
  google: Google,
  { bucket, name, sql }: { readonly bucket: string; readonly name: string; readonly sql: string },
): Promise<string> => {
  await askGoogle(storage(google), {
    method: 'POST',
    path: `/upload/storage/v1/b/${encodeURIComponent(bucket)}/o`,
    query: { uploadType: 'media', name, ifGenerationMatch: '0' },
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    bytes: new TextEncoder().encode(sql),
    // It writes only where nothing is.
    repeatable: true,
    accept: [412],
  })
  return `gs://${bucket}/${name}`
}

/**
 * Removes what was staged for a batch of ours that has ended; whether there was anything to remove. Who may only look
 * leaves it to others.
 */
export const tidyBatch = async ({ google }: BatchPlace, batch: Batch): Promise<boolean> => {
  if (!hasEnded(batch) || !isOurs(batch) || batch.query === undefined) return false
  return unstage(google, batch.query, batch.id).catch((error: unknown) => {
    if (isLakewrightError(error) && error.code === 'service.denied') return false
    throw error
  })
}

/**
 * Removes what batches of ours that have ended left staged, of those given; how many there were. An object goes only when
 * such a batch names it as its SQL. What cannot be looked at or removed at once stays for the next time.
 */
export const sweepStaged = async (
  place: BatchPlace,
  batches: readonly Batch[],
): Promise<number> => {
  const ended = new Map(
    batches.flatMap((batch) =>
      hasEnded(batch) && isOurs(batch) && batch.query !== undefined ? [[batch.query, batch]] : [],
    ),
  )
  const hasty = inHaste(place)
  const buckets = new Set([...ended.keys()].flatMap((uri) => objectOf(uri)?.bucket ?? []))
  let removed = 0
  try {
    for (const bucket of buckets)
      for (const uri of await stagedIn(hasty.google, bucket)) {
        const batch = ended.get(uri)
        if (batch !== undefined && (await tidyBatch(hasty, batch))) removed++
      }
  } catch (error) {
    if (!isLakewrightError(error)) throw error
  }
  return removed
}

/** The same for the newest batches that there are. */
export const sweepNewest = async (place: BatchPlace): Promise<number> => {
  try {
    const newest = await listBatches(inHaste(place), { limit: 200, all: false, pages: 3 })
    return await sweepStaged(place, newest)
  } catch (error) {
    if (!isLakewrightError(error)) throw error
    return 0
  }
}

/** A place where nothing is waited out: for what can be done another time. */
const inHaste = ({ google, region }: BatchPlace): BatchPlace => ({
  region,
  google: {
    ...google,
    service: (host) => ({ ...google.service(host), patience: { attempts: 1, waitMs: 0 } }),
  },
})

/** The addresses of what is staged in a bucket, a page of them. */
const stagedIn = async (google: Google, bucket: string): Promise<readonly string[]> => {
  const answer = await askGoogleJson(storage(google), {
    method: 'GET',
    path: `/storage/v1/b/${encodeURIComponent(bucket)}/o`,
    query: { prefix: STAGED, maxResults: '1000' },
  })
  return list(answer['items']).flatMap(({ name }) =>
    typeof name === 'string' ? [`gs://${bucket}/${name}`] : [],
  )
}

/** The bucket and name of a `gs://` address. */
const objectOf = (uri: string): { readonly bucket: string; readonly name: string } | undefined => {
  const [, bucket, name] = /^gs:\/\/([a-z0-9][\w.-]+)\/(.+)$/.exec(uri) ?? []
  return bucket === undefined || name === undefined ? undefined : { bucket, name }
}

/** Removes the SQL of a batch; false when it is gone already, or is not where ours would be. */
export const unstage = async (google: Google, uri: string, id: string): Promise<boolean> => {
  const { bucket = '', name = '' } = objectOf(uri) ?? {}
  if (!name.startsWith(stagedFolder(id))) return false
  const { status } = await askGoogle(storage(google), {
    method: 'DELETE',
    path: `/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`,
    accept: [404],
  })
  return status !== 404
}

const storage = (google: Google): GoogleService => google.service('storage.googleapis.com')

const bucketName = (named: string): string => {
  const name = named.replace(/^gs:\/\//, '').replace(/\/$/, '')
  return /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name)
    ? name
    : fail('usage.option', `--staging-bucket: ${JSON.stringify(named)} is no name of a bucket`)
}
