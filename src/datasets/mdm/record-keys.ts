import { key, mod, mul } from '../../core/expr/build.ts'
import type { Expr } from '../../core/expr/expr.ts'

/** Keys of a customer's records in one source lie so far apart; nobody has more there. */
export const MOST_RECORDS = 8

/** The largest prime below 2^30: keys of records are smaller, so multiplication by a constant permutes them. */
const PRIME = 1_073_741_789

/** A number below 2^30 that belongs to a key alone and does not go up with it: key · factor mod prime. */
export const spread = (factor: number, of: Expr = key()): Expr => mod(mul(of, factor), PRIME)
