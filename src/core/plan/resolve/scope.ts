import type { Expr } from '../../expr/expr.ts'
import { LONGEST_STRING } from '../../expr/functions/shapes.ts'
import { type Shape, integerShape } from '../../expr/types.ts'
import type { Path } from '../issues.ts'
import { below } from '../issues.ts'
import type { TypedExpr } from '../typed.ts'
import type { Limits, Model, Sizes, TableModel, Typed } from './model.ts'
import { mergeSizes } from './model.ts'

/** Where draws of an expression get their names: a column's, or none where drawing makes no sense. */
export interface Owner {
  readonly table: string
  /** The implicit stream name; undefined where nothing may be drawn. */
  readonly stream: string | undefined
  /** What an implicit name and index have been used for, to find two draws that would be one. */
  readonly draws: Map<string, number>
}

/** What a condition proves of an expression inside its branch: now, and whatever the sizes are. */
export interface Fact {
  readonly bounds: Bounds
  readonly limits: Bounds
  readonly nonNull: boolean
}

/** An inclusive interval, open where it is infinite. */
export type Bounds = Pick<Shape, 'min' | 'max'>

/** Facts by the expression they are about; in a plan that was read, equal expressions are one object. */
export type Facts = ReadonlyMap<Expr, Fact>

/** Where an expression stands. */
export interface Scope {
  readonly model: Model
  /** The table whose row it is evaluated at. */
  readonly row: TableModel
  readonly owner: Owner
  readonly path: Path
  readonly locals: ReadonlyMap<string, Typed | undefined>
  readonly facts: Facts
  /** Types an expression in another scope; the typing rules call one another through it. */
  readonly type: (expr: Expr, scope: Scope) => Typed | undefined
}

/** Reports a mistake at the expression. */
export const report = (scope: Scope, message: string): undefined =>
  scope.model.issues.report(scope.path, message)

/** The scope of a part of the expression. */
export const inside = (scope: Scope, ...steps: readonly (string | number)[]): Scope => ({
  ...scope,
  path: below(scope.path, ...steps),
})

/** Types a part of the expression. */
export const typePart = (
  scope: Scope,
  expr: Expr,
  ...steps: readonly (string | number)[]
): Typed | undefined => scope.type(expr, inside(scope, ...steps))

/** A typed node with the sizes of its parts; its limits are its own bounds unless others are given. */
export const typedOf = (
  expr: TypedExpr,
  parts: readonly Typed[],
  more: { readonly sizes?: Sizes; readonly limits?: Limits } = {},
): Typed => ({
  expr,
  sizes: mergeSizes(more.sizes ?? [], ...parts.map((part) => part.sizes)),
  limits: more.limits ?? limitsOf(expr.shape),
})

/** The bounds of a shape as limits. */
export const limitsOf = ({ min, max, maxLength }: Limits): Limits => ({ min, max, maxLength })

/** The shape an expression has whatever the sizes are. */
export const wideShape = ({ expr: { shape }, limits }: Typed): Shape => ({ ...shape, ...limits })

/** The limits of what a size decides: anything of the shape's type and sign. */
export const limitless = ({ type, min, max, maxLength }: Shape): Limits => {
  if (type.kind === 'boolean') return { min, max, maxLength }
  if (type.kind === 'string') return { min, max, maxLength: LONGEST_STRING }
  return {
    min: min < 0 ? -Number.MAX_SAFE_INTEGER : Math.min(min, 1),
    max: Number.MAX_SAFE_INTEGER,
    maxLength,
  }
}

/** The smallest limits that hold several. */
export const hullOf = (all: readonly Limits[]): Limits => ({
  min: Math.min(...all.map(({ min }) => min)),
  max: Math.max(...all.map(({ max }) => max)),
  maxLength: Math.max(...all.map(({ maxLength }) => maxLength)),
})

/** The shape of a string that is never null. */
export const textShape = (maxLength: number, ascii: boolean): Shape => ({
  type: { kind: 'string' },
  nullable: false,
  min: 0,
  max: 0,
  maxLength,
  ascii,
})

/** The shape of a key of a table. */
export const keyShape = ({ table, space }: TableModel): Shape | undefined =>
  space === undefined
    ? undefined
    : { ...integerShape(space.min, Math.max(space.min, space.max)), keyOf: table.name }

/** The shape and the length in code points of some texts. */
export const shapeOfTexts = (texts: readonly string[]): Shape => {
  // eslint-disable-next-line no-control-regex
  const ascii = /^[\u0000-\u007f]*$/.test(texts.join(''))
  let longest = 0
  for (const text of texts)
    longest = Math.max(longest, ascii ? text.length : Array.from(text).length)
  return textShape(longest, ascii)
}
