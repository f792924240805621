import type { Json } from '../../../src/core/ports.ts'
import {
  objectBody,
  onlyQuery,
  Refusal,
  type StubRequest,
  type StubRoute,
  textField,
} from './server.ts'

/** Runs that were submitted and files of the workspace that they run. */
export interface StubJobs {
  readonly route: StubRoute
  readonly files: Map<string, string>
  readonly folders: Set<string>
  readonly runs: Map<string, StubRun>
}

/** A run: its body, and its state, which a look moves on. */
export interface StubRun {
  readonly token: string
  readonly body: Readonly<Record<string, Json | undefined>>
  looks: number
  result: string
  /** When it began, in ms since 1970. */
  start: number
}

/** More than a number holds exactly. */
const FIRST_RUN = 9_007_199_254_740_993n

/** One-time runs of the Jobs API 2.2, and the import of files; `looks` find a run still running. */
export const stubJobs = (looks = 0, result = 'SUCCESS'): StubJobs => {
  const files = new Map<string, string>()
  const folders = new Set<string>()
  const runs = new Map<string, StubRun>()
  const route: StubRoute = (request) => {
    const { method, path } = request
    if (path === '/api/2.0/workspace/mkdirs' && method === 'POST') {
      folders.add(textField(objectBody(request, ['path']), 'path'))
      return { json: {} }
    }
    if (path === '/api/2.0/workspace/import' && method === 'POST') {
      return importFile(request, { files, folders })
    }
    if (path === '/api/2.2/jobs/runs/submit' && method === 'POST') {
      return submit(request, { files, runs, looks, result })
    }
    if (path === '/api/2.2/jobs/runs/get' && method === 'GET') return describe(request, runs)
    if (path === '/api/2.2/jobs/runs/cancel' && method === 'POST') return cancel(request, runs)
    return undefined
  }
  return { route, files, folders, runs }
}

const importFile = (
  request: StubRequest,
  { files, folders }: Pick<StubJobs, 'files' | 'folders'>,
) => {
  const body = objectBody(request, ['path', 'content'], ['format', 'language', 'overwrite'])
  const path = textField(body, 'path')
  const format = textField(body, 'format', 'SOURCE')
  const text = Buffer.from(textField(body, 'content'), 'base64').toString()
  if (!folders.has(path.slice(0, path.lastIndexOf('/')))) {
    throw new Refusal(
      404,
      'RESOURCE_DOES_NOT_EXIST',
      `The parent folder of ${path} does not exist.`,
    )
  }
  if (!['AUTO', 'SOURCE', 'RAW'].includes(format))
    throw new Refusal(400, 'INVALID_PARAMETER_VALUE', 'format')
  if (format === 'SOURCE' && textField(body, 'language') === '') {
    throw new Refusal(400, 'INVALID_PARAMETER_VALUE', 'language is needed for a notebook')
  }
  if (text.length > 10 * 2 ** 20) throw new Refusal(400, 'MAX_NOTEBOOK_SIZE_EXCEEDED', path)
  if (files.has(path) && body['overwrite'] !== true)
    throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', path)
  files.set(path, text)
  return { json: {} }
}

interface Submitting extends Pick<StubJobs, 'files' | 'runs'> {
  readonly looks: number
  readonly result: string
}

const submit = (request: StubRequest, { files, runs, looks, result }: Submitting) => {
  const body = objectBody(
    request,
    ['tasks'],
    [
      'run_name',
      'idempotency_token',
      'timeout_seconds',
      'queue',
      'git_source',
      'environments',
      'access_control_list',
    ],
  )
  const token = textField(body, 'idempotency_token')
  if (token.length > 64)
    throw new Refusal(400, 'INVALID_PARAMETER_VALUE', 'idempotency_token is too long')
  const tasks = objects(body['tasks'])
  const keys = tasks.map((task) => textField(task, 'task_key'))
  if (new Set(keys).size !== keys.length)
    throw new Refusal(400, 'INVALID_PARAMETER_VALUE', 'task keys repeat')
  for (const task of tasks) checkTask(task, { files, keys })
  const earlier = [...runs].find(([, run]) => token !== '' && run.token === token)
  const id = earlier?.[0] ?? String(FIRST_RUN + BigInt(runs.size))
  if (earlier === undefined) runs.set(id, { token, body, looks, result, start: Date.now() })
  return { bytes: new TextEncoder().encode(`{"run_id":${id}}`) }
}

