import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Cell, Columns } from '../../src/core/ports.ts'

const run = promisify(execFile)

/** Where scripts/bigquery-emulator/install has put the emulator; suites are skipped without it, in CI too. */
export const BIGQUERY_FOLDER = process.env['LAKEWRIGHT_BIGQUERY_EMULATOR']

if (BIGQUERY_FOLDER === undefined)
  process.stderr.write(
    'skipped: LAKEWRIGHT_BIGQUERY_EMULATOR names no folder; npm run test:slow installs the emulator\n',
  )

/** A BigQuery emulator of a suite's own. It knows no permissions and differs from the service in overflow and codes. */
export interface BigQueryEmulator {
  readonly port: number
  readonly run: (sql: string) => Promise<void>
  readonly columns: (sql: string) => Promise<Columns>
  readonly stop: () => Promise<void>
}

/** Starts an emulator with an empty dataset. */
export const startBigQuery = async (dataset: string): Promise<BigQueryEmulator> => {
  const folder = await mkdtemp(join(tmpdir(), 'lakewright-bigquery-'))
  const program = join(BIGQUERY_FOLDER ?? '', 'bigquery-emulator')
  const { stdout } = await run('scripts/bigquery-emulator/start', [folder], {
    timeout: 90_000,
    env: { ...process.env, BIGQUERY_EMULATOR_PROGRAM: program },
  })
  const port = Number(stdout)
  const url = `http://127.0.0.1:${port}/bigquery/v2/projects/test`
  await answer(url, 'datasets', { datasetReference: { projectId: 'test', datasetId: dataset } })
  const columns = async (sql: string): Promise<Columns> =>
    columnsOf(await answer(url, 'queries', { query: sql, useLegacySql: false, timeoutMs: 600_000 }))
  return {
    port,
    columns,
    run: async (sql) => void (await columns(sql)),
    stop: async () => {
      await run('scripts/bigquery-emulator/stop', [folder], { timeout: 60_000 })
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Answer {
  readonly error?: { readonly message: string }
  readonly schema?: { readonly fields?: readonly Field[] }
  readonly rows?: readonly { readonly f: readonly { readonly v: string | null }[] }[]
  readonly pageToken?: string
}

interface Field {
  readonly name: string
  readonly type: string
}

const answer = async (url: string, path: string, body: unknown): Promise<Answer> => {
  const response = await fetch(`${url}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const found = JSON.parse(text) as Answer
  if (!response.ok || found.error !== undefined) throw new Error(found.error?.message ?? text)
  if (found.pageToken !== undefined && found.pageToken !== '')
    throw new Error('the emulator answers in pages')
  return found
}

const columnsOf = ({ schema, rows = [] }: Answer): Columns => {
  const fields = schema?.fields ?? []
  return {
    names: fields.map(({ name }) => name),
    cells: fields.map(({ type }, i) => rows.map(({ f }) => cellOf(type, f[i]?.v ?? null))),
  }
}

const cellOf = (type: string, value: string | null): Cell => {
  if (value === null) return null
  if (type === 'BOOLEAN' || type === 'BOOL') return value === 'true'
  if (type !== 'INTEGER' && type !== 'INT64') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
