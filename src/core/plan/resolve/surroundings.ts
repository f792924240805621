import type { Expr } from '../../expr/expr.ts'
import type { Makings, Model } from './model.ts'
import { partsOf } from './parts.ts'
import type { Facts, Scope } from './scope.ts'

/** Whether an expression has the same type wherever it stands at the rows of a table: no fact narrows a part of it. */
export const standsAlone = (expr: Expr, { model, facts }: Scope): boolean => {
  const { parts, isPlain } = makingsOf(model, expr)
  return isPlain && !meets(parts, facts)
}

const meets = (parts: ReadonlySet<Expr>, facts: Facts): boolean => {
  if (parts.size < facts.size) {
    for (const part of parts) if (facts.has(part)) return true
  } else for (const about of facts.keys()) if (parts.has(about)) return true
  return false
}

const makingsOf = (model: Model, expr: Expr): Makings => {
  const known = model.makings.get(expr)
  if (known !== undefined) return known
  const parts = new Set<Expr>()
  let isPlain = PLAIN.has(expr.kind)
  for (const part of partsOf(expr)) {
    const inner = makingsOf(model, part)
    isPlain &&= inner.isPlain
    if (!isPlain) break
    parts.add(part)
    for (const each of inner.parts) parts.add(each)
  }
  const makings = isPlain && parts.size <= LARGEST ? { parts, isPlain } : NOT_PLAIN
  model.makings.set(expr, makings)
  return makings
}

/** Larger expressions are seldom equal, and their parts would be listed again for each that they are part of. */
const LARGEST = 64

const NOT_PLAIN: Makings = { parts: new Set(), isPlain: false }

/** Kinds that depend on neither the column's stream nor locals, and whose mistakes show at the first place. */
const PLAIN: ReadonlySet<Expr['kind']> = new Set([
  'literal',
  'key',
  'ordinal',
  'column',
  'parent',
  'lookup',
  'at',
  'call',
  'case',
  'keyOf',
])
