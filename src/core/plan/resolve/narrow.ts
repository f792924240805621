import type { Expr, FunctionName } from '../../expr/expr.ts'
import type { Typed } from './model.ts'
import type { Bounds, Fact, Facts, Scope } from './scope.ts'

/** A condition with its source, whose parts the facts are about. */
export interface Condition {
  readonly expr: Expr
  readonly typed: Typed
}

/** What is known where the condition is true. */
export const factsWhenTrue = (scope: Scope, { expr, typed }: Condition): Facts =>
  learn(scope, truths(expr, typed))

/** What is known where the condition is not true: false or null. */
export const factsWhenNot = (scope: Scope, { expr, typed }: Condition): Facts =>
  learn(scope, untruths(expr, typed))

/** The expression as the facts of its scope narrow it; bounds that contradict each other narrow nothing. */
export const narrow = (typed: Typed, expr: Expr, scope: Scope): Typed => {
  if (scope.facts.size === 0) return typed
  const fact = scope.facts.get(expr)
  if (fact === undefined) return typed
  const { shape } = typed.expr
  const nullable = shape.nullable && !fact.nonNull
  const narrowed = { ...shape, ...within(shape, fact.bounds), nullable }
  return {
    ...typed,
    expr: { ...typed.expr, shape: narrowed },
    limits: { ...typed.limits, ...within(typed.limits, fact.limits) },
  }
}

interface Finding extends Fact {
  readonly about: Expr
}

const ANYTHING: Bounds = { min: -Infinity, max: Infinity }

const within = ({ min, max }: Bounds, other: Bounds): Bounds => {
  const both = { min: Math.max(min, other.min), max: Math.min(max, other.max) }
  return both.min <= both.max ? both : { min, max }
}

const intersection = (a: Bounds, b: Bounds): Bounds => ({
  min: Math.max(a.min, b.min),
  max: Math.min(a.max, b.max),
})

const learn = (scope: Scope, findings: Iterable<Finding>): Facts => {
  const facts = new Map(scope.facts)
  for (const { about, bounds, limits, nonNull } of findings) {
    const known = facts.get(about)
    facts.set(about, {
      bounds: intersection(bounds, known?.bounds ?? ANYTHING),
      limits: intersection(limits, known?.limits ?? ANYTHING),
      nonNull: nonNull || known?.nonNull === true,
    })
  }
  return facts
}

const always = (about: Expr, bounds: Bounds): Finding => ({
  about,
  bounds,
  limits: bounds,
  nonNull: true,
})

const OPPOSITE: Partial<Readonly<Record<FunctionName, FunctionName>>> = {
  eq: 'ne',
  ne: 'eq',
  lt: 'ge',
  ge: 'lt',
  gt: 'le',
  le: 'gt',
}

function* truths(expr: Expr, typed: Typed): Generator<Finding> {
  yield always(expr, { min: 1, max: 1 })
  if (expr.kind !== 'call') return
  const parts = partsOf(expr, typed)
  const [first] = parts
  if (expr.function === 'and') for (const part of parts) yield* truths(...part)
  if (expr.function === 'not' && first !== undefined) yield* falsehoods(...first)
  yield* comparison(expr.function, parts, true)
}

/** What holds where the condition is false (and not null). */
function* falsehoods(expr: Expr, typed: Typed): Generator<Finding> {
  yield always(expr, { min: 0, max: 0 })
  if (expr.kind !== 'call') return
  const parts = partsOf(expr, typed)
  const [first] = parts
  if (expr.function === 'or') for (const part of parts) yield* falsehoods(...part)
  if (expr.function === 'not' && first !== undefined) yield* truths(...first)
  if (expr.function === 'isNull' && first !== undefined) yield always(first[0], ANYTHING)
  const opposite = OPPOSITE[expr.function]
  if (opposite !== undefined) yield* comparison(opposite, parts, true)
}

function* untruths(expr: Expr, typed: Typed): Generator<Finding> {
  if (!typed.expr.shape.nullable) {
    yield* falsehoods(expr, typed)
    return
  }
  if (expr.kind !== 'call') return
  const parts = partsOf(expr, typed)
  if (expr.function === 'or') for (const part of parts) yield* untruths(...part)
  const opposite = OPPOSITE[expr.function]
  const nullables = parts.filter(([, part]) => part.expr.shape.nullable)
  // Where one side alone may be null, the bounds hold for all its values but null.
  if (opposite !== undefined && nullables.length === 1) {
    const [nullable] = nullables
    for (const finding of comparison(opposite, parts, false))
      if (finding.about === nullable?.[0]) yield finding
  }
}

type Part = readonly [expr: Expr, typed: Typed]

const partsOf = (expr: Extract<Expr, { kind: 'call' }>, typed: Typed): readonly Part[] =>
  expr.args.flatMap((part, i): readonly Part[] => {
    const arg = typed.args?.[i]
    return arg === undefined ? [] : [[part, arg]]
  })

function* comparison(
  name: FunctionName,
  parts: readonly Part[],
  nonNull: boolean,
): Generator<Finding> {
  const [left, right] = parts
  const compare = COMPARISONS[name]
  if (left === undefined || right === undefined || compare === undefined) return
  const isText = left[1].expr.shape.type.kind === 'string'
  const [a, b] = isText ? NOTHING : compare(left[1].expr.shape, right[1].expr.shape)
  const [wideA, wideB] = isText ? NOTHING : compare(left[1].limits, right[1].limits)
  yield { about: left[0], bounds: a, limits: wideA, nonNull }
  yield { about: right[0], bounds: b, limits: wideB, nonNull }
}

const NOTHING = [ANYTHING, ANYTHING] as const

type Comparing = (a: Bounds, b: Bounds) => readonly [Bounds, Bounds]

/** The bounds of both sides where a comparison holds. */
const COMPARISONS: Partial<Readonly<Record<FunctionName, Comparing>>> = {
  eq: (a, b) => [b, a],
  ne: (a, b) => [without(a, b), without(b, a)],
  lt: (a, b) => [upTo(b.max - 1), from(a.min + 1)],
  le: (a, b) => [upTo(b.max), from(a.min)],
  gt: (a, b) => [from(b.min + 1), upTo(a.max - 1)],
  ge: (a, b) => [from(b.min), upTo(a.max)],
}

const upTo = (max: number): Bounds => ({ min: -Infinity, max })
const from = (min: number): Bounds => ({ min, max: Infinity })

/** What is left of an interval without the one value that another may have. */
const without = (interval: Bounds, { min, max }: Bounds): Bounds => {
  if (min !== max) return ANYTHING
  return {
    min: interval.min === min ? min + 1 : -Infinity,
    max: interval.max === max ? max - 1 : Infinity,
  }
}
