import type { Expr } from '../../expr/expr.ts'
import { sameType, typeName } from '../../expr/types.ts'
import { below } from '../issues.ts'
import type { Reference } from '../plan.ts'
import type { TypedCheck, TypedColumn, TypedRows, TypedTable } from '../typed.ts'
import { typedColumn } from './columns.ts'
import type { Model, Sizes, TableModel } from './model.ts'
import { findTable, mergeSizes } from './model.ts'
import { allParts } from './parts.ts'
import type { Place } from './promises.ts'
import { landedColumn, typeBoolean, typePromise } from './promises.ts'
import { tablesBelow } from './row-spaces.ts'

/** A table with its keys, references, checks and promises typed; undefined when it has a mistake. */
export const typeTable = (model: Model, at: TableModel): TypedTable | undefined => {
  const { table, path, space } = at
  checkVirtual(model, at)
  const place: Place = { model, table: at, path }
  const key = keyOf(place)
  const references = table.references ?? []
  references.forEach((reference, i) =>
    checkReference({ ...place, path: below(path, 'references', i) }, reference),
  )
  const checks = (table.checks ?? []).map(({ name, that }, i) =>
    typeCheck({ ...place, path: below(path, 'checks', i) }, name, that),
  )
  const promises = (table.promises ?? []).map((promise, i) =>
    typePromise(model, at, { promise, path: below(path, 'promises', i) }),
  )
  const rows = typedRows(model, at)
  const identifying = new Set([...key, ...references.flatMap(({ columns }) => columns)])
  const columns = [...at.columns.values()].map((column) => widen(typedColumn(column), identifying))
  if (space === undefined || rows === undefined) return undefined
  return {
    name: table.name,
    landedName: table.as ?? table.name,
    description: table.description,
    virtual: table.virtual ?? false,
    rows,
    minKey: space.min,
    maxKey: space.max,
    sizes: rowSizes(model, at),
    fanOutSizes: fanOutSizes(model, at),
    columns: columns.filter((column) => column !== undefined),
    key,
    references,
    checks: checks.filter((check) => check !== undefined),
    promises: promises.filter((promise) => promise !== undefined),
    layout: table.layout ?? {},
  }
}

/** Keys and references land as 64 bits, so that both sides of a join agree. */
const widen = (
  column: TypedColumn | undefined,
  identifying: ReadonlySet<string>,
): TypedColumn | undefined =>
  column?.shape.type.kind === 'integer' && identifying.has(column.name)
    ? { ...column, long: true }
    : column

const checkVirtual = ({ issues }: Model, { table, path }: TableModel): void => {
  if (table.virtual !== true) return
  for (const part of ['checks', 'promises', 'references'] as const)
    if ((table[part] ?? []).length > 0)
      issues.report(below(path, part), `a virtual table never lands, so it cannot have ${part}`)
}

const keyOf = (place: Place): readonly string[] => {
  const { table } = place.table
  if (table.key === undefined)
    return table.columns
      .filter(({ expr, hidden }) => expr.kind === 'key' && hidden !== true)
      .map(({ name }) => name)
  table.key.forEach((name, i) => {
    const column = table.virtual === true ? undefined : landedColumn(place, name, 'key', i)
    if (column?.typed?.expr.shape.nullable === true)
      place.model.issues.report(below(place.path, 'key', i), `the key column ${name} may be null`)
  })
  return table.key
}

const checkReference = (place: Place, { columns, table, to }: Reference): void => {
  const { model, path } = place
  const target = findTable(model, table, below(path, 'table'))
  const own = columns.map((name, i) => landedColumn(place, name, 'columns', i))
  if (target === undefined) return
  if (target.table.virtual === true) {
    model.issues.report(
      below(path, 'table'),
      `${table} is virtual, so that no file can show its keys`,
    )
    return
  }
  const other = to.map((name, i) => landedColumn({ model, table: target, path }, name, 'to', i))
  if (own.length !== other.length) {
    model.issues.report(
      below(path, 'to'),
      `expected as many columns as refer to them, ${own.length}, not ${other.length}`,
    )
    return
  }
  own.forEach((column, i) => {
    const [from, onto] = [column?.typed?.expr.shape.type, other[i]?.typed?.expr.shape.type]
    if (from && onto && !sameType(from, onto))
      model.issues.report(
        below(path, 'to', i),
        `expected a column of type ${typeName(from)} as ${columns[i] ?? ''}, not ${typeName(onto)}`,
      )
  })
}

/** A check becomes a constraint of the Delta table, which sees the row's landed columns and nothing else. */
const typeCheck = (place: Place, name: string, that: Expr): TypedCheck | undefined => {
  if (!refersToLanded(place, that)) return undefined
  const typed = typeBoolean(place, that, 'that')
  return typed && { name, that: typed }
}

const CHECKABLE: ReadonlySet<string> = new Set([
  'literal',
  'let',
  'local',
  'column',
  'call',
  'case',
  'unreadable',
])

const refersToLanded = (place: Place, that: Expr): boolean => {
  const path = below(place.path, 'that')
  const { issues } = place.model
  const before = issues.count()
  for (const expr of allParts(that)) {
    if (!CHECKABLE.has(expr.kind))
      issues.report(
        path,
        `a check sees only columns of its row, not ${expr.kind}; make it a column`,
      )
    if (expr.kind === 'column') landedColumn({ ...place, path }, expr.name)
  }
  return issues.count() === before
}

const typedRows = (model: Model, { table, fanOut }: TableModel): TypedRows | undefined => {
  const { rows } = table
  switch (rows.kind) {
    case 'range':
      return { kind: 'range', count: model.tables.get(table.name)?.space?.count ?? 0 }
    case 'children':
      return fanOut && { ...rows, count: fanOut.expr }
    case 'cross':
      return {
        kind: 'cross',
        of: rows.of.map((dimension) => ({
          ...dimension,
          count: model.tables.get(dimension.table)?.space?.count ?? 0,
        })),
      }
    case 'union':
      return rows
  }
}

/** Sizes that decide which rows exist: of the key space, and of every fan-out on the way. */
const rowSizes = (model: Model, table: TableModel): Sizes =>
  mergeSizes(table.space?.sizes ?? [], fanOutSizes(model, table))

const fanOutSizes = (model: Model, table: TableModel): Sizes =>
  mergeSizes(...[...tablesBelow(model, table)].map(({ fanOut }) => fanOut?.sizes ?? []))
