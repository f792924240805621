import { fail } from '../../../core/errors.ts'
import type { Cell, Columns, Json, StopSignal } from '../../../core/ports.ts'
import { type Document, fields, list, text } from '../../catalog/google/document.ts'
import { askGoogleJson } from '../../catalog/google/google.ts'
import { pageTokens } from '../../http/pages.ts'
import { exactInteger } from '../result.ts'
import { type BigQueryPlace, jobPath, type QueryJob } from './jobs.ts'

/** A column of a result. */
interface Field {
  readonly name: string
  readonly type: string
  readonly repeated: boolean
}

/**
 * The rows of a job's result, page by page. Integers are exact; timestamps are integers of µs, other types the text
 * that BigQuery gives, lists and records JSON. (cloud.google.com/bigquery/docs/reference/rest/v2/jobs/getQueryResults)
 */
export const readResults = async (
  place: BigQueryPlace,
  job: QueryJob,
  signal?: StopSignal,
): Promise<Columns> => {
  let columns: readonly Field[] | undefined
  let cells: Cell[][] = []
  const turn = pageTokens(place.service.name)
  for (let pageToken: string | undefined; ;) {
    const page = await askGoogleJson(place.service, {
      method: 'GET',
      path: jobPath(place, job.id, 'queries'),
      query: {
        location: job.location,
        maxResults: String(PAGE_ROWS),
        'formatOptions.useInt64Timestamp': 'true',
        pageToken,
      },
      signal,
    })
    if (page['jobComplete'] === false) {
      await place.service.pause.sleep(INCOMPLETE_MS, signal)
      continue
    }
    if (columns === undefined) {
      columns = fieldsOf(page['schema'])
      cells = columns.map(() => [])
    }
    for (const row of list(page['rows'])) addRow(row, columns, cells)
    pageToken = turn(text(page['pageToken']))
    if (pageToken === undefined) return { names: columns.map(({ name }) => name), cells }
  }
}

/** Before a result is asked for again that its job has not finished yet. */
const INCOMPLETE_MS = 500

/** Rows a page at most; the service also ends a page at 10 MB. */
const PAGE_ROWS = 20_000

const fieldsOf = (schema: Json | undefined): readonly Field[] =>
  list(fields(schema)['fields']).map(({ name, type, mode }) => ({
    name: text(name) ?? broken('a field without name'),
    type: text(type) ?? broken('a field without type'),
    repeated: mode === 'REPEATED',
  }))

const addRow = (row: Document, columns: readonly Field[], cells: readonly Cell[][]): void => {
  const values = list(row['f'])
  if (values.length !== columns.length) broken(`a row that has not ${columns.length} cells`)
  columns.forEach((column, i) => cells[i]?.push(cellOf(values[i]?.['v'] ?? null, column)))
}

const cellOf = (value: Json, { type, repeated }: Field): Cell => {
  if (value === null) return null
  if (repeated || typeof value !== 'string') return JSON.stringify(value)
  switch (type) {
    case 'INTEGER':
    case 'INT64':
    case 'TIMESTAMP':
      return /^-?\d+$/.test(value) ? exactInteger(BigInt(value)) : value
    case 'FLOAT':
    case 'FLOAT64':
      return Number(value)
    case 'BOOLEAN':
    case 'BOOL':
      return value === 'true'
    default:
      return value
  }
}

const broken = (what: string): never => fail('service.failed', `BigQuery answered with ${what}`)
