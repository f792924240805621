import type { Expr } from '../../expr/expr.ts'
import { crossKey } from '../cross-key.ts'
import { below } from '../issues.ts'
import { quote } from '../names.ts'
import type { RowSpace } from '../plan.ts'
import type { TypedExpr } from '../typed.ts'
import type { TableModel, Typed } from './model.ts'
import { findTable } from './model.ts'
import type { Scope } from './scope.ts'
import { inside, report, typedOf, typePart } from './scope.ts'
import { exists } from './type-elsewhere.ts'
import { keyLimits } from './type-row.ts'
import { integerShape } from '../../expr/types.ts'

type Of<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>

/** A cross by name; another kind of table is reported. */
export interface Cross {
  readonly model: TableModel
  readonly of: Extract<RowSpace, { readonly kind: 'cross' }>['of']
}

/** The key of a cross at keys of its dimensions, each of which provably exists; null where one of them is. */
export const typeKeyOf = (expr: Of<'keyOf'>, scope: Scope): Typed | undefined => {
  const parts = expr.of.map((each, i) => typePart(scope, each, 'of', i))
  const table = findTable(scope.model, expr.table, below(scope.path, 'table'))
  const cross = table && crossOf(table, inside(scope, 'table'))
  const sound = parts.filter((part) => part !== undefined)
  if (cross === undefined || sound.length < parts.length) return undefined
  if (!isWhole(cross, sound.length, inside(scope, 'of'))) return undefined
  const exist = cross.of.map(({ table: name }, i) => {
    const dimension = scope.model.tables.get(name)
    const part = sound[i]
    return dimension && part && exists(part, dimension, inside(scope, 'of', i))
  })
  if (exist.includes(false)) return undefined
  const typed = keyNode(cross, sound)
  return { ...typed, limits: keyLimits(cross.model, typed.expr.shape) }
}

/** The table as a cross; another kind is reported. */
export const crossOf = (model: TableModel, scope: Scope): Cross | undefined => {
  const { rows, name } = model.table
  if (rows.kind === 'cross') return { model, of: rows.of }
  return report(scope, `expected a cross; ${name} has rows of kind ${rows.kind}`)
}

/** Whether there is a key for each dimension. */
export const isWhole = ({ model, of }: Cross, count: number, scope: Scope): boolean => {
  if (count === of.length) return true
  const names = of.map(({ table }) => table).join(', ')
  report(
    scope,
    `expected the keys of the ${of.length} dimensions of ${quote(model.table.name)}, ${names}, not ${count}`,
  )
  return false
}

/** The mixed-radix key at keys of the dimensions. */
export const keyNode = ({ model, of }: Cross, keys: readonly Typed[]): Typed => {
  const shapes = keys.map(({ expr }) => expr.shape)
  const shape = {
    ...integerShape(
      crossKey(
        of,
        shapes.map(({ min }) => min),
      ),
      crossKey(
        of,
        shapes.map(({ max }) => max),
      ),
    ),
    nullable: shapes.some(({ nullable }) => nullable),
    keyOf: model.table.name,
  }
  const table = model.table.name
  const expr: TypedExpr = { kind: 'keyOf', table, of: keys.map((key) => key.expr), shape }
  return typedOf(expr, keys)
}
