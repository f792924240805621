import { add, div, least, lookup, mul, sampleGiven } from '../../core/expr/build.ts'
import { law } from '../../core/expr/build-law.ts'
import type { Expr } from '../../core/expr/expr.ts'
import type { Vocabulary } from '../../core/plan/vocabulary.ts'
import { sumOf } from '../../core/random/math.ts'
import { integers, rounded } from '../calibrate.ts'

/**
 * Per cent of the adults of each group of the surname list who were born abroad, rounded from the American Community
 * Survey: two of three Asian Americans, four of ten Hispanic adults.
 */
const BORN_ABROAD = { white: 4, black: 11, asian_pacific: 66, hispanic: 42 } as const

const GROUPS = Object.entries(BORN_ABROAD)

/** Surnames are put into classes by their expected per cent. */
const CLASS_WIDTH = 7
const CLASSES = Math.floor(66 / CLASS_WIDTH) + 1

/** 1 for a share of the bearers of a surname (a row of its list) that depends on who bears it, else 0. */
export const foreignBorn = (surname: Expr): Expr => {
  const weighed = GROUPS.map(([group, share]) => mul(lookup('surnames', surname, group), share))
  const perCent = div(
    weighed.reduce((sum, each) => add(sum, each)),
    100,
  )
  const laws = Array.from({ length: CLASSES }, (_, i) => {
    const share = rounded(shareOfClass(i))
    return law.weighted([
      [0, rounded(1 - share)],
      [1, share],
    ])
  })
  return sampleGiven(least(div(perCent, CLASS_WIDTH), CLASSES - 1), laws)
}

const shareOfClass = (index: number): number => (index * CLASS_WIDTH + CLASS_WIDTH / 2) / 100

/** The share of people born abroad that follows from the list of surnames. */
export const foreignBornShare = (surnames: Vocabulary): number => {
  const weights = integers(surnames, 'weight')
  const groups = GROUPS.map(([group, share]) => ({ cells: integers(surnames, group), share }))
  const born = weights.map((weight, row) => {
    const perCent = sumOf(groups.map(({ cells, share }) => (cells[row] ?? 0) * share)) / 100
    return weight * shareOfClass(Math.floor(perCent / CLASS_WIDTH))
  })
  return sumOf(born) / sumOf(weights)
}
