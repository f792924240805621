import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LawTable } from '../../../src/core/random/compiled-law.ts'
import { compileBins, compileLattice, integerShares } from '../../../src/core/random/law-table.ts'
import { compileLaw } from '../../../src/core/random/laws.ts'
import { uniform, uniform48 } from '../../../src/core/random/mixer.ts'
import { outcome } from '../../../src/core/random/outcome.ts'
import { measure } from './law-measure.ts'

const seeded = { seed: 3, numRuns: 500 }
const anyWeights = fc
  .array(
    fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 1000 }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
    ),
    {
      minLength: 1,
      maxLength: 300,
      size: 'max',
    },
  )
  .filter((weights) => weights.some((weight) => weight > 1e-300))

const binned = (weights: readonly number[]): Parameters<typeof compileBins>[0] => ({
  step: 1,
  bins: weights.map((weight, i) => ({ low: 10 * i, width: 1, weight })),
})

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

describe('integer shares', () => {
  test('of any weights sum to 2^32 exactly and miss each by less than one', () => {
    fc.assert(
      fc.property(anyWeights, (weights) => {
        const shares = integerShares(weights)
        expect(total(shares)).toBe(2 ** 32)
        const sum = total(weights)
        shares.forEach((share, i) => {
          expect(Number.isInteger(share)).toBe(true)
          expect(Math.abs(share - ((weights[i] ?? NaN) / sum) * 2 ** 32)).toBeLessThan(1.01)
          if (weights[i] === 0) expect(share).toBe(0)
        })
      }),
      seeded,
    )
  })
})

describe('compiled tables', () => {
  test('give each outcome exactly its share of the first lane', () => {
    const kinds = new Set<string>()
    fc.assert(
      fc.property(anyWeights, (weights) => {
        const { table } = compileBins(binned(weights))
        kinds.add(table.kind)
        const shares = integerShares(weights)
        const got = measure(table).filter(({ lanes }) => lanes > 0)
        const want = shares.map((lanes, i) => ({ low: 10 * i, width: 1, lanes }))
        expect(got).toEqual(want.filter(({ lanes }) => lanes > 0))
      }),
      seeded,
    )
    expect(kinds).toEqual(new Set(['uniform', 'steps', 'alias']))
  })

  test('are steps to 33 outcomes and alias slots above', () => {
    const kindOf = (n: number): string =>
      compileBins(binned(Array.from({ length: n }, () => 1))).table.kind
    expect([1, 2, 33, 34].map(kindOf)).toEqual(['uniform', 'steps', 'steps', 'alias'])
  })

  test('have slots that are a power of two, at most 2^16', () => {
    const bitsOf = (n: number): number | undefined => {
      const { table } = compileBins(binned(Array.from({ length: n }, (_, i) => i + 1)))
      return table.kind === 'alias' ? table.bits : undefined
    }
    expect([34, 64, 65, 65_536].map(bitsOf)).toEqual([6, 6, 7, 16])
    expect(() => bitsOf(65_537)).toThrow('65537 bins, at most 65536')
  })

  test('report a distance that a separate sum confirms', () => {
    fc.assert(
      fc.property(anyWeights, (weights) => {
        const compiled = compileBins(binned(weights))
        const got = new Map(measure(compiled.table).map(({ low, lanes }) => [low, lanes / 2 ** 32]))
        const sum = total(weights)
        const differences = weights.map((weight, i) =>
          Math.abs(weight / sum - (got.get(10 * i) ?? 0)),
        )
        expect(Math.abs(total(differences) / 2 - compiled.distance)).toBeLessThan(1e-12)
      }),
      seeded,
    )
  })

  test('report at most 64 bins that start low and sum to one', () => {
    let merged = 0
    fc.assert(
      fc.property(anyWeights, (weights) => {
        const { asked } = compileBins(binned(weights))
        if (asked.from.length < weights.length) merged += 1
        expect(asked.from.length).toBeLessThanOrEqual(64)
        expect(asked.from[0]).toBe(0)
        asked.from.slice(1).forEach((low, i) => expect(low).toBeGreaterThan(asked.from[i] ?? NaN))
        expect(total(asked.probability)).toBeCloseTo(1, 9)
      }),
      seeded,
    )
    expect(merged).toBeGreaterThan(10)
  })
})

const lane = fc.integer({ min: 0, max: 2 ** 32 - 1 })

