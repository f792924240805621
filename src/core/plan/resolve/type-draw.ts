import type { Expr } from '../../expr/expr.ts'
import { numeric } from '../../expr/functions/shapes.ts'
import { unionShape } from '../../expr/functions/logic.ts'
import { type DataType, integerShape, sameType, type Shape, typeName } from '../../expr/types.ts'
import type { CompiledLaw } from '../../random/compiled-law.ts'
import { streamConstants } from '../../random/stream.ts'
import type { Law } from '../../expr/law.ts'
import type { Stream } from '../typed.ts'
import type { Model, Sizes, Typed } from './model.ts'
import { mergeSizes } from './model.ts'
import { resolveLaw } from './quantities.ts'
import type { Scope } from './scope.ts'
import {
  inside,
  limitless,
  limitsOf,
  report,
  shapeOfTexts,
  textShape,
  typedOf,
  typePart,
} from './scope.ts'

type Draw = Extract<Expr, { readonly kind: 'draw' }>
type Sample = Extract<Expr, { readonly kind: 'sample' }>
type Drawing = Draw | Sample | Extract<Expr, { readonly kind: 'pick' }>

/** Uniform bits of a stream at this row's key. */
export const typeDraw = (expr: Draw, scope: Scope): Typed | undefined => {
  const stream = streamOf(expr, scope)
  if (stream === undefined) return undefined
  const form = expr.form ?? 'bits'
  const shape =
    form === 'bits' ? integerShape(0, 4294967295) : textShape(form === 'hex' ? 32 : 36, true)
  return typedOf({ kind: 'draw', form, stream, shape }, [])
}

/** A draw pushed through a law, or through the law that `given` selects. */
export const typeSample = (expr: Sample, scope: Scope): Typed | undefined => {
  const stream = streamOf(expr, scope)
  const laws = resolveLaws(expr, scope)
  const given = expr.given === undefined ? undefined : typePart(scope, expr.given, 'given')
  if (Array.isArray(expr.law) !== (expr.given !== undefined))
    return report(scope, 'expected a list of laws together with given, or one law without it')
  if (stream === undefined || laws === undefined) return undefined
  if (expr.given !== undefined && !selects(scope, given, laws.value.length)) return undefined
  const shape = shapeOfOutcomes(expr, laws.value)
  if (typeof shape === 'string') return report(scope, shape)
  const nullable = given?.expr.shape.nullable === true
  return typedOf(
    {
      kind: 'sample',
      laws: laws.value,
      given: given?.expr,
      stream,
      shape: { ...shape, nullable },
    },
    given === undefined ? [] : [given],
    { sizes: laws.sizes, limits: laws.sizes.length > 0 ? limitless(shape) : limitsOf(shape) },
  )
}

/** The stream that a drawing node takes its bits from: named, or the column's own. */
export const streamOf = (expr: Drawing, scope: Scope): Stream | undefined => {
  const { owner, model } = scope
  const index = expr.kind === 'pick' ? undefined : expr.index
  if (owner.stream === undefined)
    return report(
      scope,
      'checks, promises and tallies cannot draw; draw in a column and name it here',
    )
  if (expr.stream !== undefined)
    return makeStream(model, { table: owner.table, stream: expr.stream, index })
  const identity = model.identities.of([expr, scope.row.table.name])
  const known = owner.draws.get(`${index ?? ''}`)
  owner.draws.set(`${index ?? ''}`, known ?? identity)
  if (known !== undefined && known !== identity)
    return report(
      scope,
      `two different draws would use the stream ${owner.stream} of this column; give one of them a stream or an index`,
    )
  return makeStream(model, { table: owner.table, stream: owner.stream, index })
}

/** A stream by its logical name. */
export const makeStream = (
  model: Model,
  { table, stream, index }: { table: string; stream: string; index?: number | undefined },
): Stream => {
  const name = { table, stream, ...(index === undefined ? {} : { index }) }
  return {
    name: index === undefined ? `${table}.${stream}` : `${table}.${stream}#${index}`,
    constants: streamConstants(model.plan.seed, name, model.sha256),
  }
}

interface Laws {
  readonly value: readonly CompiledLaw[]
  readonly sizes: Sizes
}

const lawsOf = (law: Sample['law']): readonly Law[] =>
  Array.isArray(law) ? (law as readonly Law[]) : [law as Law]

const resolveLaws = (expr: Sample, scope: Scope): Laws | undefined => {
  const listed = Array.isArray(expr.law)
  const laws = lawsOf(expr.law).map((law, i) =>
    resolveLaw(scope.model, law, inside(scope, 'law', ...(listed ? [i] : [])).path),
  )
  const sound = laws.filter((law) => law !== undefined)
  if (sound.length < laws.length) return undefined
  return {
    value: sound.map(({ value }) => value),
    sizes: mergeSizes(...sound.map(({ sizes }) => sizes)),
  }
}

const selects = (scope: Scope, given: Typed | undefined, count: number): boolean => {
  if (given === undefined) return false
  const { type, min, max } = given.expr.shape
  if (type.kind === 'integer' && min >= 0 && max < count) return true
  report(
    inside(scope, 'given'),
    type.kind === 'integer'
      ? `expected an integer from 0 to ${count - 1}, one for each law, not ${min}..${max}`
      : `expected an integer, not ${typeName(type)}`,
  )
  return false
}

const shapeOfOutcomes = (expr: Sample, laws: readonly CompiledLaw[]): Shape | string => {
  const shapes = laws.map((law, i) =>
    shapeOfLaw(law, expr.type ?? defaultType(lawsOf(expr.law)[i])),
  )
  const message = shapes.find((shape) => typeof shape === 'string')
  if (typeof message === 'string') return message
  const sound = shapes.filter((shape) => typeof shape !== 'string')
  const odd = sound.find(({ type }) => !sameType(type, sound[0]?.type ?? type))
  if (odd === undefined) return unionShape(sound)
  return `expected laws of one type, not ${typeName(sound[0]?.type ?? odd.type)} and ${typeName(odd.type)}`
}

const defaultType = (law: Law | undefined): DataType | undefined =>
  law?.kind === 'calendar' ? { kind: 'date' } : undefined

const shapeOfLaw = (
  { words, min, max }: CompiledLaw,
  type: DataType | undefined,
): Shape | string => {
  if (words === undefined)
    return type?.kind === 'string'
      ? 'expected a law of words for a string'
      : numeric(type ?? { kind: 'integer' }, { min, max }, false)
  if (type !== undefined && type.kind !== 'string')
    return `a law of words gives strings, not ${typeName(type)}`
  return shapeOfTexts(words)
}
