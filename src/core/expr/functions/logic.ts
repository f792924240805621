import { type Shape, type Value } from '../types.ts'
import { type FunctionEntry, numberAt, strict } from './entry.ts'
import { anyNullable, booleanShape, commonType, expected, hull, shapeAt } from './shapes.ts'

const comparison = (holds: (order: number) => boolean): FunctionEntry =>
  strict({
    infer: (args) =>
      args.length === 2 && commonType(args) !== undefined
        ? booleanShape(anyNullable(args))
        : expected('two values of one type, decimals of one scale', args),
    apply: ([a, b]) => (holds(compare(a ?? null, b ?? null)) ? 1 : 0),
  })

/** False if any argument is false, else null if any is null, else true. */
const and: FunctionEntry = {
  infer: (args) => inferLogic(args),
  apply: (args) => (args.includes(0) ? 0 : args.includes(null) ? null : 1),
}

/** True if any argument is true, else null if any is null, else false. */
const or: FunctionEntry = {
  infer: (args) => inferLogic(args),
  apply: (args) => (args.includes(1) ? 1 : args.includes(null) ? null : 0),
}

const not = strict({
  infer: (args) => (args.length === 1 ? inferLogic(args) : expected('one boolean', args)),
  apply: (args) => 1 - numberAt(args, 0),
})

/** Whether the argument is null; never null itself. */
const isNull: FunctionEntry = {
  infer: (args) => (args.length === 1 ? booleanShape(false) : expected('one argument', args)),
  apply: ([value]) => (value === null ? 1 : 0),
}

/** The first argument that is not null, else null. */
const coalesce: FunctionEntry = {
  infer: (args) => {
    const type = commonType(args)
    if (type === undefined) return expected('values of one type, decimals of one scale', args)
    return { ...unionShape(args), type, nullable: args.every((each) => each.nullable) }
  },
  apply: (args) => args.find((value) => value !== null) ?? null,
}

/** Three-way comparison of two non-null values of one type: numbers by size, strings by code point. */
export const compare = (a: Value, b: Value): number => {
  if (a === b) return 0
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b)
  return Number(a) < Number(b) ? -1 : 1
}

/**
 * The smallest shape that holds the values of all the shapes, which have one type; the type is the first one's, with
 * the widest precision of decimals. The key's table is kept only when all agree.
 */
export const unionShape = (shapes: readonly Shape[]): Shape => {
  const first = shapeAt(shapes, 0)
  const shape: Shape = {
    type: commonType(shapes) ?? first.type,
    nullable: anyNullable(shapes),
    ...hull(shapes),
    maxLength: Math.max(...shapes.map((each) => each.maxLength)),
    ascii: shapes.every((each) => each.ascii),
  }
  const { keyOf } = first
  const agreed = keyOf !== undefined && shapes.every((each) => each.keyOf === keyOf)
  return agreed ? { ...shape, keyOf } : shape
}

const compareCodePoints = (a: string, b: string): number => {
  const left = Array.from(a)
  const right = Array.from(b)
  const at = left.findIndex((point, i) => point !== right[i])
  const x = at < 0 ? -1 : (left[at]?.codePointAt(0) ?? -1)
  const y = (at < 0 ? right[left.length] : right[at])?.codePointAt(0) ?? -1
  return x === y ? 0 : x < y ? -1 : 1
}

const inferLogic = (args: readonly Shape[]): Shape | string =>
  args.length > 0 && args.every(({ type }) => type.kind === 'boolean')
    ? booleanShape(anyNullable(args))
    : expected('booleans', args)

/** Entries of this family by function name. */
export const LOGIC = {
  eq: comparison((order) => order === 0),
  ne: comparison((order) => order !== 0),
  lt: comparison((order) => order < 0),
  le: comparison((order) => order <= 0),
  gt: comparison((order) => order > 0),
  ge: comparison((order) => order >= 0),
  and,
  or,
  not,
  isNull,
  coalesce,
} satisfies Record<string, FunctionEntry>
