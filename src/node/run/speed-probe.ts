import type { Probes } from '../../core/run/part-result.ts'

/** Times a small, fixed piece of work now and then: how fast this thread's core is, whatever else it does. */
export interface SpeedProbe {
  /** Probes if the last probe is long enough ago. */
  readonly sample: () => void
  /** What was probed since it was last taken. */
  readonly take: () => Probes
}

/** A probe that costs a thousandth of a thread's time. */
export const createSpeedProbe = (): SpeedProbe => {
  const cells = new Int32Array(CELLS)
  const once = (): number => {
    const began = performance.now()
    mixAll(cells)
    return (performance.now() - began) / 1000
  }
  // The first ones would time the compiler.
  for (let i = 0; i < WARMING; i++) once()
  let last = -Infinity
  let taken = { count: 0, seconds: 0, least: Infinity }
  return {
    sample: () => {
      if (performance.now() - last < EVERY_MS) return
      last = performance.now()
      // Of three in a row one is not interrupted.
      const seconds = Math.min(once(), once(), once())
      const { count, least } = taken
      taken = {
        count: count + 1,
        seconds: taken.seconds + seconds,
        least: Math.min(least, seconds),
      }
    },
    take: () => {
      const { count, seconds, least } = taken
      taken = { count: 0, seconds: 0, least: Infinity }
      return { count, seconds, least: count === 0 ? 0 : least }
    },
  }
}

/** Small enough for the nearest cache, so that only the core's units are timed. */
const CELLS = 2048
const WARMING = 30
const EVERY_MS = 20

/** The kernel's kind of work: multiplications and shifts of which several are under way at once. */
const mixAll = (cells: Int32Array): void => {
  for (let i = 0; i < CELLS; i++) {
    let word = Math.imul((cells[i] ?? 0) ^ i, 488516907)
    word = Math.imul(word ^ (word >>> 16), 1955881687)
    cells[i] = word ^ (word >>> 17)
  }
}
