import { fail } from '../../core/errors.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import type { StopSignal } from '../../core/ports.ts'
import { exactRows } from '../../core/run/expected-rows.ts'
import { declaredColumns, landedTables } from '../../core/run/landed.ts'
import { digestQuery } from '../../core/sql/digest.ts'
import { BIGQUERY_LANDING } from '../../core/warehouse/bigquery-landing.ts'
import { factProperties, factsOf } from '../../core/warehouse/facts.ts'
import { proofFor } from '../../core/warehouse/stages.ts'
import { BIGQUERY_API, DATAPROC_API, requireApis } from '../catalog/google/apis.ts'
import { findTables } from '../catalog/google/datasets.ts'
import { bigQueryEngine, bigQueryService } from '../engine/bigquery/bigquery.ts'
import { byRow } from '../engine/result.ts'
import { countQuery } from '../warehouse/begin.ts'
import { batchOfTable, requireSuccess } from './append.ts'
import type { BatchPlace } from './batches.ts'
import type { Submission } from './work.ts'

/** A table that a batch has written, as BigQuery counts it. */
export interface ProvenTable {
  readonly table: string
  readonly rows: number
  /** Null for a table of more rows than a digest holds. */
  readonly digest: string | null
}

/**
 * Counts the tables of a batch that has succeeded and computes their digests in BigQuery, and then says both in their
 * labels, so that runs of every kind may add to them. Throws dataset.missing for a table that is not there,
 * usage.option for one of another plan, run.promise for other rows than sizes alone say.
 */
export const proveBatch = async (
  place: BatchPlace,
  { plan, dataset }: Pick<Submission, 'plan' | 'dataset'>,
  signal: StopSignal,
): Promise<readonly ProvenTable[]> => {
  const { google } = place
  await requireApis(google, [BIGQUERY_API, DATAPROC_API])
  const service = bigQueryService(google)
  const tables = landedTables(plan)
  const names = tables.map(({ landedName }) => landedName)
  const found = await findTables(service, dataset, names)
  const where = `${dataset.project}.${dataset.dataset}`
  const batches = names.map((name) => {
    const table = found.get(name) ?? fail('dataset.missing', `there is no table ${where}.${name}`)
    if (table.properties['lakewright.planHash'] !== plan.hash)
      fail('usage.option', `${where}.${name} was not made by this plan`, {
        hint: 'Give the options with which the batch was submitted.',
      })
    return batchOfTable(table)
  })
  for (const batch of new Set(batches)) if (batch !== undefined) await requireSuccess(place, batch)
  const engine = bigQueryEngine({ service, project: google.project })
  const row = async (sql: string) => byRow(await engine.columns(sql, { signal }))[0] ?? {}
  const proven: ProvenTable[] = []
  for (const [i, table] of tables.entries()) {
    const name = { catalog: dataset.project, schema: dataset.dataset, table: table.landedName }
    const rows = Number((await row(countQuery(BIGQUERY_LANDING, name)))['n'])
    requireRows(plan, table, rows)
    const digest = proofFor(rows, 'digest') === 'counts' ? null : await digestOf(row, table, name)
    proven.push({ table: table.landedName, rows, digest })
    const run = batches[i] ?? found.get(table.landedName)?.properties['lakewright.run'] ?? ''
    const facts = factsOf(plan, { fingerprint: plan.hash, run, number: 1 })
    const properties = factProperties({ ...facts, rows, ...(digest === null ? {} : { digest }) })
    for (const sql of BIGQUERY_LANDING.setProperties(name, properties))
      await engine.run(sql, { signal })
  }
  return proven
}

const digestOf = async (
  row: (sql: string) => Promise<Readonly<Record<string, unknown>>>,
  table: TypedTable,
  name: Parameters<typeof BIGQUERY_LANDING.name>[0],
): Promise<string> => {
  const all = `SELECT * FROM ${BIGQUERY_LANDING.name(name)}`
  return String((await row(digestQuery('bigquery', declaredColumns(table), all)))['digest'])
}

const requireRows = (plan: TypedPlan, table: TypedTable, rows: number): void => {
  const expected = exactRows(plan, table)
  if (expected !== undefined && rows !== expected)
    fail('run.promise', `${table.landedName} has ${rows} rows, expected ${expected}`, {
      hint: 'Somebody else wrote into it, or a batch was cut off: --write-mode overwrite makes it anew.',
    })
}
