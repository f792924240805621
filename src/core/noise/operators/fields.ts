import { and, concat, isNull, lower, ne, not, upper } from '../../expr/build.ts'
import type { Operand } from '../../expr/build.ts'
import type { Expr } from '../../expr/expr.ts'
import type { Operator, Scene } from '../model.ts'

/** A cell left empty. */
export const missing = (column: string, rate: number): Operator => ({
  name: 'missing',
  rate,
  where: ({ before }) => not(isNull(before(column))),
  changes: () => ({ [column]: null }),
})

/** Two fields of one type in each other's place; both must be filled, and differ. */
export const swapFields = (columns: readonly [string, string], rate: number): Operator => {
  const [a, b] = columns
  return {
    name: 'swap',
    rate,
    where: ({ before }) => isOther(before(a), before(b)),
    changes: ({ before }) => ({ [a]: before(b), [b]: before(a) }),
  }
}

/** Something else that is true of the person or of somebody near, where there is such a thing. */
export interface Replacement {
  readonly name: string
  readonly rate: number
  readonly by: (scene: Scene) => Operand
  readonly where?: (scene: Scene) => Expr
}

/** A true value replaced by another one; what earlier steps have changed is left alone. */
export const replaceClean = (column: string, { name, rate, by, where }: Replacement): Operator => ({
  name,
  rate,
  where: (scene) =>
    where === undefined ? scene.isClean(column) : and(scene.isClean(column), where(scene)),
  changes: (scene) => ({ [column]: by(scene) }),
})

/** The value of another member of the household, where it differs; `other` is null for who lives alone. */
export const copyFrom = (column: string, other: Expr, rate: number): Operator => ({
  name: 'copy',
  rate,
  where: ({ before }) => isOther(before(column), other),
  changes: () => ({ [column]: other }),
})

/** The same for a value that takes long to find, so that it is a column of its own. */
export const copyFound = (column: string, other: Expr, rate: number): Operator => {
  const found = ({ named }: Scene): Expr => named(`${column}_other`, other)
  return {
    name: 'copy',
    rate,
    where: (scene) => isOther(scene.before(column), found(scene)),
    changes: (scene) => ({ [column]: found(scene) }),
  }
}

/** Letters all large or all small, in several columns at once. */
export const changeCase = (
  columns: readonly string[],
  { to, rate }: { readonly to: 'upper' | 'lower'; readonly rate: number },
): Operator => ({
  name: to === 'upper' ? 'capitals' : 'small letters',
  rate,
  changes: ({ before }) =>
    Object.fromEntries(
      columns.map((column) => [column, (to === 'upper' ? upper : lower)(before(column))]),
    ),
})

/** A word before the text. */
export const prefixed = (column: string, { name, rate, by }: Replacement): Operator => ({
  name,
  rate,
  changes: (scene) => ({ [column]: concat(by(scene), scene.before(column)) }),
})

const isOther = (a: Expr, b: Expr): Expr => and(not(isNull(a)), not(isNull(b)), ne(a, b))
