import type { Expr } from '../../expr/expr.ts'
import type { Shape } from '../../expr/types.ts'
import { sameType, typeName } from '../../expr/types.ts'
import { below } from '../issues.ts'
import { quote } from '../names.ts'
import type { TypedExpr } from '../typed.ts'
import type { Vocabulary, VocabularyColumn } from '../vocabulary.ts'
import type { Model, TableModel, Typed } from './model.ts'
import { findColumn, findTable, mergeSizes, reportUnknown } from './model.ts'
import { useVocabulary } from './quantities.ts'
import type { Scope } from './scope.ts'
import { inside, keyShape, report, shapeOfTexts, typedOf, typePart } from './scope.ts'
import { keyLimits } from './type-row.ts'
import { streamOf } from './type-draw.ts'

type Of<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>

/** The most children that `pick` chooses among: what one draw serves. */
export const MOST_PICKED = 1048576

/** A column of another table's row, or a cell of a vocabulary; null where the key is. */
export const typeLookup = (expr: Of<'lookup'>, scope: Scope): Typed | undefined => {
  const { model, path } = scope
  const isTable = model.tables.has(expr.table)
  const isVocabulary = model.vocabularies.has(expr.table)
  const key = typePart(scope, expr.key, 'key')
  if (isTable && isVocabulary)
    return report(scope, `${quote(expr.table)} names both a table and a vocabulary`)
  if (!isTable && !isVocabulary)
    return reportUnknown(model, below(path, 'table'), {
      what: 'table or vocabulary',
      name: expr.table,
      known: [...model.tables.keys(), ...model.vocabularies.keys()],
    })
  return isTable ? lookupRow(expr, key, scope) : lookupCell(expr, key, scope)
}

/** The key of a uniformly chosen child of a parent row, null when it has none. */
export const typePick = (expr: Of<'pick'>, scope: Scope): Typed | undefined => {
  const stream = streamOf(expr, scope)
  const child = childrenTable(scope, expr.table)
  const parent = typePart(scope, expr.parent, 'parent')
  if (child === undefined || parent === undefined || stream === undefined) return undefined
  if (child.capacity > MOST_PICKED)
    return report(
      scope,
      `pick chooses among at most ${MOST_PICKED} children, not ${child.capacity}`,
    )
  const { fanOut } = child.model
  const shape = keyShape(child.model)
  if (!isParent(parent, child.of, inside(scope, 'parent')) || !fanOut || !shape) return undefined
  return {
    expr: {
      kind: 'pick',
      table: expr.table,
      parent: parent.expr,
      stream,
      shape: { ...shape, nullable: fanOut.expr.shape.min <= 0 },
    },
    sizes: mergeSizes(parent.sizes, fanOut.sizes),
    limits: keyLimits(child.model, shape),
  }
}

/** The key of the last child that has begun at a time, null when none has. */
export const typeAt = (expr: Of<'at'>, scope: Scope): Typed | undefined => {
  const { model, path } = scope
  const child = childrenTable(scope, expr.table)
  const parent = typePart(scope, expr.parent, 'parent')
  const time = typePart(scope, expr.time, 'time')
  const from =
    child && findColumn(model, child.model, { name: expr.from, path: below(path, 'from') })?.typed
  if (child === undefined || parent === undefined || !time || !from) return undefined
  const { fanOut } = child.model
  const shape = keyShape(child.model)
  if (!isParent(parent, child.of, inside(scope, 'parent')) || !fanOut || !shape) return undefined
  const type = from.expr.shape.type
  if (
    !['date', 'timestamp', 'integer'].includes(type.kind) ||
    !sameType(type, time.expr.shape.type)
  )
    return report(
      scope,
      `expected from and time both dates, timestamps or integers, not ${typeName(type)} and ${typeName(time.expr.shape.type)}`,
    )
  return {
    expr: {
      kind: 'at',
      table: expr.table,
      parent: parent.expr,
      from: expr.from,
      time: time.expr,
      shape: { ...shape, nullable: true },
    },
    sizes: mergeSizes(parent.sizes, time.sizes, from.sizes, fanOut.sizes),
    limits: keyLimits(child.model, shape),
  }
}

/** A children table by name, with its parent and capacity; another kind of table is reported. */
export const childrenTable = (
  scope: Scope,
  name: string,
):
  | { readonly model: TableModel; readonly of: TableModel; readonly capacity: number }
  | undefined => {
  const model = findTable(scope.model, name, below(scope.path, 'table'))
  if (model === undefined) return undefined
  const { rows } = model.table
  if (rows.kind !== 'children')
    return report(scope, `expected a table of children; ${name} has rows of kind ${rows.kind}`)
  const of = scope.model.tables.get(rows.of)
  return of && { model, of, capacity: rows.capacity }
}

