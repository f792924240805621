import { parseDate, parseTimestamp } from '../../expr/civil.ts'
import type { Expr } from '../../expr/expr.ts'
import { numeric } from '../../expr/functions/shapes.ts'
import type { DataType, Shape, Value } from '../../expr/types.ts'
import { typeName } from '../../expr/types.ts'
import { quote } from '../names.ts'
import { below } from '../issues.ts'
import type { Sizes, Typed } from './model.ts'
import { reporting } from './model.ts'
import { anchorDay, resolveQuantity } from './quantities.ts'
import type { Scope } from './scope.ts'
import { limitless, limitsOf, report, shapeOfTexts, typedOf } from './scope.ts'

type Literal = Extract<Expr, { readonly kind: 'literal' }>

/** True for a null whose type only its surroundings can give. */
export const isBareNull = (expr: Expr): boolean =>
  expr.kind === 'literal' && expr.value === null && expr.type === undefined

/** A null of the shape's type, which takes the shape's bounds so that it widens nothing. */
export const nullOf = (shape: Shape): Typed => ({
  expr: { kind: 'literal', value: null, shape: { ...shape, nullable: true } },
  sizes: [],
  limits: limitsOf(shape),
})

/** A constant: checked against its type, and turned into its physical value. */
export const typeLiteral = (expr: Literal, scope: Scope): Typed | undefined => {
  if (isBareNull(expr))
    return report(scope, 'null needs a type here: { "kind": "literal", "value": null, "type": … }')
  const given = numbered(scope, expr.value)
  if (given === undefined) return undefined
  const type = expr.type ?? defaultType(given.value)
  if (type.kind === 'decimal' && type.scale > type.precision)
    return report(scope, `the scale of ${typeName(type)} is above its precision`)
  if (given.value === null)
    return nullOf({ type, nullable: true, min: 0, max: 0, maxLength: 0, ascii: true })
  const value = physical(scope, { value: given.value, type, counted: given.counted })
  if (value === undefined) return undefined
  const shape = shapeOfValue(type, value)
  if (typeof shape === 'string') return report(scope, shape)
  const { sizes } = given
  const limits = sizes.length > 0 ? limitless(shape) : limitsOf(shape)
  return typedOf({ kind: 'literal', value, shape }, [], { sizes, limits })
}

interface Given {
  readonly value: number | string | boolean | null
  readonly sizes: Sizes
  /** Whether the value comes from a parameter. */
  readonly counted: boolean
}

const numbered = ({ model, path }: Scope, value: Literal['value']): Given | undefined => {
  if (typeof value !== 'object' || value === null) return { value, sizes: [], counted: false }
  const quantity = resolveQuantity(model, value, below(path, 'value'))
  return quantity === undefined ? undefined : { ...quantity, counted: true }
}

const defaultType = (value: Given['value']): DataType => {
  if (typeof value === 'string') return { kind: 'string' }
  return { kind: typeof value === 'boolean' ? 'boolean' : 'integer' }
}

const shapeOfValue = (type: DataType, value: Value): Shape | string =>
  typeof value === 'string'
    ? shapeOfTexts([value])
    : numeric(type, { min: value ?? 0, max: value ?? 0 }, false)

interface Asked {
  readonly value: number | string | boolean
  readonly type: DataType
  readonly counted: boolean
}

const physical = (scope: Scope, { value, type, counted }: Asked): Value | undefined => {
  const refuse = (what: string): undefined => report(scope, `expected ${what}, not ${show(value)}`)
  switch (type.kind) {
    case 'integer':
      return Number.isSafeInteger(value)
        ? Number(value)
        : refuse('an integer below 2^53 in size (another number needs a decimal type)')
    case 'decimal':
      return (
        (typeof value === 'number' ? unscaled(value, type.scale) : undefined) ??
        refuse(`a number with at most ${type.scale} digits after the point`)
      )
    case 'string':
      return typeof value === 'string' ? value : refuse('text')
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : refuse('true or false')
    case 'date':
    case 'timestamp':
      if (typeof value === 'string') return instant(scope, value, type.kind)
      return counted && Number.isSafeInteger(value)
        ? Number(value)
        : refuse(`${type.kind} as ISO text`)
  }
}

const show = (value: number | string | boolean): string =>
  typeof value === 'string' ? quote(value) : String(value)

const instant = (
  { model, path }: Scope,
  text: string,
  kind: 'date' | 'timestamp',
): number | undefined => {
  if (kind === 'timestamp')
    return model.anchors.get(text) ?? reporting(model.issues, path, () => parseTimestamp(text))
  return anchorDay(model, text) ?? reporting(model.issues, path, () => parseDate(text))
}

/** value·10^scale, if that is an exact integer in decimal notation. */
const unscaled = (value: number, scale: number): number | undefined => {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  const scaled = Number(`${mantissa}e${Number(exponent) + scale}`)
  return Number.isSafeInteger(scaled) ? scaled : undefined
}
