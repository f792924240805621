/** Expressions that more than one dataset is made of. */
import {
  base36,
  cases,
  concat,
  draw,
  eq,
  key,
  lookup,
  lower,
  mul,
  type Operand,
  replace,
  sample,
  scaleDraw,
  slice,
} from '../core/expr/build.ts'
import { law } from '../core/expr/build-law.ts'
import type { Expr } from '../core/expr/expr.ts'
import type { Law } from '../core/expr/law.ts'
import { rounded } from './calibrate.ts'

/** Microseconds of a second. */
export const SECOND = 1_000_000
export const DAY_SECONDS = 86_400

/** 1 with a probability, else 0. */
export const chance = (probability: number): Law =>
  law.weighted([
    [0, rounded(1 - probability)],
    [1, rounded(probability)],
  ])

/** The entry of a list at an index that is one of the list's. */
export const entryOf = (index: Expr, entries: readonly Operand[]): Expr =>
  cases(
    entries.slice(0, -1).map((entry, i) => [eq(index, i), entry] as const),
    entries.at(-1) ?? 0,
  )

/** One of the five-digit ZIP codes of a row of us_places. */
export const postalCode = (place: Expr): Expr =>
  concat(
    lookup('us_places', place, 'zip3'),
    slice(
      lookup('us_places', place, 'zip_tails'),
      mul(scaleDraw(draw(), lookup('us_places', place, 'zips')), 2),
      2,
    ),
  )

/** A name as it stands in an e-mail address: without apostrophes and blanks, in lower case. */
export const inAddress = (name: Expr): Expr => replace(replace(lower(name), "'", ''), ' ', '')

/** A person's e-mail address; the key of the row makes it unique, the domains are reserved, so that nobody has it. */
export const emailAddress = (givenName: Expr, familyName: Expr): Expr =>
  concat(
    lower(givenName),
    '.',
    inAddress(familyName),
    '.',
    base36(key()),
    '@',
    lookup('email_domains', sample(law.vocabulary('email_domains', 'weight')), 'domain'),
  )
