import { fail } from '../../errors.ts'
import type { TableOf, TypedPlan, TypedRows, TypedTable } from '../typed.ts'
import { vocabularyColumn } from '../vocabulary.ts'
import { evaluate } from './evaluate.ts'
import { createTallies } from './tallies.ts'
import { childrenOf, type KeyRange, type Row, type Rows } from './row.ts'

/** The rows of a plan, each made from its key when it is asked for. */
export const planRows = (plan: TypedPlan): Rows => {
  const recent = new Map<string, Row | undefined>()
  const tableOf: TableOf = (name) =>
    plan.tables.get(name) ?? fail('internal', `table ${name} is not in the plan`)
  const rows: Rows = {
    tableOf,
    rowAt: (name, key) => {
      const id = `${name} ${key}`
      if (recent.has(id)) return recent.get(id)
      const row = makeRow(rows, tableOf(name), key)
      if (recent.size >= REMEMBERED) recent.clear()
      recent.set(id, row)
      return row
    },
    childCount: (parent, name) => {
      const count = evaluate(rows, parent, childrenOf(tableOf(name)).count)
      return typeof count === 'number' ? count : fail('internal', `the count of ${name} is null`)
    },
    children: (parent, name) => listChildren(rows, parent, tableOf(name)),
    cell: (name, column, index) => {
      const vocabulary = plan.vocabularies.get(name) ?? fail('internal', `no vocabulary ${name}`)
      return (
        vocabularyColumn(vocabulary, column).values[index] ??
        fail('internal', `no row ${index} in ${name}`)
      )
    },
    tally: (tally, row) => tallies.at(tally, row),
    list: (name, range) => list(rows, tableOf(name), range),
  }
  const tallies = createTallies(rows)
  return rows
}

const REMEMBERED = 4096

type Space<K extends TypedRows['kind']> = Extract<TypedRows, { readonly kind: K }>

/** The row of a table at a key, if the table has one there. */
const makeRow = (rows: Rows, table: TypedTable, key: number): Row | undefined => {
  const space = table.rows
  switch (space.kind) {
    case 'range':
      return key >= 1 && key <= space.count ? rangeRow(table, key) : undefined
    case 'children': {
      const parent = rows.rowAt(space.of, Math.floor(key / space.capacity))
      const ordinal = key % space.capacity
      if (parent === undefined || ordinal >= rows.childCount(parent, table.name)) return undefined
      return childRow(table, parent, ordinal)
    }
    case 'cross': {
      const dimensions = dimensionKeys(space, key).map((each, i) =>
        rows.rowAt(space.of[i]?.table ?? '', each),
      )
      return dimensions.every((each) => each !== undefined)
        ? crossRow(table, space, dimensions)
        : undefined
    }
    case 'union': {
      const number = key % space.capacity
      const member = space.of.find((each) => each.number === number)
      const shown = member && rows.rowAt(member.table, Math.floor(key / space.capacity))
      return shown && memberRow(table, shown, number)
    }
  }
}

const rangeRow = (table: TypedTable, key: number): Row => ({
  table,
  key,
  ordinal: key - 1,
  parent: () => fail('internal', `${table.name} has no parent`),
  known: new Map(),
})

const childRow = (table: TypedTable, parent: Row, ordinal: number): Row => ({
  table,
  key: parent.key * childrenOf(table).capacity + ordinal,
  ordinal,
  parent: () => parent,
  known: new Map(),
})

const memberRow = (table: TypedTable, member: Row, number: number): Row => ({
  table,
  key: member.key * (table.rows.kind === 'union' ? table.rows.capacity : 1) + number,
  ordinal: number,
  parent: () => member,
  known: new Map(),
})

const crossRow = (table: TypedTable, { of }: Space<'cross'>, dimensions: readonly Row[]): Row => {
  let key = 0
  let ordinal = 0
  of.forEach(({ capacity, count }, i) => {
    key = key * capacity + (dimensions[i]?.key ?? 0)
    ordinal = ordinal * count + (dimensions[i]?.ordinal ?? 0)
  })
  const parent = (name: string | undefined): Row =>
    dimensions.find((each) => each.table.name === name) ??
    fail('internal', `${table.name} has no dimension ${name}`)
  return { table, key, ordinal, parent, known: new Map() }
}

/** The dimensions' keys that make up a mixed-radix key, the first most significant and unbounded. */
const dimensionKeys = ({ of }: Space<'cross'>, key: number): readonly number[] => {
  const keys: number[] = []
  let rest = key
  for (const { capacity } of of.slice(1).toReversed()) {
    keys.unshift(rest % capacity)
    rest = Math.floor(rest / capacity)
  }
  return [rest, ...keys]
}

function* list(rows: Rows, table: TypedTable, range: KeyRange): Iterable<Row> {
  const space = table.rows
  switch (space.kind) {
    case 'range': {
      const end = Math.min(space.count + 1, range.to)
      for (let key = Math.max(1, range.from); key < end; key++) yield rangeRow(table, key)
      return
    }
    case 'children':
      for (const parent of rows.list(space.of, scaled(range, space.capacity, 0)))
        yield* within(listChildren(rows, parent, table), range)
      return
    case 'cross':
      yield* within(listCross(rows, table, space), range)
      return
    case 'union':
      for (const { table: member, number } of space.of)
        for (const row of rows.list(member, scaled(range, space.capacity, number)))
          yield* within([memberRow(table, row, number)], range)
  }
}

/** The keys k for which k·capacity + offset (or up to capacity - 1 more) may lie in the range. */
const scaled = ({ from, to }: KeyRange, capacity: number, offset: number): KeyRange => ({
  from: Math.floor((from - offset) / capacity),
  to: Math.ceil((to - offset) / capacity),
})

function* within(rows: Iterable<Row>, { from, to }: KeyRange): Iterable<Row> {
  for (const row of rows) if (row.key >= from && row.key < to) yield row
}

function* listChildren(rows: Rows, parent: Row, table: TypedTable): Iterable<Row> {
  const count = rows.childCount(parent, table.name)
  for (let ordinal = 0; ordinal < count; ordinal++) yield childRow(table, parent, ordinal)
}

function* listCross(rows: Rows, table: TypedTable, space: Space<'cross'>): Iterable<Row> {
  for (const dimensions of combinations(rows, space, space.of.length))
    yield crossRow(table, space, dimensions)
}

/** Every combination of rows of the first dimensions, the last one changing fastest. */
function* combinations(
  rows: Rows,
  space: Space<'cross'>,
  dimensions: number,
): Iterable<readonly Row[]> {
  const last = space.of[dimensions - 1]
  if (last === undefined) {
    yield []
    return
  }
  for (const head of combinations(rows, space, dimensions - 1))
    for (const row of rows.list(last.table, { from: 0, to: Infinity })) yield [...head, row]
}
