import { crossKey } from '../cross-key.ts'
import type { Path } from '../issues.ts'
import { below } from '../issues.ts'
import type { RowSpace } from '../plan.ts'
import type { KeySpace, Model, TableModel } from './model.ts'
import { findTable, mergeSizes, reportUnknown } from './model.ts'
import { dependencyOrder } from './order.ts'
import { resolveQuantity } from './quantities.ts'

/**
 * Finds every table's key bounds, parents first; what cannot be bounded below 2^53, and cycles of row spaces, are
 * reported, and such a table keeps no space.
 */
export const resolveRowSpaces = (model: Model): void => {
  const order = dependencyOrder(model.tables.values(), {
    of: (table) => basesOf(model, table),
    onCycle: (cycle) =>
      model.issues.report(
        below(cycle[0]?.path, 'rows'),
        `row spaces form a cycle: ${cycle.map(({ table }) => table.name).join(' → ')}`,
      ),
  })
  for (const table of order) table.space = keySpace(model, table)
}

/** Names of the tables whose rows a row space is made of. */
export const baseNames = (rows: RowSpace): readonly string[] => {
  switch (rows.kind) {
    case 'range':
      return []
    case 'children':
      return [rows.of]
    case 'cross':
    case 'union':
      return rows.of.map(({ table }) => table)
  }
}

/** The table and all that its rows are made of. */
export const tablesBelow = (model: Model, table: TableModel): ReadonlySet<TableModel> => {
  const seen = new Set([table])
  for (const { table: each } of seen)
    for (const name of baseNames(each.rows)) {
      const base = model.tables.get(name)
      if (base !== undefined) seen.add(base)
    }
  return seen
}

const basesOf = (model: Model, { table }: TableModel): readonly TableModel[] =>
  baseNames(table.rows).flatMap((name) => model.tables.get(name) ?? [])

const keySpace = (model: Model, { table, path }: TableModel): KeySpace | undefined => {
  const at = below(path, 'rows')
  const space = spaceOf(model, table.rows, at)
  if (space === undefined || space.max <= Number.MAX_SAFE_INTEGER) return space
  return model.issues.report(at, `keys up to ${space.max} leave the exact integers below 2^53`)
}

const spaceOf = (model: Model, rows: RowSpace, path: Path): KeySpace | undefined => {
  switch (rows.kind) {
    case 'range':
      return rangeSpace(model, rows, path)
    case 'children':
      return childSpace(model, rows, path)
    case 'cross':
      return crossSpace(model, rows, path)
    case 'union':
      return unionSpace(model, rows, path)
  }
}

type Of<K extends RowSpace['kind']> = Extract<RowSpace, { readonly kind: K }>

const rangeSpace = (model: Model, { count }: Of<'range'>, path: Path): KeySpace | undefined => {
  const at = below(path, 'count')
  const quantity = resolveQuantity(model, count, at)
  if (quantity === undefined) return undefined
  const { value, sizes } = quantity
  if (!Number.isSafeInteger(value) || value < 0)
    return model.issues.report(at, `expected a count of rows from 0 below 2^53, not ${value}`)
  return { min: 1, max: value, sizes, count: value }
}

const childSpace = (model: Model, rows: Of<'children'>, path: Path): KeySpace | undefined => {
  const parent = findTable(model, rows.of, below(path, 'of'))?.space
  if (parent === undefined) return undefined
  return {
    min: parent.min * rows.capacity,
    max: parent.max * rows.capacity + rows.capacity - 1,
    sizes: parent.sizes,
    count: 0,
  }
}

const crossSpace = (model: Model, { of }: Of<'cross'>, path: Path): KeySpace | undefined => {
  const spaces = of.map((dimension, i) => dimensionSpace(model, dimension, below(path, 'of', i)))
  refuseRepeats(
    model,
    of.map(({ table }) => table),
    below(path, 'of'),
  )
  const sound = spaces.filter((space) => space !== undefined)
  if (sound.length < of.length) return undefined
  return {
    min: crossKey(
      of,
      of.map(() => 1),
    ),
    max: crossKey(
      of,
      sound.map(({ max }) => max),
    ),
    sizes: mergeSizes(...sound.map(({ sizes }) => sizes)),
    count: 0,
  }
}

const dimensionSpace = (
  model: Model,
  { table, capacity }: Of<'cross'>['of'][number],
  path: Path,
): KeySpace | undefined => {
  const found = findTable(model, table, below(path, 'table'))
  if (found === undefined) return undefined
  if (found.table.rows.kind !== 'range')
    return model.issues.report(
      below(path, 'table'),
      `expected a range table as dimension; ${table} has rows of kind ${found.table.rows.kind}`,
    )
  if (found.space !== undefined && found.space.count >= capacity)
    return model.issues.report(
      below(path, 'capacity'),
      `expected a capacity above the ${found.space.count} rows of ${table}, not ${capacity}`,
    )
  return found.space
}

const unionSpace = (
  model: Model,
  { of, capacity }: Of<'union'>,
  path: Path,
): KeySpace | undefined => {
  const at = below(path, 'of')
  refuseRepeats(
    model,
    of.map(({ table }) => table),
    at,
  )
  refuseRepeats(
    model,
    of.map(({ number }) => number),
    at,
  )
  const members = of.map(({ table, number }, i) => {
    if (number >= capacity)
      model.issues.report(
        below(at, i, 'number'),
        `expected a number below the union's capacity ${capacity}, not ${number}`,
      )
    const space = findTable(model, table, below(at, i, 'table'))?.space
    return space === undefined ? undefined : { space, number }
  })
  const sound = members.filter((member) => member !== undefined)
  if (sound.length < of.length) return undefined
  return {
    min: Math.min(...sound.map(({ space, number }) => space.min * capacity + number)),
    max: Math.max(...sound.map(({ space, number }) => space.max * capacity + number)),
    sizes: mergeSizes(...sound.map(({ space }) => space.sizes)),
    count: 0,
  }
}

const refuseRepeats = (model: Model, values: readonly (string | number)[], path: Path): void => {
  const repeat = values.find((value, i) => values.indexOf(value) < i)
  if (repeat !== undefined) model.issues.report(path, `${repeat} stands twice`)
}

/** The dimension of a cross by its table's name; a missing one is reported. */
export const findDimension = (
  model: Model,
  rows: Of<'cross'>,
  { name, path }: { readonly name: string | undefined; readonly path: Path },
): TableModel | undefined => {
  const known = rows.of.map(({ table }) => table)
  if (name === undefined)
    return model.issues.report(path, `expected the table of one dimension: ${known.join(', ')}`)
  if (known.includes(name)) return model.tables.get(name)
  return reportUnknown(model, below(path, 'table'), { what: 'dimension', name, known })
}
