/** The type of a value as the plan language sees it. */
export type DataType =
  | { readonly kind: 'integer' }
  /** An exact decimal held as an integer of 10^-scale units; precision at most 15. */
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'boolean' }
  /** Days since 1970-01-01. */
  | { readonly kind: 'date' }
  /** Microseconds since 1970-01-01T00:00:00Z. */
  | { readonly kind: 'timestamp' }

/**
 * A value as every reading of a plan holds it: an exact integer below 2^53 in size for all types but string
 * (booleans are 0 and 1, decimals unscaled, dates days, timestamps µs), a string of BMP text, or null.
 */
export type Value = number | string | null

/** What the compiler knows of an expression before any row exists. */
export interface Shape {
  readonly type: DataType
  readonly nullable: boolean
  /** Smallest and largest physical value of a non-string; 0 for strings. */
  readonly min: number
  readonly max: number
  /** Largest length of a string in code points, and whether it is ASCII only; 0 and true for others. */
  readonly maxLength: number
  readonly ascii: boolean
  /** The table whose existing entity key this value is, when that is known. */
  readonly keyOf?: string
}

/** The shape of an integer between two bounds. */
export const integerShape = (min: number, max: number): Shape => ({
  type: { kind: 'integer' },
  nullable: false,
  min,
  max,
  maxLength: 0,
  ascii: true,
})

/** The largest exact integer plus one: no value of any plan may reach it in size. */
export const EXACT_LIMIT = 9007199254740992

/** True when two types are the same, scale included (precision is a bound, not an identity). */
export const sameType = (a: DataType, b: DataType): boolean =>
  a.kind === 'decimal' && b.kind === 'decimal' ? a.scale === b.scale : a.kind === b.kind

/** A type as plans and messages spell it: `integer`, `decimal(9,2)`. */
export const typeName = (type: DataType): string =>
  type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind
