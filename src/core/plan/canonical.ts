import { sha256Hex } from '../sha256.ts'

/** JSON without spaces, keys sorted by code unit, and without properties that are undefined. */
export const canonicalJson = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  let text = ''
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item)}`
    return `[${text}]`
  }
  const items = value as Readonly<Record<string, unknown>>
  for (const key of sortedKeys(value)) {
    const item = items[key]
    if (item !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(item)}`
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
