import { fail } from '../errors.ts'
import { FUNCTIONS } from '../expr/functions.ts'
import { powerOfTen, scaleOf } from '../expr/functions/shapes.ts'
import type { FunctionName } from '../expr/expr.ts'
import { EXACT_LIMIT, type Shape } from '../expr/types.ts'
import type { Call } from './dialect.ts'
import { choose, integer, invoke, numberOf, sql, type Term } from './term.ts'

/*
 * Inside a case the compiler narrows intervals to what the condition proves, but a column of its own is computed for
 * all rows. So what rests on such a proof is made total: null where the proof does not hold. Then every value of every
 * row is null or within its shape, and nothing overflows.
 */

/** Whether the result's shape promises more than follows from the arguments' shapes. */
export const isNarrowedCall = (
  name: FunctionName,
  shapes: readonly Shape[],
  result: Shape,
): boolean => {
  const inferred = FUNCTIONS[name].infer(shapes, result.type)
  return typeof inferred === 'string' || !contains(result, inferred)
}

/** Whether a shape holds all that another one does. */
export const contains = (wide: Shape, inner: Shape): boolean =>
  wide.min <= inner.min &&
  wide.max >= inner.max &&
  wide.maxLength >= inner.maxLength &&
  (wide.ascii || !inner.ascii)

/** A term, null outside of an interval. */
export const clipped = (term: Term, min: number, max: number): Term =>
  term.kind === 'literal'
    ? term
    : choose(
        [{ when: sql`${term} BETWEEN ${integer(min)} AND ${integer(max)}`, then: term }],
        undefined,
      )

/** A number, null outside of its shape. */
export const withinShape = (term: Term, { type, min, max }: Shape): Term =>
  type.kind === 'string' || type.kind === 'boolean' ? term : clipped(term, min, max)

/** The arguments of a narrowed call, null where the call would fail. */
export const totalArguments = (name: FunctionName, call: Call): readonly Term[] =>
  TOTAL_ARGUMENTS[name]?.(call) ?? call.args

const TOTAL_ARGUMENTS: Partial<Record<FunctionName, (call: Call) => readonly Term[]>> = {
  mul: (call) => factors(call),
  rescale: (call) => {
    const change = scaleOf(call.result.type) - scaleOf(at(call.shapes, 0).type)
    return [upTo(at(call.args, 0), largest(call) / powerOfTen(Math.max(0, change)))]
  },
  ratio: ({ args, result }) => [
    upTo(at(args, 0), EXACT_LIMIT / powerOfTen(scaleOf(result.type))),
    divisor(at(args, 1)),
  ],
  div: ({ args }) => [at(args, 0), divisor(at(args, 1))],
  mod: ({ args }) => [at(args, 0), divisor(at(args, 1))],
  slice: ({ args }) => [
    at(args, 0),
    clipped(at(args, 1), 0, EXACT_LIMIT),
    clipped(at(args, 2), 0, EXACT_LIMIT),
  ],
  codeAt: ({ args }) => [at(args, 0), clipped(at(args, 1), 0, EXACT_LIMIT)],
  padLeft: ({ args, result }) => [
    at(args, 0),
    clipped(at(args, 1), -EXACT_LIMIT, result.maxLength),
    at(args, 2),
  ],
  base36: ({ args }) => [clipped(at(args, 0), 0, EXACT_LIMIT)],
  scaleDraw: ({ args }) => [clipped(at(args, 0), 0, 4294967295), clipped(at(args, 1), 0, 1048576)],
}

const at = <T>(values: readonly T[], position: number): T =>
  values[position] ?? fail('internal', `there is no argument ${position}`)

const largest = ({ result }: Call): number => Math.max(Math.abs(result.min), Math.abs(result.max))

const upTo = (term: Term, most: number): Term => clipped(term, -Math.floor(most), Math.floor(most))

const divisor = (term: Term): Term =>
  term.kind === 'literal' ? term : invoke('nullif', [term, integer(0)])

/** Two factors whose product is no larger than the result may be. */
const factors = (call: Call): readonly Term[] => {
  const [a, b] = [at(call.args, 0), at(call.args, 1)]
  const [left, right] = [numberOf(a), numberOf(b)]
  const most = largest(call)
  if (right !== undefined) return [right === 0 ? a : upTo(a, most / Math.abs(right)), b]
  if (left !== undefined) return [a, left === 0 ? b : upTo(b, most / Math.abs(left))]
  const limit = call.dialect.operators.quotient(integer(most), divisor(invoke('abs', [b])))
  const fits = invoke('coalesce', [sql`${invoke('abs', [a])} <= ${limit}`, sql`TRUE`])
  return [choose([{ when: fits, then: a }], undefined), b]
}
