import { fail } from '../errors.ts'
import type { FunctionName } from '../expr/expr.ts'
import { FUNCTIONS } from '../expr/functions.ts'
import { type Shape, integerShape } from '../expr/types.ts'
import type { CountedRows, NodeId, Scope, ScopeId } from './graph.ts'
import type { GraphBuilder } from './graph-builder.ts'
import type { TypedExpr, TypedPlan, TypedTable } from './typed.ts'

/** What lowering one graph carries along; `lower` turns an expression at a row into a node of the row's scope. */
export interface Lowering {
  readonly plan: TypedPlan
  readonly builder: GraphBuilder
  /** Which member of the unions below the table this graph is for, as a number in mixed radix. */
  variant: number
  readonly rows: Map<string, Row>
  /** The dimensions' keys that a cross's key was made of, by table and node. */
  readonly crossKeys: Map<string, readonly NodeId[]>
  /** The parent and the number of a picked row, by table and node of its key. */
  readonly picked: Map<string, Picked>
  readonly tallies: Map<number, CountedRows>
  readonly lower: (expr: TypedExpr, context: Context) => NodeId
}

/** A child that was picked: its parent's row and its number among its siblings. */
export interface Picked {
  readonly parent: Row
  readonly ordinal: NodeId
}

/** One row in reach: where it lives, its key, and how to get at its parents. */
export interface Row {
  readonly lowering: Lowering
  readonly table: TypedTable
  readonly scope: ScopeId
  readonly key: NodeId
  readonly ordinal: () => NodeId
  readonly parent: (table: string | undefined) => Row
  readonly columns: Map<string, NodeId>
  /** Nodes of expressions at this row, where no locals are in reach. */
  readonly known: Map<TypedExpr, NodeId>
  readonly children: Map<string, Row>
  /** Of a union's row at a computed key: what it is if it shows a row of that member. */
  readonly members?: readonly { readonly number: number; readonly row: Row }[]
  /** Of an outer row seen from within: the row itself. */
  readonly seen?: Row
}

/** Where an expression stands: its row, and the locals in reach. */
export interface Context {
  readonly row: Row
  readonly locals: ReadonlyMap<string, NodeId>
}

/** How many graphs a table needs: one for each member of the unions it rests on. */
export const countVariants = (plan: TypedPlan, table: string): number => {
  const rows = tableOf(plan, table).rows
  switch (rows.kind) {
    case 'range':
    case 'cross':
      return 1
    case 'children':
      return countVariants(plan, rows.of)
    case 'union':
      return rows.of.reduce((sum, member) => sum + countVariants(plan, member.table), 0)
  }
}

/** A table that resolution has proven to exist. */
export const tableOf = (plan: TypedPlan, name: string): TypedTable =>
  plan.tables.get(name) ?? fail('internal', `table ${name} is not in the plan`)

/** The table's own rows, in scopes of their own. */
export const baseRow = (lowering: Lowering, name: string): Row => {
  const table = tableOf(lowering.plan, name)
  const rows = table.rows
  switch (rows.kind) {
    case 'range':
      return ownRow(lowering, { kind: 'range', table: name, count: rows.count }, noParent(name))
    case 'cross': {
      const scope: Scope = { kind: 'cross', table: name, of: rows.of }
      const row: Row = ownRow(lowering, scope, (dimension) => dimensionRow(row, dimension))
      return row
    }
    case 'children':
      return newChildRow(baseRow(lowering, rows.of), table)
    case 'union':
      return memberBaseRow(lowering, table)
  }
}

const memberBaseRow = (lowering: Lowering, table: TypedTable): Row => {
  if (table.rows.kind !== 'union') return fail('internal', `${table.name} is not a union`)
  for (const member of table.rows.of) {
    const variants = countVariants(lowering.plan, member.table)
    if (lowering.variant < variants)
      return unionRow(table, member.number, baseRow(lowering, member.table))
    lowering.variant -= variants
  }
  return fail('internal', `${table.name} has no such member`)
}

/** The row of a union that shows a member's row. */
const unionRow = (table: TypedTable, number: number, member: Row): Row => {
  if (table.rows.kind !== 'union') return fail('internal', `${table.name} is not a union`)
  const { lowering, scope } = member
  const scaled = call(lowering, 'mul', [member.key, integer(lowering, scope, table.rows.capacity)])
  const key = call(lowering, 'add', [scaled, integer(lowering, scope, number)])
  return makeRow(lowering, table, {
    scope,
    key,
    ordinal: () => integer(lowering, scope, number),
    parent: () => member,
  })
}

type RowParts = Pick<Row, 'scope' | 'key' | 'ordinal' | 'parent'>

