/**
 * How customers live together. Customers are numbered in groups of four, and every group is cut into households by one
 * of eight patterns, so the household of a customer is arithmetic on its number and one draw a group.
 */
import { law } from '../../core/expr/build-law.ts'
import type { Law } from '../../core/expr/law.ts'

/** Customers of a group, and so the most customers of a household. */
export const GROUP = 4

/**
 * The patterns by the bits of places 1, 2 and 3 that begin a household, with weights. They give households of 1, 2, 3
 * and 4 customers in shares of about .33, .50, .12 and .05, which is how many adults American households have.
 */
const PATTERN_WEIGHTS = [105, 126, 436, 61, 127, 61, 61, 20]

export const patternLaw: Law = law.weighted(
  PATTERN_WEIGHTS.map((weight, pattern) => [pattern, weight] as const),
)

const places = Array.from({ length: GROUP }, (_, place) => place)

const begins = (pattern: number, place: number): boolean =>
  place === 0 || place === GROUP || ((pattern >> (place - 1)) & 1) === 1

const firstOf = (pattern: number, place: number): number =>
  begins(pattern, place) ? place : firstOf(pattern, place - 1)

const endOf = (pattern: number, place: number): number =>
  begins(pattern, place + 1) ? place + 1 : endOf(pattern, place + 1)

const byPattern = (of: (pattern: number, place: number) => number): readonly number[] =>
  PATTERN_WEIGHTS.flatMap((_, pattern) => places.map((place) => of(pattern, place)))

/** By pattern · 4 + place: the number of a customer within its household, from 0. */
export const MEMBER_NUMBERS = byPattern((pattern, place) => place - firstOf(pattern, place))

/** By pattern · 4 + place: the customers of its household. */
export const HOUSEHOLD_SIZES = byPattern(
  (pattern, place) => endOf(pattern, place) - firstOf(pattern, place),
)

/** What a member is to the household. */
export const ROLE = { head: 0, partner: 1, firstChild: 2, secondChild: 3, other: 4 } as const

/** Who lives together: a couple first, a parent alone, or people who share a home. */
export const KIND = { couple: 0, parent: 1, shared: 2 } as const

/** By kind · 4 + number within the household: the member's role. */
export const ROLES: readonly number[] = [
  ROLE.head,
  ROLE.partner,
  ROLE.firstChild,
  ROLE.secondChild,
  ROLE.head,
  ROLE.firstChild,
  ROLE.secondChild,
  ROLE.other,
  ROLE.head,
  ROLE.other,
  ROLE.other,
  ROLE.other,
]

/** Laws of the kind by number of customers, from 1. */
export const KIND_LAWS: readonly Law[] = [
  [0, 0, 100],
  [78, 12, 10],
  [80, 12, 8],
  [85, 5, 10],
].map((weights) => law.weighted(weights.map((weight, kind) => [kind, weight] as const)))
