import type { Expr } from '../../expr/expr.ts'
import { decimalFor, numeric } from '../../expr/functions/shapes.ts'
import { integerShape, type Shape, typeName } from '../../expr/types.ts'
import { below } from '../issues.ts'
import type { Tally } from '../typed.ts'
import type { Model, Sizes, TableModel, Typed } from './model.ts'
import { findTable, mergeSizes } from './model.ts'
import { tablesBelow } from './row-spaces.ts'
import type { Scope } from './scope.ts'
import { inside, report } from './scope.ts'
import { lagsOf } from './tally-window.ts'
import { exists } from './type-elsewhere.ts'
import type { Cross } from './type-key-of.ts'
import { crossOf, isWhole, keyNode } from './type-key-of.ts'

type TallyExpr = Extract<Expr, { readonly kind: 'tally' }>

/** Sum or count, at a row of a cross, over all rows of a table that name it; locals are out of reach in it. */
export const typeTally = (expr: TallyExpr, scope: Scope): Typed | undefined => {
  const cross = crossOf(scope.row, scope)
  const table = findTable(scope.model, expr.table, below(scope.path, 'table'))
  if (cross === undefined || table === undefined) return undefined
  const owner = { ...scope.owner, stream: undefined }
  const inner: Scope = { ...scope, row: table, owner, locals: new Map(), facts: new Map() }
  const part = (each: Expr | undefined, ...steps: readonly (string | number)[]) =>
    each && scope.type(each, { ...inner, path: below(scope.path, ...steps) })
  const by = expr.by.map((each, i) => part(each, 'by', i)).filter((each) => each !== undefined)
  const value = part(expr.value, 'value')
  const where = part(expr.where, 'where')
  const lacks = (expr.value && !value) || (expr.where && !where) || by.length < expr.by.length
  if (lacks || !fits(expr, { value, where }, scope)) return undefined
  if (!isWhole(cross, by.length, inside(scope, 'by')) || !names(cross, by, scope)) return undefined
  return combine(expr, { cross, table, by, value, where }, scope)
}

interface Parts {
  readonly value: Typed | undefined
  readonly where: Typed | undefined
}

const fits = (expr: TallyExpr, { value, where }: Parts, scope: Scope): boolean => {
  const issues = scope.model.issues.count()
  if (where !== undefined && where.expr.shape.type.kind !== 'boolean')
    report(inside(scope, 'where'), `expected a boolean, not ${typeName(where.expr.shape.type)}`)
  if (expr.operation === 'count') {
    if (value !== undefined) report(scope, 'count takes no value; use where')
  } else if (value === undefined) report(scope, 'sum needs a value')
  else checkValue(value.expr.shape, inside(scope, 'value'))
  return scope.model.issues.count() === issues
}

const checkValue = ({ type, min, max }: Shape, scope: Scope): void => {
  if (type.kind !== 'integer' && type.kind !== 'decimal')
    report(scope, `expected an integer or decimal, not ${typeName(type)}`)
  else if (min < 0)
    report(scope, `a tally sums what is never negative, not ${typeName(type)} ${min}..${max}`)
}

/**
 * Whether rows name rows of the cross. The key of the first dimension may also lie beyond the last row, where there is
 * nothing to be counted by: what happens after the last day.
 */
const names = ({ of }: Cross, by: readonly Typed[], scope: Scope): boolean =>
  by.every((key, i) => {
    const dimension = scope.model.tables.get(of[i]?.table ?? '')
    if (dimension === undefined) return false
    const { type, min, keyOf } = key.expr.shape
    if (i === 0 && type.kind === 'integer' && min >= 1 && keyOf === undefined) return true
    return exists(key, dimension, inside(scope, 'by', i))
  })

interface Found extends Parts {
  readonly cross: Cross
  readonly table: TableModel
  readonly by: readonly Typed[]
}

const combine = (expr: TallyExpr, found: Found, scope: Scope): Typed | undefined => {
  const { cross, table, by, value, where } = found
  const { model, owner, row } = scope
  const key = keyNode(cross, by)
  if (key.expr.shape.max > Number.MAX_SAFE_INTEGER)
    return report(inside(scope, 'by', 0), 'such keys leave the exact integers below 2^53')
  const [first] = cross.of
  const lags = by[0] && first && lagsOf(model, { root: first.table, row: table }, by[0].expr)
  const window = lags && lags.low >= 0 ? lags : undefined
  const shape = shapeOfTally(expr.most, value)
  if (typeof shape === 'string') return report(scope, shape)
  const tally: Tally = {
    number: model.identities.of([row.table.name, expr]),
    place: owner.stream === undefined ? row.table.name : `${row.table.name}.${owner.stream}`,
    operation: expr.operation,
    cross: row.table.name,
    table: expr.table,
    key: key.expr,
    value: value?.expr,
    where: where?.expr,
    most: expr.most,
    window,
    shape,
  }
  const parts = [key, ...(value ? [value] : []), ...(where ? [where] : [])]
  const rows = countedSizes(model, table, window && first?.table)
  return {
    expr: { kind: 'tally', tally, shape },
    sizes: mergeSizes(rows, ...parts.map((part) => part.sizes)),
    limits: shape,
  }
}

/**
 * The sizes that decide which rows are counted. More rows of the dimension that a window rests on name new rows of the
 * cross only.
 */
const countedSizes = (model: Model, table: TableModel, root: string | undefined): Sizes =>
  mergeSizes(
    ...[...tablesBelow(model, table)].map((each) => {
      const counts = each.table.rows.kind === 'range' && each.table.name !== root
      return mergeSizes(each.fanOut?.sizes ?? [], counts ? (each.space?.sizes ?? []) : [])
    }),
  )

const shapeOfTally = (most: number, value: Typed | undefined): Shape | string => {
  const bounds = { min: 0, max: most }
  const type = value?.expr.shape.type
  if (value === undefined || type?.kind !== 'decimal') return integerShape(0, most)
  return numeric(decimalFor(type.scale, bounds, [value.expr.shape]), bounds, false)
}