const makeRow = (lowering: Lowering, table: TypedTable, parts: RowParts): Row => ({
  lowering,
  table,
  ...parts,
  columns: new Map(),
  known: new Map(),
  children: new Map(),
})

const ownRow = (lowering: Lowering, shape: Scope, parent: Row['parent']): Row => {
  const { builder } = lowering
  const table = tableOf(lowering.plan, shape.table)
  const scope = builder.scope(shape)
  const bounds = integerShape(table.minKey, Math.max(table.minKey, table.maxKey))
  const siblings = shape.kind === 'children' ? shape.capacity - 1 : table.maxKey
  return makeRow(lowering, table, {
    scope,
    key: builder.node({ op: 'key', scope, shape: { ...bounds, keyOf: table.name } }),
    ordinal: () =>
      builder.node({ op: 'ordinal', scope, shape: integerShape(0, Math.max(0, siblings)) }),
    parent,
  })
}

/** The children of a row in a table, for folds over them; asked twice, the same scope. */
export const childRow = (parent: Row, table: TypedTable): Row => {
  const row = parent.children.get(table.name) ?? newChildRow(parent, table)
  parent.children.set(table.name, row)
  return row
}

const newChildRow = (parent: Row, table: TypedTable): Row => {
  const { rows } = table
  if (rows.kind !== 'children') return fail('internal', `${table.name} has no parent`)
  const scope: Scope = {
    kind: 'children',
    table: table.name,
    outer: parent.scope,
    parentKey: parent.key,
    count: lowerAt(parent, rows.count),
    capacity: rows.capacity,
  }
  return ownRow(parent.lowering, scope, () => parent)
}

/** The row of a table at a computed key, in the same scope as the key. */
export const rowAt = (lowering: Lowering, name: string, key: NodeId): Row => {
  const id = `${name}@${key}`
  const known = lowering.rows.get(id)
  if (known !== undefined) return known
  const table = tableOf(lowering.plan, name)
  const parts: RowParts = {
    scope: scopeOf(lowering, key),
    key,
    ordinal: () => ordinalAt(row),
    parent: (dimension) => parentAt(row, dimension),
  }
  const row: Row = { ...makeRow(lowering, table, parts), ...membersAt(lowering, table, key) }
  lowering.rows.set(id, row)
  return row
}

/** A row of an outer scope as one of an inner: its values are carried in, not made again. */
export const seenFrom = (row: Row, scope: ScopeId): Row => {
  if (row.scope === scope) return row
  const { lowering, table } = row
  const parts: RowParts = {
    scope,
    key: carry(lowering, row.key, scope),
    ordinal: () => carry(lowering, row.ordinal(), scope),
    parent: (dimension) => seenFrom(row.parent(dimension), scope),
  }
  return { ...makeRow(lowering, table, parts), seen: row }
}

/** Of a union's row at a computed key, the row that each member would show there. */
const membersAt = (lowering: Lowering, table: TypedTable, key: NodeId): Pick<Row, 'members'> => {
  const { rows } = table
  if (rows.kind !== 'union') return {}
  const memberKey = call(lowering, 'div', [
    key,
    integer(lowering, scopeOf(lowering, key), rows.capacity),
  ])
  const members = rows.of.map(({ number, table: name }) => ({
    number,
    row: unionRow(table, number, rowAt(lowering, name, memberKey)),
  }))
  return { members }
}

const ordinalAt = (row: Row): NodeId => {
  const { lowering, table, key, scope } = row
  const { rows } = table
  switch (rows.kind) {
    case 'range':
      return call(lowering, 'sub', [key, integer(lowering, scope, 1)])
    case 'children':
      return (
        lowering.picked.get(`${table.name}@${key}`)?.ordinal ??
        call(lowering, 'mod', [key, integer(lowering, scope, rows.capacity)])
      )
    case 'cross':
      return rows.of.reduce(
        (ordinal, dimension) => {
          const own = ordinalAt(dimensionRow(row, dimension.table))
          return call(lowering, 'add', [
            call(lowering, 'mul', [ordinal, integer(lowering, scope, dimension.count)]),
            own,
          ])
        },
        integer(lowering, scope, 0),
      )
    case 'union':
      return call(lowering, 'mod', [key, integer(lowering, scope, rows.capacity)])
  }
}

const parentAt = (row: Row, dimension: string | undefined): Row => {
  const { lowering, table, key, scope } = row
  const { rows } = table
  switch (rows.kind) {
    case 'children':
      return (
        lowering.picked.get(`${table.name}@${key}`)?.parent ??
        rowAt(
          lowering,
          rows.of,
          call(lowering, 'div', [key, integer(lowering, scope, rows.capacity)]),
        )
      )
    case 'cross':
      return dimensionRow(row, dimension)
    case 'range':
    case 'union':
      return fail('internal', `${table.name} has no single parent`)
  }
}

