import type { Value } from '../../src/core/expr/types.ts'
import type { Plan, Table } from '../../src/core/plan/plan.ts'
import type { TypedPlan, TypedTable } from '../../src/core/plan/typed.ts'
import { kernelRows } from '../support/kernel-rows.ts'

/** A change of a plan that must leave every cell that was there as it was. */
export type Change = (plan: Plan) => Plan

const onTables =
  (change: (table: Table) => Table): Change =>
  (plan) => ({ ...plan, tables: plan.tables.map(change) })

const RANGE: Table = {
  name: 'brand_new',
  rows: { kind: 'range', count: 5 },
  columns: [{ name: 'luck', expr: { kind: 'draw' } }],
}

/** Children of the first table, whose columns have the names of that table's but draw from their own streams. */
const childrenOf = ({ name, columns }: Table): Table => ({
  name: 'brand_new_children',
  rows: { kind: 'children', of: name, capacity: 2, count: { kind: 'literal', value: 2 } },
  columns: columns.map((column) => ({ name: column.name, expr: { kind: 'draw' } })),
})

/** Changes by what they do. */
export const CHANGES: Readonly<Record<string, Change>> = {
  'a column more in every table, in front': onTables((table) => ({
    ...table,
    columns: [{ name: 'brand_new', expr: { kind: 'draw', form: 'hex' } }, ...table.columns],
  })),
  'a column more that uses all others': onTables((table) => ({
    ...table,
    columns: [
      ...table.columns,
      {
        name: 'brand_new_too',
        expr: {
          kind: 'call',
          function: 'or',
          args: table.columns.map(({ name }) => ({
            kind: 'call',
            function: 'isNull',
            args: [{ kind: 'column', name }],
          })),
        },
      },
    ],
  })),
  'tables more, before and after': (plan) => ({
    ...plan,
    tables: [RANGE, ...plan.tables, ...plan.tables.slice(0, 1).map(childrenOf)],
  }),
  'tables and columns in reverse': (plan) => ({
    ...plan,
    tables: plan.tables
      .toReversed()
      .map((table) => ({ ...table, columns: table.columns.toReversed() })),
  }),
  'other landed names': onTables((table) => ({
    ...table,
    as: `landed_${table.name}`,
    columns: table.columns.map((column) => ({ ...column, as: `landed_${column.name}` })),
  })),
}

/** All changes one after another. */
export const allChanges: Change = (plan) =>
  Object.values(CHANGES).reduce((changed, change) => change(changed), plan)

/** Every size ten times as large. */
export const tenTimes: Change = (plan) => ({
  ...plan,
  parameters: Object.fromEntries(
    Object.entries(plan.parameters ?? {}).map(([name, parameter]) => {
      if (parameter.role === 'law') return [name, parameter]
      const { max: _, ...rest } = parameter
      return [name, { ...rest, value: parameter.value * 10 }]
    }),
  ),
})

/** The plan with a further column in each table that holds the row's key. */
export const withKeys: Change = onTables((table) => ({
  ...table,
  columns: [...table.columns, { name: ROW_KEY, expr: { kind: 'key' } }],
}))

const ROW_KEY = 'row_key'

type Row = Readonly<Record<string, Value>>

/** What a comparison saw: the cells it compared, and the cells that differ or are gone. */
export interface Comparison {
  readonly cells: number
  readonly rowsAfter: number
  readonly differences: readonly string[]
}

/**
 * Compares the cells of one plan `withKeys` with those of another, row by key, as the kernel makes them. Columns that
 * depend on a size, and tables whose parents get other children by it, are left out when `grown`.
 */
export const compareCells = (
  before: TypedPlan,
  after: TypedPlan,
  { grown }: { readonly grown: boolean },
): Comparison => {
  const differences: string[] = []
  let cells = 0
  let rowsAfter = 0
  for (const table of before.tables.values()) {
    if (grown && table.fanOutSizes.length > 0) continue
    const rows = rowsByKey(after, table.name)
    rowsAfter += rows.size
    for (const [key, row] of rowsByKey(before, table.name))
      for (const name of comparable(table, grown)) {
        cells += 1
        const other = rows.get(key)
        if (other === undefined || other[name] !== row[name])
          differences.push(`${table.name} ${key} ${name}: ${row[name]} became ${other?.[name]}`)
      }
  }
  return { cells, rowsAfter, differences }
}

const comparable = ({ columns }: TypedTable, grown: boolean): readonly string[] =>
  columns.filter(({ sizes }) => !grown || sizes.length === 0).map(({ name }) => name)

const known = new WeakMap<TypedPlan, Map<string, ReadonlyMap<Value, Row>>>()

/** The rows of a table by key; made once for each plan. */
const rowsByKey = (plan: TypedPlan, name: string): ReadonlyMap<Value, Row> => {
  const tables = known.get(plan) ?? new Map<string, ReadonlyMap<Value, Row>>()
  known.set(plan, tables)
  const rows =
    tables.get(name) ??
    new Map(kernelRows(plan, { name }).map((row) => [row[ROW_KEY] ?? null, row] as const))
  tables.set(name, rows)
  return rows
}
