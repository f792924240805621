import type { Json } from '../../../src/core/ports.ts'
import {
  jsonBody,
  knownParameters,
  refuse,
  type Shape,
  type StubAnswer,
  type StubRequest,
} from './contract.ts'
import type { GoogleWorld, StubJob } from './world.ts'

const DATASET: Shape = { projectId: 'string', 'datasetId!': 'string' }

/** The fields of a query job that may be sent (bigquery/docs/reference/rest/v2/Job). */
const JOB: Shape = {
  jobReference: { 'projectId!': 'string', jobId: 'string', location: 'string' },
  'configuration!': {
    'query!': {
      'query!': 'string',
      useLegacySql: 'boolean',
      defaultDataset: DATASET,
      destinationTable: { ...DATASET, 'tableId!': 'string' },
      createDisposition: 'string',
      writeDisposition: 'string',
      priority: 'string',
      useQueryCache: 'boolean',
      maximumBytesBilled: 'string',
    },
    labels: 'map',
    dryRun: 'boolean',
    jobTimeoutMs: 'string',
  },
}

/** /bigquery/v2: jobs, results and datasets of a project. */
export const bigQueryAnswer = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  const [, project = '', kind = '', id, action, table] =
    /^\/bigquery\/v2\/projects\/([^/]+)\/(jobs|queries|datasets)(?:\/([^/]+))?(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
      request.path,
    ) ?? []
  if (project === '') return refuse(404, 'notFound', 'Not Found')
  if (!world.services.has('bigquery.googleapis.com'))
    refuse(
      403,
      'accessNotConfigured',
      `BigQuery API has not been used in project ${project} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/bigquery.googleapis.com/overview?project=${project} then retry.`,
    )
  if (project !== world.project) refuse(404, 'notFound', `Not found: Project ${project}`)
  const route = `${request.method} ${kind}${id === undefined ? '' : '/*'}${action === undefined ? '' : `/${action}`}`
  switch (route) {
    case 'POST jobs':
      return insertJob(world, request)
    case 'GET jobs':
      return listJobs(world, request)
    case 'GET jobs/*':
      knownParameters(request, ['location'])
      return { status: 200, body: jobDocument(world, look(jobOf(world, request, id))) }
    case 'POST jobs/*/cancel':
      knownParameters(request, ['location'])
      return cancelJob(world, jobOf(world, request, id))
    case 'GET queries/*':
      return results(world, request, jobOf(world, request, id))
    case 'GET datasets/*/tables':
      return getTable(world, id ?? '', table ?? '')
    case 'GET datasets/*':
      return getDataset(world, id ?? '')
    case 'POST datasets':
      return insertDataset(world, request)
    default:
      return refuse(404, 'notFound', 'Not Found')
  }
}

const need = (world: GoogleWorld, permission: string, on: string): void => {
  if (!world.permissions.has(permission))
    refuse(
      403,
      'accessDenied',
      `Access Denied: ${on}: User does not have ${permission} permission in ${on}.`,
    )
}

const insertJob = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  knownParameters(request, [])
  const body = jsonBody(request, JOB) as {
    readonly jobReference?: {
      readonly projectId: string
      readonly jobId?: string
      readonly location?: string
    }
    readonly configuration: {
      readonly query: { readonly query: string; readonly useLegacySql?: boolean }
      readonly labels?: Readonly<Record<string, string>>
      readonly dryRun?: boolean
    }
  }
  need(world, 'bigquery.jobs.create', `Project ${world.project}`)
  const { jobReference, configuration } = body
  const sql = configuration.query.query
  if (configuration.query.useLegacySql !== false) refuse(400, 'invalidQuery', 'Legacy SQL')
  if (sql.length > 1024 * 1024) refuse(400, 'invalid', 'The query is too large.')
  for (const [key, value] of Object.entries(configuration.labels ?? {}))
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(key) || !/^[a-z0-9_-]{0,63}$/.test(value))
      refuse(400, 'invalid', `Label ${key} is invalid`)
  const id = jobReference?.jobId ?? `job_${world.jobs.size}`
  if (!/^[A-Za-z0-9_-]{1,1024}$/.test(id)) refuse(400, 'invalid', 'Invalid job ID')
  const location = jobReference?.location ?? 'EU'
  if (world.jobs.has(id))
    refuse(409, 'duplicate', `Already Exists: Job ${world.project}:${location}.${id}`)
  const result = world.query(sql)
  if (configuration.dryRun === true) {
    if ('reason' in result) return refuse(403, result.reason, result.message)
    return { status: 200, body: { kind: 'bigquery#job', status: { state: 'DONE' } } }
  }
  const job: StubJob = {
    id,
    location,
    sql,
    looks: world.looks,
    state: 'RUNNING',
    result,
    labels: configuration.labels ?? {},
  }
  world.jobs.set(id, job)
  return { status: 200, body: jobDocument(world, job) }
}

const jobOf = (world: GoogleWorld, { query }: StubRequest, id = ''): StubJob => {
  const job = world.jobs.get(id)
  // Outside the US a job is found by its location only.
  if (job === undefined || (job.location !== 'US' && query.get('location') !== job.location))
    return refuse(404, 'notFound', `Not found: Job ${world.project}:${id}`)
  return job
}