describe('outcome', () => {
  test('counts the thresholds at or below the first lane', () => {
    const table: LawTable = { kind: 'steps', thresholds: [100, 200], values: [7, 8, 9] }
    const got = [0, 99, 100, 199, 200, 2 ** 32 - 1].map((d) => outcome(table, [d, 0, 0]))
    expect(got).toEqual([7, 7, 8, 8, 9, 9])
  })

  test('takes own bin below the threshold of a slot and its alias from there', () => {
    const { table } = compileBins(binned(Array.from({ length: 50 }, (_, i) => 1 + (i % 7))))
    if (table.kind !== 'alias') throw new Error(`expected an alias table, got ${table.kind}`)
    const room = 2 ** 32 / 2 ** table.bits
    table.threshold.forEach((threshold, slot) => {
      const at = (rest: number): number => outcome(table, [slot * room + rest, 0, 0])
      if (threshold > 0) expect([at(0), at(threshold - 1)]).toEqual([10 * slot, 10 * slot])
      if (threshold < room) {
        const other = table.low[table.alias[slot] ?? NaN]
        expect([at(threshold), at(room - 1)]).toEqual([other, other])
      }
    })
  })

  test('places outcomes of wide bins by lane two, of very wide ones by lanes two and three', () => {
    fc.assert(
      fc.property(lane, lane, lane, (a, b, c) => {
        const narrow = compileBins({
          step: 5,
          bins: [
            { low: 0, width: 1, weight: 1 },
            { low: 5, width: 1000, weight: 1 },
          ],
        })
        const place = uniform(b, 1000)
        expect(outcome(narrow.table, [a, b, c])).toBe(a < 2 ** 31 ? 0 : 5 + 5 * place)
        const broad = compileBins({
          step: 1,
          bins: [
            { low: -9, width: 10, weight: 1 },
            { low: 1, width: 2 ** 37, weight: 1 },
          ],
        })
        const want = a < 2 ** 31 ? -9 + uniform48(b, c, 10) : 1 + uniform48(b, c, 2 ** 37)
        expect(outcome(broad.table, [a, b, c])).toBe(want)
      }),
      seeded,
    )
  })

  test('of a uniform law uses one lane to 2^20 outcomes and two above', () => {
    fc.assert(
      fc.property(lane, lane, (a, b) => {
        const one = compileLattice({ low: 3, step: 2, count: 2 ** 20 }).table
        expect(outcome(one, [a, b, 0])).toBe(3 + 2 * uniform(a, 2 ** 20))
        const two = compileLattice({ low: 3, step: 2, count: 2 ** 20 + 1 }).table
        expect(outcome(two, [a, b, 0])).toBe(3 + 2 * uniform48(a, b, 2 ** 20 + 1))
      }),
      seeded,
    )
  })

  test('over 2^20 evenly spaced lanes reproduces the chances to 1e-6', () => {
    const { table } = compileLaw(
      { kind: 'normal', mean: 2.5, deviation: 1.2, low: 1, high: 6 },
      () => [],
    )
    const counts = new Map<number, number>()
    for (let i = 0; i < 2 ** 20; i++) {
      const value = outcome(table, [i * 4096 + 2048, 0, 0])
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    for (const { low, lanes } of measure(table))
      expect(Math.abs((counts.get(low) ?? 0) / 2 ** 20 - lanes / 2 ** 32)).toBeLessThan(1e-6)
  })

  test('of an alias table over evenly spaced lanes reproduces the chances', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => 1 + ((hour * 7) % 11))
    const { table } = compileLaw({ kind: 'timeOfDay', hours }, () => [])
    const counts = new Map<number, number>()
    for (let i = 0; i < 2 ** 20; i++) {
      const hour = Math.floor(outcome(table, [i * 4096 + 2048, 0, 0]) / 3600)
      counts.set(hour, (counts.get(hour) ?? 0) + 1)
    }
    const sum = total(hours)
    hours.forEach((weight, hour) =>
      expect(Math.abs((counts.get(hour) ?? 0) / 2 ** 20 - weight / sum)).toBeLessThan(5e-6),
    )
  })

  test('stays within the announced bounds for every law and any lanes', () => {
    const laws = [
      { kind: 'normal', mean: 0, deviation: 3e6, low: -1e7, high: 1e7, step: 3 },
      { kind: 'logNormal', median: 1e5, sigma: 2, low: 1, high: 2 ** 36 },
      { kind: 'exponential', mean: 5000, low: 10, high: 1e6, step: 10 },
      { kind: 'zipf', exponent: 0.9, count: 2 ** 31 },
      { kind: 'geometric', mean: 1e6, high: 2 ** 35 },
      { kind: 'poisson', mean: 5000, high: 6000 },
      { kind: 'calendar', start: '1990-01-01', days: 20_000, weekdays: [1, 2, 3, 4, 5, 6, 7] },
    ] as const
    for (const law of laws) {
      const { table, min, max } = compileLaw(law, () => [])
      fc.assert(
        fc.property(lane, lane, lane, (a, b, c) => {
          const value = outcome(table, [a, b, c])
          expect(Number.isInteger(value)).toBe(true)
          expect(value).toBeGreaterThanOrEqual(min)
          expect(value).toBeLessThanOrEqual(max)
        }),
        seeded,
      )
    }
  })
})
