import { fail } from '../../../core/errors.ts'
import type { Cell, Columns, Engine, Json, StatementOptions } from '../../../core/ports.ts'
import { askJson, type RestService, said } from '../../http/rest.ts'
import { exactInteger } from '../result.ts'
import {
  errorClassOf,
  type ResultChunk,
  resultChunk,
  type ResultRow,
  sqlStateOf,
  type StatementAnswer,
  statementAnswer,
} from './protocol.ts'
import { readLinks } from './links.ts'
import { readyWarehouse } from './warehouses.ts'

/** Where statements run, and the tag by which they are found again. */
export interface StatementPlace {
  readonly workspace: RestService
  readonly warehouseId: string
  readonly tag: string
  /** Hears what will take long. */
  readonly tell?: (message: string) => void
}

/** An engine whose statements run in a SQL warehouse, which is started before the first when it stands still. */
export const databricksEngine = (place: StatementPlace): Engine => {
  let ready: Promise<void> | undefined
  const settled = async (
    sql: string,
    disposition: Disposition,
    options: StatementOptions = {},
  ): Promise<StatementAnswer> => {
    ready ??= readyWarehouse(place, options.signal).catch((error: unknown) => {
      ready = undefined
      throw error
    })
    await ready
    return succeed(place, sql, { ...options, disposition })
  }
  return {
    run: async (sql, options) => {
      await settled(sql, 'INLINE', options)
    },
    columns: async (sql, options) => {
      const answer = await settled(sql, 'INLINE', options).catch((error: unknown) => {
        if (!isTooLarge(error)) throw error
        return settled(sql, 'EXTERNAL_LINKS', options)
      })
      return columnsOf(answer, await rowsOf(place, answer, options))
    },
    close: async () => undefined,
  }
}

/** Stops a statement and waits until it has stopped or ended. */
export const cancelStatement = async (
  { workspace }: Pick<StatementPlace, 'workspace'>,
  id: string,
): Promise<void> => {
  await askJson(workspace, { method: 'POST', path: `${pathOf(id)}/cancel`, repeatable: true })
  await finished(workspace, await lookAt(workspace, id))
}

/** The key of the tag that every statement carries. */
export const TAG_KEY = 'lakewright'

/** What every statement begins with: the tag, for workspaces whose history has no tags. */
export const markOf = (tag: string): string => `/* ${TAG_KEY} ${tag} */`

type Disposition = 'INLINE' | 'EXTERNAL_LINKS'

const STATEMENTS = '/api/2.0/sql/statements'
const pathOf = (id: string): string => `${STATEMENTS}/${encodeURIComponent(id)}`

const succeed = async (
  place: StatementPlace,
  sql: string,
  { signal, disposition }: StatementOptions & { readonly disposition: Disposition },
): Promise<StatementAnswer> => {
  signal?.throwIfAborted()
  const { workspace } = place
  // Not stopped by the signal: without its id the statement could not be cancelled.
  const submitted = statementAnswer(
    await askJson(workspace, {
      method: 'POST',
      path: STATEMENTS,
      json: submission(place, sql, disposition),
    }),
  )
  const answer = await finished(workspace, submitted, signal).catch(async (error: unknown) => {
    if (signal?.aborted === true) await cancelStatement(place, submitted.id)
    throw error
  })
  switch (answer.state) {
    case 'SUCCEEDED':
      return answer
    case 'CANCELED':
      return fail('run.cancelled', 'Databricks cancelled the statement', {
        details: { statementId: answer.id },
      })
    case 'CLOSED':
      return fail('engine.failed', 'Databricks: the result of the statement is gone', {
        details: { statementId: answer.id },
      })
    case 'PENDING':
    case 'RUNNING':
    case 'FAILED':
      return failed(workspace, answer)
  }
}

const submission = (
  { warehouseId, tag }: StatementPlace,
  statement: string,
  disposition: Disposition,
): Json => ({
  warehouse_id: warehouseId,
  statement: `${markOf(tag)} ${statement}`,
  wait_timeout: '10s',
  on_wait_timeout: 'CONTINUE',
  disposition,
  format: 'JSON_ARRAY',
  query_tags: [{ key: TAG_KEY, value: tag }],
})

