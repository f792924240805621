import type { Json } from '../../../src/core/ports.ts'
import {
  objectBody,
  onlyQuery,
  Refusal,
  textField,
  type StubRequest,
  type StubRoute,
} from './server.ts'

/** What a statement gives: a table of texts, or an error. */
export type Outcome =
  | {
      readonly columns: readonly { readonly name: string; readonly type: string }[]
      readonly rows: readonly (readonly (string | null)[])[]
    }
  | { readonly code: string; readonly message: string; readonly sqlState?: string }

/** How the stub runs statements. */
export interface StatementWorld {
  /** As in a workspace that takes tags but does not keep them. */
  readonly forgetsTags?: boolean
  readonly execute: (sql: string) => Outcome | Promise<Outcome>
  /** Looks at a statement that find it pending or running. */
  readonly looks?: number
  readonly chunkRows?: number
  /** Where external links lead; this server by default. */
  readonly origin?: () => string
}

/** A statement as the stub keeps it. */
export interface StubStatement {
  readonly id: string
  /** As it was sent, and without the comment that it begins with. */
  readonly text: string
  readonly sql: string
  readonly tags: Json
  state: string
  outcome: Outcome | undefined
  looks: number
  readonly disposition: string
}

/** The Statement Execution API and the query history over it, as published: see the strict refusals below. */
export interface StubStatements {
  readonly route: StubRoute
  readonly all: readonly StubStatement[]
}

const BASE = '/api/2.0/sql/statements'

export const stubStatements = (
  world: StatementWorld,
  isThere: (warehouse: string) => boolean,
): StubStatements => {
  const all: StubStatement[] = []
  const found = (id: string | undefined): StubStatement => {
    const statement = all.find((each) => each.id === id)
    if (statement !== undefined) return statement
    throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', `The statement ${id} was not found.`)
  }
  const route: StubRoute = async (request) => {
    const { method, path } = request
    if (path.startsWith(`${BASE}/links/`) && method === 'GET') return linked(request, found, world)
    if (path === '/api/2.0/sql/history/queries' && method === 'GET')
      return history(request, all, world)
    if (!path.startsWith(BASE)) return undefined
    const [id, action, sub, index] = path.slice(BASE.length + 1).split('/')
    if (path === BASE && method === 'POST')
      return { json: await submit(request, world, { all, isThere }) }
    if (action === undefined && method === 'GET') {
      return { json: answerOf(await advance(found(id), world), world, 0) }
    }
    if (action === 'cancel' && method === 'POST') {
      const statement = found(id)
      if (['PENDING', 'RUNNING'].includes(statement.state)) statement.state = 'CANCELED'
      return { json: {} }
    }
    if (action === 'result' && sub === 'chunks' && method === 'GET') {
      return { json: chunkOf(found(id), world, Number(index)) }
    }
    return undefined
  }
  return { route, all }
}

const submit = async (
  request: StubRequest,
  world: StatementWorld,
  { all, isThere }: { readonly all: StubStatement[]; readonly isThere: (id: string) => boolean },
): Promise<Json> => {
  const body = objectBody(
    request,
    ['statement', 'warehouse_id'],
    [
      'catalog',
      'schema',
      'parameters',
      'row_limit',
      'byte_limit',
      'disposition',
      'format',
      'wait_timeout',
      'on_wait_timeout',
      'query_tags',
    ],
  )
  const statement = textField(body, 'statement')
  const disposition = textField(body, 'disposition', 'INLINE')
  const format = textField(body, 'format', 'JSON_ARRAY')
  const warehouse = textField(body, 'warehouse_id')
  const wait = /^(\d+)s$/.exec(textField(body, 'wait_timeout', '10s'))?.[1]
  const seconds = Number(wait ?? -1)
  if (seconds !== 0 && (seconds < 5 || seconds > 50))
    invalid('wait_timeout must be 0s or from 5s to 50s')
  if (!['CONTINUE', 'CANCEL'].includes(textField(body, 'on_wait_timeout', 'CONTINUE')))
    invalid('on_wait_timeout')
  if (!['INLINE', 'EXTERNAL_LINKS'].includes(disposition)) invalid('disposition')
  if (disposition === 'INLINE' && format !== 'JSON_ARRAY') invalid('format is not offered INLINE')
  if (statement.trim() === '') return invalid('statement is empty')
  if (Buffer.byteLength(statement) > 16 * 2 ** 20) invalid('statement is larger than 16 MiB')
  if (!isThere(warehouse)) {
    throw new Refusal(400, 'INVALID_PARAMETER_VALUE', `${warehouse} is not a valid endpoint id.`)
  }
  const kept: StubStatement = {
    id: `01f0-${all.length + 1}`,
    text: statement,
    sql: statement.replace(/^\/\*.*?\*\/ /, ''),
    tags: body['query_tags'] ?? [],
    state: 'PENDING',
    outcome: undefined,
    looks: world.looks ?? 0,
    disposition,
  }
  all.push(kept)
  return answerOf(seconds === 0 ? kept : await advance(kept, world), world, 0)
}

