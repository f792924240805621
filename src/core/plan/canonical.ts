import { sha256Hex } from '../sha256.ts'

/** JSON without spaces, keys sorted by code unit, and without properties that are undefined. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`)
  return `{${entries.join()}}`
}

/** The SHA-256 of a value's canonical JSON, lower-case hex. */
export const canonicalHash = (value: unknown): string => sha256Hex(canonicalJson(value))
