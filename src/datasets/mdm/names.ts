import {
  add,
  div,
  eq,
  greatest,
  least,
  lookup,
  mul,
  sampleGiven,
  sub,
  when,
} from '../../core/expr/build.ts'
import { law } from '../../core/expr/build-law.ts'
import type { Expr } from '../../core/expr/expr.ts'

/** Sexes as numbers, by which given names are chosen. */
export const FEMALE = 0
export const MALE = 1

const LISTS = ['given_names_female', 'given_names_male'] as const

const DECADES = [1920, 1930, 1940, 1950, 1960, 1970, 1980, 1990, 2000, 2010]

/** 1920-01-01 in days since 1970, and the days of a decade. */
const FIRST_DECADE = -18_262
const DECADE_DAYS = 3653

const DECADE_LAWS = LISTS.flatMap((names) =>
  DECADES.map((decade) => law.vocabulary(names, `born_${decade}s`)),
)

/** The row of a name in the list of its sex, drawn as names were given in the decade of a birth (days since 1970). */
export const givenNameRow = (sex: Expr, born: Expr, stream?: string): Expr => {
  const decade = greatest(least(div(sub(born, FIRST_DECADE), DECADE_DAYS), DECADES.length - 1), 0)
  return sampleGiven(
    add(mul(sex, DECADES.length), decade),
    DECADE_LAWS,
    stream === undefined ? {} : { stream },
  )
}

/** The given name of a row in the list of its sex. */
export const givenName = (sex: Expr, row: Expr): Expr =>
  when(eq(sex, MALE), lookup(LISTS[MALE], row, 'name'), lookup(LISTS[FEMALE], row, 'name'))
