import { randomUUID } from 'node:crypto'
import { fail, LakewrightError } from '../../../core/errors.ts'
import type { Json, StatementOptions } from '../../../core/ports.ts'
import { type Document, fields, list, text } from '../../catalog/google/document.ts'
import { askGoogle, askGoogleJson, type GoogleService } from '../../catalog/google/google.ts'
import { googleHint, kindOf } from '../../catalog/google/problem.ts'
import { pageTokens } from '../../http/pages.ts'
import { isObject, said } from '../../http/rest.ts'
import { delayBefore } from '../../http/retry.ts'

/** Where queries run and what their names are resolved against. */
export interface BigQueryPlace {
  readonly service: GoogleService
  readonly project: string
  /** Where the dataset is, such as `EU`; without one, the service finds it from the tables of a query. */
  readonly location?: string
  /** The dataset, as `name` or `project.name`, of tables named without one. */
  readonly dataset?: string
  /** What the ids of all jobs begin with; `lakewright` without it. */
  readonly jobPrefix?: string
}

/** A query job that has ended well. */
export interface QueryJob {
  readonly id: string
  readonly location: string | undefined
}

/**
 * Runs a statement as a query job and waits for its end. The job has an id of ours, so that a request which is sent
 * twice starts one job; a job that failed for the service's own reasons is started again under another id, which is
 * sound because a failed job leaves nothing behind. Throws engine.failed with BigQuery's message and reason,
 * service.denied and service.unreachable with what to do, run.cancelled after the job was cancelled.
 * (cloud.google.com/bigquery/docs/reference/rest/v2/jobs)
 */
export const runQueryJob = async (
  place: BigQueryPlace,
  sql: string,
  options: StatementOptions = {},
): Promise<QueryJob> => {
  for (let attempt = 0; ; attempt++) {
    const { job, answer } = await started(place, sql, options)
    const ended = await endOf(place, { job, answer }, options)
    const problem = errorOf(ended)
    if (problem === undefined) return job
    const kind = kindOf(problem.reason)
    const passes = kind === 'passing' || kind === 'rate'
    if (attempt >= RESTARTS || !passes) return failed(place, problem, job)
    const { pause } = place.service
    await pause.sleep(delayBefore(attempt, undefined, pause), options.signal)
  }
}

/** Cancels all jobs whose ids begin with a prefix and that have not ended, and waits until they have. */
export const stopJobs = async (place: BigQueryPlace, prefix: string): Promise<void> => {
  const turn = pageTokens(place.service.name)
  for (let pageToken: string | undefined, first = true; first || pageToken; first = false) {
    const page = await askGoogleJson(place.service, {
      method: 'GET',
      path: `${projectPath(place)}/jobs?stateFilter=pending&stateFilter=running&projection=minimal${pageToken ? `&pageToken=${encodeURIComponent(pageToken)}` : ''}`,
    })
    for (const { jobReference } of list(page['jobs'])) {
      const { jobId, location } = fields(jobReference)
      const id = text(jobId)
      if (id?.startsWith(`${prefix}_`)) await cancelAndWait(place, { id, location: text(location) })
    }
    pageToken = turn(text(page['nextPageToken']))
  }
}

/** The path of a job or, with `queries`, of its result. */
export const jobPath = (
  place: BigQueryPlace,
  id: string,
  kind: 'jobs' | 'queries' = 'jobs',
): string => `${projectPath(place)}/${kind}/${encodeURIComponent(id)}`

const projectPath = ({ project }: BigQueryPlace): string =>
  `/bigquery/v2/projects/${encodeURIComponent(project)}`

/** How often a job is started again. */
const RESTARTS = 3

/** A job that was asked for, and what was said of it then. */
interface Started {
  readonly job: QueryJob
  readonly answer: Document
}

const started = async (
  place: BigQueryPlace,
  sql: string,
  { signal }: StatementOptions,
): Promise<Started> => {
  const { service, project, location } = place
  const id = `${place.jobPrefix ?? 'lakewright'}_${randomUUID()}`
  signal?.throwIfAborted()
  const { status, json } = await askGoogle(service, {
    method: 'POST',
    path: `${projectPath(place)}/jobs`,
    json: {
      jobReference: { projectId: project, jobId: id, ...(location ? { location } : {}) },
      configuration: {
        query: {
          query: sql,
          useLegacySql: false,
          ...(place.dataset === undefined
            ? {}
            : { defaultDataset: datasetReference(place.dataset, project) }),
        },
        labels: { made_by: 'lakewright' },
      },
    },
    repeatable: true,
    // Taken already: by an earlier sending of this request, since nobody else knows the id.
    accept: [409],
  })
  if (status === 409) return { job: { id, location }, answer: {} }
  const answer = fields(json)
  const reference = fields(answer['jobReference'])
  return { job: { id, location: text(reference['location']) ?? location }, answer }
}

