import { call, lit, toExpr, when } from '../../../src/core/expr/build.ts'
import type { Expr, FunctionName } from '../../../src/core/expr/expr.ts'
import { inferCall } from '../../../src/core/expr/functions.ts'
import { unionShape } from '../../../src/core/expr/functions/logic.ts'
import type { DataType, Shape } from '../../../src/core/expr/types.ts'
import type { Column, RowSpace } from '../../../src/core/plan/plan.ts'
import type { Chance } from './chance.ts'

/** An expression with the shape that the compiler should find, or a narrower one. */
export interface Piece {
  readonly expr: Expr
  readonly shape: Shape
}

/** A column under construction. */
export interface DraftColumn {
  readonly column: Column
  readonly shape: Shape
}

/** A table under construction; columns may refer to columns that were made before, in any table. */
export interface DraftTable {
  readonly name: string
  readonly space: RowSpace
  readonly virtual: boolean
  readonly key: Shape
  readonly ordinal: Shape
  /** No more rows than this, and no more siblings. */
  readonly rows: number
  readonly siblings: number
  readonly columns: DraftColumn[]
  /** Rows in reach by `parent`: of a cross by the dimension's name. */
  readonly parents: readonly {
    readonly dimension: string | undefined
    readonly table: DraftTable
  }[]
  /** The tables whose rows a union shows. */
  readonly members: readonly DraftTable[]
  readonly children: DraftTable[]
}

/** Where an expression is being made. */
export interface Place {
  readonly chance: Chance
  readonly tables: readonly DraftTable[]
  readonly table: DraftTable
  readonly locals: readonly (Piece & { readonly name: string })[]
  /** A number that no other draw or local of the column has. */
  readonly fresh: () => number
}

export const integerShape = (min: number, max: number): Shape => ({
  type: { kind: 'integer' },
  nullable: false,
  min,
  max,
  maxLength: 0,
  ascii: true,
})

export const typedShape = (type: DataType, min: number, max: number): Shape => ({
  ...integerShape(min, max),
  type,
})

export const stringShape = (words: readonly string[]): Shape => ({
  ...typedShape({ kind: 'string' }, 0, 0),
  maxLength: Math.max(...words.map((word) => Array.from(word).length)),
  // eslint-disable-next-line no-control-regex
  ascii: words.every((word) => /^[\x00-\x7f]*$/.test(word)),
})

export const integer = (value: number): Piece => ({
  expr: toExpr(value),
  shape: integerShape(value, value),
})

/** A call, if its arguments' shapes allow it. */
export const callPiece = (
  name: FunctionName,
  args: readonly Piece[],
  type?: DataType,
): Piece | undefined => {
  const shape = inferCall(
    name,
    args.map((arg) => arg.shape),
    type,
  )
  if (typeof shape === 'string') return undefined
  const exprs = args.map((arg) => arg.expr)
  return { expr: call(name, exprs, type), shape }
}

/** As callPiece, where the shapes are known to fit. */
export const surely = (piece: Piece | undefined): Piece => {
  if (piece === undefined) throw new Error('a call that should fit does not')
  return piece
}

/** The piece, or a default where it is null. */
export const nonNull = (piece: Piece, instead: Piece): Piece =>
  piece.shape.nullable ? surely(callPiece('coalesce', [piece, instead])) : piece

/** An integer piece brought into low..high, by the remainder if it is not there already. */
export const within = (piece: Piece, low: number, high: number): Piece => {
  if (piece.shape.min >= low && piece.shape.max <= high) return piece
  const rest = surely(callPiece('mod', [piece, integer(high - low + 1)]))
  return low === 0 ? rest : surely(callPiece('add', [rest, integer(low)]))
}

/** `then` where a boolean piece is true, else `otherwise`. */
export const choose = (condition: Piece, then: Piece, otherwise: Piece): Piece => ({
  expr: when(condition.expr, then.expr, otherwise.expr),
  shape: unionShape([then.shape, otherwise.shape]),
})

/** A typed null. */
export const nullPiece = (type: DataType): Piece => ({
  expr: lit(null, type),
  shape: { ...typedShape(type, 0, 0), nullable: true },
})
