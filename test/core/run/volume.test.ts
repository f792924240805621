import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interpretRows } from '../../../src/core/plan/interpret.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedPlan, TypedTable } from '../../../src/core/plan/typed.ts'
import type { CountRows } from '../../../src/core/run/expected-rows.ts'
import { interpretedGenerator } from '../../../src/core/run/interpreted.ts'
import { cutAtRows, rootCounter, volumeLever, withParameter } from '../../../src/core/run/volume.ts'
import { salesPlan } from '../../support/sales-plan.ts'
import { shopPlan } from '../../support/shop-plan.ts'

const sales = (days: number): TypedPlan => resolvePlan(salesPlan({ days }), new Map())

const tableOf = (plan: TypedPlan, name: string): TypedTable => {
  const table = plan.tables.get(name)
  if (table === undefined) throw new Error(`no table ${name}`)
  return table
}

const counting =
  (plan: TypedPlan): CountRows =>
  (table, range) => {
    let rows = 0
    interpretedGenerator(plan, { table, wanted: [] }).generate(range, (_, more) => {
      rows += more
    })
    return rows
  }

const counterOf = (days: number, name: string) => {
  const plan = sales(days)
  const table = tableOf(plan, name)
  return rootCounter({ plan, table, roots: days, count: counting(plan) })
}

describe('what moves the rows of a table', () => {
  const lever = (name: string) => {
    const plan = sales(3)
    const found = volumeLever(plan, tableOf(plan, name))
    return found && [found.name, found.direct]
  }

  test.each([
    ['stores', ['stores', true]],
    ['days', ['days', true]],
    ['orders', ['days', false]],
    ['items', ['days', false]],
    ['stock', ['days', false]],
  ])('%s is %o', (name, expected) => {
    expect(lever(name)).toEqual(expected)
  })

  test('is nothing where counts are fixed', () => {
    const plan = resolvePlan(shopPlan(3), new Map())
    for (const name of ['stores', 'visits'])
      expect(volumeLever(plan, tableOf(plan, name))).toBe(undefined)
  })
})

describe('the rows of root entities', () => {
  test.each(['orders', 'items', 'stock'])('of %s add up to those of the plan', (name) => {
    const count = counterOf(9, name)
    if (count === undefined) throw new Error('expected a counter')
    for (const days of [1, 4, 9])
      expect(count(0, 1) + count(1, days), `${days} days`).toBe(
        [...interpretRows(sales(days), name)].length,
      )
  })

  test('cannot be told apart where other entities mix in', () => {
    const plan = resolvePlan(shopPlan(4), new Map())
    const table = tableOf(plan, 'events')
    expect(rootCounter({ plan, table, roots: 4, count: counting(plan) })).toBeUndefined()
  })

  test('follow a parameter of the plan', () => {
    const larger = resolvePlan(withParameter(sales(2).plan, 'days', 5), new Map())
    expect(larger.hash).toBe(sales(5).hash)
  })
})

describe('a cut', () => {
  test('is the number of roots that comes nearest to the wish', () => {
    const property = fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 1500 }),
      (rows, wish) => {
        const upTo = (roots: number): number => rows.slice(0, roots).reduce((a, b) => a + b, 0)
        const cut = cutAtRows((from, to) => upTo(to) - upTo(from), rows.length, wish)
        if (upTo(rows.length) < wish) {
          expect(cut).toBeUndefined()
          return
        }
        const distances = rows.map((_, i) => Math.abs(upTo(i + 1) - wish))
        expect(cut?.rows).toBe(upTo(cut?.roots ?? 0))
        expect(Math.abs((cut?.rows ?? 0) - wish)).toBe(Math.min(...distances))
      },
    )
    fc.assert(property, { numRuns: 200, seed: 3 })
  })
})
