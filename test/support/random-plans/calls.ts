import { lit } from '../../../src/core/expr/build.ts'
import { FUNCTION_NAMES, type FunctionName } from '../../../src/core/expr/expr.ts'
import { sameType, type DataType } from '../../../src/core/expr/types.ts'
import {
  callPiece,
  choose,
  integer,
  integerShape,
  nonNull,
  nullPiece,
  stringShape,
  within,
  type Piece,
  type Place,
} from './pieces.ts'

/** Makes a piece of a type, no deeper than asked. */
export type Make = (place: Place, type: DataType, depth: number) => Piece

export const INTEGER: DataType = { kind: 'integer' }
export const STRING: DataType = { kind: 'string' }
export const BOOLEAN: DataType = { kind: 'boolean' }
export const DATE: DataType = { kind: 'date' }
export const TIMESTAMP: DataType = { kind: 'timestamp' }
export const MONEY: DataType = { kind: 'decimal', precision: 9, scale: 2 }
export const TENTHS: DataType = { kind: 'decimal', precision: 6, scale: 1 }

/** A type of each kind, decimals with two scales. */
export const TYPES: readonly DataType[] = [INTEGER, STRING, BOOLEAN, DATE, TIMESTAMP, MONEY, TENTHS]

/** A call of one of the functions that give the type; undefined when its arguments did not fit together. */
export const randomCall = (
  place: Place,
  type: DataType,
  parts: { readonly depth: number; readonly make: Make },
): Piece | undefined => {
  const { chance } = place
  const name = chance.one(FUNCTION_NAMES.filter((each) => RECIPES[each].gives.includes(type.kind)))
  const any = (of: DataType): Piece => parts.make(place, of, parts.depth - 1)
  const piece = RECIPES[name].make({ place, type, any, name })
  return piece !== undefined && sameType(piece.shape.type, type) ? piece : undefined
}

interface Request {
  readonly place: Place
  readonly name: FunctionName
  readonly type: DataType
  readonly any: (type: DataType) => Piece
}

interface Recipe {
  readonly gives: readonly DataType['kind'][]
  readonly make: (request: Request) => Piece | undefined
}

const NUMBERS = ['integer', 'decimal', 'date', 'timestamp'] as const

const small = (any: Request['any'], low: number, high: number): Piece =>
  within(any(INTEGER), low, high)

/** One call of any arguments of the given types. */
const plain =
  (...types: readonly DataType[]) =>
  ({ name, any }: Request): Piece | undefined =>
    callPiece(name, types.map(any))

/** Calls of one to three arguments of the wanted type. */
const several = ({ place, name, type, any }: Request): Piece | undefined =>
  callPiece(
    name,
    Array.from({ length: place.chance.between(1, 3) }, () => any(type)),
  )

/** Comparisons of values of any one type. */
const comparing = ({ place, name, any }: Request): Piece | undefined => {
  const type = place.chance.one(TYPES)
  return callPiece(name, [any(type), any(type)])
}

const summing = ({ place, name, type, any }: Request): Piece | undefined => {
  if (type.kind === 'integer' && name === 'sub' && place.chance.percent(40)) {
    const ends = place.chance.one([DATE, TIMESTAMP])
    return callPiece(name, [any(ends), any(ends)])
  }
  if (type.kind === 'date') return callPiece(name, [any(type), small(any, -400, 400)])
  if (type.kind === 'timestamp') return callPiece(name, [any(type), small(any, -1e12, 1e12)])
  return callPiece(name, [any(type), any(type)])
}

const multiplying = ({ place, name, type, any }: Request): Piece | undefined => {
  if (type.kind !== 'decimal') return callPiece(name, [any(INTEGER), small(any, -50, 50)])
  if (type.scale === 2 && place.chance.percent(40))
    return callPiece(name, [any(TENTHS), any(TENTHS)])
  return callPiece(name, [any(type), small(any, -50, 50)])
}

/** Divides by what cannot be zero, or by what a case has shown to be positive. */
const dividing = ({ place, name, any }: Request): Piece | undefined => {
  const { chance } = place
  if (chance.percent(60)) {
    const divisor = chance.percent(50) ? small(any, 1, 60) : small(any, -60, -1)
    return callPiece(name, [any(INTEGER), divisor])
  }
  const divisor = any(INTEGER)
  const narrowed = {
    ...divisor,
    shape: { ...divisor.shape, nullable: false, min: Math.max(1, divisor.shape.min) },
  }
  const positive = callPiece('gt', [divisor, integer(0)])
  const quotient = divisor.shape.max < 1 ? undefined : callPiece(name, [any(INTEGER), narrowed])
  return quotient && positive && choose(positive, quotient, any(INTEGER))
}

const rescaling = ({ place, name, type, any }: Request): Piece | undefined => {
  if (type.kind !== 'decimal') return undefined
  const wide: DataType = { ...type, precision: 12 }
  if (place.chance.percent(50)) return callPiece(name, [small(any, -9999, 9999)], wide)
  return callPiece(name, [any(type.scale === 2 ? TENTHS : MONEY)], wide)
}

const ratios = ({ place, name, type, any }: Request): Piece | undefined => {
  const wide: DataType = type.kind === 'decimal' ? { ...type, precision: 14 } : type
  const divisor = small(any, 1, 90)
  if (place.chance.percent(60)) return callPiece(name, [small(any, -9999, 9999), divisor], wide)
  const money = callPiece('reinterpret', [divisor], MONEY)
  return money && callPiece(name, [any(MONEY), money], wide)
}