const lookAt = async (workspace: RestService, id: string): Promise<StatementAnswer> =>
  statementAnswer(await askJson(workspace, { method: 'GET', path: pathOf(id) }))

/** Looks again and again, ever less often, until a statement has ended. */
const finished = async (
  workspace: RestService,
  submitted: StatementAnswer,
  signal?: StatementOptions['signal'],
): Promise<StatementAnswer> => {
  let answer = submitted
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, wait * 1.5)) {
    if (answer.state !== 'PENDING' && answer.state !== 'RUNNING') return answer
    if (signal?.aborted === true) fail('run.cancelled', 'the statement was stopped')
    await workspace.pause.sleep(wait, signal)
    answer = await lookAt(workspace, submitted.id)
  }
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10_000

const failed = (workspace: RestService, { id, error }: StatementAnswer): never => {
  const message = said(firstParagraph(error.message), workspace.secrets)
  const facts = {
    errorClass: errorClassOf(error.message),
    sqlState: sqlStateOf(error),
    errorCode: error.code,
    statementId: id,
  }
  const code = BUSY.has(error.code)
    ? 'service.unreachable'
    : facts.sqlState === NOT_ALLOWED
      ? 'service.denied'
      : 'engine.failed'
  const hint = MAX_ITERATIONS.test(message)
    ? 'SQL warehouses have a limit that only a cluster can raise: let a job do it, with --async --cluster assets/databricks/cluster.json'
    : undefined
  return fail(code, `Databricks: ${message || error.code}`, {
    details: facts,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** What the analyzer says of a text with more named queries in a row than it has rounds. */
const MAX_ITERATIONS = /\bMax iterations \(\d+\) reached\b/

/** SQLSTATE of a statement whose author lacks a privilege. */
const NOT_ALLOWED = '42501'

/** What may go away by itself. */
const BUSY: ReadonlySet<string> = new Set([
  'TEMPORARILY_UNAVAILABLE',
  'WORKSPACE_TEMPORARILY_UNAVAILABLE',
  'SERVICE_UNDER_MAINTENANCE',
  'RESOURCE_EXHAUSTED',
  'DEADLINE_EXCEEDED',
])

/** Without the plan or the stack that may stand below. */
const firstParagraph = (message: string): string => message.trim().split('\n')[0] ?? ''

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && /inline byte limit exceeded/i.test(error.message)

const rowsOf = async (
  { workspace }: StatementPlace,
  answer: StatementAnswer,
  { signal }: StatementOptions = {},
): Promise<readonly ResultRow[]> => {
  const rows: ResultRow[] = []
  for (let index = 0; index < answer.chunks; index++) {
    const chunk =
      index === 0 && answer.result !== undefined
        ? answer.result
        : await chunkAt(workspace, answer.id, index)
    signal?.throwIfAborted()
    for (const row of chunk.rows) rows.push(row)
    for (const row of await readLinks(workspace, chunk.links, signal)) rows.push(row)
  }
  if (answer.isCut || (answer.rows !== undefined && answer.rows !== rows.length))
    fail('service.failed', `Databricks gave ${rows.length} rows of a result that has more`)
  const width = answer.columns.length
  if (rows.some((row) => row.length !== width))
    fail('service.failed', `Databricks gave a row that has not ${width} cells`)
  return rows
}

const chunkAt = async (workspace: RestService, id: string, index: number): Promise<ResultChunk> =>
  resultChunk(
    await askJson(workspace, { method: 'GET', path: `${pathOf(id)}/result/chunks/${index}` }),
  )

const columnsOf = ({ columns }: StatementAnswer, rows: readonly ResultRow[]): Columns => ({
  names: columns.map(({ name }) => name),
  cells: columns.map(({ type }, i) => rows.map((row) => cellOf(row[i] ?? null, type))),
})

const cellOf = (text: string | null, type: string): Cell => {
  if (text === null) return null
  switch (type) {
    case 'BYTE':
    case 'SHORT':
    case 'INT':
    case 'LONG':
      return /^-?\d+$/.test(text) ? exactInteger(BigInt(text)) : text
    case 'FLOAT':
    case 'DOUBLE':
      return Number(text)
    case 'BOOLEAN':
      return text === 'true'
    default:
      return text
  }
}
