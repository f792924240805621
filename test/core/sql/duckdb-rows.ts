import type { Value } from '../../../src/core/expr/types.ts'
import { interpretRows } from '../../../src/core/plan/interpret.ts'
import { lowerTable } from '../../../src/core/plan/lower.ts'
import type { TypedPlan, TypedTable } from '../../../src/core/plan/typed.ts'
import { DUCKDB } from '../../../src/core/sql/duckdb.ts'
import { renderTable, type Rendering } from '../../../src/core/sql/render.ts'
import type { DuckDb } from '../../../src/node/engine/duckdb.ts'
import type { Columns } from '../../../src/core/ports.ts'
import { inKeyOrder, wantedOf } from '../../support/keyed-rows.ts'

/** Rows in key order: first the entity key, then every column of the table, hidden ones too. */
export type KeyedRows = readonly (readonly Value[])[]

/** The statement that makes a table's rows in DuckDB. */
export const duckdbText = (
  plan: TypedPlan,
  table: TypedTable,
  options: Pick<Rendering, 'range' | 'landed'> = {},
): string =>
  renderTable(lowerTable(plan, table.name, wantedOf(table)), {
    dialect: DUCKDB,
    vocabularies: plan.vocabularies,
    ...options,
  })

/** The rows that DuckDB makes. */
export const duckdbRows = async (db: Pick<DuckDb, 'columns'>, text: string): Promise<KeyedRows> =>
  inKeyOrder(rowsOf(await db.columns(text)))

/** The rows that the interpreter makes. */
export const interpretedRows = (plan: TypedPlan, { name, columns }: TypedTable): KeyedRows =>
  inKeyOrder(
    [...interpretRows(plan, name, { hidden: true })].map(({ key, values }) => [
      key,
      ...columns.map((column) => values[column.name] ?? null),
    ]),
  )

/** The first cell in which rows differ, with its expression; undefined when they are equal. */
export const firstDifference = (
  plan: TypedPlan,
  table: TypedTable,
  { actual, expected }: { readonly actual: KeyedRows; readonly expected: KeyedRows },
): string | undefined => {
  if (actual.length !== expected.length) return `${actual.length} rows, expected ${expected.length}`
  for (const [i, row] of expected.entries()) {
    const at = row.findIndex((cell, j) => cell !== actual[i]?.[j])
    if (at < 0) continue
    const name = table.columns[at - 1]?.name ?? 'the key'
    const source = plan.plan.tables.find((each) => each.name === table.name)
    const column = source?.columns.find((each) => each.name === name)
    return `row ${row[0]}, ${name}: ${JSON.stringify(actual[i]?.[at])}, expected ${JSON.stringify(row[at])} of ${JSON.stringify(column?.expr)}`
  }
  return undefined
}

const rowsOf = ({ cells }: Columns): KeyedRows =>
  (cells[0] ?? []).map((_, row) =>
    cells.map((column) => {
      const cell = column[row] ?? null
      return typeof cell === 'boolean' ? `boolean ${cell}` : cell
    }),
  )
