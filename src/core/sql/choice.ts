import type { Dialect } from './dialect.ts'
import { type Branch, call, choose, type Term } from './term.ts'

/**
 * As choose, but small literals alone do not make a narrow integer of it, in which products would overflow; where literals
 * say themselves that they are wide, they cannot.
 */
export const choice = (
  { typeName, integer }: Dialect,
  branches: readonly Branch[],
  otherwise: Term | undefined,
): Term => {
  const results = [...branches.map(({ then }) => then), ...(otherwise ? [otherwise] : [])]
  const chosen = choose(branches, otherwise)
  const isNarrow =
    integer(1) === '1' &&
    results.every((each) => each.kind === 'literal' && each.type === 'integer')
  return isNarrow ? call`CAST(${chosen} AS ${typeName('integer')})` : chosen
}
