import type { Expr } from '../../expr/expr.ts'
import { sameType, typeName } from '../../expr/types.ts'
import type { CompiledLaw } from '../../random/compiled-law.ts'
import type { Path } from '../issues.ts'
import { below } from '../issues.ts'
import type { LedgerStep, PlanPromise } from '../plan.ts'
import type { TypedExpr, TypedPromise } from '../typed.ts'
import { scopeAt } from './columns.ts'
import type { ColumnModel, Model, TableModel } from './model.ts'
import { findColumn, reportUnknown } from './model.ts'
import { resolveLaw } from './quantities.ts'
import { baseNames } from './row-spaces.ts'

/** A promise with its expressions typed and its columns found; undefined when it has a mistake. */
export const typePromise = (
  model: Model,
  table: TableModel,
  { promise, path }: { readonly promise: PlanPromise; readonly path: Path },
): TypedPromise | undefined => {
  const at: Place = { model, table, path }
  switch (promise.kind) {
    case 'rate':
    case 'mean':
      return typeMeasured(at, promise)
    case 'distribution':
      return typeDistribution(at, promise)
    case 'unique':
      return typeUnique(at, promise)
    case 'disjoint':
      return typeDisjoint(at, promise)
    case 'independent':
      return typeIndependent(at, promise)
    case 'replay':
      return typeReplay(at, promise)
  }
}

/** Types an expression that must be a boolean; undefined in, undefined out. */
export const typeBoolean = (
  { model, table, path }: Place,
  expr: Expr | undefined,
  step: string,
): TypedExpr | undefined => {
  if (expr === undefined) return undefined
  const at = below(path, step)
  const scope = scopeAt(model, table, { path: at })
  const typed = scope.type(expr, scope)
  if (typed === undefined || typed.expr.shape.type.kind === 'boolean') return typed?.expr
  return model.issues.report(at, `expected a boolean, not ${typeName(typed.expr.shape.type)}`)
}

/** The column of that name; a missing or hidden one is reported, since files cannot show it. */
export const landedColumn = (
  { model, table, path }: Place,
  name: string,
  ...steps: readonly (string | number)[]
): ColumnModel | undefined => {
  const at = below(path, ...steps)
  const column = findColumn(model, table, { name, path: at })
  if (column?.column.hidden !== true) return column
  return model.issues.report(at, `the column ${name} is hidden, so that no file can show it`)
}

/** Where a declaration of a table stands. */
export interface Place {
  readonly model: Model
  readonly table: TableModel
  readonly path: Path
}

type Of<K extends PlanPromise['kind']> = Extract<PlanPromise, { readonly kind: K }>

const typeMeasured = (at: Place, promise: Of<'rate'> | Of<'mean'>): TypedPromise | undefined => {
  const { model, table, path } = at
  const { kind, name, asked, tolerance = 0 } = promise
  const among = typeBoolean(at, promise.among, 'among')
  const of = kind === 'rate' ? typeBoolean(at, promise.of, 'of') : typeNumber(at, promise.of)
  const unit = unitOf(at, promise.unit)
  if (kind === 'rate' && (asked < 0 || asked > 1))
    model.issues.report(below(path, 'asked'), `expected a rate from 0 to 1, not ${asked}`)
  if (of === undefined || (promise.among !== undefined && among === undefined)) return undefined
  return { kind, name, of, among, asked, tolerance, unit: unit ?? table.table.name }
}

const typeNumber = ({ model, table, path }: Place, expr: Expr): TypedExpr | undefined => {
  const at = below(path, 'of')
  const scope = scopeAt(model, table, { path: at })
  const typed = scope.type(expr, scope)
  if (typed === undefined) return undefined
  const { type } = typed.expr.shape
  if (type.kind === 'integer' || type.kind === 'decimal') return typed.expr
  return model.issues.report(at, `expected an integer or decimal, not ${typeName(type)}`)
}

/** The table whose rows a rate is counted on: this one or one that its rows are made of. */
const unitOf = ({ model, table, path }: Place, unit: string | undefined): string | undefined => {
  if (unit === undefined) return table.table.name
  const known = new Set([table.table.name])
  for (const name of known)
    for (const base of baseNames(model.tables.get(name)?.table.rows ?? EMPTY)) known.add(base)
  if (known.has(unit)) return unit
  return reportUnknown(model, below(path, 'unit'), { what: 'unit', name: unit, known })
}

const EMPTY = { kind: 'range', count: 0 } as const

