import { sha256Hex } from '../../sha256.ts'
import type { Shape } from '../types.ts'
import { type FunctionEntry, numberAt, strict, stringAt } from './entry.ts'
import { anyNullable, expected, kinds, numeric, shapeAt, stringShape } from './shapes.ts'
import { textOf } from './text.ts'

/** The strings one after another. */
const concat = strict({
  infer: (args) => {
    if (args.length === 0 || args.some(({ type }) => type.kind !== 'string'))
      return expected('strings', args)
    const length = args.reduce((sum, each) => sum + each.maxLength, 0)
    return stringShape(length, allAscii(args), anyNullable(args))
  },
  apply: (args) => args.map((_, position) => stringAt(args, position)).join(''),
})

/** The number of code points. */
const length = strict({
  infer: (args) => {
    if (kinds(args) !== 'string') return expected('one string', args)
    const { maxLength, nullable } = shapeAt(args, 0)
    return numeric({ kind: 'integer' }, { min: 0, max: maxLength }, nullable)
  },
  apply: (args) => Array.from(stringAt(args, 0)).length,
})

/** Up to `count` code points from `start` (from 0, both never negative); what lies beyond the end is left out. */
const slice = strict({
  infer: (args) => {
    if (kinds(args) !== 'string,integer,integer')
      return expected('a string, a start and a count', args)
    const [text, start, count] = [shapeAt(args, 0), shapeAt(args, 1), shapeAt(args, 2)]
    if (start.min < 0 || count.min < 0)
      return `the start ${start.min}..${start.max} and count ${count.min}..${count.max} must not be negative`
    const longest = Math.max(0, Math.min(text.maxLength - start.min, count.max))
    return stringShape(longest, text.ascii, anyNullable(args))
  },
  apply: (args) => {
    const start = numberAt(args, 1)
    return Array.from(stringAt(args, 0))
      .slice(start, start + numberAt(args, 2))
      .join('')
  },
})

/** The code point at a position from 0, never negative; 0 beyond the end. */
const codeAt = strict({
  infer: (args) => {
    if (kinds(args) !== 'string,integer') return expected('a string and a position', args)
    const [text, position] = [shapeAt(args, 0), shapeAt(args, 1)]
    if (position.min < 0)
      return `the position ${position.min}..${position.max} must not be negative`
    const max = position.min >= text.maxLength ? 0 : text.ascii ? LAST_ASCII : LAST_OF_BMP
    return numeric({ kind: 'integer' }, { min: 0, max }, anyNullable(args))
  },
  apply: (args) => Array.from(stringAt(args, 0))[numberAt(args, 1)]?.codePointAt(0) ?? 0,
})

const LAST_ASCII = 0x7f
const LAST_OF_BMP = 0xffff

/** The letters a to z as A to Z; all others as they are. */
const upper = strict({
  infer: (args) => inferSame(args),
  apply: (args) => stringAt(args, 0).replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
})

/** The letters A to Z as a to z; all others as they are. */
const lower = strict({
  infer: (args) => inferSame(args),
  apply: (args) => stringAt(args, 0).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
})

/** Every occurrence of a literal, found from the left without overlap, replaced by another. */
const replace = strict({
  literals: [1, 2],
  infer: (args) => {
    if (kinds(args) !== 'string,string,string')
      return expected('a string and two literal strings', args)
    const [text, from, to] = [shapeAt(args, 0), shapeAt(args, 1), shapeAt(args, 2)]
    if (from.maxLength === 0) return 'the string to replace must not be empty'
    const most = Math.floor(text.maxLength / from.maxLength)
    const longest = text.maxLength + most * Math.max(0, to.maxLength - from.maxLength)
    return stringShape(longest, text.ascii && to.ascii, anyNullable(args))
  },
  apply: (args) => stringAt(args, 0).split(stringAt(args, 1)).join(stringAt(args, 2)),
})

/** The string with copies of a literal character put before it until it has `width`; longer ones unchanged. */
const padLeft = strict({
  literals: [2],
  infer: (args) => {
    if (kinds(args) !== 'string,integer,string')
      return expected('a string, a width and a literal character', args)
    const [text, width, fill] = [shapeAt(args, 0), shapeAt(args, 1), shapeAt(args, 2)]
    if (fill.maxLength !== 1) return 'the string to pad with must be one character'
    const longest = Math.max(text.maxLength, width.max)
    return stringShape(longest, text.ascii && fill.ascii, anyNullable(args))
  },
  apply: (args) => {
    const text = stringAt(args, 0)
    const missing = numberAt(args, 1) - Array.from(text).length
    return missing > 0 ? stringAt(args, 2).repeat(missing) + text : text
  },
})

/**
 * A value as text: integers and decimals in decimal digits with a leading minus, `true` and `false`, dates as
 * `YYYY-MM-DD`, timestamps as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, strings as they are.
 */
const text = strict({
  infer: (args) => {
    if (args.length !== 1) return expected('one argument', args)
    const shape = shapeAt(args, 0)
    if (shape.type.kind === 'string') return shape
    const ends = [shape.min, shape.max].map((end) => textOf(end, shape.type).length)
    return stringShape(Math.max(...ends), true, shape.nullable)
  },
  apply: (args, shapes) => textOf(args[0] ?? null, shapeAt(shapes.args, 0).type),
})

/** An integer that is never negative in base 36, digits 0 to 9 and a to z. */
const base36 = strict({
  infer: (args) => {
    const [number] = args
    if (kinds(args) !== 'integer' || number === undefined || number.min < 0)
      return expected('one integer that is never negative', args)
    return stringShape(number.max.toString(36).length, true, number.nullable)
  },
  apply: (args) => numberAt(args, 0).toString(36),
})

/** The SHA-256 of the string's UTF-8 bytes as 64 lower-case hexadecimal digits. */
const sha256 = strict({
  infer: (args) =>
    kinds(args) === 'string'
      ? stringShape(64, true, anyNullable(args))
      : expected('one string', args),
  apply: (args) => sha256Hex(stringAt(args, 0)),
})

const inferSame = (args: readonly Shape[]): Shape | string =>
  kinds(args) === 'string' ? shapeAt(args, 0) : expected('one string', args)

const allAscii = (args: readonly Shape[]): boolean => args.every((each) => each.ascii)

/** Entries of this family by function name. */
export const STRINGS = {
  concat,
  length,
  slice,
  codeAt,
  upper,
  lower,
  replace,
  padLeft,
  text,
  base36,
  sha256,
} satisfies Record<string, FunctionEntry>
