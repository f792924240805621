import { TEXT } from '../names.ts'

/** The types of JSON, by which a rule may choose among rules. */
export type JsonType = 'number' | 'string' | 'boolean' | 'null' | 'list' | 'object'

/**
 * A rule of the plan language as data: the parser reads JSON by it and the JSON Schema is printed from it, so that the
 * two cannot disagree.
 */
export type Rule =
  | {
      readonly rule: 'text'
      readonly pattern: string
      readonly expected: string
      readonly max: number
    }
  | {
      readonly rule: 'number'
      readonly integer: boolean
      readonly min: number
      readonly max: number
    }
  | { readonly rule: 'boolean' }
  | { readonly rule: 'null' }
  /** One of some words. */
  | { readonly rule: 'word'; readonly words: readonly string[] }
  | { readonly rule: 'list'; readonly of: Rule; readonly min: number; readonly max: number }
  /** An object whose keys are names of the plan's own. */
  | { readonly rule: 'map'; readonly of: Rule; readonly keys: string; readonly max: number }
  | { readonly rule: 'object'; readonly fields: Fields }
  /** An object whose fields depend on its `kind`. */
  | { readonly rule: 'kinds'; readonly kinds: Readonly<Record<string, Fields>> }
  /** A rule for each type of JSON that may stand here. */
  | { readonly rule: 'types'; readonly expected: string; readonly types: TypeRules }
  /** A rule that has a name, so that it can contain itself. */
  | { readonly rule: 'named'; readonly name: string }

/** What may stand in an object: rules by property, optional ones marked. */
export type Fields = Readonly<Record<string, Field>>

/** The rule of a property. */
export interface Field {
  readonly of: Rule
  readonly optional: boolean
}

/** Which rule holds for which type of JSON. */
export type TypeRules = Readonly<Partial<Record<JsonType, Rule>>>

/** The type of a JSON value; undefined for what JSON cannot say. */
export const jsonType = (value: unknown): JsonType | undefined => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  const type = typeof value
  return type === 'number' || type === 'string' || type === 'boolean' || type === 'object'
    ? type
    : undefined
}

/** Any text of the basic multilingual plane. */
export const text = (max: number): Rule => ({
  rule: 'text',
  pattern: TEXT,
  expected: 'text of the basic multilingual plane',
  max,
})

/** A finite number. */
export const number = (min: number = -Number.MAX_VALUE, max: number = Number.MAX_VALUE): Rule => ({
  rule: 'number',
  integer: false,
  min,
  max,
})

/** A whole number. */
export const integer = (min: number = -MAX, max: number = MAX): Rule => ({
  rule: 'number',
  integer: true,
  min,
  max,
})

/** A list with so many items. */
export const list = (of: Rule, min: number, max: number): Rule => ({ rule: 'list', of, min, max })

/** A rule by its name. */
export const named = (name: string): Rule => ({ rule: 'named', name })

/** Fields that must be there, and fields that may. */
export const fields = (
  required: Readonly<Record<string, Rule>>,
  optional: Readonly<Record<string, Rule>> = {},
): Fields => ({ ...marked(required, false), ...marked(optional, true) })

const marked = (rules: Readonly<Record<string, Rule>>, optional: boolean): Fields =>
  Object.fromEntries(Object.entries(rules).map(([name, of]) => [name, { of, optional }]))

const MAX = Number.MAX_SAFE_INTEGER