const datasetReference = (dataset: string, project: string): Json => {
  const cut = dataset.lastIndexOf('.')
  return cut < 0
    ? { projectId: project, datasetId: dataset }
    : { projectId: dataset.slice(0, cut), datasetId: dataset.slice(cut + 1) }
}

const endOf = async (
  place: BigQueryPlace,
  { job, answer }: Started,
  { signal, onProgress }: StatementOptions,
): Promise<Document> => {
  const { pause } = place.service
  // A quick job has ended by the time it is answered.
  if (stateOf(answer) === 'DONE') return answer
  for (let wait = FIRST_WAIT; ; wait = Math.min(LONGEST_WAIT, wait * 1.5)) {
    const now = signal?.aborted
      ? await cancelled(place, job)
      : await askGoogleJson(place.service, {
          method: 'GET',
          path: jobPath(place, job.id),
          query: { location: job.location },
        })
    report(now, onProgress)
    if (stateOf(now) === 'DONE') return now
    // Aborting ends the wait and leads to the cancelling above.
    await pause.sleep(wait, signal).catch((error: unknown) => {
      if (!signal?.aborted) throw error
    })
  }
}

const FIRST_WAIT = 150
const LONGEST_WAIT = 5000

const cancelled = async (place: BigQueryPlace, job: QueryJob): Promise<never> => {
  await cancelAndWait(place, job)
  return fail('run.cancelled', `BigQuery job ${job.id} is cancelled`)
}

const cancelAndWait = async (place: BigQueryPlace, { id, location }: QueryJob): Promise<void> => {
  const path = jobPath(place, id)
  const query = { location }
  await askGoogle(place.service, {
    method: 'POST',
    path: `${path}/cancel`,
    query,
    repeatable: true,
  })
  for (let wait = FIRST_WAIT; ; wait = Math.min(LONGEST_WAIT, wait * 1.5)) {
    const now = await askGoogleJson(place.service, { method: 'GET', path, query })
    if (stateOf(now) === 'DONE') return
    await place.service.pause.sleep(wait)
  }
}

const stateOf = (job: Document): string | undefined => text(fields(job['status'])['state'])

const report = (job: Document, onProgress: StatementOptions['onProgress']): void => {
  const plan = list(fields(fields(job['statistics'])['query'])['queryPlan'])
  if (plan.length === 0) return
  const total = (name: string): number =>
    plan.reduce((sum, stage) => sum + Number(text(stage[name]) ?? 0), 0)
  onProgress?.(total('completedParallelInputs'), total('parallelInputs'))
}

interface JobProblem {
  readonly reason: string
  readonly message: string
}

const errorOf = (job: Document): JobProblem | undefined => {
  const error = fields(job['status'])['errorResult']
  if (!isObject(error)) return undefined
  const { reason, message } = fields(error)
  return { reason: text(reason) ?? 'unknown', message: text(message) ?? 'no message' }
}

const failed = (
  { service, project }: BigQueryPlace,
  { reason, message }: JobProblem,
  { id }: QueryJob,
): never => {
  if (reason === 'stopped') fail('run.cancelled', `BigQuery job ${id} was cancelled by somebody`)
  const hint = googleHint({ message, reason, service: undefined }, project)
  throw new LakewrightError(codeOf(reason), `BigQuery: ${said(message, service.secrets)}`, {
    details: { reason, job: id },
    ...(hint === undefined ? {} : { hint }),
  })
}

const codeOf = (reason: string): 'service.denied' | 'service.unreachable' | 'engine.failed' => {
  switch (kindOf(reason)) {
    case 'api':
    case 'billing':
    case 'denied':
    case 'auth':
      return 'service.denied'
    case 'quota':
    case 'rate':
    case 'passing':
      return 'service.unreachable'
    case 'other':
      return 'engine.failed'
  }
}
