import { keyOf } from '../../../src/core/expr/build.ts'
import { sameType, type DataType } from '../../../src/core/expr/types.ts'
import { BOOLEAN, INTEGER } from './calls.ts'
import {
  callPiece,
  choose,
  integer,
  integerShape,
  nullPiece,
  surely,
  within,
  type DraftTable,
  type Piece,
  type Place,
} from './pieces.ts'

/** What tells rows apart at a place: keys of its own row and of others, and columns that hold keys. */
export type KeysAt = (place: Place) => readonly Piece[]

/** At a row of a cross, a sum or count over another table that names its rows by columns, for tallies cannot draw. */
export const tallyPiece = (place: Place, type: DataType, keysAt: KeysAt): Piece | undefined => {
  const { chance, table } = place
  const { space } = table
  if (space.kind !== 'cross' || (type.kind !== 'integer' && type.kind !== 'decimal'))
    return undefined
  const counted = chance.one(place.tables)
  const inner: Place = { ...place, table: counted, locals: [] }
  const isCount = type.kind === 'integer' && chance.percent(40)
  const value = isCount ? undefined : valueOf(inner, type)
  if (value === undefined && !isCount) return undefined
  const dimensions = dimensionsOf(place, table)
  const by = dimensions.map((each, i) => keyIn(inner, each, { keysAt, isFirst: i === 0 }))
  const sound = by.filter((key) => key !== undefined)
  if (sound.length < by.length) return undefined
  const conditions = columnsOf(counted, BOOLEAN)
  const where = conditions.length > 0 && chance.percent(60) ? chance.one(conditions) : undefined
  const most = Math.max(0, counted.rows * (value?.shape.max ?? 1))
  return {
    expr: {
      kind: 'tally',
      operation: isCount ? 'count' : 'sum',
      table: counted.name,
      by: sound.map(({ expr }) => expr),
      ...(value === undefined ? {} : { value: value.expr }),
      ...(where === undefined ? {} : { where: where.expr }),
      most,
    },
    shape: { ...integerShape(0, most), type },
  }
}

/** Keys of crosses, made of keys of their dimensions, which may be null. */
export const crossKeys = (
  place: Place,
  keysAt: KeysAt,
): readonly { readonly table: DraftTable; readonly make: () => Piece }[] =>
  place.tables.flatMap((table) => {
    const dimensions = table.space.kind === 'cross' ? dimensionsOf(place, table) : []
    const make = (): Piece => {
      const keys = dimensions.map((each) => surely(keyIn(place, each, { keysAt, isFirst: false })))
      const nullable = keys.some(({ shape }) => shape.nullable)
      const shape = { ...table.key, nullable }
      return {
        expr: keyOf(
          table.name,
          keys.map(({ expr }) => expr),
        ),
        shape,
      }
    }
    const isPossible = dimensions.length > 0 && dimensions.every(({ rows }) => rows > 0)
    return isPossible ? [{ table, make }] : []
  })

const dimensionsOf = ({ tables }: Place, { space }: DraftTable): readonly DraftTable[] =>
  (space.kind === 'cross' ? space.of : []).flatMap(
    ({ table }) => tables.find(({ name }) => name === table) ?? [],
  )

const columnsOf = (table: DraftTable, type: DataType): readonly Piece[] =>
  table.columns
    .filter(({ shape }) => sameType(shape.type, type))
    .map(({ column, shape }) => ({ expr: { kind: 'column', name: column.name }, shape }))

/** A column's values, brought to 0 or more. */
const valueOf = ({ chance, table }: Place, type: DataType): Piece | undefined => {
  const columns = columnsOf(table, type)
  if (columns.length === 0) return undefined
  const column = chance.one(columns)
  const value = type.kind === 'integer' ? within(column, 0, 50) : callPiece('abs', [column])
  return value !== undefined && value.shape.max < 1e9 ? value : undefined
}

/**
 * A key of a dimension at a row: one that is carried, or any integer brought among its keys; of the first dimension also
 * some time after such a key. Undefined where a dimension without rows has none.
 */
const keyIn = (
  place: Place,
  dimension: DraftTable,
  { keysAt, isFirst }: { readonly keysAt: KeysAt; readonly isFirst: boolean },
): Piece | undefined => {
  const { chance } = place
  const numbers = keysAt(place).filter(({ shape }) => shape.type.kind === 'integer')
  const carried = numbers.filter(({ shape }) => shape.keyOf === dimension.name)
  const integers = [...numbers, ...columnsOf(place.table, INTEGER), integer(3)]
  const plain =
    carried.length > 0 && chance.percent(75)
      ? chance.one(carried)
      : dimension.rows > 0
        ? within(chance.one(integers), 1, dimension.rows)
        : undefined
  if (plain === undefined) return undefined
  const lag = within(chance.one(integers), 0, 2)
  const later = isFirst && chance.percent(40) ? callPiece('add', [plain, lag]) : undefined
  const conditions = columnsOf(place.table, BOOLEAN)
  const key = later ?? plain
  return conditions.length > 0 && chance.percent(25)
    ? choose(chance.one(conditions), key, nullPiece(INTEGER))
    : key
}
