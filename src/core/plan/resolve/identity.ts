import { sortedKeys } from '../canonical.ts'

/** Gives equal plain JSON values equal numbers, in time linear in what it has not seen before. */
export interface Identities {
  readonly of: (value: unknown) => number
}

/** An empty set of identities; values must not change once seen. */
export const createIdentities = (): Identities => {
  const numbers = new Map<string, number>()
  const seen = new WeakMap<object, number>()
  const number = (text: string): number => {
    const known = numbers.get(text)
    if (known !== undefined) return known
    numbers.set(text, numbers.size)
    return numbers.size - 1
  }
  const of = (value: unknown): number => {
    // A text begins with a quote, and so differs from all else.
    if (typeof value === 'string') return number(`"${value}`)
    if (typeof value !== 'object' || value === null) return number(String(value))
    const known = seen.get(value)
    if (known !== undefined) return known
    const items = value as Readonly<Record<string, unknown>>
    // Keys are properties of the language or names in it, which hold neither blanks nor colons.
    let text = Array.isArray(value) ? 'list' : 'object'
    for (const key of sortedKeys(value)) text += ` ${key}:${of(items[key])}`
    const id = number(text)
    seen.set(value, id)
    return id
  }
  return { of }
}
