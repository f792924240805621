import { fail } from '../../errors.ts'
import type { DataType, Shape, Value } from '../types.ts'

/** The shapes of one call: of its arguments and of its result, as `infer` gave it. */
export interface CallShapes {
  readonly args: readonly Shape[]
  readonly result: Shape
}

/** A function of the language: its typing rule and its meaning on one row. */
export interface FunctionEntry {
  /**
   * The shape of the result, or a message that says what was expected instead. `type` is the call's target type, which
   * only rescale, ratio and reinterpret take.
   */
  readonly infer: (args: readonly Shape[], type?: DataType) => Shape | string
  /** The value of the call on physical values whose shapes `infer` has accepted; total and exact. */
  readonly apply: (args: readonly Value[], shapes: CallShapes) => Value
  /** Positions of arguments that must be literals other than null. */
  readonly literals?: readonly number[]
}

/** A call that is null as soon as one argument is null; `apply` sees none. */
export const strict = (entry: FunctionEntry): FunctionEntry => ({
  ...entry,
  apply: (args, shapes) => (args.includes(null) ? null : entry.apply(args, shapes)),
})

/** A physical number, where typing has proven that there is one. */
export const numberAt = (args: readonly Value[], position: number): number => {
  const value = args[position]
  return typeof value === 'number' ? value : fail('internal', `argument ${position} is no number`)
}

/** A string, where typing has proven that there is one. */
export const stringAt = (args: readonly Value[], position: number): string => {
  const value = args[position]
  return typeof value === 'string' ? value : fail('internal', `argument ${position} is no string`)
}

/** All arguments as numbers. */
export const numbers = (args: readonly Value[]): readonly number[] =>
  args.map((_, position) => numberAt(args, position))
