import { integerShape, type Shape, typeName } from '../../expr/types.ts'
import type { Path } from '../issues.ts'
import { below } from '../issues.ts'
import type { Column } from '../plan.ts'
import type { TypedColumn } from '../typed.ts'
import type { Item } from './dependencies.ts'
import { pathOf, typingOrder } from './dependencies.ts'
import type { ColumnModel, Limits, Model, TableModel, Typed } from './model.ts'
import { mergeSizes } from './model.ts'
import { resolveQuantity } from './quantities.ts'
import type { Scope } from './scope.ts'
import { makeStream } from './type-draw.ts'
import { nullOf } from './type-literal.ts'
import { typeExpr } from './typing.ts'

/** Types every column and fan-out, each after what it is computed from. */
export const typeColumns = (model: Model): void => {
  for (const item of typingOrder(model)) {
    if (item.column === undefined) item.table.fanOut = typeFanOut(model, item)
    else typeColumn(model, item.table, item.column)
  }
}

/** The scope of an expression at a table's own row; without a stream nothing may be drawn in it. */
export const scopeAt = (
  model: Model,
  row: TableModel,
  { path, stream, table = row.table.name }: { path: Path; stream?: string; table?: string },
): Scope => ({
  model,
  row,
  owner: { table, stream, draws: new Map() },
  path,
  locals: new Map(),
  facts: new Map(),
  type: typeExpr,
})

/** A column as every reading sees it; undefined when it has a mistake. */
export const typedColumn = ({ column, typed }: ColumnModel): TypedColumn | undefined => {
  if (typed === undefined) return undefined
  const shape = landedShape(typed)
  return {
    name: column.name,
    landedName: column.as ?? column.name,
    description: column.description,
    expr: typed.expr,
    shape,
    hidden: column.hidden ?? false,
    long: isLong(column, shape, typed.limits),
    sizes: typed.sizes,
  }
}

const typeFanOut = (model: Model, item: Item): Typed | undefined => {
  const { rows, name } = item.table.table
  const parent = rows.kind === 'children' ? model.tables.get(rows.of) : undefined
  if (rows.kind !== 'children' || parent === undefined) return undefined
  const scope = scopeAt(model, parent, { path: pathOf(item), stream: '?rows', table: name })
  const typed = typeExpr(rows.count, scope)
  if (typed === undefined) return undefined
  const { type, nullable, min, max } = typed.expr.shape
  if (type.kind === 'integer' && !nullable && min >= 0 && max <= rows.capacity) return typed
  const found = `${typeName(type)}${type.kind === 'integer' ? ` ${min}..${max}` : ''}`
  return model.issues.report(
    scope.path,
    `expected a number of children from 0 to the capacity ${rows.capacity} that is never null, not ${found}${nullable ? ' or null' : ''}`,
  )
}

const typeColumn = (model: Model, table: TableModel, at: ColumnModel): void => {
  const { column, path } = at
  const scope = scopeAt(model, table, { path: below(path, 'expr'), stream: column.name })
  at.plain = typeExpr(column.expr, scope)
  if (at.plain === undefined) return
  checkRange(model, at, at.plain.expr.shape)
  at.typed = withNulls(model, { table, at, plain: at.plain })
}

const checkRange = (model: Model, { column, path }: ColumnModel, shape: Shape): void => {
  if (column.range === undefined) return
  const at = below(path, 'range')
  const [low, high] = column.range
  if (shape.type.kind !== 'integer')
    model.issues.report(at, `only an integer column has a range, not ${typeName(shape.type)}`)
  else if (low > high) model.issues.report(at, `the range ${low}..${high} is empty`)
  else if (shape.min < low || shape.max > high)
    model.issues.report(at, `the values ${shape.min}..${shape.max} leave the range ${low}..${high}`)
}

interface Nulling {
  readonly table: TableModel
  readonly at: ColumnModel
  readonly plain: Typed
}

/** The column with its share of nulls, from a stream of their own. */
const withNulls = (model: Model, { table, at, plain }: Nulling): Typed | undefined => {
  const { column, path } = at
  if (column.nullRate === undefined) return plain
  const rate = resolveQuantity(model, column.nullRate, below(path, 'nullRate'))
  if (rate === undefined) return undefined
  if (rate.value < 0 || rate.value > 1)
    return model.issues.report(
      below(path, 'nullRate'),
      `expected a share from 0 to 1, not ${rate.value}`,
    )
  const threshold = Math.round(rate.value * 4294967296)
  if (threshold === 0) return plain
  const { shape } = plain.expr
  const stream = makeStream(model, { table: table.table.name, stream: `${column.name}?null` })
  const bits = { kind: 'draw', form: 'bits', stream, shape: integerShape(0, 4294967295) } as const
  const limit = {
    kind: 'literal',
    value: threshold,
    shape: integerShape(threshold, threshold),
  } as const
  const isNull = {
    kind: 'call',
    function: 'lt',
    args: [bits, limit],
    shape: { ...integerShape(0, 1), type: { kind: 'boolean' } },
  } as const
  return {
    expr: {
      kind: 'case',
      branches: [{ when: isNull, then: nullOf(shape).expr }],
      else: plain.expr,
      shape: { ...shape, nullable: true },
    },
    sizes: mergeSizes(plain.sizes, rate.sizes),
    limits: plain.limits,
  }
}

/** The shape with a decimal wide enough for whatever the sizes are. */
const landedShape = ({ expr: { shape }, limits }: Typed): Shape => {
  if (shape.type.kind !== 'decimal') return shape
  const digits = String(Math.max(Math.abs(limits.min), Math.abs(limits.max))).length
  const precision = Math.min(15, Math.max(shape.type.precision, digits))
  return { ...shape, type: { ...shape.type, precision } }
}

const isLong = ({ range }: Column, { type, keyOf }: Shape, limits: Limits): boolean => {
  switch (type.kind) {
    case 'integer': {
      const [min, max] = range ?? [limits.min, limits.max]
      return keyOf !== undefined || min < -2147483648 || max > 2147483647
    }
    case 'decimal':
      return type.precision > 9
    case 'timestamp':
      return true
    case 'string':
    case 'boolean':
    case 'date':
      return false
  }
}
