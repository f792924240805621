import { cases, div, eq, ge, least, lt, sub, timestamp } from '../../../core/expr/build.ts'
import type { Operand } from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import type { Law } from '../../../core/expr/law.ts'
import { BANDS, OTHER_GENDER } from '../ages.ts'
import { rounded } from '../../calibrate.ts'
import { EDUCATION, EDUCATION_BY_BAND } from '../income.ts'

/** The age band, 0..4, of an age from 18 to 100. */
export const bandOf = (age: Operand): Expr => sub(least(div(age, 15), BANDS), 1)

/** Laws of a gender by the share of women. */
export const gender = (women: number): Law =>
  law.weighted({ F: rounded(women), M: rounded(1 - OTHER_GENDER - women), X: OTHER_GENDER })

/** Laws of the highest education by age band. */
export const EDUCATION_LAWS: readonly Law[] = EDUCATION_BY_BAND.map((shares) =>
  law.weighted(EDUCATION.map((level, i) => [level, shares[i] ?? 0] as const)),
)

/** An instant lies between start and asOf. */
export const inTime = (at: Expr): readonly Expr[] => [
  ge(at, timestamp('start')),
  lt(at, timestamp('asOf')),
]

/** The place of a word in a list that has it. */
export const codeOf = (word: Expr, words: readonly string[]): Expr =>
  cases(
    words.slice(0, -1).map((each, i) => [eq(word, each), i] as const),
    words.length - 1,
  )