const noParent = (name: string) => (): Row => fail('internal', `${name} has no parent`)

const dimensionRow = (row: Row, dimension: string | undefined): Row => {
  const { lowering, table, key, scope } = row
  if (table.rows.kind !== 'cross') return fail('internal', `${table.name} is not a cross`)
  const at = table.rows.of.findIndex((each) => each.table === dimension)
  const part = lowering.crossKeys.get(`${table.name}@${key}`)?.[at]
  if (part !== undefined) return rowAt(lowering, dimension ?? '', part)
  const radix = table.rows.of.slice(at + 1).reduce((product, each) => product * each.capacity, 1)
  const shifted = radix === 1 ? key : call(lowering, 'div', [key, integer(lowering, scope, radix)])
  const capacity = table.rows.of[at]!.capacity
  const own =
    at === 0 ? shifted : call(lowering, 'mod', [shifted, integer(lowering, scope, capacity)])
  return rowAt(lowering, dimension ?? '', own)
}

/** The node of a column at a row, in the row's own scope. */
export const columnOf = (row: Row, name: string): NodeId => {
  const known = row.columns.get(name)
  if (known !== undefined) return known
  const column = row.table.columns.find((each) => each.name === name)
  if (column === undefined) return fail('internal', `${row.table.name} has no column ${name}`)
  const node = lowerAt(row, column.expr)
  row.columns.set(name, node)
  return node
}

/** The node of an expression of a row's table, in the row's scope; of a union's row at a computed key, by its member. */
export const lowerAt = (row: Row, expr: TypedExpr): NodeId => {
  const { lowering, scope, members, seen } = row
  if (seen !== undefined) return carry(lowering, lowerAt(seen, expr), scope)
  if (members === undefined) return lowering.lower(expr, { row, locals: new Map() })
  const number = ordinalAt(row)
  const conditions = members
    .slice(0, -1)
    .map((member) => call(lowering, 'eq', [number, integer(lowering, scope, member.number)]))
  const results = members.map((member) => lowerAt(member.row, expr))
  return choice(row, { conditions, results, shape: expr.shape })
}

/** A node's value seen from an inner scope: at the parent, or the parent's parent, of each row there. */
export const carry = (lowering: Lowering, node: NodeId, scope: ScopeId): NodeId => {
  const from = lowering.builder.nodes[node]
  if (from === undefined) return fail('internal', `no node ${node}`)
  if (from.scope === scope) return node
  const inner = lowering.builder.scopes[scope]
  if (inner?.kind !== 'children') return fail('internal', `node ${node} is out of reach`)
  const near = carry(lowering, node, inner.outer)
  if (from.op === 'constant') return lowering.builder.node({ ...from, scope })
  return lowering.builder.node({ op: 'outer', scope, shape: from.shape, node: near })
}

/** Conditions and results of a case; one more result than conditions. */
export interface Choice {
  readonly conditions: readonly NodeId[]
  readonly results: readonly NodeId[]
  readonly shape: Shape
}

/** The first result whose condition holds, else the last. */
export const choice = (row: Row, { conditions, results, shape }: Choice): NodeId =>
  results.length === 1
    ? results[0]!
    : row.lowering.builder.node({ op: 'case', scope: row.scope, shape, conditions, results })

/** A call whose shape follows from its arguments. */
export const call = (lowering: Lowering, name: FunctionName, args: readonly NodeId[]): NodeId => {
  const shapes = args.map((each) => shapeOf(lowering, each))
  const shape = FUNCTIONS[name].infer(shapes, undefined)
  if (typeof shape === 'string') return fail('internal', `cannot apply ${name}: ${shape}`)
  return lowering.builder.node({
    op: 'call',
    scope: scopeOf(lowering, args[0]!),
    shape,
    function: name,
    args,
  })
}

/** An integer constant. */
export const integer = (lowering: Lowering, scope: ScopeId, value: number): NodeId =>
  lowering.builder.node({ op: 'constant', scope, shape: integerShape(value, value), value })

/** What is known of a node. */
export const shapeOf = (lowering: Lowering, node: NodeId): Shape =>
  lowering.builder.nodes[node]?.shape ?? fail('internal', `no node ${node}`)

const scopeOf = (lowering: Lowering, node: NodeId): ScopeId =>
  lowering.builder.nodes[node]?.scope ?? fail('internal', `no node ${node}`)
