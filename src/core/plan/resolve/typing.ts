import type { Expr } from '../../expr/expr.ts'
import { FUNCTIONS, inferCall } from '../../expr/functions.ts'
import type { Shape } from '../../expr/types.ts'
import { unreachable } from '../../errors.ts'
import { below } from '../issues.ts'
import { UNREADABLE } from '../language/parse.ts'
import { quote } from '../names.ts'
import type { TypedExpr } from '../typed.ts'
import type { Limits, Typed } from './model.ts'
import { mergeSizes, reportUnknown } from './model.ts'
import { narrow } from './narrow.ts'
import { standsAlone } from './surroundings.ts'
import type { Scope } from './scope.ts'
import { inside, limitless, limitsOf, report, typedOf, typePart, wideShape } from './scope.ts'
import { typeDraw, typeSample } from './type-draw.ts'
import { typeAt, typeLookup, typePick } from './type-elsewhere.ts'
import { typeFold } from './type-fold.ts'
import { typeKeyOf } from './type-key-of.ts'
import { typeTally } from './type-tally.ts'
import { typeCase } from './type-case.ts'
import { typeLiteral } from './type-literal.ts'
import { typeColumnOf, typeKey, typeOrdinal, typeParent } from './type-row.ts'

/** Types an expression in a scope; its mistakes are reported, and undefined stands for what has one. */
export const typeExpr = (expr: Expr, scope: Scope): Typed | undefined => {
  // What the parser could not read has been reported.
  if ((expr.kind as string) === UNREADABLE) return undefined
  const typed = typeOnce(expr, scope)
  return typed && narrow(typed, expr, scope)
}

/** Equal expressions at equal rows are typed once, unless the surroundings may make a difference. */
const typeOnce = (expr: Expr, scope: Scope): Typed | undefined => {
  const { typed } = scope.row
  const isFree = standsAlone(expr, scope)
  const known = isFree ? typed.get(expr) : undefined
  if (known !== undefined) return known
  const made = typeNode(expr, scope)
  if (isFree && made !== undefined && scope.model.issues.count() === 0) typed.set(expr, made)
  return made
}

type Of<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>

const typeNode = (expr: Expr, scope: Scope): Typed | undefined => {
  switch (expr.kind) {
    case 'literal':
      return typeLiteral(expr, scope)
    case 'let':
      return typeLet(expr, scope)
    case 'local':
      return typeLocal(expr, scope)
    case 'key':
      return typeKey(scope)
    case 'ordinal':
      return typeOrdinal(scope)
    case 'column':
      return typeColumnOf(expr, scope)
    case 'parent':
      return typeParent(expr, scope)
    case 'lookup':
      return typeLookup(expr, scope)
    case 'pick':
      return typePick(expr, scope)
    case 'at':
      return typeAt(expr, scope)
    case 'draw':
      return typeDraw(expr, scope)
    case 'sample':
      return typeSample(expr, scope)
    case 'call':
      return typeCall(expr, scope)
    case 'case':
      return typeCase(expr, scope)
    case 'fold':
      return typeFold(expr, scope)
    case 'keyOf':
      return typeKeyOf(expr, scope)
    case 'tally':
      return typeTally(expr, scope)
    default:
      return unreachable(expr)
  }
}

const typeLet = (expr: Of<'let'>, scope: Scope): Typed | undefined => {
  const value = typePart(scope, expr.value, 'value')
  if (scope.locals.has(expr.name))
    return report(scope, `${quote(expr.name)} is already the name of an enclosing let`)
  const locals = new Map([...scope.locals, [expr.name, value] as const])
  const inner = typePart({ ...scope, locals }, expr.in, 'in')
  if (value === undefined || inner === undefined) return undefined
  const { shape } = inner.expr
  return {
    expr: { kind: 'let', name: expr.name, value: value.expr, in: inner.expr, shape },
    sizes: mergeSizes(value.sizes, inner.sizes),
    limits: inner.limits,
  }
}

const typeLocal = ({ name }: Of<'local'>, scope: Scope): Typed | undefined => {
  const { model, locals, path } = scope
  if (!locals.has(name))
    return reportUnknown(model, below(path, 'name'), {
      what: 'local',
      name,
      known: locals.keys(),
    })
  const value = locals.get(name)
  if (value === undefined) return undefined
  const { shape } = value.expr
  return { expr: { kind: 'local', name, shape }, sizes: value.sizes, limits: value.limits }
}

const typeCall = (expr: Of<'call'>, scope: Scope): Typed | undefined => {
  const args = expr.args.map((arg, i) => typePart(scope, arg, 'args', i))
  const sound = args.filter((arg) => arg !== undefined)
  if (sound.length < args.length) return undefined
  const name = expr.function
  const variable = FUNCTIONS[name].literals?.find((position) => !isConstant(sound[position]?.expr))
  if (variable !== undefined && variable < sound.length)
    return report(inside(scope, 'args', variable), `${name} takes only a literal here`)
  const shape = inferCall(
    name,
    sound.map((arg) => arg.expr.shape),
    expr.type,
  )
  if (typeof shape === 'string') return report(scope, `${name}: ${shape}`)
  const call = { kind: 'call', function: name, args: sound.map((arg) => arg.expr), shape } as const
  return { ...typedOf(call, sound, { limits: limitsOfCall(expr, sound, shape) }), args: sound }
}

const isConstant = (expr: TypedExpr | undefined): boolean =>
  expr?.kind === 'literal' && expr.value !== null

const limitsOfCall = (expr: Of<'call'>, args: readonly Typed[], shape: Shape): Limits => {
  const wide = inferCall(expr.function, args.map(wideShape), expr.type)
  return typeof wide === 'string' ? limitless(shape) : limitsOf(wide)
}