/** A statement is executed when it leaves RUNNING; one that was cancelled before never is. */
const advance = async (statement: StubStatement, world: StatementWorld): Promise<StubStatement> => {
  if (!['PENDING', 'RUNNING'].includes(statement.state)) return statement
  if (statement.looks-- > 0) {
    statement.state = 'RUNNING'
    return statement
  }
  statement.outcome ??= await world.execute(statement.sql)
  statement.state = 'code' in statement.outcome ? 'FAILED' : 'SUCCEEDED'
  return statement
}

const invalid = (message: string): never => {
  throw new Refusal(400, 'INVALID_PARAMETER_VALUE', message)
}

const answerOf = (statement: StubStatement, world: StatementWorld, index: number): Json => {
  const { id, state, outcome } = statement
  if (state === 'FAILED' && outcome !== undefined && 'code' in outcome) {
    const { code, message, sqlState } = outcome
    const error = { error_code: code, message }
    return {
      statement_id: id,
      status: { state, error, ...(sqlState === undefined ? {} : { sql_state: sqlState }) },
    }
  }
  if (state !== 'SUCCEEDED' || outcome === undefined || 'code' in outcome) {
    return { statement_id: id, status: { state } }
  }
  const columns = outcome.columns.map(({ name, type }, position) => ({
    name,
    position,
    type_name: type,
    type_text: type,
  }))
  return {
    statement_id: id,
    status: { state },
    manifest: {
      format: 'JSON_ARRAY',
      schema: { column_count: columns.length, columns },
      total_chunk_count: chunksOf(statement, world).length,
      total_row_count: outcome.rows.length,
      truncated: false,
    },
    result: chunkOf(statement, world, index),
  }
}

const chunksOf = (
  { outcome }: StubStatement,
  { chunkRows = 1000 }: StatementWorld,
): readonly (readonly (readonly (string | null)[])[])[] => {
  const rows = outcome === undefined || 'code' in outcome ? [] : outcome.rows
  const chunks = []
  for (let from = 0; from === 0 || from < rows.length; from += chunkRows) {
    chunks.push(rows.slice(from, from + chunkRows))
  }
  return chunks
}

const chunkOf = (statement: StubStatement, world: StatementWorld, index: number): Json => {
  if (statement.state !== 'SUCCEEDED') invalid('the statement has no result')
  const chunks = chunksOf(statement, world)
  const rows = chunks[index]
  if (rows === undefined) return invalid(`chunk ${index} is out of range`)
  const next = index + 1 < chunks.length ? { next_chunk_index: index + 1 } : {}
  if (statement.disposition === 'INLINE') {
    return { chunk_index: index, row_count: rows.length, data_array: rows, ...next }
  }
  const link = `${world.origin?.() ?? ''}${BASE}/links/${statement.id}/${index}?sig=canary9d1fsignature`
  const expiration = '2100-01-01T00:00:00Z'
  return { external_links: [{ chunk_index: index, external_link: link, expiration, ...next }] }
}

const linked = (
  { path, query, headers }: StubRequest,
  found: (id: string) => StubStatement,
  world: StatementWorld,
) => {
  const [id = '', index] = path.slice(`${BASE}/links/`.length).split('/')
  // As the clouds' stores do: a signed address is refused with a token beside it.
  if (headers['authorization'] !== undefined) return { status: 400 }
  if (query.get('sig') !== 'canary9d1fsignature') return { status: 403 }
  return { json: chunksOf(found(id), world)[Number(index)] ?? [] }
}

const history = (
  request: StubRequest,
  all: readonly StubStatement[],
  { forgetsTags = false }: StatementWorld,
) => {
  onlyQuery(request, [
    'filter_by.statuses',
    'filter_by.warehouse_ids',
    'filter_by.statement_ids',
    'filter_by.user_ids',
    'include_metrics',
    'max_results',
    'page_token',
  ])
  const statuses = request.query.getAll('filter_by.statuses')
  const wanted = all.filter(
    ({ state }) => statuses.length === 0 || statuses.includes(statusOf(state)),
  )
  const size = 2
  const from = Number(request.query.get('page_token') ?? 0)
  const more = from + size < wanted.length
  return {
    json: {
      res: wanted.slice(from, from + size).map(({ id, text, tags, state }) => ({
        query_id: id,
        query_text: text,
        query_tags: forgetsTags ? [] : tags,
        status: statusOf(state),
      })),
      has_next_page: more,
      ...(more ? { next_page_token: String(from + size) } : {}),
    },
  }
}

const statusOf = (state: string): string =>
  state === 'PENDING' ? 'QUEUED' : state === 'SUCCEEDED' ? 'FINISHED' : state
