import { describe, expect, test } from 'vitest'
import { compareForAppend, isAppend } from '../../src/core/plan/append.ts'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import type { Plan } from '../../src/core/plan/plan.ts'
import { resolvePlan } from '../../src/core/plan/resolve.ts'
import { allRows, type Row } from './identity-rows.ts'
import { buildRetail, typedRetail, VOCABULARIES } from './retail-rows.ts'

const FEW = {
  stores: 3,
  products: 70,
  customers: 60,
  promotions: 300,
  ordersPerYear: 3000,
  days: 4,
  withTruth: 1,
}
const few = allRows(typedRetail(FEW))
const DAILY = ['orders', 'order_items', 'inventory_snapshots']

describe('more days', () => {
  test('leave all earlier rows and all other tables as they were', () => {
    const many = allRows(typedRetail({ ...FEW, days: 9 }))
    expect(Object.keys(many).toSorted()).toEqual(Object.keys(few).toSorted())
    for (const [name, rows] of Object.entries(few)) {
      expect(rows.length, name).toBeGreaterThan(0)
      const later = many[name] ?? []
      if (DAILY.includes(name)) expect(later.length, name).toBeGreaterThan(1.5 * rows.length)
      expect(DAILY.includes(name) ? later.slice(0, rows.length) : later, name).toEqual(rows)
    }
  })

  test('are an append to the compiler; another rate of orders, seed or start is another law', () => {
    const before = typedRetail(FEW)
    const obstacles = (changed: object, seed = 42) =>
      compareForAppend(before, typedRetail({ ...FEW, days: 9, ...changed }, seed))
    expect(isAppend(obstacles({}))).toBe(true)
    expect(obstacles({}).raised).toEqual([{ name: 'days', before: 4, after: 9 }])
    expect(obstacles({ ordersPerYear: 3001 }).laws).toContain('parameters.ordersPerYear.value')
    expect(obstacles({ start: 20_000 }).laws).toContain('start')
    expect(obstacles({ stores: 4 }).laws).toContain('parameters.stores.value')
    expect(obstacles({}, 43).laws).toContain('seed')
  })

  test('at the rate of --orders have as many orders as a year of that rate says', () => {
    const asked = typedRetail({ ...FEW, orders: 77 })
    const orders = [...interpretTable(asked, 'orders')].length
    expect(orders).toBe(77)
    const perYear = asked.plan.parameters?.['ordersPerYear']?.value ?? 0
    const again = typedRetail({ ...FEW, ordersPerYear: perYear, days: 8 })
    const [first, more] = [asked, again].map((plan) => [...interpretTable(plan, 'orders')])
    expect(more?.slice(0, 77)).toEqual(first)
  })
})

test('the truth lands prices and changes nothing else', () => {
  const { product_prices: prices, ...rest } = few
  expect(prices?.length).toBeGreaterThan(100)
  expect(allRows(typedRetail({ ...FEW, withTruth: 0 }))).toEqual(rest)
})

test('the order of tables and columns changes nothing', () => {
  const plan = buildRetail(FEW)
  const turned: Plan = {
    ...plan,
    tables: plan.tables
      .toReversed()
      .map((table) => ({ ...table, columns: table.columns.toReversed() })),
  }
  const rows = allRows(resolvePlan(JSON.parse(JSON.stringify(turned)), VOCABULARIES))
  expect(rows).toEqual(few)
})

test('another seed makes other orders by the same laws', () => {
  const other = allRows(typedRetail(FEW, 'another'))
  expect(other['orders']?.length).toBe(few['orders']?.length)
  expect(other['orders']).not.toEqual(few['orders'])
})

describe('another law changes only what depends on it', () => {
  const cells = (rows: readonly Row[] | undefined, column: string): readonly unknown[] =>
    (rows ?? []).map((row) => row[column])

  test('promotions leave products, customers and what is bought', () => {
    const other = allRows(typedRetail({ ...FEW, promotions: 20 }))
    for (const name of ['stores', 'products', 'customers', 'product_prices', 'inventory_snapshots'])
      expect(other[name], name).toEqual(few[name])
    for (const column of ['product_id', 'quantity', 'unit_price_cents'])
      expect(cells(other['order_items'], column)).toEqual(cells(few['order_items'], column))
    expect(other['order_items']).not.toEqual(few['order_items'])
  })

  test('a higher rate of orders keeps those that were there, day by day', () => {
    const other = allRows(typedRetail({ ...FEW, ordersPerYear: 4000 }))
    const kept = new Set(cells(few['orders'], 'order_id'))
    const same = (other['orders'] ?? []).filter((order) => kept.has(order['order_id']))
    expect(same).toEqual(few['orders'])
    expect(other['orders']?.length).toBeGreaterThan(kept.size)
  })
})

test('the same parameters make the same plan, to the letter', () => {
  expect(JSON.stringify(buildRetail())).toBe(JSON.stringify(buildRetail()))
})
