import { fail } from '../../errors.ts'
import { type DataType, type Shape, sameType, typeName } from '../types.ts'

/** An inclusive interval of physical values. */
export interface Interval {
  readonly min: number
  readonly max: number
}

/** The largest number of code points that a string expression may be proven to have. */
export const LONGEST_STRING = 65536

/** The most digits a decimal may have. */
export const LARGEST_PRECISION = 15

/** True when any of the arguments may be null. */
export const anyNullable = (args: readonly Shape[]): boolean => args.some((each) => each.nullable)

/**
 * The shape of a non-string result of a type with an interval, or a message when the interval leaves what the type can
 * hold: 2^53 for integers and timestamps, 15 digits for decimals, the years 1 to 9999 for dates.
 */
export const numeric = (
  type: DataType,
  { min, max }: Interval,
  nullable: boolean,
): Shape | string => {
  const limit = limits(type)
  if (min < limit.min || max > limit.max)
    return `the result ${range(min, max)} leaves ${limit.name}`
  return { type, nullable, min, max, maxLength: 0, ascii: true }
}

/** The shape of a boolean result. */
export const booleanShape = (nullable: boolean): Shape => ({
  type: { kind: 'boolean' },
  nullable,
  min: 0,
  max: 1,
  maxLength: 0,
  ascii: true,
})

/** The shape of a string result, or a message when it may be too long to hold. */
export const stringShape = (
  maxLength: number,
  ascii: boolean,
  nullable: boolean,
): Shape | string =>
  maxLength > LONGEST_STRING
    ? `the result may have ${maxLength} characters, more than ${LONGEST_STRING}`
    : { type: { kind: 'string' }, nullable, min: 0, max: 0, maxLength, ascii }

/** A decimal type of a scale that holds an interval and is no narrower than the arguments' types. */
export const decimalFor = (
  scale: number,
  { min, max }: Interval,
  args: readonly Shape[],
): DataType => {
  const digits = String(Math.max(Math.abs(min), Math.abs(max))).length
  const declared = args.map(({ type }) => (type.kind === 'decimal' ? type.precision : 0))
  return {
    kind: 'decimal',
    scale,
    precision: Math.min(LARGEST_PRECISION, Math.max(1, scale, digits, ...declared)),
  }
}

/** The smallest interval that holds all the shapes' intervals. */
export const hull = (shapes: readonly Shape[]): Interval => ({
  min: Math.min(...shapes.map((each) => each.min)),
  max: Math.max(...shapes.map((each) => each.max)),
})

/** The interval of a monotone function of two arguments over their intervals, from its values at the corners. */
export const corners = (
  f: (a: number, b: number) => number,
  a: Interval,
  b: Interval,
): Interval => {
  const values = [f(a.min, b.min), f(a.min, b.max), f(a.max, b.min), f(a.max, b.max)]
  return { min: Math.min(...values), max: Math.max(...values) }
}

/**
 * The one type that all arguments have, decimals with the widest precision among them; undefined when they differ.
 */
export const commonType = (args: readonly Shape[]): DataType | undefined => {
  const [first] = args
  if (first === undefined || args.some((each) => !sameType(each.type, first.type))) return undefined
  return args.reduce(
    (wide, { type }) =>
      type.kind === 'decimal' && wide.kind === 'decimal' && type.precision > wide.precision
        ? type
        : wide,
    first.type,
  )
}

/** What was expected and what there was: `expected two integers, not (string, date)`. */
export const expected = (what: string, args: readonly Shape[]): string =>
  `expected ${what}, not (${args.map(({ type }) => typeName(type)).join(', ')})`

/** The argument at a position whose count has been checked. */
export const shapeAt = (args: readonly Shape[], position: number): Shape =>
  args[position] ?? fail('internal', `there is no argument ${position}`)

/** The type kinds of the arguments, `integer,date`; undefined kinds never occur. */
export const kinds = (args: readonly Shape[]): string => args.map(({ type }) => type.kind).join(',')

/** The scale of a decimal, 0 for other types. */
export const scaleOf = (type: DataType): number => (type.kind === 'decimal' ? type.scale : 0)

/** 10^n for n from 0 to 15, exactly. */
export const powerOfTen = (n: number): number => Number(`1e${n}`)

interface Limits extends Interval {
  readonly name: string
}

const symmetric = (max: number, name: string): Limits => ({ min: -max, max, name })

const limits = (type: DataType): Limits => {
  switch (type.kind) {
    case 'integer':
    case 'timestamp':
      return symmetric(Number.MAX_SAFE_INTEGER, 'the exact integers below 2^53')
    case 'decimal':
      return symmetric(powerOfTen(type.precision) - 1, `${typeName(type)}, in units of its scale`)
    case 'boolean':
      return { min: 0, max: 1, name: 'the booleans 0 and 1' }
    case 'date':
      return { ...DATES, name: 'the dates 0001-01-01 to 9999-12-31' }
    case 'string':
      return { min: 0, max: 0, name: 'nothing' }
  }
}

// Days of 0001-01-01 and 9999-12-31 since 1970-01-01, proleptic Gregorian.
const DATES: Interval = { min: -719162, max: 2932896 }

const range = (min: number, max: number): string => (min === max ? `${min}` : `${min}..${max}`)
