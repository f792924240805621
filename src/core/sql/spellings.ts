import { fail } from '../errors.ts'
import type { FunctionName } from '../expr/expr.ts'
import { powerOfTen, scaleOf } from '../expr/functions/shapes.ts'
import type { Shape } from '../expr/types.ts'
import type { Call, Dialect, Spelling } from './dialect.ts'
import { absolute, type Division, floorDiv, floorMod, present, roundedDiv } from './integers.ts'
import {
  call,
  choose,
  integer,
  invoke,
  joined,
  plus,
  sql,
  string,
  sum,
  type Term,
  times,
} from './term.ts'

const operator =
  (text: string): Spelling =>
  ({ args }) =>
    joined(args, ` ${text} `)

const named =
  (name: string): Spelling =>
  ({ args }) =>
    invoke(name, args)

/** A function of one argument. */
const unary =
  (spell: (argument: Term, shape: Shape, dialect: Dialect) => Term): Spelling =>
  ({ args, shapes, dialect }) =>
    spell(at(args, 0), at(shapes, 0), dialect)

/** A function that skips nulls in SQL but is null as soon as one argument is. */
const extreme =
  (name: string): Spelling =>
  ({ args, shapes }) =>
    present(args, shapes, args.length === 1 ? at(args, 0) : invoke(name, args))

const dateField = (field: string): Spelling =>
  unary((days, _, dialect) => call`EXTRACT(${field} FROM ${dialect.date(days)})`)

/** Case mapping of ASCII letters alone, which the engine's own function does only to ASCII text. */
const casing = (name: string, from: string, to: string): Spelling =>
  unary((text, { ascii }) =>
    ascii ? invoke(name, [text]) : invoke('translate', [text, string(from), string(to)]),
  )

const MICROS_PER_DAY = 86_400_000_000
const MICROS_PER_HOUR = 3_600_000_000
const SMALL_LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Every function in SQL that most engines agree on; what they do not is for a dialect to spell. */
export const STANDARD_SPELLINGS: Readonly<Record<FunctionName, Spelling>> = {
  add: ({ args }) => sum(at(args, 0), at(args, 1)),
  sub: operator('-'),
  mul: operator('*'),
  div: (each) => floorDiv(division(each), each.dialect),
  mod: (each) => floorMod(division(each), each.dialect),
  neg: unary((a) => sql`0 - ${a}`),
  abs: unary(absolute),
  least: extreme('least'),
  greatest: extreme('greatest'),
  rescale: (each) => rescale(each),
  ratio: (each) => ratio(each),
  reinterpret: unary((a, { type }, dialect) =>
    type.kind === 'boolean' ? call`CAST(${a} AS ${dialect.typeName('integer')})` : a,
  ),
  eq: operator('='),
  ne: operator('<>'),
  lt: operator('<'),
  le: operator('<='),
  gt: operator('>'),
  ge: operator('>='),
  and: operator('AND'),
  or: operator('OR'),
  not: unary((a) => sql`NOT ${a}`),
  isNull: unary((a) => sql`${a} IS NULL`),
  coalesce: named('coalesce'),
  dateOf: unary((micros, shape, dialect) => floorDiv(days(micros, shape), dialect)),
  timestampOf: unary((date) => times(date, MICROS_PER_DAY)),
  year: dateField('YEAR'),
  month: dateField('MONTH'),
  day: dateField('DAY'),
  // 1970-01-01 was a Thursday.
  weekday: unary((date, { min }, dialect) =>
    plus(floorMod({ a: plus(date, 3), b: integer(7), natural: min >= -3 }, dialect), 1),
  ),
  hour: unary((micros, shape, dialect) =>
    dialect.operators.quotient(floorMod(days(micros, shape), dialect), integer(MICROS_PER_HOUR)),
  ),
  concat: operator('||'),
  length: named('length'),
  slice: ({ args, shapes }) => {
    const [start, count] = [
      bounded(at(args, 1), at(shapes, 1)),
      bounded(at(args, 2), at(shapes, 2)),
    ]
    return invoke('substring', [at(args, 0), plus(start, 1), count])
  },
  codeAt: ({ args, shapes }) => {
    const position = plus(bounded(at(args, 1), at(shapes, 1)), 1)
    const one = invoke('substring', [at(args, 0), position, integer(1)])
    return choose([{ when: sql`${one} = ''`, then: integer(0) }], invoke('unicode', [one]))
  },
  upper: casing('upper', SMALL_LETTERS, CAPITALS),
  lower: casing('lower', CAPITALS, SMALL_LETTERS),
  replace: named('replace'),
  padLeft: ({ args }) => {
    const [text, width, fill] = [at(args, 0), at(args, 1), at(args, 2)]
    return sql`repeat(${fill}, ${width} - length(${text})) || ${text}`
  },
  text: unary((a, shape, dialect) => textOf(a, shape, dialect)),
  base36: { unsupported: 'standard SQL has no digits in base 36' },
  sha256: { unsupported: 'standard SQL has no SHA-256' },
  scaleDraw: ({ args, dialect }) =>
    dialect.operators.quotient(sql`${at(args, 0)} * ${at(args, 1)}`, integer(4294967296)),
}

