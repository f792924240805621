import type { DataType, Shape } from '../types.ts'
import { sameType, typeName } from '../types.ts'
import { type FunctionEntry, numberAt, numbers, strict } from './entry.ts'
import {
  anyNullable,
  commonType,
  corners,
  decimalFor,
  expected,
  hull,
  type Interval,
  kinds,
  numeric,
  powerOfTen,
  scaleOf,
  shapeAt,
} from './shapes.ts'

/** a + b: integers, decimals of one scale, a date and days, a timestamp and microseconds. */
export const add = strict({
  infer: (args) => inferSum(args, (a, b) => ({ min: a.min + b.min, max: a.max + b.max })),
  apply: (args) => numberAt(args, 0) + numberAt(args, 1),
})

/** a - b: as add; the difference of two dates is days, of two timestamps microseconds. */
export const sub = strict({
  infer: (args) => inferSum(args, (a, b) => ({ min: a.min - b.max, max: a.max - b.min }), true),
  apply: (args) => numberAt(args, 0) - numberAt(args, 1),
})

/** a · b: integers, a decimal and an integer (scale kept), two decimals (scales add). */
export const mul = strict({
  infer: (args) => {
    const accepted = ['integer,integer', 'decimal,integer', 'integer,decimal', 'decimal,decimal']
    if (!accepted.includes(kinds(args))) return expected('two integers or decimals', args)
    const [a, b] = pair(args)
    const scale = scaleOf(a.type) + scaleOf(b.type)
    const interval = corners(product, a, b)
    if (kinds(args) === 'integer,integer') return numeric(a.type, interval, anyNullable(args))
    if (scale > 15) return `the scale of the product would be ${scale}, more than 15`
    return numeric(decimalFor(scale, interval, args), interval, anyNullable(args))
  },
  apply: (args) => product(numberAt(args, 0), numberAt(args, 1)),
})

/** a / b rounded down (towards minus infinity). */
export const div = strict({
  infer: (args) => inferDivision(args, (a, b) => corners(floorDiv, a, b)),
  apply: (args) => floorDiv(numberAt(args, 0), numberAt(args, 1)),
})

/** a - b·div(a, b): zero or of the sign of b. */
export const mod = strict({
  infer: (args) => inferDivision(args, modInterval),
  apply: (args) => floorMod(numberAt(args, 0), numberAt(args, 1)),
})

/** -a of an integer or decimal. */
export const neg = strict({
  infer: (args) => inferUnary(args, ({ min, max }) => ({ min: 0 - max, max: 0 - min })),
  apply: (args) => 0 - numberAt(args, 0),
})

/** |a| of an integer or decimal. */
export const abs = strict({
  infer: (args) =>
    inferUnary(args, ({ min, max }) => ({
      min: min > 0 ? min : max < 0 ? -max : 0,
      max: Math.max(-min, max),
    })),
  apply: (args) => Math.abs(numberAt(args, 0)),
})

/** The smallest of one or more integers, decimals of one scale, dates or timestamps. */
export const least = strict({
  infer: (args) =>
    inferExtreme(args, (all) => ({ min: hull(all).min, max: Math.min(...all.map((x) => x.max)) })),
  apply: (args) => Math.min(...numbers(args)),
})

/** The largest of one or more integers, decimals of one scale, dates or timestamps. */
export const greatest = strict({
  infer: (args) =>
    inferExtreme(args, (all) => ({ min: Math.max(...all.map((x) => x.min)), max: hull(all).max })),
  apply: (args) => Math.max(...numbers(args)),
})

/** An integer or decimal as a decimal of the target type, rounded half away from zero. */
export const rescale = strict({
  infer: (args, type) => {
    if (type?.kind !== 'decimal') return `expected a decimal as target type${found(type)}`
    if (!isOneOf(['integer', 'decimal'], args)) return expected('one integer or decimal', args)
    const { type: from, min, max, nullable } = shapeAt(args, 0)
    const move = (x: number): number => moveScale(x, type.scale - scaleOf(from))
    return numeric(type, { min: move(min), max: move(max) }, nullable)
  },
  apply: (args, { args: [from], result }) =>
    moveScale(
      numberAt(args, 0),
      scaleOf(result.type) - (from === undefined ? 0 : scaleOf(from.type)),
    ),
})

/** a / b as a decimal of the target type, rounded half away from zero; a·10^scale stays below 2^53. */
export const ratio = strict({
  infer: (args, type) => {
    if (type?.kind !== 'decimal') return `expected a decimal as target type${found(type)}`
    if (!['integer,integer', 'decimal,decimal'].includes(kinds(args)) || !alike(args))
      return expected('two integers or two decimals of one scale', args)
    const [a, b] = pair(args)
    if (holdsZero(b)) return mayBeZero(b)
    const unit = powerOfTen(type.scale)
    const scaled = { min: a.min * unit, max: a.max * unit }
    if (!isExact(scaled))
      return `the dividend times 10^${type.scale} leaves the exact integers below 2^53`
    return numeric(type, corners(roundedDiv, scaled, b), anyNullable(args))
  },
  apply: (args, { result }) =>
    roundedDiv(numberAt(args, 0) * powerOfTen(scaleOf(result.type)), numberAt(args, 1)),
})

