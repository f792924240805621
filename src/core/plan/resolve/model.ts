import { MICROS_PER_DAY, parseDate, parseTimestamp } from '../../expr/civil.ts'
import type { Expr } from '../../expr/expr.ts'
import type { Shape } from '../../expr/types.ts'
import type { CompiledLaw } from '../../random/compiled-law.ts'
import { isLakewrightError } from '../../errors.ts'
import type { Issues, Path } from '../issues.ts'
import { below, suggest } from '../issues.ts'
import { quote } from '../names.ts'
import type { Column, Parameter, Plan, Table } from '../plan.ts'
import type { TypedExpr } from '../typed.ts'
import type { Vocabulary, VocabularyColumn } from '../vocabulary.ts'
import type { Identities } from './identity.ts'
import { createIdentities } from './identity.ts'

/** Names of size parameters, sorted, without repeats. */
export type Sizes = readonly string[]

/** Bounds of physical values, and of a string's length. */
export type Limits = Pick<Shape, 'min' | 'max' | 'maxLength'>

/**
 * A typed expression with the size parameters its value depends on, and the limits that its values keep whatever the
 * sizes are: what lands follows from them, so that it stays when a size is raised.
 */
export interface Typed {
  readonly expr: TypedExpr
  readonly sizes: Sizes
  readonly limits: Limits
  /** Of a call, its arguments, which guards are made of. */
  readonly args?: readonly Typed[]
}

/** A column while the plan is resolved; `typed` and `plain` (before nulls) come in dependency order, or stay away. */
export interface ColumnModel {
  readonly column: Column
  readonly path: Path
  typed: Typed | undefined
  plain: Typed | undefined
}

/** What is known of a table's keys: their bounds, and the sizes that the bounds depend on. */
export interface KeySpace {
  readonly min: number
  readonly max: number
  readonly sizes: Sizes
  /** Rows of a range table, 0 for others. */
  readonly count: number
}

/** A table while the plan is resolved. */
export interface TableModel {
  readonly table: Table
  readonly path: Path
  readonly columns: ReadonlyMap<string, ColumnModel>
  space: KeySpace | undefined
  fanOut: Typed | undefined
  /** Expressions at a row of the table, typed; those whose type depends on the row alone. */
  readonly typed: Map<Expr, Typed>
}

/** A plan while it is resolved. */
export interface Model {
  readonly plan: Plan
  readonly issues: Issues
  /** Whether a name may be missing only because what it names could not be read. */
  readonly lost: (name: string) => boolean
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
  readonly usedVocabularies: Set<string>
  readonly parameters: ReadonlyMap<string, Parameter>
  /** The anchors in microseconds since 1970. */
  readonly anchors: ReadonlyMap<string, number>
  readonly tables: ReadonlyMap<string, TableModel>
  readonly identities: Identities
  readonly laws: Map<string, CompiledLaw | undefined>
  /** The parts at the same row of expressions that mean the same in every column of a table; undefined for others. */
  readonly parts: Map<Expr, ReadonlySet<Expr> | undefined>
  /** Shapes of vocabularies' cells found so far. */
  readonly cells: Map<VocabularyColumn, Shape>
  readonly sha256: (text: string) => string
}

/**
 * What a model is made of besides the plan; `input` is the JSON that the plan was read from, `sha256` gives lower-case
 * hex.
 */
export interface ModelInputs extends Pick<Model, 'sha256'> {
  readonly input: unknown
  readonly issues: Issues
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
}

/** A model of a plan that nothing is known of yet; of names that stand twice the first counts. */
export const createModel = (
  plan: Plan,
  { input, issues, vocabularies, sha256 }: ModelInputs,
): Model => ({
  plan,
  issues,
  lost: issues.count() > 0 ? namesIn(input) : () => false,
  vocabularies,
  usedVocabularies: new Set(),
  parameters: new Map(Object.entries(plan.parameters ?? {})),
  anchors: readAnchors(plan, issues),
  tables: firstByName(
    plan.tables.map((table, i) => tableModel(table, below(undefined, 'tables', i))),
    ({ table }) => table.name,
  ),
  identities: createIdentities(),
  laws: new Map(),
  parts: new Map(),
  cells: new Map(),
  sha256,
})

