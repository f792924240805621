import type { Law, Quantity } from './law.ts'
import type { DataType } from './types.ts'

/** Functions of the language; src/core/expr/functions.ts gives each its types and meaning. */
export const FUNCTION_NAMES = [
  'add',
  'sub',
  'mul',
  'div',
  'mod',
  'neg',
  'abs',
  'least',
  'greatest',
  'rescale',
  'ratio',
  'reinterpret',
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'and',
  'or',
  'not',
  'isNull',
  'coalesce',
  'dateOf',
  'timestampOf',
  'year',
  'month',
  'day',
  'weekday',
  'hour',
  'concat',
  'length',
  'slice',
  'codeAt',
  'upper',
  'lower',
  'replace',
  'padLeft',
  'text',
  'base36',
  'sha256',
  'scaleDraw',
] as const

/** The name of a function of the language. */
export type FunctionName = (typeof FUNCTION_NAMES)[number]

/** How the 32 or 128 uniform bits of a draw are shown: an integer below 2^32, 32 hex digits, or a version-4 UUID. */
export type DrawForm = 'bits' | 'hex' | 'uuid'

/** Which children a fold combines and how; `count` needs no value. */
export type FoldOperation = 'sum' | 'count' | 'min' | 'max'

/** What a tally makes of the rows that name a row of the cross. */
export type TallyOperation = 'sum' | 'count'

/**
 * A column expression: plain frozen JSON, a pure function of (seed, entity key). In a plan's JSON a bare number, string
 * or boolean stands for its literal.
 */
export type Expr =
  /** A constant; dates and timestamps are ISO text with their type, decimals numbers with theirs. */
  | {
      readonly kind: 'literal'
      readonly value: number | string | boolean | null | Quantity
      readonly type?: DataType
    }
  /** Names `value` within `in`, where `local` refers to it; evaluated once. */
  | { readonly kind: 'let'; readonly name: string; readonly value: Expr; readonly in: Expr }
  | { readonly kind: 'local'; readonly name: string }
  /** This row's entity key. */
  | { readonly kind: 'key' }
  /** This row's number among its siblings, from 0; in a union, its member's number. */
  | { readonly kind: 'ordinal' }
  /** Another column of this row. */
  | { readonly kind: 'column'; readonly name: string }
  /** A column of the parent row (of a cross, of the named dimension; of a union, of the member row); without column, its key. */
  | { readonly kind: 'parent'; readonly table?: string; readonly column?: string }
  /** A column of the row of `table` with the given key, which must provably exist; or a cell of a vocabulary by row number. */
  | { readonly kind: 'lookup'; readonly table: string; readonly key: Expr; readonly column: string }
  /** The key of a uniformly chosen child of the row of `parent`; null when it has none. `table` is a children table. */
  | {
      readonly kind: 'pick'
      readonly table: string
      readonly parent: Expr
      readonly stream?: string
    }
  /** The key of the last child in `table` of `parent` whose column `from` is at most `time`; null when there is none. */
  | {
      readonly kind: 'at'
      readonly table: string
      readonly parent: Expr
      readonly from: string
      readonly time: Expr
    }
  | {
      readonly kind: 'draw'
      readonly form?: DrawForm
      readonly stream?: string
      readonly index?: number
    }
  /** A draw pushed through a law; with `given`, through the law that this integer (from 0) selects. */
  | {
      readonly kind: 'sample'
      readonly law: Law | readonly Law[]
      readonly given?: Expr
      readonly type?: DataType
      readonly stream?: string
      readonly index?: number
    }
  /** A function of the table applied to its arguments; `type` is the target of rescale, ratio and reinterpret. */
  | {
      readonly kind: 'call'
      readonly function: FunctionName
      readonly args: readonly Expr[]
      readonly type?: DataType
    }
  /** The first branch whose condition is true, else `else`; a null condition is not true. */
  | {
      readonly kind: 'case'
      readonly branches: readonly { readonly when: Expr; readonly then: Expr }[]
      readonly else: Expr
    }
  /** Combines `value`, an expression of the child row, over this row's children in `table` where `where` is true. */
  | {
      readonly kind: 'fold'
      readonly operation: FoldOperation
      readonly table: string
      readonly value?: Expr
      readonly where?: Expr
    }
  /** The key of the row of a cross at these keys of its dimensions, in the cross's order; they must provably exist. */
  | { readonly kind: 'keyOf'; readonly table: string; readonly of: readonly Expr[] }
  /**
   * At a row of a cross: `value` summed (or rows counted) over the rows of `table` whose `by`, keys of the cross's
   * dimensions, name this row, where `where` is true. `most` bounds it; a row beyond that fails the run.
   */
  | {
      readonly kind: 'tally'
      readonly operation: TallyOperation
      readonly table: string
      readonly by: readonly Expr[]
      readonly value?: Expr
      readonly where?: Expr
      readonly most: number
    }
