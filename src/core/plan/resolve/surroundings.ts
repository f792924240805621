import type { Expr } from '../../expr/expr.ts'
import type { Model } from './model.ts'
import { partsOf } from './parts.ts'
import type { Facts, Scope } from './scope.ts'

/** Whether an expression has the same type wherever it stands at the rows of a table: no fact narrows a part of it. */
export const standsAlone = (expr: Expr, { model, facts }: Scope): boolean => {
  const parts = sameParts(model, expr)
  return parts !== undefined && !meets(parts, facts)
}

const meets = (parts: ReadonlySet<Expr>, facts: Facts): boolean => {
  if (parts.size < facts.size) {
    for (const part of parts) if (facts.has(part)) return true
  } else for (const about of facts.keys()) if (parts.has(about)) return true
  return false
}

/** All parts at the same row of an expression that draws nothing and names no locals; undefined for others. */
const sameParts = (model: Model, expr: Expr): ReadonlySet<Expr> | undefined => {
  if (model.parts.has(expr)) return model.parts.get(expr)
  const parts = PLAIN.has(expr.kind) ? partsBelow(model, expr) : undefined
  model.parts.set(expr, parts)
  return parts
}

const partsBelow = (model: Model, expr: Expr): ReadonlySet<Expr> | undefined => {
  const parts = new Set<Expr>()
  for (const part of partsOf(expr)) {
    const inner = sameParts(model, part)
    if (inner === undefined) return undefined
    parts.add(part)
    for (const each of inner) parts.add(each)
  }
  return parts.size <= LARGEST ? parts : undefined
}

/** Larger expressions are seldom equal, and their parts would be listed again for each that they are part of. */
const LARGEST = 64

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
