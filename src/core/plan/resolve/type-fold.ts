import type { Expr } from '../../expr/expr.ts'
import { decimalFor, numeric } from '../../expr/functions/shapes.ts'
import { integerShape, type Shape, typeName } from '../../expr/types.ts'
import { below } from '../issues.ts'
import type { TableModel, Typed } from './model.ts'
import { mergeSizes } from './model.ts'
import type { Bounds, Scope } from './scope.ts'
import { inside, limitless, limitsOf, report, wideShape } from './scope.ts'
import { childrenTable } from './type-elsewhere.ts'

type Fold = Extract<Expr, { readonly kind: 'fold' }>

/** Sum, count, min or max over this row's children in a table; locals of the outer row are out of reach in it. */
export const typeFold = (expr: Fold, scope: Scope): Typed | undefined => {
  const child = childrenTable(scope, expr.table)
  if (child === undefined) return undefined
  if (child.of !== scope.row)
    return report(
      inside(scope, 'table'),
      `expected a table of children of ${scope.row.table.name}; ${expr.table} has children of ${child.of.table.name}`,
    )
  const inner: Scope = { ...scope, row: child.model, locals: new Map(), facts: new Map() }
  const part = (each: Expr | undefined, step: string): Typed | undefined =>
    each && scope.type(each, { ...inner, path: below(scope.path, step) })
  const value = part(expr.value, 'value')
  const where = part(expr.where, 'where')
  const lacks = (expr.value && !value) || (expr.where && !where)
  if (lacks || !fits(expr, { value, where }, scope)) return undefined
  return combine(expr, { value, where, table: child.model }, scope)
}

interface Parts {
  readonly value: Typed | undefined
  readonly where: Typed | undefined
}

const fits = (expr: Fold, { value, where }: Parts, scope: Scope): boolean => {
  const issues = scope.model.issues.count()
  if (where !== undefined && where.expr.shape.type.kind !== 'boolean')
    report(inside(scope, 'where'), `expected a boolean, not ${typeName(where.expr.shape.type)}`)
  if (expr.operation === 'count') {
    if (value !== undefined) report(scope, 'count takes no value; use where')
  } else if (value === undefined) report(scope, `${expr.operation} needs a value`)
  else checkValue(expr, value.expr.shape, scope)
  return scope.model.issues.count() === issues
}

const checkValue = ({ operation }: Fold, { type }: Shape, scope: Scope): void => {
  const sums = type.kind === 'integer' || type.kind === 'decimal'
  if (operation === 'sum' ? sums : type.kind !== 'string') return
  const wanted = operation === 'sum' ? 'an integer or decimal' : 'a value that is no string'
  report(inside(scope, 'value'), `expected ${wanted}, not ${typeName(type)}`)
}

const combine = (
  expr: Fold,
  { value, where, table }: Parts & { readonly table: TableModel },
  scope: Scope,
): Typed | undefined => {
  const { fanOut } = table
  if (fanOut === undefined) return undefined
  const filtered = where !== undefined
  const count = fanOut.expr.shape
  const shape = shapeOfFold(expr, { value: value?.expr.shape, filtered, count })
  if (typeof shape === 'string') return report(scope, shape)
  const wide = shapeOfFold(expr, {
    value: value && wideShape(value),
    filtered,
    count: wideCount(table, fanOut),
  })
  const parts = [fanOut, ...(value ? [value] : []), ...(where ? [where] : [])]
  return {
    expr: {
      kind: 'fold',
      operation: expr.operation,
      table: expr.table,
      value: value?.expr,
      where: where?.expr,
      shape,
    },
    sizes: mergeSizes(...parts.map((part) => part.sizes)),
    limits: typeof wide === 'string' ? limitless(shape) : limitsOf(wide),
  }
}

/** How many children there may be whatever the sizes are: never more than the capacity. */
const wideCount = ({ table: { rows } }: TableModel, { limits }: Typed): Bounds => ({
  min: limits.min,
  max: rows.kind === 'children' ? Math.min(limits.max, rows.capacity) : limits.max,
})

interface Folding {
  readonly value: Shape | undefined
  readonly filtered: boolean
  readonly count: Bounds
}

const shapeOfFold = ({ operation }: Fold, { value, filtered, count }: Folding): Shape | string => {
  const { min: fewest, max: most } = count
  const skips = filtered || value?.nullable === true
  const least = skips ? 0 : fewest
  if (operation === 'count' || value === undefined) return integerShape(least, most)
  if (operation !== 'sum') return { ...value, nullable: least <= 0 }
  const min = value.min < 0 ? value.min * most : value.min * least
  const max = value.max < 0 ? value.max * least : value.max * most
  const { type } = value
  const bounds = { min: min + 0, max: max + 0 }
  const wide = type.kind === 'decimal' ? decimalFor(type.scale, bounds, [value]) : type
  return numeric(wide, bounds, false)
}