const lookupRow = (expr: Of<'lookup'>, key: Typed | undefined, scope: Scope): Typed | undefined => {
  const { model, path } = scope
  const table = findTable(model, expr.table, path)
  const column =
    table && findColumn(model, table, { name: expr.column, path: below(path, 'column') })
  if (key === undefined || table === undefined) return undefined
  if (!exists(key, table, inside(scope, 'key')) || column?.typed === undefined) return undefined
  const { shape } = column.typed.expr
  const nullable = shape.nullable || key.expr.shape.nullable
  return {
    expr: {
      kind: 'lookup',
      table: expr.table,
      key: key.expr,
      column: expr.column,
      shape: { ...shape, nullable },
    },
    sizes: mergeSizes(key.sizes, column.typed.sizes),
    limits: column.typed.limits,
  }
}

const lookupCell = (
  expr: Of<'lookup'>,
  index: Typed | undefined,
  scope: Scope,
): Typed | undefined => {
  const { model, path } = scope
  const vocabulary = useVocabulary(model, expr.table, below(path, 'table'))
  const cells = vocabulary && shapeOfCells(model, vocabulary, expr.column)
  if (vocabulary === undefined || index === undefined) return undefined
  if (cells === undefined)
    return reportUnknown(model, below(path, 'column'), {
      what: `column in the vocabulary ${expr.table} named`,
      name: expr.column,
      known: vocabulary.columns.map(({ name }) => name),
    })
  const { type, min, max, nullable } = index.expr.shape
  if (type.kind !== 'integer' || min < 0 || max >= vocabulary.rows)
    return report(
      inside(scope, 'key'),
      `expected a row number from 0 to ${vocabulary.rows - 1} of ${expr.table}, not ${typeName(type)} ${min}..${max}`,
    )
  return typedOf(
    {
      kind: 'cell',
      vocabulary: expr.table,
      column: expr.column,
      index: index.expr,
      shape: { ...cells, nullable },
    },
    [index],
  )
}

/** The shape of a column's cells, found once a plan. */
const shapeOfCells = (
  { cells }: Model,
  { columns }: Vocabulary,
  name: string,
): Shape | undefined => {
  const column = columns.find((each) => each.name === name)
  if (column === undefined) return undefined
  const shape = cells.get(column) ?? cellShape(column)
  cells.set(column, shape)
  return shape
}

const cellShape = (column: VocabularyColumn): Shape => {
  if (column.kind === 'string') return shapeOfTexts(column.values)
  const bounds = column.values.reduce(
    ({ min, max }, value) => ({ min: Math.min(min, value), max: Math.max(max, value) }),
    { min: Infinity, max: -Infinity },
  )
  return { type: { kind: 'integer' }, nullable: false, ...bounds, maxLength: 0, ascii: true }
}

/** Whether a key is one of the table's and never null. */
const isParent = (key: Typed, table: TableModel, scope: Scope): boolean => {
  if (!key.expr.shape.nullable) return exists(key, table, scope)
  const message = `the key of ${table.table.name} may be null here; guard it with a case over isNull`
  report(scope, message)
  return false
}

/**
 * Whether a key is proven to be one of the table's: it carries the table's name, lies among the keys of a range, or is
 * parent · capacity + k with k below the least number of children. Otherwise that is reported.
 */
export const exists = (key: Typed, table: TableModel, scope: Scope): boolean => {
  const { shape } = key.expr
  const { name } = table.table
  if (shape.keyOf === name || inRange(shape, table) || isEarlyChild(key.expr, table)) return true
  const { space } = table
  if (space === undefined) return false
  const found =
    shape.keyOf === undefined
      ? `${typeName(shape.type)} ${shape.min}..${shape.max}`
      : `a key of ${shape.keyOf}`
  const range = table.table.rows.kind === 'range' ? ` (1..${space.count})` : ''
  report(scope, `expected a key of ${name} that provably exists${range}, not ${found}`)
  return false
}

const inRange = ({ type, min, max }: Shape, { table, space }: TableModel): boolean =>
  table.rows.kind === 'range' &&
  space !== undefined &&
  type.kind === 'integer' &&
  min >= 1 &&
  max <= space.count

const isEarlyChild = (key: TypedExpr, { table, fanOut }: TableModel): boolean => {
  if (table.rows.kind !== 'children' || fanOut === undefined) return false
  const { of, capacity } = table.rows
  const isFirst = (expr: TypedExpr | undefined): boolean =>
    expr?.kind === 'call' &&
    expr.function === 'mul' &&
    expr.args.some((each) => each.shape.keyOf === of && !each.shape.nullable) &&
    expr.args.some((each) => each.kind === 'literal' && each.value === capacity)
  const least = fanOut.expr.shape.min
  const isEarly = (expr: TypedExpr | undefined): boolean =>
    expr !== undefined &&
    expr.shape.type.kind === 'integer' &&
    !expr.shape.nullable &&
    expr.shape.min >= 0 &&
    expr.shape.max < least
  if (least > 0 && isFirst(key)) return true
  if (key.kind !== 'call' || key.function !== 'add') return false
  const [a, b] = key.args
  return (isFirst(a) && isEarly(b)) || (isFirst(b) && isEarly(a))
}
