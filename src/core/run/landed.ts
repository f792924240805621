import type { TableDefinition } from '../delta/commit.ts'
import { schemaOf } from '../delta/schema.ts'
import type { WantedColumn } from '../kernel/generator.ts'
import type { LandedColumn } from '../plan/plan.ts'
import type { TypedColumn, TypedPlan, TypedTable } from '../plan/typed.ts'
import { tableId, type RunIdentity } from './names.ts'

/** The tables of a plan that land, in the plan's order. */
export const landedTables = (plan: TypedPlan): readonly TypedTable[] =>
  [...plan.tables.values()].filter((table) => !table.virtual)

/** The columns of a table that land, in the plan's order. */
export const landedColumns = (table: TypedTable): readonly TypedColumn[] =>
  table.columns.filter((column) => !column.hidden)

/** The landed columns as a generator is asked for them, under their landed names. */
export const wantedColumns = (table: TypedTable): readonly WantedColumn[] =>
  landedColumns(table).map(({ name, landedName, shape, long }) => ({
    name: landedName,
    expr: { kind: 'column', name, shape },
    long,
  }))

/** The landed columns as catalogues and Delta schemas declare them. */
export const declaredColumns = (table: TypedTable): readonly LandedColumn[] =>
  landedColumns(table).map(({ landedName, shape, long }) => ({
    name: landedName,
    type: shape.type,
    long,
    nullable: shape.nullable,
  }))

/** Renders a check of a table as SQL for the table's metadata; undefined when a column it needs does not land. */
export type CheckSql = (
  table: TypedTable,
  check: TypedTable['checks'][number],
) => string | undefined

/**
 * The Delta table that a table of a plan lands as. Keys and references are documented in the properties
 * `lakewright.key` (a list of columns) and `lakewright.references` (a list of {columns, table, to}), as JSON.
 */
export const tableDefinition = (
  { plan, identity, checkSql }: DefinitionInputs,
  table: TypedTable,
): TableDefinition => {
  const comments = landedColumns(table).flatMap(({ landedName, description }) =>
    description === undefined ? [] : [[landedName, description] as const],
  )
  const checks = table.checks.flatMap((check) => {
    const sql = checkSql(table, check)
    return sql === undefined ? [] : [[check.name, sql] as const]
  })
  return {
    id: tableId(identity, table.name),
    name: table.landedName,
    ...(table.description === undefined ? {} : { description: table.description }),
    schema: schemaOf(declaredColumns(table), Object.fromEntries(comments)),
    ...(checks.length === 0 ? {} : { checks: Object.fromEntries(checks) }),
    properties: {
      'lakewright.key': JSON.stringify(landedNames(table, table.key)),
      'lakewright.planHash': identity.planHash,
      'lakewright.references': JSON.stringify(landedReferences(plan, table)),
    },
  }
}

/** What a table's definition is made from besides the table. */
export interface DefinitionInputs {
  readonly plan: TypedPlan
  readonly identity: RunIdentity
  readonly checkSql: CheckSql
}

/** A reference by the names that tables and columns land under. */
export interface LandedReference {
  readonly columns: readonly string[]
  readonly table: string
  readonly to: readonly string[]
}

/** The references of a table whose two sides both land. */
export const landedReferences = (plan: TypedPlan, table: TypedTable): readonly LandedReference[] =>
  table.references.flatMap(({ columns, table: target, to }) => {
    const other = plan.tables.get(target)
    if (other === undefined || other.virtual) return []
    const from = landedNames(table, columns)
    const keys = landedNames(other, to)
    const whole = from.length === columns.length && keys.length === to.length
    return whole ? [{ columns: from, table: other.landedName, to: keys }] : []
  })

/** The landed names of columns, without those that do not land. */
export const landedNames = (table: TypedTable, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => {
    const column = table.columns.find((each) => each.name === name)
    return column === undefined || column.hidden ? [] : [column.landedName]
  })
