import { sha256Hex } from '../sha256.ts'

/** JSON without spaces, keys sorted by code unit, and without properties that are undefined. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const items = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const key of Object.keys(value).toSorted()) {
    const item = items[key]
    if (item !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(item)}`
  }
  return `{${text}}`
}

/** The SHA-256 of a value's canonical JSON, lower-case hex. */
export const canonicalHash = (value: unknown): string => sha256Hex(canonicalJson(value))
