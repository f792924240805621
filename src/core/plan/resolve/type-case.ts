import type { Expr } from '../../expr/expr.ts'
import { unionShape } from '../../expr/functions/logic.ts'
import type { DataType, Shape } from '../../expr/types.ts'
import { sameType, typeName } from '../../expr/types.ts'
import type { Typed } from './model.ts'
import { mergeSizes } from './model.ts'
import { factsWhenNot, factsWhenTrue } from './narrow.ts'
import type { Scope } from './scope.ts'
import { hullOf, inside, report } from './scope.ts'
import { isBareNull, nullOf } from './type-literal.ts'

type Case = Extract<Expr, { readonly kind: 'case' }>

/** A choice: each branch is typed under what its condition proves, and after it under the opposite. */
export const typeCase = (expr: Case, scope: Scope): Typed | undefined => {
  const conditions: (Typed | undefined)[] = []
  const results: (Typed | undefined | 'null')[] = []
  let rest = scope
  expr.branches.forEach((branch, i) => {
    const when = typeCondition(branch.when, inside(rest, 'branches', i, 'when'))
    const condition = when && { expr: branch.when, typed: when }
    const facts = condition ? factsWhenTrue(rest, condition) : rest.facts
    conditions.push(when)
    results.push(typeResult(branch.then, inside({ ...rest, facts }, 'branches', i, 'then')))
    if (condition) rest = { ...rest, facts: factsWhenNot(rest, condition) }
  })
  results.push(typeResult(expr.else, inside(rest, 'else')))
  const shape = commonShape(results, scope)
  if (shape === undefined) return undefined
  const typed = results.map((result) => (result === 'null' ? nullOf(shape) : result))
  return assemble({ conditions, results: typed, shape })
}

const typeCondition = (expr: Expr, scope: Scope): Typed | undefined => {
  const typed = scope.type(expr, scope)
  if (typed === undefined || typed.expr.shape.type.kind === 'boolean') return typed
  return report(scope, `expected a boolean, not ${typeName(typed.expr.shape.type)}`)
}

const typeResult = (expr: Expr, scope: Scope): Typed | undefined | 'null' =>
  isBareNull(expr) ? 'null' : scope.type(expr, scope)

const isNullLiteral = (result: Typed | 'null'): boolean =>
  result === 'null' || (result.expr.kind === 'literal' && result.expr.value === null)

/** The shape of all results together; nulls make it nullable and widen nothing. */
const commonShape = (
  results: readonly (Typed | undefined | 'null')[],
  scope: Scope,
): Shape | undefined => {
  const known = results.filter((result) => result !== undefined)
  const typed = known.filter((result) => result !== 'null')
  const type = typed[0]?.expr.shape.type
  if (type === undefined)
    return known.length < results.length
      ? undefined
      : report(scope, 'expected a result that is not null, or a null with a type')
  const odd = typed.find((result) => !sameType(result.expr.shape.type, type))
  if (odd !== undefined) return mismatch(scope, type, odd.expr.shape.type)
  const values = typed.filter((result) => !isNullLiteral(result))
  const shape = unionShape((values.length > 0 ? values : typed).map(({ expr }) => expr.shape))
  return { ...shape, nullable: shape.nullable || known.some(isNullLiteral) }
}

const mismatch = (scope: Scope, a: DataType, b: DataType): undefined =>
  report(scope, `expected results of one type, not ${typeName(a)} and ${typeName(b)}`)

interface Assembly {
  readonly conditions: readonly (Typed | undefined)[]
  readonly results: readonly (Typed | undefined)[]
  readonly shape: Shape
}

const assemble = ({ conditions, results, shape }: Assembly): Typed | undefined => {
  const whens = conditions.filter((when) => when !== undefined)
  const thens = results.filter((result) => result !== undefined)
  const values = thens.filter((then) => !isNullLiteral(then))
  const otherwise = thens.at(-1)
  if (whens.length < conditions.length || thens.length < results.length || !otherwise)
    return undefined
  const branches = whens.map((when, i) => ({
    when: when.expr,
    then: thens[i]?.expr ?? otherwise.expr,
  }))
  return {
    expr: { kind: 'case', branches, else: otherwise.expr, shape },
    sizes: mergeSizes(...whens.map(({ sizes }) => sizes), ...thens.map(({ sizes }) => sizes)),
    limits: hullOf((values.length > 0 ? values : thens).map(({ limits }) => limits)),
  }
}
