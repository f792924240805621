import type { Expr } from '../../expr/expr.ts'

/** The expressions that one is made of and that are evaluated at the same row; those of a fold or tally are not. */
export const partsOf = (expr: Expr): readonly Expr[] => {
  switch (expr.kind) {
    case 'let':
      return [expr.value, expr.in]
    case 'lookup':
      return [expr.key]
    case 'pick':
      return [expr.parent]
    case 'at':
      return [expr.parent, expr.time]
    case 'sample':
      return expr.given === undefined ? [] : [expr.given]
    case 'call':
      return expr.args
    case 'keyOf':
      return expr.of
    case 'case':
      return [...expr.branches.flatMap(({ when, then }) => [when, then]), expr.else]
    case 'literal':
    case 'local':
    case 'key':
    case 'ordinal':
    case 'column':
    case 'parent':
    case 'draw':
    case 'fold':
    case 'tally':
    default:
      return []
  }
}

/** The expression and all its parts at the same row, each before its own parts. */
export function* allParts(expr: Expr): Generator<Expr> {
  const waiting = [expr]
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    yield part
    waiting.push(...partsOf(part).toReversed())
  }
}
