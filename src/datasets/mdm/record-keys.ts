import { add, div, key, mod, mul } from '../../core/expr/build.ts'
import type { Expr } from '../../core/expr/expr.ts'

/** Keys of a customer's records in one source lie so far apart; nobody has more there. */
export const MOST_RECORDS = 8

/** Up to so many customers, keys of records are below PRIME. */
const USUAL_CUSTOMERS = 100_000_000

/** The most customers: their records have numbers of ten digits. */
export const MOST_CUSTOMERS = 1_000_000_000

/** The largest prime below 2^30: multiplication by a constant permutes the keys below it. */
const PRIME = 1_073_741_789

/** How far the number of customers of a plan may be raised before it needs the other form of `spread`. */
export const mostCustomers = ({ customers }: Pick<Numbered, 'customers'>): number =>
  customers <= USUAL_CUSTOMERS ? USUAL_CUSTOMERS : MOST_CUSTOMERS

/** What a number is made for: the key of a record, and how many customers the plan has. */
export interface Numbered {
  readonly customers: number
  readonly of?: Expr
}

/**
 * A number that belongs to a key alone and does not go up with it: key · factor mod PRIME. Where keys go beyond the
 * prime, they are permuted within each run of as many keys, so those below have the same number as ever; that form is
 * left to the plans that need it, since an expression is part of a plan's hash.
 */
export const spread = (factor: number, { customers, of = key() }: Numbered): Expr =>
  mostCustomers({ customers }) === USUAL_CUSTOMERS
    ? permuted(factor, of)
    : add(mul(div(of, PRIME), PRIME), permuted(factor, mod(of, PRIME)))

const permuted = (factor: number, of: Expr): Expr => mod(mul(of, factor), PRIME)