const typeDistribution = (at: Place, promise: Of<'distribution'>): TypedPromise | undefined => {
  const { model, path } = at
  const { name, column: columnName, tolerance = 0 } = promise
  const column = landedColumn(at, columnName, 'column')
  const unit = unitOf(at, promise.unit)
  const law =
    promise.law === undefined
      ? ownLaw(column)
      : resolveLaw(model, promise.law, below(path, 'law'))?.value
  if (column?.typed === undefined) return undefined
  if (law === undefined)
    return promise.law === undefined
      ? model.issues.report(path, `expected a law, since ${columnName} is not a sample of one law`)
      : undefined
  const { type } = column.typed.expr.shape
  if ((law.words !== undefined) !== (type.kind === 'string'))
    return model.issues.report(path, `the law does not give values of type ${typeName(type)}`)
  return {
    kind: 'distribution',
    name,
    column: columnName,
    law,
    tolerance,
    unit: unit ?? at.table.table.name,
  }
}

const ownLaw = (column: ColumnModel | undefined): CompiledLaw | undefined => {
  const expr = column?.plain?.expr
  return expr?.kind === 'sample' && expr.laws.length === 1 ? expr.laws[0] : undefined
}

const typeUnique = (at: Place, promise: Of<'unique'>): TypedPromise | undefined => {
  const { name, columns } = promise
  const where = typeBoolean(at, promise.where, 'where')
  columns.forEach((column, i) => landedColumn(at, column, 'columns', i))
  return { kind: 'unique', name, columns, where }
}

const typeDisjoint = (at: Place, promise: Of<'disjoint'>): TypedPromise | undefined => {
  const { name, by, from, to } = promise
  const where = typeBoolean(at, promise.where, 'where')
  by.forEach((column, i) => landedColumn(at, column, 'by', i))
  const [start, end] = [from, to].map(
    (column, i) => landedColumn(at, column, i === 0 ? 'from' : 'to')?.typed?.expr.shape.type,
  )
  const ordered = start && ['date', 'timestamp', 'integer'].includes(start.kind)
  if (start && end && (!ordered || !sameType(start, end)))
    return at.model.issues.report(
      at.path,
      `expected from and to both dates, timestamps or integers, not ${typeName(start)} and ${typeName(end)}`,
    )
  return { kind: 'disjoint', name, by, from, to, where }
}

const typeIndependent = (at: Place, promise: Of<'independent'>): TypedPromise | undefined => {
  const { name, columns, below: limit } = promise
  columns.forEach((column, i) => landedColumn(at, column, 'columns', i))
  if (columns[0] === columns[1])
    return at.model.issues.report(below(at.path, 'columns'), 'expected two different columns')
  return { kind: 'independent', name, columns, below: limit }
}

const typeReplay = (at: Place, promise: Of<'replay'>): TypedPromise | undefined => {
  const { record, time, columns } = promise
  landedColumn(at, record, 'record')
  const when = landedColumn(at, time, 'time')?.typed?.expr.shape.type
  if (when !== undefined && when.kind !== 'timestamp')
    at.model.issues.report(below(at.path, 'time'), `expected a timestamp, not ${typeName(when)}`)
  columns.forEach((column, i) => landedColumn(at, column, 'columns', i))
  for (const [role, needed] of Object.entries(REPLAYED)) {
    const name = promise[role as keyof typeof REPLAYED]
    const table = at.model.tables.get(name)
    if (table === undefined) {
      const known = at.model.tables.keys()
      reportUnknown(at.model, below(at.path, role), { what: 'table', name, known })
      continue
    }
    for (const column of role === 'truth' ? [...needed, ...columns] : needed)
      landedColumn({ model: at.model, table, path: at.path }, column, role)
    if (role === 'ledger' && promise.steps !== undefined)
      landedColumn({ model: at.model, table, path: at.path }, 'operator', role)
  }
  promise.steps?.forEach((step, i) => checkStep(at, step, below(at.path, 'steps', i)))
  return promise
}

/** Every column that a step names is one of the table, and those that change land. */
const checkStep = ({ model, table }: Place, step: LedgerStep, path: Path): void => {
  const known = (name: string): unknown => findColumn(model, table, { name, path })
  ;[step.struck, ...step.draws].forEach(known)
  for (const { column, before, shows } of step.cells) {
    landedColumn({ model, table, path }, column, 'cells')
    ;[before, shows].forEach(known)
  }
  for (const { columns } of step.operators)
    columns
      .filter((name) => !step.cells.some(({ column }) => column === name))
      .forEach((name) => model.issues.report(path, `the step has no cell of the column ${name}`))
}

/** The columns that the tables of a replay must have. */
const REPLAYED = {
  ledger: ['source', 'record_id', 'step', 'column', 'true_value', 'emitted_value'],
  links: ['source', 'record_id', 'entity_id'],
  truth: ['entity_id', 'valid_from'],
} as const
