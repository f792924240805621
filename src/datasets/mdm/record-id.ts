import { concat, key, mod, mul, padLeft, text } from '../../core/expr/build.ts'
import type { Expr } from '../../core/expr/expr.ts'
import type { SourceName } from './source.ts'

/** Keys of a customer's records in one source lie so far apart; nobody has more there. */
export const MOST_RECORDS = 8

/** The largest prime below 2^30: keys of records are smaller, so multiplication by a constant permutes them. */
const RECORD_PRIME = 1_073_741_789

const SPREAD: Readonly<Record<SourceName, readonly [prefix: string, factor: number]>> = {
  crm: ['C-', 6_635_617],
  erp: ['E-', 5_182_171],
  ecommerce: ['W-', 7_410_437],
}

/** A number below 2^30 that belongs to a key alone and does not go up with it: key · factor mod prime. */
export const spread = (factor: number, of: Expr = key()): Expr => mod(mul(of, factor), RECORD_PRIME)

/** The identifier of a record in its source: unique by construction, in no visible order. */
export const recordId = (source: SourceName, of: Expr = key()): Expr => {
  const [prefix, factor] = SPREAD[source]
  return concat(prefix, padLeft(text(spread(factor, of)), 10, '0'))
}
