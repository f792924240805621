/** Makes equal plain data one frozen object; what it is made of must have been made so before. */
export interface Unique {
  readonly object: (value: Readonly<Record<string, unknown>>) => object
  readonly list: (items: readonly unknown[]) => readonly unknown[]
}

/** An empty collection of unique values. */
export const createUnique = (): Unique => {
  const numbers = new Map<unknown, number>()
  const numberOf = (value: unknown): number => {
    const known = numbers.get(value)
    if (known !== undefined) return known
    numbers.set(value, numbers.size)
    return numbers.size - 1
  }
  const objects = new Map<string, object>()
  const lists = new Map<string, readonly unknown[]>()
  return {
    object: (value) => {
      let key = ''
      for (const name of Object.keys(value)) key += `${numberOf(name)}:${numberOf(value[name])} `
      const known = objects.get(key) ?? Object.freeze(value)
      objects.set(key, known)
      return known
    },
    list: (items) => {
      let key = ''
      for (const item of items) key += `${numberOf(item)} `
      const known = lists.get(key) ?? Object.freeze(items)
      lists.set(key, known)
      return known
    },
  }
}