const TASK = [
  'task_key',
  'depends_on',
  'sql_task',
  'notebook_task',
  'new_cluster',
  'description',
  'timeout_seconds',
  'max_retries',
]

const checkTask = (
  task: Readonly<Record<string, Json | undefined>>,
  {
    files,
    keys,
  }: { readonly files: ReadonlyMap<string, string>; readonly keys: readonly string[] },
): void => {
  const wrong = (message: string): never => {
    throw new Refusal(400, 'INVALID_PARAMETER_VALUE', message)
  }
  const unknown = Object.keys(task).find((name) => !TASK.includes(name))
  if (unknown !== undefined) wrong(`unknown field ${unknown} of a task`)
  const key = textField(task, 'task_key')
  if (!/^[\w-]{1,100}$/.test(key)) wrong(`task key ${key}`)
  for (const before of objects(task['depends_on'])) {
    if (!keys.includes(textField(before, 'task_key'))) wrong(`${key} depends on no task`)
  }
  const [sql] = objects([task['sql_task'] ?? null])
  const [notebook] = objects([task['notebook_task'] ?? null])
  if ((sql === undefined) === (notebook === undefined)) wrong(`${key} has not one kind of work`)
  const [file] = objects([sql?.['file'] ?? null])
  if (sql !== undefined && typeof sql['warehouse_id'] !== 'string') wrong('warehouse_id')
  if (notebook !== undefined && task['new_cluster'] === undefined) wrong('a notebook needs compute')
  if (sql !== undefined && task['new_cluster'] !== undefined) wrong('SQL runs on no cluster')
  const path = textField(file ?? {}, 'path') || textField(notebook ?? {}, 'notebook_path')
  if (!files.has(path)) wrong(`there is no ${path}`)
}

const describe = (request: StubRequest, runs: ReadonlyMap<string, StubRun>) => {
  onlyQuery(request, ['run_id', 'include_history', 'include_resolved_values', 'page_token'])
  const id = request.query.get('run_id') ?? ''
  const run = runs.get(id)
  if (run === undefined)
    throw new Refusal(400, 'INVALID_PARAMETER_VALUE', `Run ${id} does not exist.`)
  const from = Number(request.query.get('page_token') ?? 0)
  const tasks = objects(run.body['tasks'])
  const more = from + PAGE < tasks.length
  const ended = (from === 0 ? run.looks-- : run.looks + 1) <= 0
  const message = run.result === 'SUCCESS' ? '' : '[DELTA_VIOLATE_CONSTRAINT] no'
  const status = ended
    ? {
        state: 'TERMINATED',
        termination_details: { code: run.result, type: 'CLIENT_ERROR', message },
      }
    : { state: 'RUNNING' }
  return {
    json: {
      start_time: run.start,
      run_page_url: `https://stub.example/run/${id}`,
      status,
      tasks: tasks
        .slice(from, from + PAGE)
        .map((task) => ({ task_key: task['task_key'] ?? '', status })),
      ...(more ? { next_page_token: String(from + PAGE) } : {}),
    },
  }
}

/** Tasks of a page, a hundred in the service. */
const PAGE = 3

const cancel = (request: StubRequest, runs: Map<string, StubRun>) => {
  const id = /^\{"run_id":(\d+)\}$/.exec(Buffer.from(request.body).toString())?.[1] ?? ''
  const run = runs.get(id)
  if (run === undefined)
    throw new Refusal(400, 'INVALID_PARAMETER_VALUE', `Run ${id} does not exist.`)
  run.looks = 0
  run.result = 'USER_CANCELED'
  return { json: {} }
}

const objects = (value: Json | undefined): readonly Readonly<Record<string, Json | undefined>>[] =>
  (Array.isArray(value) ? (value as readonly Json[]) : []).flatMap((each) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? [each as Readonly<Record<string, Json>>]
      : [],
  )