const at = <T>(values: readonly T[], position: number): T =>
  values[position] ?? fail('internal', `there is no argument ${position}`)

const division = ({ args, shapes }: Call): Division => ({
  a: at(args, 0),
  b: at(args, 1),
  natural: at(shapes, 0).min >= 0 && at(shapes, 1).min >= 0,
})

/** Microseconds to be divided into days. */
const days = (micros: Term, { min }: Shape): Division => ({
  a: micros,
  b: integer(MICROS_PER_DAY),
  natural: min >= 0,
})

const rescale = ({ args, shapes, result, dialect }: Call): Term => {
  const digits = scaleOf(result.type) - scaleOf(at(shapes, 0).type)
  if (digits >= 0) return times(at(args, 0), powerOfTen(digits))
  const unit = powerOfTen(-digits)
  return roundedDiv(
    [at(args, 0), at(shapes, 0)],
    [integer(unit), { min: unit, max: unit }],
    dialect,
  )
}

const ratio = ({ args, shapes, result, dialect }: Call): Term =>
  roundedDiv(
    [times(at(args, 0), powerOfTen(scaleOf(result.type))), at(shapes, 0)],
    [at(args, 1), at(shapes, 1)],
    dialect,
  )

/** No string is longer, and engines refuse positions beyond 32 bits. */
const LONGEST = 65_536

const bounded = (position: Term, { max }: Shape): Term =>
  max <= LONGEST
    ? position
    : choose([{ when: sql`${position} > ${integer(LONGEST)}`, then: integer(LONGEST) }], position)

const textOf = (value: Term, shape: Shape, dialect: Dialect): Term => {
  const { type } = shape
  switch (type.kind) {
    case 'string':
      return value
    case 'integer':
    case 'boolean':
      return shown(value, dialect)
    case 'decimal':
      return decimalText(value, shape, dialect)
    case 'date':
      return shown(dialect.date(value), dialect)
    case 'timestamp':
      return timestampText(value, shape, dialect)
  }
}

const shown = (value: Term, dialect: Dialect): Term =>
  call`CAST(${value} AS ${dialect.typeName('string')})`

/** A number that is never negative, with zeros before it. */
const digits = (value: Term, width: number, dialect: Dialect): Term =>
  call`lpad(${shown(value, dialect)}, ${integer(width)}, '0')`

const decimalText = (value: Term, { type, min, max }: Shape, dialect: Dialect): Term => {
  const scale = scaleOf(type)
  if (scale === 0) return shown(value, dialect)
  const size = absolute(value, { min, max })
  const unit = integer(powerOfTen(scale))
  const whole = shown(dialect.operators.quotient(size, unit), dialect)
  const text = sql`${whole} || '.' || ${digits(dialect.operators.remainder(size, unit), scale, dialect)}`
  if (min >= 0) return text
  return sql`${choose([{ when: sql`${value} < 0`, then: string('-') }], string(''))} || ${text}`
}

const timestampText = (micros: Term, shape: Shape, dialect: Dialect): Term => {
  const { quotient, remainder } = dialect.operators
  const date = shown(dialect.date(floorDiv(days(micros, shape), dialect)), dialect)
  const inDay = floorMod(days(micros, shape), dialect)
  const field = (unit: number, count: number): Term =>
    digits(remainder(quotient(inDay, integer(unit)), integer(count)), 2, dialect)
  const [hour, minute, second] = [
    field(MICROS_PER_HOUR, 24),
    field(60_000_000, 60),
    field(1_000_000, 60),
  ]
  const fraction = digits(remainder(inDay, integer(1_000_000)), 6, dialect)
  return sql`${date} || 'T' || ${hour} || ':' || ${minute} || ':' || ${second} || '.' || ${fraction} || 'Z'`
}
