import { fail } from '../core/errors.ts'
import { formatDate } from '../core/expr/civil.ts'

/** The fewest and most days that a dataset can hold, and why it needs the fewest. */
export interface DaysAllowed {
  readonly least: number
  readonly most: number
  readonly hint: string
}

/** Days from start to asOf, both in days since 1970; plan.infeasible when there are too few or too many. */
export const daysOf = (
  { start, asOf }: { readonly start: number; readonly asOf: number },
  { least, most, hint }: DaysAllowed,
): number => {
  const days = asOf - start
  if (days >= least && days <= most) return days
  const [from, to] = [formatDate(start + least), formatDate(start + most)]
  return fail(
    'plan.infeasible',
    `--as-of ${formatDate(asOf)} cannot hold with --start ${formatDate(start)}: expected ${from} to ${to}`,
    { hint, details: { parameter: 'asOf', from, to } },
  )
}
