import { fail } from '../errors.ts'
import type { CountedRows, NodeId, Output, RowGraph } from './graph.ts'
import { createGraph } from './graph-builder.ts'
import {
  baseRow,
  call,
  carry,
  childRow,
  choice,
  columnOf,
  type Context,
  countVariants,
  integer,
  lowerAt,
  type Lowering,
  type Row,
  rowAt,
  seenFrom,
  shapeOf,
  tableOf,
} from './lower-rows.ts'
import type { Tally, TypedExpr, TypedPlan } from './typed.ts'
import { integerShape } from '../expr/types.ts'

/** A value wanted of every row of a table: a column, a check, or a promise's expression. */
export interface Wanted {
  readonly name: string
  readonly expr: TypedExpr
}

/**
 * The rows of a table with the wanted values as graphs: one, or for tables that rest on a union one for each member.
 * Lookups and parents of looked-up rows are recomputed from their keys, so a graph never refers to another table's rows.
 */
export const lowerTable = (
  plan: TypedPlan,
  table: string,
  wanted: readonly Wanted[],
): readonly RowGraph[] =>
  Array.from({ length: countVariants(plan, table) }, (_, variant) =>
    lowerVariant(plan, { table, variant }, wanted),
  )

/** The graph of one of a table's variants. */
export const lowerVariant = (
  plan: TypedPlan,
  { table, variant }: { readonly table: string; readonly variant: number },
  wanted: readonly Wanted[],
): RowGraph => {
  const builder = createGraph()
  const lowering: Lowering = {
    plan,
    builder,
    variant,
    rows: new Map(),
    crossKeys: new Map(),
    picked: new Map(),
    tallies: new Map(),
    lower: lowerExpr,
  }
  const row = baseRow(lowering, table)
  const outputs: Output[] = wanted.map(({ name, expr }) => ({
    name,
    node: lowerExpr(expr, { row, locals: new Map() }),
  }))
  return {
    table,
    scopes: builder.scopes,
    nodes: builder.nodes,
    rows: row.scope,
    key: row.key,
    outputs,
    tallies: lowering.tallies,
  }
}

/** The rows that a tally counts, as graphs of their own. */
const lowerCounted = (plan: TypedPlan, tally: Tally): CountedRows => {
  const { key, value, where } = tally
  const wanted = Object.entries({ key, value, where }).flatMap(([name, expr]) =>
    expr === undefined ? [] : [{ name, expr }],
  )
  return { tally, graphs: lowerTable(plan, tally.table, wanted) }
}

const lowerTally = ({ tally, shape }: Kind<'tally'>, row: Row): NodeId => {
  const { plan, builder, tallies } = row.lowering
  if (!tallies.has(tally.number)) tallies.set(tally.number, lowerCounted(plan, tally))
  const { scope, key } = row
  return builder.node({ op: 'tally', scope, shape, tally, key, ordinal: row.ordinal() })
}

/** The node of an expression at a row, in the row's scope. */
const lowerExpr = (expr: TypedExpr, context: Context): NodeId => {
  const { row, locals } = context
  if (locals.size > 0) return lowerNew(expr, context)
  const known = row.known.get(expr)
  if (known !== undefined) return known
  const node = lowerNew(expr, context)
  row.known.set(expr, node)
  return node
}

const lowerNew = (expr: TypedExpr, context: Context): NodeId => {
  const { row, locals } = context
  const { lowering, scope } = row
  const { builder } = lowering
  const { shape } = expr
  const lower = (each: TypedExpr): NodeId => lowerExpr(each, context)
  switch (expr.kind) {
    case 'literal':
      return builder.node({ op: 'constant', scope, shape, value: expr.value })
    case 'let':
      return lowerExpr(expr.in, {
        row,
        locals: new Map([...locals, [expr.name, lower(expr.value)]]),
      })
    case 'local':
      return carry(
        lowering,
        locals.get(expr.name) ?? fail('internal', `no local ${expr.name}`),
        scope,
      )
    case 'key':
      return row.key
    case 'ordinal':
      return row.ordinal()
    case 'column':
      return columnOf(row, expr.name)
    case 'parent':
      return lowerParent(row, expr.table, expr.column)
    case 'lookup':
      return lowerLookup(expr, context)
    case 'cell':
      return builder.node({
        op: 'cell',
        scope,
        shape,
        vocabulary: expr.vocabulary,
        column: expr.column,
        index: lower(expr.index),
      })
    case 'pick':
      return lowerPick(expr, context)
    case 'at':
      return lowerEpoch(expr, context)
    case 'draw':
      return builder.node({
        op: 'draw',
        scope,
        shape,
        stream: expr.stream,
        form: expr.form,
        key: row.key,
      })
    case 'sample':
      return builder.node({
        op: 'sample',
        scope,
        shape,
        laws: expr.laws,
        given: expr.given === undefined ? undefined : lower(expr.given),
        stream: expr.stream,
        key: row.key,
      })
    case 'call':
      return builder.node({
        op: 'call',
        scope,
        shape,
        function: expr.function,
        args: expr.args.map(lower),
      })
    case 'case':
      return choice(row, {
        conditions: expr.branches.map((branch) => lower(branch.when)),
        results: [...expr.branches.map((branch) => lower(branch.then)), lower(expr.else)],
        shape,
      })
    case 'fold':
      return lowerFold(expr, context)
    case 'keyOf':
      return lowerKeyOf(expr, context)
    case 'tally':
      return lowerTally(expr, row)
  }
}

