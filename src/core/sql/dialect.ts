import type { FunctionName } from '../expr/expr.ts'
import type { DataType, Shape } from '../expr/types.ts'
import type { CellType, Term } from './term.ts'

/** A call to spell: its arguments and what is known of them and of the result. */
export interface Call {
  readonly dialect: Dialect
  readonly args: readonly Term[]
  readonly shapes: readonly Shape[]
  readonly result: Shape
}

/** How a function is written, or why it cannot be. */
export type Spelling = ((call: Call) => Term) | { readonly unsupported: string }

/** How an engine writes what standard SQL has no single word for, and what it writes differently. */
export interface Dialect {
  readonly name: string
  readonly quoteIdentifier: (name: string) => string
  /** A literal of a text, on one line whatever is in it. */
  readonly quoteString: (text: string) => string
  /** A literal of a 64-bit integer. */
  readonly integer: (value: number) => string
  /** Functions that differ from STANDARD_SPELLINGS. */
  readonly spellings: Partial<Record<FunctionName, Spelling>>
  /** The name of the type that a value has inside a statement. */
  readonly typeName: (type: CellType) => string
  readonly operators: Operators
  /** Four unsigned 32-bit lanes as 32 hex digits, and as a version-4 UUID of their bits. */
  readonly hex: (lanes: readonly Term[]) => Term
  readonly uuid: (lanes: readonly Term[]) => Term
  /** A constant list of literals; their values may help to write it shorter. */
  readonly list: (
    type: CellType,
    literals: readonly string[],
    values?: ArrayLike<number | string>,
  ) => string
  /** The element of a list at an index from 0 (null when it is null or beyond). */
  readonly element: (list: Term, index: Term) => Term
  /** A date from days and a timestamp without zone from microseconds since 1970, for EXTRACT and for text. */
  readonly date: (days: Term) => Term
  /** A physical value as the type that it lands as; `long` integers take 64 bits. */
  readonly landed: (value: Term, type: DataType, long: boolean) => Term
  /** An integer that fails the statement with a message (a text's expression) when it is evaluated; all as text. */
  readonly failure: (message: string) => string
  readonly rows: RowSources
}

/** Operators over BIGINT. Bitwise ones get operands from 0 to 2^63 - 1, shifts from 0 to 2^32 - 1. */
export interface Operators {
  /** a / b, which is exact or of numbers that are not negative; and a rest, which has the sign of a or is not negative. */
  readonly quotient: (a: Term, b: Term) => Term
  readonly remainder: (a: Term, b: Term) => Term
  readonly and: (a: Term, b: Term) => Term
  readonly xor: (a: Term, b: Term) => Term
  readonly shiftRight: (a: Term, bits: number) => Term
}

/** Integers from `from` up to but not including `to`, in `partitions` pieces where an engine can be told. */
export interface SeriesRange {
  readonly from: number
  readonly to: number
  readonly partitions?: number | undefined
}

/** Where rows come from; all as text. */
export interface RowSources {
  /** What stands after FROM to make the integers of a range as a column. */
  readonly series: (column: string, range: SeriesRange) => string
  /** A SELECT of columns of a source, with one row for each integer from 0 up to `count` as another column. */
  readonly expand: (expansion: Expansion) => string
  /** What stands behind a source to have each of its rows once, which an optimizer does not look through. */
  readonly each?: (column: string) => string
  /** What stands between the name and the text of a named query that is evaluated once, and of one that is a mere name. */
  readonly once: string
  readonly inline: string
  /** Whether a query that is used once stands where it is used, without a name in front. */
  readonly nested: boolean
  /** Whether the one row of large lists is joined where they are used, or each is selected by a sub-query. */
  readonly lists: 'joined' | 'selected'
  /** Whether a few operators are written again where their result is used, rather than take a layer of their own. */
  readonly repeats: boolean
  /**
   * How folds come to their rows: joined to them by number, the rows being evaluated once; or as groups of an expansion
   * that carries all columns along, which evaluates them once without a promise of the engine.
   */
  readonly folds: 'joined' | 'grouped'
}

/** Rows of `source` repeated `count` times, numbered from 0 in `ordinal`. */
export interface Expansion {
  readonly source: string
  readonly columns: readonly string[]
  readonly count: string
  readonly ordinal: string
  /** Whether rows without any stay, with a null in `ordinal`; asked of engines with grouped folds only. */
  readonly always: boolean
}
