import { sha256Hex } from '../sha256.ts'

/** JSON without spaces, keys sorted by code unit, and without properties that are undefined. */
export const canonicalJson = (value: unknown): string => textOf(value, new Map())

/** `known` are the texts of the objects so far: a plan has many of them in several places. */
const textOf = (value: unknown, known: Map<object, string>): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const before = known.get(value)
  if (before !== undefined) return before
  const text = Array.isArray(value) ? listText(value, known) : objectText(value, known)
  known.set(value, text)
  return text
}

const listText = (items: readonly unknown[], known: Map<object, string>): string => {
  let text = ''
  for (const item of items) text += `${text === '' ? '' : ','}${textOf(item, known)}`
  return `[${text}]`
}

const objectText = (value: object, known: Map<object, string>): string => {
  const items = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const key of sortedKeys(value)) {
    const item = items[key]
    if (item !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${textOf(item, known)}`
  }
  return `{${text}}`
}

/** The keys of an object by code unit. */
export const sortedKeys = (value: object): readonly string[] => {
  const keys = Object.keys(value)
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return keys.toSorted()
  return keys
}

/** The SHA-256 of a value's canonical JSON, lower-case hex. */
export const canonicalHash = (value: unknown): string => sha256Hex(canonicalJson(value))
