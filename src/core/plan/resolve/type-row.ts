import type { Expr } from '../../expr/expr.ts'
import { unionShape } from '../../expr/functions/logic.ts'
import { integerShape, sameType, type Shape, typeName } from '../../expr/types.ts'
import { below } from '../issues.ts'
import type { Limits, TableModel, Typed } from './model.ts'
import { findColumn, findTable, mergeSizes } from './model.ts'
import { findDimension } from './row-spaces.ts'
import type { Scope } from './scope.ts'
import { hullOf, keyShape, limitless, limitsOf, report, typedOf } from './scope.ts'

type Of<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>

/** This row's entity key. */
export const typeKey = ({ row }: Scope): Typed | undefined => {
  const shape = keyShape(row)
  if (shape === undefined) return undefined
  return typedOf({ kind: 'key', shape }, [], { limits: keyLimits(row, shape) })
}

/** This row's number among its siblings; in a cross it counts the dimensions' present rows, and so depends on them. */
export const typeOrdinal = ({ row, model }: Scope): Typed | undefined => {
  const { rows } = row.table
  const last = lastOrdinal(row, (name) => model.tables.get(name))
  if (last === undefined) return undefined
  const expr = { kind: 'ordinal', shape: integerShape(0, Math.max(0, last)) } as const
  const inner = rows.kind === 'cross' ? rows.of.slice(1) : []
  const sizes = mergeSizes(...inner.map(({ table }) => model.tables.get(table)?.space?.sizes ?? []))
  const counts = rows.kind === 'range' || rows.kind === 'cross'
  const limits = counts ? keyLimits(row, expr.shape) : limitsOf(expr.shape)
  return typedOf(expr, [], { sizes, limits })
}

/** Another column of this row. */
export const typeColumnOf = ({ name }: Of<'column'>, scope: Scope): Typed | undefined => {
  const path = below(scope.path, 'name')
  const typed = findColumn(scope.model, scope.row, { name, path })?.typed
  if (typed === undefined) return undefined
  const { expr, sizes, limits } = typed
  return { expr: { kind: 'column', name, shape: expr.shape }, sizes, limits }
}

/** A column of the parent row, of a dimension's row or of the member's row; or that row's key. */
export const typeParent = (expr: Of<'parent'>, scope: Scope): Typed | undefined => {
  const tables = parentTables(expr, scope)
  if (tables === undefined) return undefined
  const values = tables.map((table) => valueAt(table, expr.column, scope))
  const sound = values.filter((value) => value !== undefined)
  if (sound.length < values.length) return undefined
  const shape = commonShape(sound, tables, scope)
  if (shape === undefined) return undefined
  const table = scope.row.table.rows.kind === 'union' ? undefined : tables[0]?.table.name
  const limits = hullOf(sound.map((value) => value.limits))
  return typedOf({ kind: 'parent', table, column: expr.column, shape }, sound, { limits })
}

/** The limits of a key or number of a table's rows, which grow with the sizes that the table depends on. */
export const keyLimits = ({ space }: TableModel, shape: Shape): Limits =>
  space !== undefined && space.sizes.length > 0 ? limitless(shape) : limitsOf(shape)

const lastOrdinal = (
  { table: { rows }, space }: TableModel,
  tableOf: (name: string) => TableModel | undefined,
): number | undefined => {
  if (space === undefined) return undefined
  switch (rows.kind) {
    case 'range':
      return space.count - 1
    case 'children':
      return rows.capacity - 1
    case 'cross':
      return rows.of.reduce((all, { table }) => all * (tableOf(table)?.space?.count ?? 0), 1) - 1
    case 'union':
      return Math.max(...rows.of.map(({ number }) => number))
  }
}

const parentTables = ({ table }: Of<'parent'>, scope: Scope): readonly TableModel[] | undefined => {
  const { model, row, path } = scope
  const { rows, name } = row.table
  switch (rows.kind) {
    case 'range':
      return report(scope, `${name} is a range table, its rows have no parent`)
    case 'children':
      if (table !== undefined && table !== rows.of)
        return report(scope, `the parent of ${name} is ${rows.of}, not ${table}`)
      return present([model.tables.get(rows.of)])
    case 'cross':
      return present([findDimension(model, rows, { name: table, path })])
    case 'union':
      if (table !== undefined)
        return report(scope, `in a union parent is the member's row and takes no table`)
      return present(rows.of.map((member) => findTable(model, member.table, path)))
  }
}

const present = (
  tables: readonly (TableModel | undefined)[],
): readonly TableModel[] | undefined => {
  const found = tables.filter((table) => table !== undefined)
  return found.length === tables.length ? found : undefined
}

const valueAt = (
  table: TableModel,
  column: string | undefined,
  { model, path }: Scope,
): Typed | undefined => {
  if (column !== undefined)
    return findColumn(model, table, { name: column, path: below(path, 'column') })?.typed
  const shape = keyShape(table)
  return shape && typedOf({ kind: 'key', shape }, [], { limits: keyLimits(table, shape) })
}

const commonShape = (
  values: readonly Typed[],
  tables: readonly TableModel[],
  scope: Scope,
): Shape | undefined => {
  const shapes = values.map(({ expr }) => expr.shape)
  const [first] = shapes
  const odd = shapes.findIndex((shape) => first && !sameType(shape.type, first.type))
  if (first === undefined || odd < 0) return unionShape(shapes)
  const [one, other] = [tables[0]?.table.name, tables[odd]?.table.name]
  return report(
    scope,
    `members of a union need columns of one type; it is ${typeName(first.type)} in ${one} and ${typeName(shapes[odd]?.type ?? first.type)} in ${other}`,
  )
}
