import {
  and,
  cases,
  concat,
  eq,
  ge,
  greatest,
  gt,
  isNull,
  length,
  lookup,
  ne,
  not,
  replace,
  scaleDraw,
  slice,
  sub,
} from '../../expr/build.ts'
import type { Expr } from '../../expr/expr.ts'
import type { Operator, Scene } from '../model.ts'

/** A name that is a row of a list: a column with it, and the cells of its row in the list's table of variants. */
export interface ListedName {
  readonly column: string
  readonly variant: (cell: string) => Expr
}

/** A nickname of the name's, one of its three most frequent, or a name that it is a nickname of. */
export const nickname = (name: ListedName, rate: number): Operator =>
  variantOf(name, { operator: 'nickname', rate, count: 'nicknames', cell: 'nickname', most: 3 })

/** Another spelling that sounds alike. */
export const phonetic = (name: ListedName, rate: number): Operator =>
  variantOf(name, { operator: 'phonetic', rate, count: 'sounds', cell: 'sound', most: 2 })

/** The name with the accents that it has in its own language. */
export const accents = ({ column, variant }: ListedName, rate: number): Operator => ({
  name: 'accents',
  rate,
  where: (scene) => and(scene.isClean(column), gt(variant('accent'), 0)),
  changes: () => ({
    [column]: lookup('accented_names', greatest(sub(variant('accent'), 1), 0), 'name'),
  }),
})

/** The first letter alone, with a full stop. */
export const initial = (column: string, rate: number): Operator => ({
  name: 'initial',
  rate,
  where: ({ before }) => ge(length(before(column)), 3),
  changes: ({ before }) => ({ [column]: concat(slice(before(column), 0, 1), '.') }),
})

/** A name in two words as one, without an apostrophe, or a name with Mc in two words. */
export const spacing = (column: string, rate: number): Operator => ({
  name: 'spacing',
  rate,
  where: ({ before }) => {
    const name = before(column)
    return and(ge(length(name), 3), ne(respaced(name), name))
  },
  changes: ({ before }) => ({ [column]: respaced(before(column)) }),
})

const respaced = (name: Expr): Expr =>
  cases(
    [[eq(slice(name, 0, 2), 'Mc'), concat('Mc ', slice(name, 2, 64))]],
    replace(replace(name, ' ', ''), "'", ''),
  )

/** Two names joined by a hyphen: another name the person has had, and this one. */
export const hyphenate = (
  column: string,
  { other, rate }: { readonly other: Expr; readonly rate: number },
): Operator => ({
  name: 'hyphen',
  rate,
  where: (scene) => and(scene.isClean(column), isAnother(scene, column, other)),
  changes: ({ before }) => ({ [column]: concat(other, '-', before(column)) }),
})

/** The name before the wedding. */
export const maidenName = (
  column: string,
  { other, rate }: { readonly other: Expr; readonly rate: number },
): Operator => ({
  name: 'maiden name',
  rate,
  where: (scene) => and(scene.isClean(column), isAnother(scene, column, other)),
  changes: () => ({ [column]: other }),
})

const isAnother = ({ before }: Scene, column: string, other: Expr): Expr =>
  and(not(isNull(other)), ne(other, before(column)))

/** A suffix written behind the family name instead of in its own field. */
export const suffixWithName = (
  { last, suffix }: { readonly last: string; readonly suffix: string },
  rate: number,
): Operator => ({
  name: 'suffix',
  rate,
  where: ({ before }) => not(isNull(before(suffix))),
  changes: ({ before }) => ({
    [last]: concat(before(last), ' ', before(suffix)),
    [suffix]: null,
  }),
})

interface Variant {
  readonly operator: string
  readonly rate: number
  /** The cell with the number of variants, and the beginning of the cells' names that hold them. */
  readonly count: string
  readonly cell: string
  readonly most: number
}

const variantOf = (
  { column, variant }: ListedName,
  { operator, rate, count, cell, most }: Variant,
): Operator => ({
  name: operator,
  rate,
  where: (scene) => and(scene.isClean(column), gt(variant(count), 0)),
  changes: ({ bits }) => {
    const which = scaleDraw(bits(0), variant(count))
    const further = Array.from(
      { length: most - 1 },
      (_, i) => [eq(which, i + 1), variant(`${cell}_${i + 2}`)] as const,
    )
    return { [column]: cases(further, variant(`${cell}_1`)) }
  },
})