/** The sizes of several parts together. */
export const mergeSizes = (...parts: readonly Sizes[]): Sizes => {
  const some = parts.filter((each) => each.length > 0)
  if (some.length < 2) return some[0] ?? []
  return [...new Set(some.flat())].toSorted()
}

/** Reports a name that does not exist; silent when what it names may have been unreadable. */
export const reportUnknown = (
  model: Model,
  path: Path,
  {
    what,
    name,
    known,
  }: { readonly what: string; readonly name: string; readonly known: Iterable<string> },
): undefined => {
  if (model.lost(name)) return undefined
  return model.issues.report(
    path,
    `there is no ${what} ${quote(name)}${suggest(model.issues, name, known)}`,
  )
}

/** The table of that name; a missing one is reported. */
export const findTable = (model: Model, name: string, path: Path): TableModel | undefined =>
  model.tables.get(name) ??
  reportUnknown(model, path, { what: 'table', name, known: model.tables.keys() })

/** The column of that name of a table; a missing one is reported. */
export const findColumn = (
  model: Model,
  { table, columns }: TableModel,
  { name, path }: { readonly name: string; readonly path: Path },
): ColumnModel | undefined =>
  columns.get(name) ??
  reportUnknown(model, path, { what: `column of ${table.name} named`, name, known: columns.keys() })

/** Runs something that may throw a mistake of the plan, and reports it at a place. */
export const reporting = <T>(issues: Issues, path: Path, run: () => T): T | undefined => {
  try {
    return run()
  } catch (error) {
    if (!isLakewrightError(error) || error.code === 'internal') throw error
    const hint = error.hint === undefined ? '' : ` (${error.hint})`
    return issues.report(path, `${error.message}${hint}`)
  }
}

/** The names of all tables, columns and parameters of JSON that may be no plan; any name where one cannot be read. */
const namesIn = (input: unknown): ((name: string) => boolean) => {
  const tables = listIn(input, 'tables')
  const columns = tables.flatMap((table) => listIn(table, 'columns'))
  const names = [...tables, ...columns].map((item) => valueIn(item, 'name'))
  const known = new Set([...names, ...Object.keys(valueIn(input, 'parameters') ?? {})])
  const isAny = !names.every((name) => typeof name === 'string')
  return (name) => isAny || known.has(name)
}

const valueIn = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined

const listIn = (value: unknown, key: string): readonly unknown[] => {
  const list = valueIn(value, key)
  return Array.isArray(list) ? list : []
}

const tableModel = (table: Table, path: Path): TableModel => ({
  table,
  path,
  columns: firstByName(
    table.columns.map((column, i) => ({
      column,
      path: below(path, 'columns', i),
      typed: undefined,
      plain: undefined,
    })),
    ({ column }) => column.name,
  ),
  space: undefined,
  fanOut: undefined,
  typed: new Map(),
})

const firstByName = <T>(
  items: readonly T[],
  nameOf: (item: T) => string,
): ReadonlyMap<string, T> => {
  const byName = new Map<string, T>()
  for (const item of items) if (!byName.has(nameOf(item))) byName.set(nameOf(item), item)
  return byName
}

const readAnchors = (plan: Plan, issues: Issues): ReadonlyMap<string, number> => {
  const anchors = new Map<string, number>()
  for (const name of ['start', 'asOf'] as const) {
    const text = plan[name]
    if (text === undefined) continue
    const micros = reporting(issues, below(undefined, name), () => parseInstant(text))
    if (micros !== undefined) anchors.set(name, micros)
  }
  const [start, asOf] = [anchors.get('start'), anchors.get('asOf')]
  if (start !== undefined && asOf !== undefined && start > asOf)
    issues.report(below(undefined, 'asOf'), `asOf ${plan.asOf} is before start ${plan.start}`)
  return anchors
}

const parseInstant = (text: string): number =>
  /^\d{4}-\d\d-\d\d$/.test(text) ? parseDate(text) * MICROS_PER_DAY : parseTimestamp(text)
