import type { Expr } from '../../expr/expr.ts'
import { below } from '../issues.ts'
import type { ColumnModel, Model, TableModel } from './model.ts'
import { dependencyOrder } from './order.ts'
import { allParts } from './parts.ts'
import { tablesBelow } from './row-spaces.ts'

/** Something to type: a column, or the fan-out of a children table (no column). */
export interface Item {
  readonly table: TableModel
  readonly column: ColumnModel | undefined
}

/** The longest chain of columns that may depend on one another. */
const DEEPEST_CHAIN = 1000

/**
 * Every column and fan-out of the plan after those it is computed from. Cycles and overlong chains are reported; the
 * edge that closes a cycle counts as absent.
 */
export const typingOrder = (model: Model): readonly Item[] => {
  const items = createItems(model)
  const known = new Map<Item, readonly Item[]>()
  const depths = new Map<Item, number>()
  const order = dependencyOrder(items.all, {
    of: (item) => {
      const found = known.get(item) ?? items.dependenciesOf(item)
      known.set(item, found)
      return found
    },
    onCycle: (cycle) => reportCycle(model, cycle),
  })
  for (const item of order) {
    const found = (known.get(item) ?? []).map((each) => depths.get(each) ?? 0)
    depths.set(item, 1 + found.reduce((deepest, depth) => Math.max(deepest, depth), 0))
  }
  const deep = order.find((item) => (depths.get(item) ?? 0) > DEEPEST_CHAIN)
  if (deep !== undefined)
    model.issues.report(
      pathOf(deep),
      `depends on a chain of more than ${DEEPEST_CHAIN} other columns`,
    )
  return order
}

/** The place of an item's expression. */
export const pathOf = ({ table, column }: Item): ReturnType<typeof below> =>
  column === undefined ? below(table.path, 'rows', 'count') : below(column.path, 'expr')

interface Items {
  readonly all: readonly Item[]
  readonly dependenciesOf: (item: Item) => readonly Item[]
}

const createItems = (model: Model): Items => {
  const fanOuts = new Map<TableModel, Item>()
  const columns = new Map<ColumnModel, Item>()
  for (const table of model.tables.values()) {
    if (table.table.rows.kind === 'children') fanOuts.set(table, { table, column: undefined })
    for (const column of table.columns.values()) columns.set(column, { table, column })
  }
  const found = ({ table, column }: Reading): readonly Item[] => {
    const item = column === undefined ? fanOuts.get(table) : at(columns, table.columns.get(column))
    return item === undefined ? [] : [item]
  }
  return {
    all: [...fanOuts.values(), ...columns.values()],
    dependenciesOf: (item) => [...new Set([...readings(model, item)].flatMap(found))],
  }
}

const at = <K, V>(map: ReadonlyMap<K, V>, key: K | undefined): V | undefined =>
  key === undefined ? undefined : map.get(key)

/** A column of a table (or, without column, its fan-out) that an expression reads. */
interface Reading {
  readonly table: TableModel
  readonly column?: string
}

const readings = (model: Model, { table, column }: Item): Iterable<Reading> => {
  if (column !== undefined) return readsOf(model, column.column.expr, table)
  const { rows } = table.table
  const parent = rows.kind === 'children' ? model.tables.get(rows.of) : undefined
  return rows.kind === 'children' && parent !== undefined ? readsOf(model, rows.count, parent) : []
}

function* readsOf(model: Model, expr: Expr | undefined, row: TableModel): Generator<Reading> {
  if (expr === undefined) return
  for (const part of allParts(expr)) {
    if (part.kind === 'column') yield { table: row, column: part.name }
    if (part.kind === 'parent') yield* parentReads(model, part, row)
    if (part.kind === 'lookup') yield* otherReads(model, part.table, [part.column])
    // Such a key may prove itself by the least number of children.
    if (part.kind === 'lookup' && part.key.kind === 'call')
      yield* otherReads(model, part.table, [undefined])
    if (part.kind === 'pick') yield* otherReads(model, part.table, [undefined])
    if (part.kind === 'at') yield* otherReads(model, part.table, [undefined, part.from])
    if (part.kind === 'fold') yield* foldReads(model, part)
    if (part.kind === 'tally') yield* tallyReads(model, part)
  }
}

function* otherReads(
  model: Model,
  name: string,
  columns: readonly (string | undefined)[],
): Generator<Reading> {
  const table = model.tables.get(name)
  if (table === undefined) return
  for (const column of columns) yield column === undefined ? { table } : { table, column }
}

function* parentReads(
  model: Model,
  { table, column }: Extract<Expr, { kind: 'parent' }>,
  row: TableModel,
): Generator<Reading> {
  if (column === undefined) return
  const { rows } = row.table
  if (rows.kind === 'children') yield* otherReads(model, rows.of, [column])
  if (rows.kind === 'cross' && table !== undefined) yield* otherReads(model, table, [column])
  if (rows.kind === 'union')
    for (const member of rows.of) yield* otherReads(model, member.table, [column])
}

function* foldReads(
  model: Model,
  { table: name, value, where }: Extract<Expr, { kind: 'fold' }>,
): Generator<Reading> {
  const child = model.tables.get(name)
  if (child === undefined) return
  yield { table: child }
  yield* readsOf(model, value, child)
  yield* readsOf(model, where, child)
}

/** A tally reads all rows of its table, and so every fan-out that makes them. */
function* tallyReads(
  model: Model,
  { table: name, by, value, where }: Extract<Expr, { kind: 'tally' }>,
): Generator<Reading> {
  const counted = model.tables.get(name)
  if (counted === undefined) return
  for (const table of tablesBelow(model, counted)) yield { table }
  for (const expr of [...by, value, where]) yield* readsOf(model, expr, counted)
}

const reportCycle = (model: Model, cycle: readonly Item[]): void => {
  const [first] = cycle
  if (first === undefined) return
  const single = cycle.every(({ table }) => table === first.table)
  const names = cycle.map(({ table, column }) => {
    if (column === undefined) return `the rows of ${table.table.name}`
    return single ? column.column.name : `${table.table.name}.${column.column.name}`
  })
  model.issues.report(pathOf(first), `columns form a cycle: ${names.join(' → ')}`)
}
