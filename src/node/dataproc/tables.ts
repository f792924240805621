import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import type { Engine, StopSignal } from '../../core/ports.ts'
import { BIGQUERY_LANDING } from '../../core/warehouse/bigquery-landing.ts'
import type { BatchSpec } from '../../core/warehouse/dataproc.ts'
import { type Arrangement, landingTable } from '../../core/warehouse/landing.ts'
import type { TableName } from '../../core/warehouse/target.ts'
import type { FoundTable } from '../../core/warehouse/warehouse.ts'
import type { Google } from '../catalog/google/google.ts'
import { bigQueryEngine, bigQueryService } from '../engine/bigquery/bigquery.ts'
import { batchProperties } from './append.ts'

/** The tables of a batch, and which of them are there. */
export interface TableWork {
  readonly plan: TypedPlan
  /** The plan whose rows stay; undefined when the batch makes all. */
  readonly before: TypedPlan | undefined
  readonly spec: BatchSpec
  /** By landed name of a table: how its rows are to lie. */
  readonly arrangements: Readonly<Record<string, Arrangement>>
  readonly missing: readonly TypedTable[]
  readonly found: ReadonlyMap<string, FoundTable>
}

/**
 * Makes what is missing and marks all with the plan and the batch. No table keeps facts of a run that proved its rows:
 * nobody has seen what the batch will leave.
 */
export const makeTables = async (
  google: Google,
  { plan, before, spec, arrangements, missing, found }: TableWork,
  signal: StopSignal,
): Promise<void> => {
  const engine = engineOf(google)
  const { dataset } = spec
  const properties = batchProperties(plan, spec.id, before)
  for (const table of missing) {
    const arrangement = arrangements[table.landedName]
    const landing = landingTable(plan, table, { arrangement, properties })
    const name = tableName(dataset, table.landedName)
    await engine.run(BIGQUERY_LANDING.create(name, landing), { signal })
  }
  for (const table of found.keys())
    for (const sql of BIGQUERY_LANDING.setProperties(tableName(dataset, table), properties))
      await engine.run(sql, { signal })
}

/** Drops tables that were made for a batch which was refused, and gives the others their facts again. */
export const restoreTables = async (
  google: Google,
  { spec: { dataset }, missing, found }: TableWork,
): Promise<void> => {
  const engine = engineOf(google)
  for (const { landedName } of missing)
    await engine.run(BIGQUERY_LANDING.drop(tableName(dataset, landedName)))
  for (const [table, { properties }] of found)
    for (const sql of BIGQUERY_LANDING.setProperties(tableName(dataset, table), properties))
      await engine.run(sql)
}

const tableName = ({ project, dataset }: BatchSpec['dataset'], table: string): TableName => ({
  catalog: project,
  schema: dataset,
  table,
})

const engineOf = (google: Google): Engine =>
  bigQueryEngine({ service: bigQueryService(google), project: google.project })
