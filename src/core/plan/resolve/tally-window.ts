import type { TypedExpr } from '../typed.ts'
import type { Model, TableModel } from './model.ts'
import { integerShape } from '../../expr/types.ts'

/** By how much an integer exceeds the key of a row's root, at least and at most. */
export interface Lags {
  readonly low: number
  readonly high: number
}

/** A row whose root, the row of a range table that it descends from, is a row of the table `root`. */
interface Descent {
  readonly root: string
  readonly row: TableModel
}

/**
 * How far an expression of a row lies above the key of the row's root, where that shows in how it is written: the
 * root's own key, carried through columns, or what is added to it. Nulls aside; undefined where it does not show.
 */
export const lagsOf = (model: Model, at: Descent, expr: TypedExpr): Lags | undefined => {
  switch (expr.kind) {
    case 'key':
      return at.row.table.name === at.root && at.row.table.rows.kind === 'range' ? NONE : undefined
    case 'column':
      return lagsOfColumn(model, at, expr.name)
    case 'parent':
      return lagsOfParent(model, at, expr)
    case 'let':
      return lagsOf(model, at, expr.in)
    case 'call':
      return expr.function === 'add' ? lagsOfSum(model, at, expr.args) : undefined
    case 'case':
      return hull(
        [...expr.branches.map(({ then }) => then), expr.else]
          .filter((each) => each.kind !== 'literal' || each.value !== null)
          .map((each) => lagsOf(model, at, each)),
      )
    case 'literal':
    case 'local':
    case 'ordinal':
    case 'lookup':
    case 'cell':
    case 'pick':
    case 'at':
    case 'draw':
    case 'sample':
    case 'fold':
    case 'keyOf':
    case 'tally':
      return undefined
  }
}

const NONE: Lags = { low: 0, high: 0 }

const lagsOfColumn = (model: Model, at: Descent, name: string): Lags | undefined => {
  const typed = at.row.columns.get(name)?.typed
  return typed && lagsOf(model, at, typed.expr)
}

const lagsOfParent = (
  model: Model,
  { root, row }: Descent,
  { table, column }: Extract<TypedExpr, { kind: 'parent' }>,
): Lags | undefined => {
  const { rows } = row.table
  const cross = rows.kind === 'cross' ? rows.of[0]?.table : undefined
  const base = rows.kind === 'children' ? rows.of : cross
  const parent = base === undefined || base !== table ? undefined : model.tables.get(base)
  if (parent === undefined) return undefined
  const at = { root, row: parent }
  return column === undefined
    ? lagsOf(model, at, { kind: 'key', shape: KEY })
    : lagsOfColumn(model, at, column)
}

const KEY = integerShape(1, 1)

const lagsOfSum = (model: Model, at: Descent, [a, b]: readonly TypedExpr[]): Lags | undefined => {
  if (a === undefined || b === undefined) return undefined
  const [left, right] = [lagsOf(model, at, a), lagsOf(model, at, b)]
  if (left !== undefined) return { low: left.low + b.shape.min, high: left.high + b.shape.max }
  return right && { low: right.low + a.shape.min, high: right.high + a.shape.max }
}

const hull = (all: readonly (Lags | undefined)[]): Lags | undefined => {
  const sound = all.filter((each) => each !== undefined)
  if (sound.length < all.length || sound.length === 0) return undefined
  return {
    low: Math.min(...sound.map(({ low }) => low)),
    high: Math.max(...sound.map(({ high }) => high)),
  }
}
