import { canonicalHash, canonicalJson } from './canonical.ts'
import type { Plan } from './plan.ts'
import type { TypedColumn, TypedPlan, TypedTable } from './typed.ts'

/** A size parameter with its value in the landed plan and in the new one. */
export interface SizeChange {
  readonly name: string
  readonly before: number
  readonly after: number
}

/** What stands between two plans when the second is to add rows to what the first has landed. */
export interface AppendComparison {
  /** JSON paths at which the plans differ in more than the value of a size: such plans make different datasets. */
  readonly laws: readonly string[]
  /** What of `laws` to tell people, in names and values; what follows from a parameter, seed or anchor is left out. */
  readonly told: readonly string[]
  readonly raised: readonly SizeChange[]
  readonly lowered: readonly SizeChange[]
  /** Landed columns whose cells depend on a changed size, and the sizes. */
  readonly columns: readonly {
    readonly table: string
    readonly column: string
    readonly sizes: readonly string[]
  }[]
  /** Landed tables whose existing parents would get more or fewer children, and the sizes. */
  readonly tables: readonly { readonly table: string; readonly sizes: readonly string[] }[]
}

/**
 * Compares a landed plan with the one to append: descriptions, layouts and the bounds of parameters may differ, sizes may
 * rise, all else must be equal.
 */
export const compareForAppend = (before: TypedPlan, after: TypedPlan): AppendComparison => {
  const changes = sizeChanges(before.plan, after.plan)
  const changed = new Set(changes.map(({ name }) => name))
  const landed = [...before.tables.values()].filter((table) => !table.virtual)
  const laws = differences(lawsOf(before.plan), lawsOf(after.plan))
  return {
    laws,
    told: lawSentences(laws, before.plan, after.plan),
    raised: changes.filter((change) => change.after > change.before),
    lowered: changes.filter((change) => change.after < change.before),
    columns: landed.flatMap((table) => columnsThatChange(table, changed)),
    tables: landed.flatMap(({ name, fanOutSizes }) => {
      const sizes = fanOutSizes.filter((size) => changed.has(size))
      return sizes.length > 0 ? [{ table: name, sizes }] : []
    }),
  }
}

/** True when the second plan only adds rows to what the first has landed (or equals it). */
export const isAppend = ({ laws, lowered, columns, tables }: AppendComparison): boolean =>
  [laws, lowered, columns, tables].every((obstacles) => obstacles.length === 0)

/** The SHA-256 of all of a plan that an append may not change, in lower-case hex: equal where `laws` would be empty. */
export const lawsHash = (plan: Plan): string => canonicalHash(lawsOf(plan))

/** Says in a sentence each why a plan cannot be appended, the most telling first; at most five. */
export const appendObstacles = ({
  told,
  lowered,
  columns,
  tables,
}: AppendComparison): readonly string[] =>
  [
    ...told,
    ...lowered.map(({ name, before: from, after: to }) => `${name} falls from ${from} to ${to}`),
    ...columns.map(
      ({ table, column, sizes }) => `${table}.${column} depends on ${sizes.join(' and ')}`,
    ),
    ...tables.map(({ table, sizes }) => `the rows of ${table} depend on ${sizes.join(' and ')}`),
  ].slice(0, 5)

const MOST_DIFFERENCES = 20

const lawSentences = (laws: readonly string[], before: Plan, after: Plan): readonly string[] => {
  const causes = laws.filter((path) => !path.startsWith('tables'))
  return (causes.length > 0 ? causes : laws).map((path) => {
    const values = [before, after].map((plan) => valueAt(plan, path))
    const plain = values.every((value) => value !== undefined && !isObject(value))
    const [there, asked] = values.map((value) => JSON.stringify(value))
    return `${nameOf(before, path)} differs${plain ? ` (${there} there, ${asked} asked)` : ''}`
  })
}

/** What a path is called: a parameter by its name, what is in a table by the names of table and column as well. */
const nameOf = ({ tables }: Plan, path: string): string => {
  if (path === '') return 'the plan'
  const [, parameter] = /^parameters\.([^.]+)\.(?:value|role)$/.exec(path) ?? []
  if (parameter !== undefined) return parameter
  const [, t, c] = /^tables\[(\d+)\](?:\.columns\[(\d+)\])?/.exec(path) ?? []
  const table = tables[Number(t)]
  if (table === undefined) return path
  const column = table.columns[Number(c)]
  return `${table.name}${column === undefined ? '' : `.${column.name}`} (${path})`
}

const valueAt = (plan: Plan, path: string): unknown =>
  path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .reduce<unknown>((value, step) => (isObject(value) ? own(value, step) : undefined), plan)

const columnsThatChange = (
  { name, columns }: TypedTable,
  changed: ReadonlySet<string>,
): AppendComparison['columns'] =>
  columns.filter(isLanded).flatMap((column) => {
    const sizes = column.sizes.filter((size) => changed.has(size))
    return sizes.length > 0 ? [{ table: name, column: column.name, sizes }] : []
  })

const isLanded = ({ hidden }: TypedColumn): boolean => !hidden

const sizeChanges = (before: Plan, after: Plan): readonly SizeChange[] => {
  const later = new Map(Object.entries(after.parameters ?? {}))
  return Object.entries(before.parameters ?? {}).flatMap(([name, parameter]) => {
    const other = later.get(name)
    const isSize = parameter.role === 'size' && other?.role === 'size'
    return isSize && parameter.value !== other.value
      ? [{ name, before: parameter.value, after: other.value }]
      : []
  })
}

/** The plan without what an append may change; parameters first, for a difference there says most. */
const lawsOf = ({ parameters = {}, tables, ...rest }: Plan): unknown => ({
  parameters: Object.fromEntries(
    Object.entries(parameters).map(([name, { role, value }]) => [
      name,
      role === 'size' ? { role } : { role, value },
    ]),
  ),
  ...rest,
  description: undefined,
  tables: tables.map((table) => ({
    ...table,
    description: undefined,
    layout: undefined,
    columns: table.columns.map((column) => ({ ...column, description: undefined })),
  })),
})

const differences = (before: unknown, after: unknown): readonly string[] => {
  const paths: string[] = []
  compare({ before, after, path: '' }, paths)
  return paths
}

interface Compared {
  readonly before: unknown
  readonly after: unknown
  readonly path: string
}

const compare = ({ before, after, path }: Compared, paths: string[]): void => {
  if (paths.length >= MOST_DIFFERENCES) return
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    if (canonicalJson(before ?? null) !== canonicalJson(after ?? null)) paths.push(path)
    return
  }
  const isList = Array.isArray(before)
  if (isList && Object.keys(before).length !== Object.keys(after).length) {
    paths.push(path)
    return
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const step = isList ? `[${key}]` : path === '' ? key : `.${key}`
    compare({ before: own(before, key), after: own(after, key), path: path + step }, paths)
  }
}

const own = (value: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(value, key) ? value[key] : undefined

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
