import {
  add,
  and,
  codeAt,
  concat,
  cases,
  eq,
  ge,
  greatest,
  gt,
  least,
  length,
  lookup,
  ne,
  scaleDraw,
  slice,
  sub,
} from '../../expr/build.ts'
import type { Operand } from '../../expr/build.ts'
import type { Expr } from '../../expr/expr.ts'
import type { Operator, Scene } from '../model.ts'

/** One key too many, beside the one that was meant. */
export const insertKey = (column: string, rate: number): Operator => ({
  name: 'insert',
  rate,
  where: (scene) => hasLetters(scene, column, 1),
  changes: (scene) => {
    const { text, at, code } = anywhere(scene, column)
    return { [column]: spliced(text, { at, skip: 0, by: keyBeside(code, scene) }) }
  },
})

/** A character lost. */
export const deleteCharacter = (column: string, rate: number): Operator => ({
  name: 'delete',
  rate,
  where: (scene) => hasLetters(scene, column, 2),
  changes: (scene) => {
    const { text, at } = anywhere(scene, column)
    return { [column]: spliced(text, { at, skip: 1, by: '' }) }
  },
})

/** A key beside the one that was meant. */
export const substituteKey = (column: string, rate: number): Operator => ({
  name: 'substitute',
  rate,
  where: (scene) => hasLetters(scene, column, 1),
  changes: (scene) => {
    const { text, at, code } = anywhere(scene, column)
    return { [column]: spliced(text, { at, skip: 1, by: keyBeside(code, scene) }) }
  },
})

/** Two neighbouring characters, unlike each other, in the wrong order. */
export const transpose = (column: string, rate: number): Operator => ({
  name: 'transpose',
  rate,
  where: (scene) => {
    const { text, at } = amongPairs(scene, column)
    return and(hasLetters(scene, column, 2), ne(codeAt(text, at), codeAt(text, add(at, 1))))
  },
  changes: (scene) => {
    const { text, at } = amongPairs(scene, column)
    const turned = concat(slice(text, add(at, 1), 1), slice(text, at, 1))
    return { [column]: spliced(text, { at, skip: 2, by: turned }) }
  },
})

/** A character that a scanner takes for another, or for two. */
export const misread = (column: string, rate: number): Operator => ({
  name: 'ocr',
  rate,
  where: (scene) => {
    const { code } = anywhere(scene, column)
    return and(hasLetters(scene, column, 1), gt(scanned(code, 'count'), 0))
  },
  changes: (scene) => {
    const { text, at, code } = anywhere(scene, column)
    const which = scaleDraw(scene.bits(1), scanned(code, 'count'))
    const reading = cases(
      [1, 2].map((n) => [eq(which, n), scanned(code, `reading_${n + 1}`)] as const),
      scanned(code, 'reading_1'),
    )
    return { [column]: spliced(text, { at, skip: 1, by: reading }) }
  },
})

/** The end cut off, as by a field that is too short: at least `keep` characters are left. */
export const truncate = (column: string, rate: number, keep = 3): Operator => ({
  name: 'truncate',
  rate,
  where: (scene) => hasLetters(scene, column, keep + 1),
  changes: (scene) => {
    const text = scene.before(column)
    const lost = scaleDraw(scene.bits(0), greatest(sub(length(text), keep), 0))
    return { [column]: slice(text, 0, add(keep, lost)) }
  },
})

/** One word as two: a space inside it. */
export const splitWord = (column: string, rate: number): Operator => ({
  name: 'split',
  rate,
  where: (scene) => {
    const { text, at } = amongPairs(scene, column)
    return and(
      hasLetters(scene, column, 2),
      ne(codeAt(text, at), SPACE),
      ne(codeAt(text, add(at, 1)), SPACE),
    )
  },
  changes: (scene) => {
    const { text, at } = amongPairs(scene, column)
    return { [column]: spliced(text, { at: add(at, 1), skip: 0, by: ' ' }) }
  },
})

/** Two words as one: the first space between two is lost, among the first characters of the text. */
export const mergeWords = (column: string, rate: number): Operator => ({
  name: 'merge',
  rate,
  where: (scene) => gt(firstSpace(scene, column), 0),
  changes: (scene) => ({
    [column]: spliced(scene.before(column), { at: firstSpace(scene, column), skip: 1, by: '' }),
  }),
})

const SPACE = 32

/** Where spaces are looked for: first words are shorter. */
const FIRST_WORD = 16

const firstSpace = ({ before, named }: Scene, column: string): Expr =>
  named(
    `${column}_space`,
    cases(
      Array.from(
        { length: FIRST_WORD },
        (_, i) => [eq(codeAt(before(column), i + 1), SPACE), i + 1] as const,
      ),
      0,
    ),
  )

interface Place {
  readonly text: Expr
  readonly at: Expr
  /** The code point there. */
  readonly code: Expr
}

const anywhere = ({ before, bits, named }: Scene, column: string): Place => {
  const text = before(column)
  const at = named(`${column}_at`, scaleDraw(bits(0), length(text)))
  return { text, at, code: named(`${column}_code`, codeAt(text, at)) }
}

const amongPairs = ({ before, bits, named }: Scene, column: string): Omit<Place, 'code'> => {
  const text = before(column)
  const pairs = greatest(sub(length(text), 1), 0)
  return { text, at: named(`${column}_pair`, scaleDraw(bits(0), pairs)) }
}

const hasLetters = ({ before }: Scene, column: string, count: number): Expr =>
  ge(length(before(column)), count)

/** Text with `skip` characters from a place replaced by others. */
export const spliced = (
  text: Expr,
  { at, skip, by }: { readonly at: Expr; readonly skip: number; readonly by: Operand },
): Expr => concat(slice(text, 0, at), by, slice(text, add(at, skip), LONGEST))

/** No text is longer. */
const LONGEST = 65_536

/** Row of a list by ASCII code; all other characters share the last one. */
const ascii = (code: Expr): Expr => least(code, 127)

/** A key that touches the one of a character. */
const keyBeside = (code: Expr, { bits }: Scene): Expr => {
  const keys = lookup('keyboard', ascii(code), 'keys')
  return slice(keys, scaleDraw(bits(1), lookup('keyboard', ascii(code), 'count')), 1)
}

const scanned = (code: Expr, column: string): Expr => lookup('scanner', ascii(code), column)
