import { describe, expect, test } from 'vitest'
import * as e from '../../../src/core/expr/build.ts'
import * as p from '../../../src/core/plan/build.ts'
import type { Value } from '../../../src/core/expr/types.ts'
import { interpretTable, rowAt } from '../../../src/core/plan/interpret.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import { marketPlan, soldBy } from '../../support/market-plan.ts'

type Values = Readonly<Record<string, Value>>

const rowsOf = (plan: Plan, table: string): readonly Values[] => [
  ...interpretTable(resolvePlan(plan, new Map()), table),
]

const number = (value: Value | undefined): number => Number(value ?? 0)

describe('a tally', () => {
  const plan = marketPlan()
  const stock = rowsOf(plan, 'stock')
  const orders = new Map(rowsOf(plan, 'orders').map((row) => [row['order'], row]))
  const items = rowsOf(plan, 'items').map((row) => ({
    ...orders.get(row['order'] ?? null),
    ...row,
  }))

  const summed = (keep: (item: Values, row: Values) => boolean, value: string): number[] =>
    stock.map((row) =>
      items
        .filter((item) => keep(item, row))
        .reduce((sum, item) => sum + (value === '' ? 1 : number(item[value])), 0),
    )
  const isHere = (item: Values, row: Values): boolean =>
    item['store'] === row['store'] && item['product'] === row['product']

  test('sums what names the row and is not left out', () => {
    const sold = summed(
      (item, row) => isHere(item, row) && item['day'] === row['day'] && item['cancelled'] === 0,
      'quantity',
    )
    expect(sold.filter((each) => each > 0).length).toBeGreaterThan(30)
    expect(sold).toContain(0)
    expect(stock.map((row) => row['sold'])).toEqual(sold)
  })

  test('counts what names the row', () => {
    const lines = summed((item, row) => isHere(item, row) && item['day'] === row['day'], '')
    expect(stock.map((row) => row['lines'])).toEqual(lines)
  })

  test('counts nowhere what happens after the last day', () => {
    const isBack = (item: Values): boolean => item['lag'] !== null
    const back = summed(
      (item, row) => isHere(item, row) && isBack(item) && item['back'] === row['day'],
      'quantity',
    )
    expect(items.some((item) => isBack(item) && number(item['back']) > 6)).toBe(true)
    expect(stock.map((row) => row['returned'])).toEqual(back)
  })

  test('is found by the key of another row of the cross', () => {
    const left = new Map(
      stock.map((row) => [`${row['day']} ${row['store']} ${row['product']}`, row['left']]),
    )
    const before = stock.map(
      (row) => left.get(`${number(row['day']) - 1} ${row['store']} ${row['product']}`) ?? 2000,
    )
    expect(new Set(before).size).toBeGreaterThan(3)
    expect(stock.map((row) => row['before'])).toEqual(before)
  })

  test('of a table that descends from elsewhere runs over all of it', () => {
    const by = [e.add(e.mod(e.col('day'), 6), 1), e.parent('store'), e.col('product')]
    const tally = e.tally.count('items', { by, most: 1000 })
    const rows = rowsOf(marketPlan({ stock: [p.column('it', tally)] }), 'stock')
    const expected = summed(
      (item, row) => isHere(item, row) && (number(item['day']) % 6) + 1 === row['day'],
      '',
    )
    expect(rows.map((row) => row['it'])).toEqual(expected)
  })

  test('keeps its cells when days are added', () => {
    expect(rowsOf(marketPlan({ days: 8 }), 'stock').slice(0, stock.length)).toEqual(stock)
  })

  test('beyond its most ends the run, naming table, column and key', () => {
    const tally = e.tally.sum('items', 5, { by: soldBy, most: 4 })
    const typed = resolvePlan(marketPlan({ stock: [p.column('it', tally)] }), new Map())
    expect(() => [...interpretTable(typed, 'stock')]).toThrow(
      /^stock.it: the tally over items exceeds its most, 4, at the row with key \d+$/,
    )
  })

  test('runs over a few roots alone where its window allows it', () => {
    const typed = resolvePlan(marketPlan({ days: 900, products: 500, orders: 4000 }), new Map())
    const row = rowAt(typed, 'stock', 1 * 100_000 + 2 * 1000 + 3)
    expect(row?.values['lines']).toBeGreaterThan(1)
  })
})
