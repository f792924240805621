import { fail } from '../errors.ts'

/** The named fields of a JSON object, read one by one with a type; null and absent are both undefined. */
export interface Fields {
  readonly where: string
  readonly names: () => readonly string[]
  readonly string: (name: string) => string | undefined
  /** An integer exactly held by a number; a BigInt, as a checkpoint has it, is converted. */
  readonly integer: (name: string) => number | undefined
  readonly boolean: (name: string) => boolean | undefined
  readonly strings: (name: string) => readonly string[] | undefined
  readonly texts: (name: string) => Readonly<Record<string, string>> | undefined
  readonly nullableTexts: (name: string) => Readonly<Record<string, string | null>> | undefined
  /** A map whose values are texts, or anything else as JSON text: what writers put into commitInfo differs. */
  readonly looseTexts: (name: string) => Readonly<Record<string, string>> | undefined
  readonly object: (name: string) => Fields | undefined
}

/** Opens a JSON object; fails with delta.log, naming `where`, when it is something else. */
export const fieldsOf = (json: unknown, where: string): Fields => {
  const object = asObject(json)
  if (object === undefined) return fail('delta.log', `${where}: expected an object`)
  const get = (name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined)
  const wrong = (name: string, expected: string): never =>
    fail('delta.log', `${where}: expected ${expected} in "${name}"`)
  const entries = (name: string): readonly (readonly [string, unknown])[] | undefined => {
    const value = get(name)
    if (value === undefined || value === null) return undefined
    const map = asObject(value)
    return map === undefined ? wrong(name, 'an object') : Object.entries(map)
  }
  return {
    where,
    names: () => Object.keys(object),
    string: (name) => scalar(get(name), isString, () => wrong(name, 'a string')),
    integer: (name) =>
      scalar(exact(get(name)), isInteger, () => wrong(name, 'an integer below 2^53')),
    boolean: (name) => scalar(get(name), isBoolean, () => wrong(name, 'true or false')),
    strings: (name) => scalar(get(name), isStrings, () => wrong(name, 'a list of strings')),
    texts: (name) =>
      mapped(entries(name), (value) => (isString(value) ? value : wrong(name, 'strings'))),
    nullableTexts: (name) =>
      mapped(entries(name), (value) =>
        isString(value) ? value : (value ?? null) === null ? null : wrong(name, 'strings'),
      ),
    looseTexts: (name) => mapped(entries(name), looseText),
    object: (name) => {
      const value = get(name)
      return value === undefined || value === null
        ? undefined
        : fieldsOf(value, `${where}, ${name}`)
    },
  }
}

/** The value of a field that must be there; fails with delta.log when it is not. */
export const required = <T>(fields: Fields, name: string, value: T | undefined): T =>
  value === undefined ? fail('delta.log', `${fields.where}: "${name}" is missing`) : value

const asObject = (json: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Readonly<Record<string, unknown>>)
    : undefined

const isString = (value: unknown): value is string => typeof value === 'string'
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isInteger = (value: unknown): value is number => Number.isSafeInteger(value)
const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(isString)

const exact = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value)

const scalar = <T>(
  value: unknown,
  is: (value: unknown) => value is T,
  wrong: () => never,
): T | undefined => {
  if (value === undefined || value === null) return undefined
  return is(value) ? value : wrong()
}

const mapped = <T>(
  entries: readonly (readonly [string, unknown])[] | undefined,
  of: (value: unknown) => T,
): Readonly<Record<string, T>> | undefined =>
  entries && Object.fromEntries(entries.map(([name, value]) => [name, of(value)]))

const looseText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
