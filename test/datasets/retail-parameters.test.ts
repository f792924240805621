import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLakewrightError } from '../../src/core/errors.ts'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import { defaultParameters, type ParameterValues } from '../../src/datasets/definition.ts'
import { retail } from '../../src/datasets/retail/retail.ts'
import {
  cumulativeWeights,
  dailyOrders,
  ordersPerYear,
  summersFrom,
} from '../../src/datasets/retail/season.ts'
import { formatDate, parseDate } from '../../src/core/expr/civil.ts'
import { buildRetail, typedRetail, VOCABULARIES } from './retail-rows.ts'

const countOf = (changed: ParameterValues, table: string): number =>
  [...interpretTable(typedRetail(changed), table)].length

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0)

describe('scales', () => {
  test.each([
    ['small', 10, 200, 2000, 4000],
    ['medium', 50, 1000, 25_000, 75_000],
    ['large', 200, 5000, 120_000, 500_000],
  ])('%s has %i stores, %i products, %i customers and %i orders', (scale, ...counts) => {
    const plan = typedRetail({ scale })
    const rows = ['stores', 'products', 'customers'].map((name) => {
      const space = plan.tables.get(name)?.rows
      return space?.kind === 'range' ? space.count : undefined
    })
    expect(rows).toEqual(counts.slice(0, 3))
    const days = [...interpretTable(plan, 'days', { hidden: true })]
    expect(sum(days.map(({ orders }) => Number(orders)))).toBe(counts[3])
  })

  test('give way to each count that is given', () => {
    const plan = buildRetail({ scale: 'medium', products: 77 })
    expect(plan.parameters).toMatchObject({
      stores: { value: 50 },
      products: { value: 77 },
      customers: { value: 25_000 },
    })
  })
})

describe('orders', () => {
  test.each([
    [1, 1],
    [7, 3],
    [1234, 14],
    [100_000, 365],
  ])('%i asked for in %i days are exactly so many', (orders, days) => {
    const weights = cumulativeWeights(parseDate('2024-06-01'))
    const daily = dailyOrders(ordersPerYear({ orders, days }, weights), weights)
    expect(daily.length).toBe(365)
    expect(sum(daily.slice(0, days))).toBe(orders)
    expect(Math.min(...daily)).toBeGreaterThanOrEqual(0)
  })

  test('of a year are what the rate says, for any rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000_000 }),
        fc.integer({ min: parseDate('1990-01-01'), max: parseDate('2098-01-01') }),
        (rate, start) => {
          expect(sum(dailyOrders(rate, cumulativeWeights(start)))).toBe(rate)
        },
      ),
      { numRuns: 20, seed: 3 },
    )
  })

  test('are most on Saturdays, and more in December than in February', () => {
    const daily = dailyOrders(10_000_000, cumulativeWeights(parseDate('2025-01-01')))
    const week = daily.slice(5, 12)
    expect(week.indexOf(Math.max(...week))).toBe(5)
    expect(sum(daily.slice(334, 365)) / 31).toBeGreaterThan((sum(daily.slice(31, 59)) / 28) * 1.1)
  })

  test('say by which rate more days follow', () => {
    const values = { ...defaultParameters(retail), orders: 5000, days: 30 }
    const notices = retail.notices?.(values, { seed: 42, vocabularies: VOCABULARIES })
    const rate = ordersPerYear(
      { orders: 5000, days: 30 },
      cumulativeWeights(parseDate('2025-01-01')),
    )
    expect(notices).toMatchObject([
      { level: 'info', text: expect.stringContaining(`--orders-per-year ${rate}`) },
    ])
    expect(
      retail.notices?.(defaultParameters(retail), { seed: 42, vocabularies: VOCABULARIES }),
    ).toEqual([])
  })
})

test('summer time begins on the second Sunday of March and ends on the first of November', () => {
  expect(summersFrom(parseDate('2023-07-01')).map((each) => each.map(formatDate))).toEqual([
    ['2023-03-12', '2023-11-05'],
    ['2024-03-10', '2024-11-03'],
  ])
})

test('one store, product, customer, order and day are enough', () => {
  const least = { stores: 1, products: 1, customers: 1, orders: 1, promotions: 1, days: 1 }
  for (const [table, rows] of Object.entries({
    stores: 1,
    products: 1,
    customers: 1,
    promotions: 1,
    orders: 1,
    inventory_snapshots: 1,
  }))
    expect(countOf(least, table), table).toBe(rows)
})

test('no orders at all leave the stock as it is', () => {
  const none = { stores: 2, products: 3, ordersPerYear: 0, days: 2 }
  expect(countOf(none, 'orders')).toBe(0)
  const stock = [...interpretTable(typedRetail(none), 'inventory_snapshots')]
  expect(stock.length).toBe(12)
  for (const row of stock) expect(row).toMatchObject({ sold: 0, received: 0, on_order: 0 })
})

test('more promotions than categories and products can take in turn are refused by name', () => {
  expect(() => buildRetail({ products: 10, promotions: 1051 })).toThrow(
    '--promotions 1051 cannot hold with --products 10: expected at most 1050',
  )
  expect(() => buildRetail({ products: 10, promotions: 1050 })).not.toThrow()
})

test('whatever the parameters, there is a valid plan or a message that names an option', () => {
  const seen = { valid: 0, infeasible: 0 }
  const small = { stores: 50, products: 500, customers: 5000, promotions: 20_000 }
  const values = fc.record(
    Object.fromEntries(
      retail.parameters.flatMap((each) => {
        if (each.kind === 'choice' || each.kind === 'text') return []
        const max = small[each.name as keyof typeof small] ?? each.max
        return [
          [
            each.name,
            each.kind === 'number'
              ? fc.double({ min: each.min, max, noNaN: true })
              : fc.integer({ min: each.min, max }),
          ],
        ]
      }),
    ),
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(values, (changed) => {
      try {
        typedRetail(changed as ParameterValues)
        seen.valid += 1
      } catch (error) {
        if (!isLakewrightError(error) || error.code !== 'plan.infeasible') throw error
        expect(error.message).toMatch(/--[a-z]/)
        seen.infeasible += 1
      }
    }),
    { numRuns: 20, seed: 7 },
  )
  expect(seen.valid).toBeGreaterThan(5)
  expect(seen.infeasible).toBeGreaterThan(1)
})
