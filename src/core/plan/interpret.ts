import type { Value } from '../expr/types.ts'
import { columnValue, evaluate } from './interpret/evaluate.ts'
import type { Row } from './interpret/row.ts'
import { planRows } from './interpret/rows.ts'
import type { TypedExpr, TypedPlan } from './typed.ts'

/** Which rows and columns to interpret. */
export interface InterpretOptions {
  /** Keys from `fromKey` up to but not including `toKey`. */
  readonly fromKey?: number
  readonly toKey?: number
  /** The largest number of rows. */
  readonly limit?: number
  /** Whether columns that never land are wanted too. */
  readonly hidden?: boolean
}

/** A row with its key and with values by logical column name, as physical numbers and strings. */
export interface InterpretedRow {
  readonly key: number
  readonly values: Readonly<Record<string, Value>>
  /** The value of another expression of this table, such as a check, at this row. */
  readonly evaluate: (expr: TypedExpr) => Value
}

/**
 * The rows of a table, made one at a time straight from the plan's expressions: slow, obvious, and the judge of every
 * other engine. In key order; a union gives member after member, keys increasing within each.
 */
export function* interpretRows(
  plan: TypedPlan,
  table: string,
  options: InterpretOptions = {},
): Iterable<InterpretedRow> {
  const { fromKey = 0, toKey = Infinity, limit = Infinity } = options
  const rows = planRows(plan)
  let left = limit
  for (const row of rows.list(table, { from: fromKey, to: toKey })) {
    if (left-- <= 0) return
    yield interpreted(rows, row, options)
  }
}

/** As interpretRows, with only the columns' values of each row. */
export function* interpretTable(
  plan: TypedPlan,
  table: string,
  options: InterpretOptions = {},
): Iterable<Readonly<Record<string, Value>>> {
  for (const { values } of interpretRows(plan, table, options)) yield values
}

/** The row of a table that has the given entity key, with its hidden columns; undefined when there is none. */
export const rowAt = (plan: TypedPlan, table: string, key: number): InterpretedRow | undefined => {
  const rows = planRows(plan)
  const row = rows.rowAt(table, key)
  return row && interpreted(rows, row, { hidden: true })
}

const interpreted = (
  rows: ReturnType<typeof planRows>,
  row: Row,
  { hidden = false }: InterpretOptions,
): InterpretedRow => ({
  key: row.key,
  values: Object.fromEntries(
    row.table.columns
      .filter((column) => hidden || !column.hidden)
      .map((column) => [column.name, columnValue(rows, row, column.name)]),
  ),
  evaluate: (expr) => evaluate(rows, row, expr),
})
