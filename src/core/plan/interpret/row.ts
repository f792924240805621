import { fail } from '../../errors.ts'
import type { Value } from '../../expr/types.ts'
import type { TableOf, Tally, TypedRows, TypedTable } from '../typed.ts'

/** One row as the interpreter sees it; two rows of one table with one key are the same row. */
export interface Row {
  readonly table: TypedTable
  readonly key: number
  /** The row's number among its siblings, from 0; in a union its member's number. */
  readonly ordinal: number
  /** The parent; of a cross the row of the named dimension, of a union the member row. */
  readonly parent: (table: string | undefined) => Row
  /** Column values that have been asked for. */
  readonly known: Map<string, Value>
}

/** Where expressions find other rows. */
export interface World {
  readonly tableOf: TableOf
  /** The row of that key; undefined when the table has none. */
  readonly rowAt: (table: string, key: number) => Row | undefined
  /** The children of a row in a children table, in key order. */
  readonly children: (parent: Row, table: string) => Iterable<Row>
  /** How many children a row has in a children table. */
  readonly childCount: (parent: Row, table: string) => number
  /** What a tally comes to at a row of its cross. */
  readonly tally: (tally: Tally, row: Row) => number
  /** A cell of a vocabulary, by row number from 0. */
  readonly cell: (vocabulary: string, column: string, index: number) => Value
}

/** Keys from `from` up to but not including `to`. */
export interface KeyRange {
  readonly from: number
  readonly to: number
}

/** A world whose rows can also be listed. */
export interface Rows extends World {
  /** The rows of a table with keys in a range: in key order, for a union member after member. */
  readonly list: (table: string, range: KeyRange) => Iterable<Row>
}

/** The row space of a children table. */
export const childrenOf = (table: TypedTable): Extract<TypedRows, { readonly kind: 'children' }> =>
  table.rows.kind === 'children' ? table.rows : fail('internal', `${table.name} has no parent`)
