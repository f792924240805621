import { fail } from '../../../core/errors.ts'
import type { Json } from '../../../core/ports.ts'
import { isObject } from '../../http/rest.ts'

/** States of a statement; all but the first two are final. */
export const STATEMENT_STATES = [
  'PENDING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELED',
  'CLOSED',
] as const
export type StatementState = (typeof STATEMENT_STATES)[number]

/** What is known of a statement. */
export interface StatementAnswer {
  readonly id: string
  readonly state: StatementState
  readonly error: { readonly code: string; readonly message: string; readonly sqlState: string }
  readonly columns: readonly ResultColumn[]
  readonly chunks: number
  /** Of the whole result, where that is told. */
  readonly rows: number | undefined
  /** Whether the service has left rows out. */
  readonly isCut: boolean
  /** The first chunk; undefined before the statement has succeeded. */
  readonly result: ResultChunk | undefined
}

/** A column of a result and the name of its type: LONG, STRING, DECIMAL… */
export interface ResultColumn {
  readonly name: string
  readonly type: string
}

/** A piece of a result: its rows, or addresses from which they can be read for a few minutes. */
export interface ResultChunk {
  readonly rows: readonly ResultRow[]
  readonly links: readonly ResultLink[]
}

/** Every value as text, or null. */
export type ResultRow = readonly (string | null)[]

/** Where rows of a chunk lie. The address carries its own secret and wants no token. */
export interface ResultLink {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

type Fields = Readonly<Record<string, Json | undefined>>

/** Reads the answer to a submission or a look at a statement. */
export const statementAnswer = (answer: Fields): StatementAnswer => {
  const status = fieldsOf(answer['status'])
  const error = fieldsOf(status['error'])
  const manifest = fieldsOf(answer['manifest'])
  const state = STATEMENT_STATES.find((each) => each === status['state'])
  const id = textOf(answer['statement_id'])
  const result =
    answer['result'] === undefined ? undefined : resultChunk(fieldsOf(answer['result']))
  if (id === '' || state === undefined) {
    return fail('service.failed', 'Databricks answered a statement without its id or state')
  }
  return {
    id,
    state,
    error: {
      code: textOf(error['error_code']),
      message: textOf(error['message']),
      sqlState: textOf(status['sql_state']),
    },
    columns: listOf(fieldsOf(manifest['schema'])['columns']).map((column) => ({
      name: textOf(fieldsOf(column)['name']),
      type: textOf(fieldsOf(column)['type_name']),
    })),
    chunks: countOf(manifest['total_chunk_count']) ?? (result === undefined ? 0 : 1),
    rows: countOf(manifest['total_row_count']),
    isCut: manifest['truncated'] === true,
    result,
  }
}

const countOf = (value: Json | undefined): number | undefined => {
  if (value === undefined || value === null) return undefined
  const count = Number(value)
  return Number.isSafeInteger(count) && count >= 0
    ? count
    : fail('service.failed', 'Databricks answered a statement with a number that is none')
}

/** Reads a chunk. */
export const resultChunk = (chunk: Fields): ResultChunk => ({
  rows: resultRows(chunk['data_array']),
  links: listOf(chunk['external_links']).map((link) => ({
    url: textOf(fieldsOf(link)['external_link']),
    headers: Object.fromEntries(
      Object.entries(fieldsOf(fieldsOf(link)['http_headers'])).map(([name, value]) => [
        name,
        textOf(value),
      ]),
    ),
  })),
})

/** Reads the rows of a chunk. */
export const resultRows = (rows: Json | undefined): readonly ResultRow[] =>
  listOf(rows).map((row) =>
    listOf(row).map((cell) =>
      cell === null || typeof cell === 'string' ? cell : JSON.stringify(cell),
    ),
  )

/** The error class that a message begins with, such as TABLE_OR_VIEW_NOT_FOUND. */
export const errorClassOf = (message: string): string | null =>
  /\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)\]/.exec(message)?.[1] ?? null

/** The SQLSTATE of a failed statement: its own field, or what the message ends with. */
export const sqlStateOf = ({ sqlState, message }: StatementAnswer['error']): string | null =>
  sqlState === '' ? (/SQLSTATE: ?([0-9A-Z]{5})/.exec(message)?.[1] ?? null) : sqlState

export const fieldsOf = (value: Json | undefined): Fields => (isObject(value) ? value : {})
export const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : []
export const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
