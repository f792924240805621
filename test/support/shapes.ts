import { inferCall, FUNCTIONS } from '../../src/core/expr/functions.ts'
import type { FunctionName } from '../../src/core/expr/expr.ts'
import type { DataType, Shape, Value } from '../../src/core/expr/types.ts'

export const INTEGER: DataType = { kind: 'integer' }
export const STRING: DataType = { kind: 'string' }
export const BOOLEAN: DataType = { kind: 'boolean' }
export const DATE: DataType = { kind: 'date' }
export const TIMESTAMP: DataType = { kind: 'timestamp' }
export const decimal = (precision: number, scale: number): DataType => ({
  kind: 'decimal',
  precision,
  scale,
})

/** The shape of a non-string that is never null. */
export const shaped = (type: DataType, min: number, max: number): Shape => ({
  type,
  nullable: false,
  min,
  max,
  maxLength: 0,
  ascii: true,
})

export const int = (min: number, max: number): Shape => shaped(INTEGER, min, max)

export const str = (maxLength: number, ascii = true): Shape => ({
  ...shaped(STRING, 0, 0),
  maxLength,
  ascii,
})

export const nullable = (shape: Shape): Shape => ({ ...shape, nullable: true })

/** The narrowest shape of a value of a type. */
export const shapeOf = (type: DataType, value: Value): Shape => {
  if (typeof value === 'string') return str(Array.from(value).length, /^[ -~]*$/.test(value))
  return value === null ? nullable(shaped(type, 0, 0)) : shaped(type, value, value)
}

/** The inferred shape; a message becomes an error. */
export const infer = (name: FunctionName, args: readonly Shape[], type?: DataType): Shape => {
  const shape = inferCall(name, args, type)
  if (typeof shape === 'string') throw new Error(shape)
  return shape
}

/** The value of a call of typed values. */
export const apply = (
  name: FunctionName,
  args: readonly (readonly [DataType, Value])[],
  type?: DataType,
): Value => {
  const shapes = args.map(([of, value]) => shapeOf(of, value))
  const result = infer(name, shapes, type)
  return FUNCTIONS[name].apply(
    args.map(([, value]) => value),
    { args: shapes, result },
  )
}
