import {
  add,
  and,
  codeAt,
  concat,
  ge,
  le,
  length,
  mod,
  ne,
  scaleDraw,
  slice,
  sub,
  text,
} from '../../expr/build.ts'
import { law } from '../../expr/build-law.ts'
import type { Expr } from '../../expr/expr.ts'
import type { Operator, Scene } from '../model.ts'
import { spliced } from './text.ts'

/** A column with numbers as text: at which places, from 0, an error falls, with weights. */
export interface Digits {
  readonly column: string
  readonly places: readonly (readonly [place: number, weight: number])[]
}

/**
 * Places of a five-digit ZIP code by how often each is wrong: .04, .04, .20, .36 and .36 (pseudopeople), so that the
 * area mostly stays.
 */
export const zipDigits = (column: string): Digits => ({
  column,
  places: [4, 4, 20, 36, 36].map((weight, place) => [place, weight] as const),
})

/** Another digit than the one that was meant. */
export const wrongDigit = (digits: Digits, rate: number): Operator => ({
  name: 'digit',
  rate,
  where: (scene) => isDigit(codeAt(scene.before(digits.column), placeOf(digits, scene))),
  changes: (scene) => {
    const value = scene.before(digits.column)
    const at = placeOf(digits, scene)
    const further = add(codeAt(value, at), scaleDraw(scene.bits(0), 9))
    // '0' is 48; nine other digits follow the one that stands there, in a circle.
    const digit = text(mod(sub(further, 47), 10))
    return { [digits.column]: spliced(value, { at, skip: 1, by: digit }) }
  },
})

/** Two neighbouring digits, unlike each other, in the wrong order. */
export const transposeDigits = (digits: Digits, rate: number): Operator => ({
  name: 'transpose',
  rate,
  where: (scene) => {
    const value = scene.before(digits.column)
    const at = placeOf(digits, scene)
    const [first, second] = [codeAt(value, at), codeAt(value, add(at, 1))]
    return and(isDigit(first), isDigit(second), ne(first, second))
  },
  changes: (scene) => {
    const value = scene.before(digits.column)
    const at = placeOf(digits, scene)
    const turned = concat(slice(value, add(at, 1), 1), slice(value, at, 1))
    return { [digits.column]: spliced(value, { at, skip: 2, by: turned }) }
  },
})

const placeOf = ({ places }: Digits, { sample }: Scene): Expr =>
  sample(law.weighted(places), 'place')

const isDigit = (code: Expr): Expr => and(ge(code, 48), le(code, 57))

/** Telephone numbers of ten digits, as 212-055-0142, in other ways of writing them. */
export const phoneFormats = (column: string, rate: number): readonly Operator[] =>
  Object.entries(PHONE_FORMATS).map(([name, write]) => ({
    name,
    rate,
    where: ({ before }) => ge(length(before(column)), 12),
    changes: ({ before }) => {
      const value = before(column)
      return { [column]: write(slice(value, 0, 3), slice(value, 4, 3), slice(value, 8, 4)) }
    },
  }))

type Write = (area: Expr, exchange: Expr, line: Expr) => Expr

const PHONE_FORMATS: Readonly<Record<string, Write>> = {
  dots: (area, exchange, line) => concat(area, '.', exchange, '.', line),
  spaces: (area, exchange, line) => concat(area, ' ', exchange, ' ', line),
  parentheses: (area, exchange, line) => concat('(', area, ') ', exchange, '-', line),
  '+1': (area, exchange, line) => concat('+1', area, exchange, line),
}
