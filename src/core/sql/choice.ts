import type { Dialect } from './dialect.ts'
import { type Branch, call, choose, type Term } from './term.ts'

/** As choose, but small literals alone do not make a narrow integer of it, in which products would overflow. */
export const choice = (
  { typeName }: Dialect,
  branches: readonly Branch[],
  otherwise: Term | undefined,
): Term => {
  const results = [...branches.map(({ then }) => then), ...(otherwise ? [otherwise] : [])]
  const chosen = choose(branches, otherwise)
  const isNarrow = results.every((each) => each.kind === 'literal' && each.type === 'integer')
  return isNarrow ? call`CAST(${chosen} AS ${typeName('integer')})` : chosen
}