type Kind<K extends TypedExpr['kind']> = Extract<TypedExpr, { readonly kind: K }>

const lowerParent = (row: Row, table: string | undefined, column: string | undefined): NodeId => {
  const parent = row.parent(table)
  return carry(
    row.lowering,
    column === undefined ? parent.key : columnOf(parent, column),
    row.scope,
  )
}

/** A column of another row; null where the key is. */
const lowerLookup = (expr: Kind<'lookup'>, { row, locals }: Context): NodeId => {
  const { builder } = row.lowering
  const key = lowerExpr(expr.key, { row, locals })
  const value = columnOf(rowAt(row.lowering, expr.table, key), expr.column)
  if (!expr.key.shape.nullable) return value
  const none = builder.node({ op: 'constant', scope: row.scope, shape: expr.shape, value: null })
  return choice(row, {
    conditions: [call(row.lowering, 'isNull', [key])],
    results: [none, value],
    shape: expr.shape,
  })
}

/** The mixed-radix key, noted so that a look-up at it finds the dimensions' keys without taking it apart. */
const lowerKeyOf = (expr: Kind<'keyOf'>, context: Context): NodeId => {
  const { lowering, scope } = context.row
  const { rows } = tableOf(lowering.plan, expr.table)
  if (rows.kind !== 'cross') return fail('internal', `${expr.table} is not a cross`)
  const keys = expr.of.map((each) => lowerExpr(each, context))
  const key = keys.reduce((all, each, i) => {
    const capacity = integer(lowering, scope, rows.of[i]?.capacity ?? 1)
    return call(lowering, 'add', [call(lowering, 'mul', [all, capacity]), each])
  })
  lowering.crossKeys.set(`${expr.table}@${key}`, keys)
  return key
}

/** parent·capacity + uniform(count), null when the parent has no child. */
const lowerPick = (expr: Kind<'pick'>, { row, locals }: Context): NodeId => {
  const { lowering, scope } = row
  const table = tableOf(lowering.plan, expr.table)
  const { rows } = table
  if (rows.kind !== 'children') return fail('internal', `${expr.table} has no parent`)
  // A row's own parent is there already.
  const parent =
    expr.parent.kind === 'parent' && expr.parent.column === undefined
      ? seenFrom(row.parent(expr.parent.table), scope)
      : rowAt(lowering, rows.of, lowerExpr(expr.parent, { row, locals }))
  const count = lowerAt(parent, rows.count)
  const bits = lowering.builder.node({
    op: 'draw',
    scope,
    shape: integerShape(0, 4294967295),
    stream: expr.stream,
    form: 'bits',
    key: row.key,
  })
  const first = call(lowering, 'mul', [parent.key, integer(lowering, scope, rows.capacity)])
  const ordinal = call(lowering, 'scaleDraw', [bits, count])
  const key = call(lowering, 'add', [first, ordinal])
  lowering.picked.set(`${expr.table}@${key}`, { parent, ordinal })
  if (shapeOf(lowering, count).min > 0) return key
  const exists = call(lowering, 'gt', [count, integer(lowering, scope, 0)])
  const none = lowering.builder.node({ op: 'constant', scope, shape: expr.shape, value: null })
  return choice(row, { conditions: [exists], results: [key, none], shape: expr.shape })
}

/** The largest key among the children that have begun by then. */
const lowerEpoch = (expr: Kind<'at'>, { row, locals }: Context): NodeId => {
  const { lowering, scope } = row
  const table = tableOf(lowering.plan, expr.table)
  const { rows } = table
  if (rows.kind !== 'children') return fail('internal', `${expr.table} has no parent`)
  const time = lowerExpr(expr.time, { row, locals })
  const child = childRow(rowAt(lowering, rows.of, lowerExpr(expr.parent, { row, locals })), table)
  const begun = call(lowering, 'le', [
    columnOf(child, expr.from),
    carry(lowering, time, child.scope),
  ])
  return lowering.builder.node({
    op: 'fold',
    scope,
    shape: expr.shape,
    operation: 'max',
    over: child.scope,
    value: child.key,
    where: begun,
  })
}

const lowerFold = (expr: Kind<'fold'>, { row }: Context): NodeId => {
  const { lowering, scope } = row
  const table = tableOf(lowering.plan, expr.table)
  if (isWholeCount(expr) && table.rows.kind === 'children')
    return lowerExpr(table.rows.count, { row, locals: new Map() })
  const child = childRow(row, table)
  const inner = (each: TypedExpr | undefined): NodeId | undefined =>
    each === undefined ? undefined : lowerExpr(each, { row: child, locals: new Map() })
  return lowering.builder.node({
    op: 'fold',
    scope,
    shape: expr.shape,
    operation: expr.operation,
    over: child.scope,
    value: inner(expr.value),
    where: inner(expr.where),
  })
}

/** Counting all children needs none of them: it is their fan-out. */
const isWholeCount = ({ operation, value, where }: Kind<'fold'>): boolean =>
  operation === 'count' && value === undefined && where === undefined
