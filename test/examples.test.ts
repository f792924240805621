import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Value } from '../src/core/expr/types.ts'
import { interpretTable } from '../src/core/plan/interpret.ts'
import { resolvePlan } from '../src/core/plan/resolve.ts'
import type { TypedPlan } from '../src/core/plan/typed.ts'
import { readVocabulary } from '../src/node/store/assets.ts'
import { kernelRows } from './support/kernel-rows.ts'

type Row = Readonly<Record<string, Value>>

const FOLDER = new URL('../examples/', import.meta.url)
const vocabularies = new Map([['surnames', await readVocabulary('surnames')]])

const read = (file: string): TypedPlan =>
  resolvePlan(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')), vocabularies)

const rowsOf = (plan: TypedPlan, table: string): readonly Row[] => [...interpretTable(plan, table)]

const files = readdirSync(FOLDER)

test('there are three small plans', () => {
  expect(files).toEqual(['hello.json', 'sensors.json', 'web-shop.json'])
})

describe.each(files)('%s', (file) => {
  test('is valid, and every table that lands has rows', () => {
    for (const { name, virtual } of read(file).tables.values())
      if (!virtual) expect(rowsOf(read(file), name).length).toBeGreaterThan(40)
  })

  test('reads the same in the kernel', () => {
    const plan = read(file)
    for (const { name } of plan.tables.values())
      expect(kernelRows(plan, { name, parts: 2 })).toEqual([
        ...interpretTable(plan, name, { hidden: true }),
      ])
  })
})

test('the orders of the web shop cost what their items do, after their customer has joined', () => {
  const plan = read('web-shop.json')
  const items = rowsOf(plan, 'order_items')
  const customers = new Map(rowsOf(plan, 'customers').map((row) => [row['customer_id'], row]))
  const sums = new Map<Value, number>()
  for (const row of items) {
    const order = row['order_id'] ?? null
    sums.set(order, (sums.get(order) ?? 0) + Number(row['line_total']))
  }
  const orders = rowsOf(plan, 'orders')
  expect(orders.length).toBeGreaterThan(1000)
  for (const row of orders) {
    expect(row['total']).toBe(sums.get(row['order_id'] ?? null))
    const joined = Number(customers.get(row['customer_id'] ?? null)?.['joined_on'])
    expect(Number(row['ordered_on'])).toBeGreaterThanOrEqual(joined)
  }
})

test('the sensors report every day, and an event for every reading that is hot or missing', () => {
  const plan = read('sensors.json')
  const readings = rowsOf(plan, 'readings')
  expect(readings.length).toBe(50 * 182)
  const expected = readings.flatMap(({ reading_id: id, temperature }) => {
    if (temperature === null) return [`${String(id)} silent`]
    return Number(temperature) > 250 ? [`${String(id)} hot`] : []
  })
  expect(expected.filter((each) => each.endsWith('silent')).length).toBeGreaterThan(100)
  expect(expected.filter((each) => each.endsWith('hot')).length).toBeGreaterThan(100)
  const events = rowsOf(plan, 'events').map(
    (row) => `${String(row['reading_id'])} ${String(row['what'])}`,
  )
  expect(events.toSorted()).toEqual(expected.toSorted())
})