/** The same physical number as another type: integer from and to decimal, date and timestamp; boolean to integer. */
export const reinterpret = strict({
  infer: (args, type) => {
    if (type === undefined) return 'expected a target type'
    if (args.length !== 1) return expected('one argument', args)
    const from = shapeAt(args, 0)
    const accepted =
      from.type.kind === 'integer'
        ? ['integer', 'decimal', 'date', 'timestamp'].includes(type.kind)
        : type.kind === 'integer' && from.type.kind !== 'string'
    if (!accepted) return `a ${typeName(from.type)} cannot be read as ${typeName(type)}`
    return numeric(type, from, from.nullable)
  },
  apply: (args) => numberAt(args, 0),
})

/** floor(a / b), exact for integers below 2^53 in size. */
export const floorDiv = (a: number, b: number): number => Math.floor(a / b) + 0

/** a - b·floor(a / b), exact for integers below 2^53 in size. */
export const floorMod = (a: number, b: number): number => {
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0
}

/** a / b rounded to the nearest integer, halves away from zero, exact for integers below 2^53 in size. */
export const roundedDiv = (a: number, b: number): number => {
  const dividend = Math.abs(a)
  const divisor = Math.abs(b)
  const rest = dividend % divisor
  const size = (dividend - rest) / divisor + (rest >= divisor - rest ? 1 : 0)
  return (a < 0 === b < 0 ? size : -size) + 0
}

/** x·10^digits, rounded half away from zero when `digits` is negative. */
export const moveScale = (x: number, digits: number): number =>
  digits >= 0 ? product(x, powerOfTen(digits)) : roundedDiv(x, powerOfTen(-digits))

// Adding 0 turns -0 into 0.
const product = (a: number, b: number): number => a * b + 0

const pair = (args: readonly Shape[]): readonly [Shape, Shape] => [
  shapeAt(args, 0),
  shapeAt(args, 1),
]

const alike = (args: readonly Shape[]): boolean => commonType(args) !== undefined

const found = (type: DataType | undefined): string =>
  type === undefined ? '' : `, not ${typeName(type)}`

const isOneOf = (accepted: readonly string[], args: readonly Shape[]): boolean =>
  args.length === 1 && accepted.includes(kinds(args))

const isExact = ({ min, max }: Interval): boolean =>
  Number.isSafeInteger(min) && Number.isSafeInteger(max)

const holdsZero = ({ min, max }: Interval): boolean => min <= 0 && max >= 0

const mayBeZero = ({ min, max }: Interval): string =>
  `the divisor ${min}..${max} may be zero; guard it with a case or greatest`

type Combine = (a: Interval, b: Interval) => Interval

const inferSum = (args: readonly Shape[], combine: Combine, difference = false): Shape | string => {
  const wanted =
    'two integers, two decimals of one scale, or a date or timestamp and an integer' +
    (difference ? ', two dates or two timestamps' : '')
  if (args.length !== 2) return expected(wanted, args)
  const [a, b] = pair(args)
  const type = sumType(a.type, b.type, difference)
  if (type === undefined) return expected(wanted, args)
  const interval = combine(a, b)
  const target = type.kind === 'decimal' ? decimalFor(type.scale, interval, args) : type
  return numeric(target, interval, anyNullable(args))
}

const sumType = (a: DataType, b: DataType, difference: boolean): DataType | undefined => {
  if (a.kind === 'integer' || a.kind === 'decimal') return sameType(a, b) ? a : undefined
  if (a.kind !== 'date' && a.kind !== 'timestamp') return undefined
  if (b.kind === 'integer') return a
  return difference && sameType(a, b) ? { kind: 'integer' } : undefined
}

const inferDivision = (args: readonly Shape[], combine: Combine): Shape | string => {
  if (kinds(args) !== 'integer,integer') return expected('two integers', args)
  const [a, b] = pair(args)
  return holdsZero(b) ? mayBeZero(b) : numeric(a.type, combine(a, b), anyNullable(args))
}

const modInterval: Combine = (a, b) => {
  const sameQuotient = b.min === b.max && floorDiv(a.min, b.min) === floorDiv(a.max, b.min)
  if (sameQuotient) return { min: floorMod(a.min, b.min), max: floorMod(a.max, b.min) }
  if (b.max < 0) return { min: b.min + 1, max: 0 }
  return { min: 0, max: a.min >= 0 ? Math.min(a.max, b.max - 1) : b.max - 1 }
}

const inferUnary = (args: readonly Shape[], map: (a: Interval) => Interval): Shape | string => {
  if (!isOneOf(['integer', 'decimal'], args)) return expected('one integer or decimal', args)
  const a = shapeAt(args, 0)
  return numeric(a.type, map(a), a.nullable)
}

const inferExtreme = (
  args: readonly Shape[],
  combine: (all: readonly Shape[]) => Interval,
): Shape | string => {
  const type = commonType(args)
  if (type === undefined || type.kind === 'string' || type.kind === 'boolean')
    return expected('integers, decimals of one scale, dates or timestamps', args)
  return numeric(type, combine(args), anyNullable(args))
}

/** Entries of this family by function name. */
export const ARITHMETIC = {
  add,
  sub,
  mul,
  div,
  mod,
  neg,
  abs,
  least,
  greatest,
  rescale,
  ratio,
  reinterpret,
} satisfies Record<string, FunctionEntry>
