import type { FunctionName } from './expr.ts'
import { ARITHMETIC } from './functions/arithmetic.ts'
import { type FunctionEntry, numberAt, strict } from './functions/entry.ts'
import { LOGIC } from './functions/logic.ts'
import { expected, kinds, numeric, shapeAt } from './functions/shapes.ts'
import { STRINGS } from './functions/strings.ts'
import { TIME } from './functions/time.ts'
import type { DataType, Shape } from './types.ts'

// The product stays below 2^52, so both steps are exact.
const scale = (bits: number, n: number): number => Math.floor((bits * n) / 4294967296)

const LARGEST_DRAW = 4294967295
const WIDEST = 1048576

/** floor(bits · n / 2^32): a place among n (0 to 2^20) from 32 uniform bits; 0 when n is 0. */
const scaleDraw = strict({
  infer: (args) => {
    if (kinds(args) !== 'integer,integer') return expected('bits and an integer', args)
    const [bits, n] = [shapeAt(args, 0), shapeAt(args, 1)]
    if (bits.min < 0 || bits.max > LARGEST_DRAW)
      return `the bits ${bits.min}..${bits.max} leave 0..2^32-1`
    if (n.min < 0 || n.max > WIDEST) return `the number ${n.min}..${n.max} leaves 0..2^20`
    const interval = { min: scale(bits.min, n.min), max: scale(bits.max, n.max) }
    return numeric(bits.type, interval, bits.nullable || n.nullable)
  },
  apply: (args) => scale(numberAt(args, 0), numberAt(args, 1)),
})

/** Every function of the language: how it types its arguments, and what it means on one row. */
export const FUNCTIONS: Readonly<Record<FunctionName, FunctionEntry>> = {
  ...ARITHMETIC,
  ...LOGIC,
  ...TIME,
  ...STRINGS,
  scaleDraw,
}

/**
 * The shape of a call, or a message that says what was expected. A target type on a function that takes none is such
 * a mistake too.
 */
export const inferCall = (
  name: FunctionName,
  args: readonly Shape[],
  type?: DataType,
): Shape | string =>
  type !== undefined && !TARGETED.has(name)
    ? `${name} takes no target type`
    : FUNCTIONS[name].infer(args, type)

const TARGETED: ReadonlySet<FunctionName> = new Set(['rescale', 'ratio', 'reinterpret'])