const reinterpreting = ({ place, name, type, any }: Request): Piece | undefined => {
  if (type.kind === 'integer')
    return callPiece(
      name,
      [any(place.chance.one([MONEY, DATE, TIMESTAMP, BOOLEAN, INTEGER]))],
      type,
    )
  if (type.kind === 'decimal') return callPiece(name, [small(any, -9999, 9999)], type)
  if (type.kind === 'date') return callPiece(name, [small(any, -9999, 30000)], type)
  return callPiece(name, [small(any, -1e9, 2e15)], type)
}

const literalString = (text: string): Piece => ({ expr: lit(text), shape: stringShape([text]) })

const slicing = ({ name, any }: Request): Piece | undefined =>
  callPiece(name, [any(STRING), small(any, 0, 5), small(any, 0, 6)])

const replacing = ({ place, name, any }: Request): Piece | undefined => {
  const from = literalString(place.chance.one(['a', 'é', '中', 'a|', '0', '--', "'"]))
  const to = literalString(place.chance.one(['', 'b', 'Ω', 'a\\p', '%']))
  return callPiece(name, [any(STRING), from, to])
}

const padding = ({ place, name, any }: Request): Piece | undefined =>
  callPiece(name, [
    any(STRING),
    place.chance.percent(50) ? integer(place.chance.between(0, 12)) : small(any, 0, 9),
    literalString(place.chance.one(['0', ' ', '…'])),
  ])

const texts = ({ place, name, any }: Request): Piece | undefined =>
  callPiece(name, [any(place.chance.one(TYPES))])

/** bits and a number of places, which may be zero. */
const scaling = ({ place, name, any }: Request): Piece | undefined => {
  const bits: Piece = {
    expr: { kind: 'draw', index: place.fresh() },
    shape: integerShape(0, 4294967295),
  }
  return callPiece(name, [bits, small(any, 0, place.chance.one([1, 9, 1000]))])
}

const coalescing = (request: Request): Piece | undefined => {
  const { place, name, type, any } = request
  const maybe = any(type)
  const first = place.chance.percent(50) ? choose(any(BOOLEAN), maybe, nullPiece(type)) : maybe
  return callPiece(
    name,
    place.chance.percent(70) ? [first, any(type)] : [first, nullPiece(type), any(type)],
  )
}

const nullTest = ({ place, name, any }: Request): Piece | undefined =>
  callPiece(name, [any(place.chance.one(TYPES))])

const RECIPES: Readonly<Record<FunctionName, Recipe>> = {
  add: { gives: NUMBERS, make: summing },
  sub: { gives: NUMBERS, make: summing },
  mul: { gives: ['integer', 'decimal'], make: multiplying },
  div: { gives: ['integer'], make: dividing },
  mod: { gives: ['integer'], make: dividing },
  neg: {
    gives: ['integer', 'decimal'],
    make: ({ name, type, any }) => callPiece(name, [any(type)]),
  },
  abs: {
    gives: ['integer', 'decimal'],
    make: ({ name, type, any }) => callPiece(name, [any(type)]),
  },
  least: { gives: NUMBERS, make: several },
  greatest: { gives: NUMBERS, make: several },
  rescale: { gives: ['decimal'], make: rescaling },
  ratio: { gives: ['decimal'], make: ratios },
  reinterpret: { gives: NUMBERS, make: reinterpreting },
  eq: { gives: ['boolean'], make: comparing },
  ne: { gives: ['boolean'], make: comparing },
  lt: { gives: ['boolean'], make: comparing },
  le: { gives: ['boolean'], make: comparing },
  gt: { gives: ['boolean'], make: comparing },
  ge: { gives: ['boolean'], make: comparing },
  and: { gives: ['boolean'], make: several },
  or: { gives: ['boolean'], make: several },
  not: { gives: ['boolean'], make: plain(BOOLEAN) },
  isNull: { gives: ['boolean'], make: nullTest },
  coalesce: {
    gives: ['integer', 'decimal', 'date', 'timestamp', 'string', 'boolean'],
    make: coalescing,
  },
  dateOf: { gives: ['date'], make: plain(TIMESTAMP) },
  timestampOf: { gives: ['timestamp'], make: plain(DATE) },
  year: { gives: ['integer'], make: plain(DATE) },
  month: { gives: ['integer'], make: plain(DATE) },
  day: { gives: ['integer'], make: plain(DATE) },
  weekday: { gives: ['integer'], make: plain(DATE) },
  hour: { gives: ['integer'], make: plain(TIMESTAMP) },
  concat: { gives: ['string'], make: several },
  length: { gives: ['integer'], make: plain(STRING) },
  slice: { gives: ['string'], make: slicing },
  codeAt: {
    gives: ['integer'],
    make: ({ name, any }) => callPiece(name, [any(STRING), small(any, 0, 6)]),
  },
  upper: { gives: ['string'], make: plain(STRING) },
  lower: { gives: ['string'], make: plain(STRING) },
  replace: { gives: ['string'], make: replacing },
  padLeft: { gives: ['string'], make: padding },
  text: { gives: ['string'], make: texts },
  base36: { gives: ['string'], make: ({ name, any }) => callPiece(name, [small(any, 0, 1e9)]) },
  sha256: { gives: ['string'], make: plain(STRING) },
  scaleDraw: { gives: ['integer'], make: scaling },
}

/** A whole number from 0 to high that is never null. */
export const countPiece = (piece: Piece, high: number): Piece =>
  within(nonNull(piece, integer(0)), 0, high)
