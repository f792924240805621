import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interpretRows } from '../../../src/core/plan/interpret.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedPlan, TypedTable } from '../../../src/core/plan/typed.ts'
import { keySpaces } from '../../../src/core/run/key-space.ts'
import { landedTables } from '../../../src/core/run/landed.ts'
import { type LandedPart, landedStays, mergeParts } from '../../../src/core/run/merge-parts.ts'
import { cutParts, type Part } from '../../../src/core/run/parts.ts'
import { salesPlan } from '../../support/sales-plan.ts'
import { shopPlan } from '../../support/shop-plan.ts'

const shop = (customers: number): TypedPlan => resolvePlan(shopPlan(customers), new Map())

const sales = (days: number, stores = 3, dearest = 900): TypedPlan =>
  resolvePlan(salesPlan({ days, stores, dearest }), new Map())

const tableOf = (plan: TypedPlan, name: string): TypedTable => {
  const table = plan.tables.get(name)
  if (table === undefined) throw new Error(`no table ${name}`)
  return table
}

const EXPECTED = { rows: 1000, exact: false, variants: [500, 500] }

const cut = (plan: TypedPlan, name: string, parts: number): readonly Part[] =>
  cutParts(plan, { table: tableOf(plan, name), expected: EXPECTED }, { parts })

const landed = (parts: readonly Part[]): readonly LandedPart[] =>
  parts.map(({ variant, lo, hi, number }) => ({
    variant,
    lo,
    hi,
    files: [{ rows: number, rowsSha256: `${lo}-${hi}` }],
  }))

const merged = (plan: TypedPlan, name: string, parts: readonly LandedPart[]): readonly Part[] =>
  mergeParts(plan, {
    table: tableOf(plan, name),
    expected: EXPECTED,
    landed: parts,
    parts: undefined,
  })

describe.each(landedTables(shop(1)).map(({ name }) => name))('merged parts of %s', (name) => {
  test('hold every row of the new plan once, whatever was there', () => {
    const size = fc.integer({ min: 1, max: 20 })
    const property = fc.property(size, size, size, (before, after, parts) => {
      const plan = shop(after)
      const spaces = keySpaces(plan, tableOf(plan, name))
      const made = merged(plan, name, landed(cut(shop(before), name, parts)))
      const holders = [...interpretRows(plan, name)].map(({ key }) =>
        made.filter(({ variant, lo, hi }) => key >= lo && key < hi && spaces[variant]?.holds(key)),
      )
      expect(holders.length).toBeGreaterThanOrEqual(0)
      expect(holders.every((each) => each.length === 1)).toBe(true)
      expect(made.map(({ number }) => number)).toEqual(made.map((_, i) => i))
      for (const { known, lo, hi } of made)
        expect(known?.[0]?.rowsSha256 ?? `${lo}-${hi}`).toBe(`${lo}-${hi}`)
    })
    fc.assert(property, { numRuns: 25, seed: 5 })
  })
})

describe('merged parts', () => {
  test('are the landed ones and new ones behind them when a table grows', () => {
    const made = merged(sales(9), 'orders', landed(cut(sales(6), 'orders', 3)))
    expect(made.map(({ lo, hi, known }) => [lo, hi, known !== undefined])).toEqual([
      [10, 30, true],
      [30, 50, true],
      [50, 70, true],
      [70, 100, false],
    ])
  })

  test('are cut at the end of a table that shrinks', () => {
    const made = merged(sales(3), 'orders', landed(cut(sales(6), 'orders', 3)))
    expect(made.map(({ lo, hi, known }) => [lo, hi, known !== undefined])).toEqual([
      [10, 30, true],
      [30, 40, false],
    ])
  })

  test('fill a hole, and make anew what is not there in full', () => {
    const [first, , third] = landed(cut(sales(6), 'orders', 3))
    if (first === undefined || third === undefined) throw new Error('expected three parts')
    const made = merged(sales(6), 'orders', [{ ...third, files: undefined }, first])
    expect(made.map(({ lo, hi, known }) => [lo, hi, known !== undefined])).toEqual([
      [10, 30, true],
      [30, 50, false],
      [50, 70, false],
    ])
  })
})

describe('landed rows stay', () => {
  const stays = (before: TypedPlan, after: TypedPlan): readonly string[] =>
    landedTables(after)
      .map(({ name }) => name)
      .filter(landedStays(before, after))

  test('when days are added', () => {
    expect(stays(sales(6), sales(9))).toEqual(['stores', 'days', 'orders', 'items', 'stock'])
  })

  test('but for tables that lose days', () => {
    expect(stays(sales(9), sales(6))).toEqual(['stores'])
  })

  test('but for a cross into whose middle rows come', () => {
    expect(stays(sales(6, 3), sales(6, 4))).toEqual(['stores', 'days', 'orders', 'items'])
  })

  test('nowhere when a law changes', () => {
    expect(stays(sales(6), sales(6, 3, 500))).toEqual([])
  })
})
