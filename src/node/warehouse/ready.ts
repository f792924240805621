import { fail } from '../../core/errors.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import type { Journal } from '../../core/ports.ts'
import type { Part } from '../../core/run/parts.ts'
import { renderLandedWithViews } from '../../core/sql/landed.ts'
import type { Written } from '../../core/sql/statement.ts'
import { factProperties, factsOf } from '../../core/warehouse/facts.ts'
import { type LandingTable, landingTable } from '../../core/warehouse/landing.ts'
import { sparkPartitions } from '../../core/warehouse/partitions.ts'
import type { WarehouseSpec } from '../../core/warehouse/spec.ts'
import { stagingName, type TableName } from '../../core/warehouse/target.ts'
import type { Warehouse } from '../../core/warehouse/warehouse.ts'
import type { StatementHost } from './statements.ts'

/** A run in a warehouse that is noted in the journal, with an open connection. */
export interface ReadyWarehouseRun {
  readonly warehouse: Warehouse
  readonly journal: Journal
  readonly run: string
  readonly spec: WarehouseSpec
  readonly plan: TypedPlan
  readonly statements: StatementHost
}

/** What was found of the staged rows of a table. */
export type Proven = { readonly rows: number; readonly digest: string | null }

/** A table of the plan as the warehouse is to hold it. */
export const landedAs = ({ plan, spec, run }: ReadyWarehouseRun, name: string): LandingTable => {
  const table = tableNamed(plan, name)
  const { fingerprint, number } = spec
  return landingTable(plan, table, {
    arrangement: spec.options.arrangements[table.landedName],
    properties: factProperties(factsOf(plan, { fingerprint, run, number })),
  })
}

/** A table of the run's plan. */
export const tableNamed = (plan: TypedPlan, name: string): TypedTable =>
  plan.tables.get(name) ?? fail('internal', `table ${name} is not in the plan`)

/** The staging table of a table by its logical name. */
export const stagingOf = ({ plan, spec, run }: ReadyWarehouseRun, table: string): TableName => ({
  ...spec.target,
  table: stagingName(run, tableNamed(plan, table).landedName),
})

/** The query for the rows of a part, and the views that it reads from, which are named by their content. */
export const partQuery = (
  { warehouse, plan, spec, run }: ReadyWarehouseRun,
  part: Part,
): Written => {
  const { table, variant, lo, hi } = part
  const { dialect, views } = warehouse.landing
  const nameOf = (name: string): string =>
    views.name({ ...spec.target, table: stagingName(run, `view_${name}`) })
  return renderLandedWithViews(plan, tableNamed(plan, table), {
    dialect,
    variant,
    range: { from: lo, to: hi },
    places: { most: views.most, nameOf },
    ...sparkPartitions(spec, part),
  })
}
