import type { Expr } from '../expr/expr.ts'
import type { Law, Quantity } from '../expr/law.ts'
import type { DataType } from '../expr/types.ts'

/** The plan language and the generator behind it; a deliberate change of any cell needs a new one. */
export const GENERATOR_VERSION = 1

/** A named number of the plan. Raising a size adds rows; another law makes another dataset. */
export interface Parameter {
  readonly role: 'size' | 'law'
  readonly value: number
  readonly min?: number
  readonly max?: number
  readonly description?: string
}

/** Where a table's rows come from. */
export type RowSpace =
  /** Entities with keys 1..count. */
  | { readonly kind: 'range'; readonly count: Quantity }
  /** For every row of `of`, `count` children (an expression of the parent row, 0..capacity); key = parent·capacity + k. */
  | {
      readonly kind: 'children'
      readonly of: string
      readonly capacity: number
      readonly count: Expr
      /** About how many children a parent has, where counting some would take long: parts are cut by it. */
      readonly mean?: number
    }
  /** Every combination of range tables; keys are mixed-radix over the declared capacities, first table most significant. */
  | {
      readonly kind: 'cross'
      readonly of: readonly { readonly table: string; readonly capacity: number }[]
    }
  /** All rows of the members; key = member key · capacity + the member's number. */
  | {
      readonly kind: 'union'
      readonly capacity: number
      readonly of: readonly { readonly table: string; readonly number: number }[]
    }

/** A column: its logical name keys its streams, `as` is the name it lands under. */
export interface Column {
  readonly name: string
  readonly expr: Expr
  readonly as?: string
  readonly description?: string
  /** Computed but never landed. */
  readonly hidden?: boolean
  /** The share of cells replaced by null, drawn from a stream of their own. */
  readonly nullRate?: Quantity
  /** A declared inclusive range of an integer column, which the compiler proves and which fixes the landed width. */
  readonly range?: readonly [number, number]
}

/** Columns that hold keys of another table: a promise that no value is an orphan. */
export interface Reference {
  readonly columns: readonly string[]
  readonly table: string
  readonly to: readonly string[]
}

/** A named condition that is true (or null) for every row, written to the Delta table as a constraint. */
export interface Check {
  readonly name: string
  readonly that: Expr
}

/**
 * A measurable statement about a table's rows. Expressions may use any column of the row, its parents and folds over
 * its children. A rate or mean fails only beyond max(tolerance, 6 standard errors), counted on the rows of `unit`.
 */
export type PlanPromise =
  | {
      readonly kind: 'rate'
      readonly name: string
      readonly of: Expr
      readonly among?: Expr
      readonly asked: number
      readonly tolerance?: number
      readonly unit?: string
    }
  | {
      readonly kind: 'mean'
      readonly name: string
      readonly of: Expr
      readonly among?: Expr
      readonly asked: number
      readonly tolerance?: number
      readonly unit?: string
    }
  /** The column follows `law` (default: the law it is sampled from), by total variation distance. */
  | {
      readonly kind: 'distribution'
      readonly name: string
      readonly column: string
      readonly law?: Law
      readonly tolerance?: number
      readonly unit?: string
    }
  /** No two rows agree in all of `columns`. */
  | {
      readonly kind: 'unique'
      readonly name: string
      readonly columns: readonly string[]
      readonly where?: Expr
    }
  /** Among rows that agree in `by`, the intervals [from, to) of `where` rows do not overlap. */
  | {
      readonly kind: 'disjoint'
      readonly name: string
      readonly by: readonly string[]
      readonly from: string
      readonly to: string
      readonly where?: Expr
    }
  /** The two columns do not depend on one another: Cramér's V (after binning) stays below `below`. */
  | {
      readonly kind: 'independent'
      readonly name: string
      readonly columns: readonly [string, string]
      readonly below: number
    }
  | ReplayPromise

/**
 * A ledger tells of every cell that differs from the truth: undone backwards, its rows about this table give the true
 * rows, and played forwards these. A row is true of the entity that `links` names, in the version of `truth` that was
 * valid at `time`.
 */
export interface ReplayPromise {
  readonly kind: 'replay'
  readonly name: string
  /** What ledger and links call this table, and the column by which they name its rows. */
  readonly source: string
  readonly record: string
  /** When a row was true, a timestamp. */
  readonly time: string
  /** The columns that may differ; `truth` has them under the same names. */
  readonly columns: readonly string[]
  /** A table with the columns source, record_id, step, column, true_value and emitted_value. */
  readonly ledger: string
  /** A table with the columns source, record_id and entity_id. */
  readonly links: string
  /** A table with the columns entity_id and valid_from, a date, and those of `columns`. */
  readonly truth: string
  /** What the ledger shows of the steps of noise; its rows then have a column `operator`. */
  readonly steps?: readonly LedgerStep[]
}

/**
 * Hidden columns of a step of noise whose values follow from the landed row and the ledger, so that rates which rest on
 * them can be counted again from the files.
 */
export interface LedgerStep {
  /** Its number in the ledger. */
  readonly step: number
  /** The column that says which operator struck, from 1; files show it where the operator changed a cell. */
  readonly struck: string
  readonly operators: readonly { readonly name: string; readonly columns: readonly string[] }[]
  /** For each landed column that it may change: the columns with the value before it, and whether (0, 1) it changed. */
  readonly cells: readonly {
    readonly column: string
    readonly before: string
    readonly shows: string
  }[]
  /** Columns that only draws decide, and none of those that decide who is struck: they count by their chances. */
  readonly draws: readonly string[]
}

/** How a table is laid out in files. */
export interface Layout {
  readonly fileRows?: number
  readonly rowGroupRows?: number
}

/** A table: a row space and expressions over it. A virtual table is used by others and never landed. */
export interface Table {
  readonly name: string
  readonly as?: string
  readonly description?: string
  readonly virtual?: boolean
  readonly rows: RowSpace
  readonly columns: readonly Column[]
  /** Columns that identify a row; default: the column whose expression is `key`. */
  readonly key?: readonly string[]
  readonly references?: readonly Reference[]
  readonly checks?: readonly Check[]
  readonly promises?: readonly PlanPromise[]
  readonly layout?: Layout
}

/** A dataset as data. The same plan gives the same rows everywhere and forever. */
export interface Plan {
  readonly lakewright: number
  readonly name: string
  readonly description?: string
  /** An integer below 2^53 in size, or a string that is hashed. */
  readonly seed: number | string
  /** The anchor in time, ISO-8601 UTC; no value reads the clock. */
  readonly start?: string
  readonly asOf?: string
  readonly parameters?: Readonly<Record<string, Parameter>>
  /** Vocabularies the plan uses, with the content hash of each; filled in when the plan is resolved. */
  readonly vocabularies?: Readonly<
    Record<string, { readonly version: string; readonly sha256: string }>
  >
  readonly tables: readonly Table[]
}

/** The declared type of a landed column, as catalogues and docs spell it. */
export interface LandedColumn {
  readonly name: string
  readonly type: DataType
  /** Whether an integer lands as 64 bits. */
  readonly long: boolean
  readonly nullable: boolean
}
