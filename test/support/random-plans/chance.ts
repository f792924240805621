/** A small seeded source of choices; the same seed makes the same choices everywhere. */
export interface Chance {
  /** An integer from 0 below n. */
  readonly below: (n: number) => number
  /** An integer from low to high. */
  readonly between: (low: number, high: number) => number
  /** True with the probability of percent in a hundred. */
  readonly percent: (percent: number) => boolean
  /** One of the items, which must not be empty. */
  readonly one: <T>(items: readonly T[]) => T
}

/** Choices from a seed (Mulberry32). */
export const createChance = (seed: number): Chance => {
  let state = seed | 0
  const below = (n: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n)
  }
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    percent: (percent) => below(100) < percent,
    one: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('there is nothing to choose from')
      return item
    },
  }
}
