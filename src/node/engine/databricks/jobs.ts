import { fail } from '../../../core/errors.ts'
import type { Json, StopSignal } from '../../../core/ports.ts'
import type { JobFile } from '../../../core/warehouse/databricks-job.ts'
import { pageTokens } from '../../http/pages.ts'
import { ask, askJson, type RestService, said } from '../../http/rest.ts'
import { fieldsOf, listOf, textOf } from './protocol.ts'

/** Where a run of a job stands. */
export interface JobRun {
  readonly id: string
  /** QUEUED, PENDING, RUNNING, TERMINATING, TERMINATED, BLOCKED or WAITING. */
  readonly state: string
  /** How it ended: SUCCESS, RUN_EXECUTION_ERROR, CANCELED…; empty before. */
  readonly result: string
  readonly message: string
  readonly page: string
  /** When it began, in ms since 1970; 0 where that is not told. */
  readonly start: number
  readonly tasks: readonly {
    readonly key: string
    readonly state: string
    readonly result: string
    readonly message: string
  }[]
}

/** Puts the files of a job into the workspace, in place of those that are there. */
export const uploadFiles = async (
  workspace: RestService,
  files: readonly JobFile[],
  signal?: StopSignal,
): Promise<void> => {
  const folders = new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))
  for (const path of folders) {
    await ask(workspace, {
      method: 'POST',
      path: `${WORKSPACE}/mkdirs`,
      json: { path },
      repeatable: true,
      signal,
    })
  }
  for (const { path, text } of files) {
    const content = Buffer.from(text).toString('base64')
    const form = path.endsWith('.sql') ? { format: 'AUTO' } : { format: 'SOURCE', language: 'SQL' }
    const json = { path, content, overwrite: true, ...form }
    await ask(workspace, {
      method: 'POST',
      path: `${WORKSPACE}/import`,
      json,
      repeatable: true,
      signal,
    })
  }
}

/** A run that was submitted, and when that was answered, by the service's clock. */
interface Submitted {
  /** A text of digits. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number | undefined
}

/** Submits a run once: with a token that was used before, the run of then is given. */
const submitRun = async (
  workspace: RestService,
  submission: Json,
  signal?: StopSignal,
): Promise<Submitted> => {
  const { bytes, headers } = await ask(workspace, {
    method: 'POST',
    path: `${JOBS}/runs/submit`,
    json: submission,
    // The token in it sees to that.
    repeatable: true,
    signal,
  })
  // Not as a number, which is exact below 2^53 only.
  const id = /"run_id"\s*:\s*(\d+)/.exec(new TextDecoder().decode(bytes))?.[1]
  const at = Date.parse(headers['date'] ?? '')
  return {
    id: id ?? fail('service.failed', 'Databricks answered a submission without the id of a run'),
    at: Number.isNaN(at) ? undefined : at,
  }
}

/**
 * Submits a run, or gives the one that was submitted before and has not ended. After one that has ended, it is submitted
 * with the token of the next attempt.
 */
export const submitAgain = async (
  workspace: RestService,
  submission: (attempt: number) => Json,
  signal?: StopSignal,
): Promise<string> => {
  for (let attempt = 0; ; attempt++) {
    const { id, at } = await submitRun(workspace, submission(attempt), signal)
    const { state, start } = await describeRun(workspace, id)
    const isEarlier = at !== undefined && start > 0 && start < at - NEW_MS
    if (state !== 'TERMINATED' || !isEarlier || attempt === MOST_ATTEMPTS) return id
  }
}

/** A run that began so long before the answer is an earlier one, by the clock of the service. */
const NEW_MS = 15_000
const MOST_ATTEMPTS = 1000

/** Where a run stands. */
export const describeRun = async (workspace: RestService, id: string): Promise<JobRun> => {
  const look = (page?: string) =>
    askJson(workspace, {
      method: 'GET',
      path: `${JOBS}/runs/get`,
      query: { run_id: runId(id), page_token: page },
    })
  const run = await look()
  const tasks = [...listOf(run['tasks'])]
  const turn = pageTokens(workspace.name)
  // A page has a hundred tasks.
  for (let page = turn(textOf(run['next_page_token'])); page !== undefined;) {
    const more = await look(page)
    tasks.push(...listOf(more['tasks']))
    page = turn(textOf(more['next_page_token']))
  }
  const tell = (text: Json | undefined): string => said(textOf(text), workspace.secrets)
  return {
    id,
    ...stateOf(run, tell),
    page: tell(run['run_page_url']),
    start: Number(run['start_time'] ?? 0),
    tasks: tasks.map((each) => {
      const task = fieldsOf(each)
      return { key: tell(task['task_key']), ...stateOf(task, tell) }
    }),
  }
}

/** Asks for a run to be cancelled, which takes effect soon after. */
export const cancelRun = async (workspace: RestService, id: string): Promise<void> => {
  await ask(workspace, {
    method: 'POST',
    path: `${JOBS}/runs/cancel`,
    headers: { 'content-type': 'application/json' },
    bytes: new TextEncoder().encode(`{"run_id":${runId(id)}}`),
    repeatable: true,
  })
}

const JOBS = '/api/2.2/jobs'
const WORKSPACE = '/api/2.0/workspace'

const runId = (text: string): string =>
  /^\d{1,19}$/.test(text)
    ? text
    : fail('usage.option', `a run's id is a number, not ${JSON.stringify(text)}`)

const stateOf = (run: ReturnType<typeof fieldsOf>, tell: (text: Json | undefined) => string) => {
  const status = fieldsOf(run['status'])
  const ended = fieldsOf(status['termination_details'])
  return {
    state: tell(status['state']),
    result: tell(ended['code']),
    message: tell(ended['message']),
  }
}