const look = (job: StubJob): StubJob => {
  if (job.state === 'RUNNING' && job.looks-- <= 0) job.state = 'DONE'
  return job
}

const jobDocument = (world: GoogleWorld, job: StubJob): Json => {
  const error = 'reason' in job.result && job.state === 'DONE' ? job.result : undefined
  const done = job.state === 'DONE' ? 8 : Math.max(0, 4 - job.looks)
  return {
    kind: 'bigquery#job',
    id: `${world.project}:${job.location}.${job.id}`,
    jobReference: { projectId: world.project, jobId: job.id, location: job.location },
    configuration: { jobType: 'QUERY', query: { query: job.sql }, labels: job.labels },
    status: {
      state: job.state,
      ...(error === undefined ? {} : { errorResult: { ...error }, errors: [{ ...error }] }),
    },
    statistics: {
      creationTime: String(world.now),
      query: {
        queryPlan: [{ name: 'S00', parallelInputs: '8', completedParallelInputs: String(done) }],
      },
    },
  }
}

const listJobs = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  knownParameters(request, [
    'allUsers',
    'maxResults',
    'minCreationTime',
    'pageToken',
    'projection',
    'stateFilter',
  ])
  const states = request.query.getAll('stateFilter').map((each) => each.toUpperCase())
  const jobs = [...world.jobs.values()].filter(
    ({ state }) => states.length === 0 || states.includes(state),
  )
  return {
    status: 200,
    body: { kind: 'bigquery#jobList', jobs: jobs.map((job) => jobDocument(world, job)) },
  }
}

const cancelJob = (world: GoogleWorld, job: StubJob): StubAnswer => {
  if (job.state === 'RUNNING') {
    job.result = {
      reason: 'stopped',
      message: 'Job execution was cancelled: User requested cancellation',
    }
    job.looks = 1
  }
  return { status: 200, body: { kind: 'bigquery#jobCancelResponse', job: jobDocument(world, job) } }
}

const results = (world: GoogleWorld, request: StubRequest, job: StubJob): StubAnswer => {
  knownParameters(request, [
    'formatOptions.useInt64Timestamp',
    'location',
    'maxResults',
    'pageToken',
    'startIndex',
    'timeoutMs',
  ])
  const reference = { projectId: world.project, jobId: job.id, location: job.location }
  if (look(job).state !== 'DONE')
    return {
      status: 200,
      body: {
        kind: 'bigquery#getQueryResultsResponse',
        jobReference: reference,
        jobComplete: false,
      },
    }
  if ('reason' in job.result) return refuse(400, job.result.reason, job.result.message)
  const { fields = [], rows = [] } = job.result
  const from = Number(request.query.get('pageToken') ?? 0)
  const size = Math.min(Number(request.query.get('maxResults') ?? 1e6), PAGE)
  const next = from + size < rows.length ? { pageToken: String(from + size) } : {}
  return {
    status: 200,
    body: {
      kind: 'bigquery#getQueryResultsResponse',
      jobReference: reference,
      jobComplete: true,
      schema: { fields: fields.map((field) => ({ ...field })) },
      totalRows: String(rows.length),
      rows: rows.slice(from, from + size).map((row) => ({ f: row.map((v) => ({ v })) })),
      ...next,
    },
  }
}

/** Rows a page, whatever is asked, so that tests see several. */
const PAGE = 3

const getDataset = (world: GoogleWorld, id: string): StubAnswer => {
  const location = world.datasets.get(`${world.project}.${id}`)
  if (location === undefined)
    return refuse(404, 'notFound', `Not found: Dataset ${world.project}:${id}`)
  need(world, 'bigquery.datasets.get', `Dataset ${world.project}:${id}`)
  return {
    status: 200,
    body: {
      kind: 'bigquery#dataset',
      datasetReference: { projectId: world.project, datasetId: id },
      location,
    },
  }
}

const getTable = (world: GoogleWorld, dataset: string, table: string): StubAnswer => {
  need(world, 'bigquery.tables.get', `Table ${dataset}.${table}`)
  const found = world.tables.get(`${dataset}.${table}`)
  return found === undefined
    ? refuse(404, 'notFound', `Not found: Table ${world.project}:${dataset}.${table}`)
    : { status: 200, body: { kind: 'bigquery#table', type: 'TABLE', ...found } }
}

const insertDataset = (world: GoogleWorld, request: StubRequest): StubAnswer => {
  const body = jsonBody(request, {
    'datasetReference!': DATASET,
    location: 'string',
    description: 'string',
    labels: 'map',
  }) as { readonly datasetReference: { readonly datasetId: string }; readonly location?: string }
  need(world, 'bigquery.datasets.create', `Project ${world.project}`)
  const key = `${world.project}.${body.datasetReference.datasetId}`
  if (world.datasets.has(key)) refuse(409, 'duplicate', `Already Exists: Dataset ${key}`)
  world.datasets.set(key, body.location ?? 'US')
  return { status: 200, body: { kind: 'bigquery#dataset', ...body } }
}
