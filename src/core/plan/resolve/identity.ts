/** Gives equal plain JSON values equal numbers, in time linear in what it has not seen before. */
export interface Identities {
  readonly of: (value: unknown) => number
}

/** An empty set of identities; values must not change once seen. */
export const createIdentities = (): Identities => {
  const numbers = new Map<string, number>()
  const seen = new WeakMap<object, number>()
  const number = (text: string): number => {
    const known = numbers.get(text) ?? numbers.size
    numbers.set(text, known)
    return known
  }
  const of = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return number(JSON.stringify(value) ?? '')
    const known = seen.get(value)
    if (known !== undefined) return known
    const parts = Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${JSON.stringify(key)}:${of(item)}`)
    const id = number(`${Array.isArray(value) ? 'list' : 'object'} ${parts.join()}`)
    seen.set(value, id)
    return id
  }
  return { of }
}
