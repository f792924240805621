import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as build from '../../../src/core/plan/build.ts'
import { interpretRows } from '../../../src/core/plan/interpret.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedPlan, TypedTable } from '../../../src/core/plan/typed.ts'
import { expectedRows, type CountRows } from '../../../src/core/run/expected-rows.ts'
import { interpretedGenerator } from '../../../src/core/run/interpreted.ts'
import { keySpaces } from '../../../src/core/run/key-space.ts'
import { landedTables } from '../../../src/core/run/landed.ts'
import { cutParts, PART_ROWS } from '../../../src/core/run/parts.ts'
import { salesPlan } from '../../support/sales-plan.ts'
import { shopPlan } from '../../support/shop-plan.ts'

const shop = (customers: number): TypedPlan => resolvePlan(shopPlan(customers), new Map())

const tableOf = (plan: TypedPlan, name: string): TypedTable => {
  const table = plan.tables.get(name)
  if (table === undefined) throw new Error(`no table ${name}`)
  return table
}

const keysOf = (plan: TypedPlan, name: string): readonly number[] =>
  [...interpretRows(plan, name)].map(({ key }) => key)

const counting =
  (plan: TypedPlan): CountRows =>
  (table, range) => {
    let rows = 0
    interpretedGenerator(plan, { table, wanted: [] }).generate(range, (_, more) => {
      rows += more
    })
    return rows
  }

const partsOf = (plan: TypedPlan, table: TypedTable, parts: number | undefined) => {
  const expected = expectedRows(plan, table, { count: counting(plan), sample: 16 })
  return cutParts(plan, { table, expected }, parts === undefined ? {} : { parts })
}

const TABLES = landedTables(shop(1)).map(({ name }) => name)

describe.each(TABLES)('the parts of %s', (name) => {
  test('hold every row exactly once, whatever their number', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 60 }),
      (customers, wanted) => {
        const plan = shop(customers)
        const table = tableOf(plan, name)
        const spaces = keySpaces(plan, table)
        const parts = partsOf(plan, table, wanted)
        const holders = keysOf(plan, name).map((key) =>
          parts.filter(
            ({ variant, lo, hi }) => key >= lo && key < hi && spaces[variant]!.holds(key),
          ),
        )
        expect(holders.every((each) => each.length === 1)).toBe(true)
        expect(parts.map(({ number }) => number)).toEqual(parts.map((_, i) => i))
      },
    )
    fc.assert(property, { numRuns: 25, seed: 11 })
  })

  test('do not depend on rows that are added behind them', () => {
    const before = shop(20)
    const after = shop(35)
    const table = tableOf(before, name)
    const spaces = keySpaces(before, table)
    keySpaces(after, tableOf(after, name)).forEach((space, variant) => {
      const positions = spaces[variant]?.positions ?? 0
      for (let p = 0; p < positions; p++) expect(space.keyAt(p)).toBe(spaces[variant]?.keyAt(p))
    })
  })
})

describe('a table', () => {
  test('of few rows is one part, of many as many as keep a part below a million rows', () => {
    const plan = shop(3_500_000)
    expect(partsOf(plan, tableOf(plan, 'stores'), undefined)).toHaveLength(1)
    const parts = partsOf(plan, tableOf(plan, 'customers'), undefined)
    expect(parts).toHaveLength(4)
    expect(Math.max(...parts.map(({ lo, hi }) => hi - lo))).toBeLessThanOrEqual(PART_ROWS)
  })

  test('of children is cut between families', () => {
    const plan = shop(10)
    for (const { lo, hi } of partsOf(plan, tableOf(plan, 'items'), 5)) {
      expect(lo % 12).toBe(0)
      expect(hi % 12).toBe(0)
    }
  })

  test('with fewer families than parts is cut within them', () => {
    const plan = shop(1)
    const parts = partsOf(plan, tableOf(plan, 'items'), 6)
    expect(parts).toHaveLength(6)
    expect(parts.map(({ lo, hi }) => hi - lo)).toEqual([2, 2, 2, 2, 2, 2])
  })

  test('without rows is one empty part', () => {
    const none = shopPlan(5)
    const [customers, ...others] = none.tables
    const empty = { ...customers!, rows: { kind: 'range', count: 0 } as const }
    const plan = resolvePlan({ ...none, tables: [empty, ...others] }, new Map())
    expect(partsOf(plan, tableOf(plan, 'customers'), undefined)).toMatchObject([{ rows: 0 }])
  })
})

describe('expected rows', () => {
  const expected = (customers: number, name: string, sample: number) => {
    const plan = shop(customers)
    return expectedRows(plan, tableOf(plan, name), { count: counting(plan), sample })
  }

  test.each([
    ['customers', 300],
    ['stores', 3],
    ['visits', 15],
    ['events', 303],
  ])('of %s are exact without making a row', (name, rows) => {
    const plan = shop(300)
    const count = (): number => expect.fail('no row should be made')
    const found = expectedRows(plan, tableOf(plan, name), { count, sample: 8 })
    expect(found).toMatchObject({ rows, exact: true })
  })

  test('of a few families are exact', () => {
    const rows = keysOf(shop(40), 'items').length
    expect(expected(40, 'items', 100)).toMatchObject({ rows, exact: true })
  })

  test('of children whose mean the plan says follow from their parents without counting them', () => {
    const counted: string[] = []
    const said = shopPlan(4000)
    const plan = resolvePlan(
      {
        ...said,
        tables: said.tables.map((table) =>
          table.name === 'items' ? { ...table, rows: { ...table.rows, mean: 1.5 } } : table,
        ),
      },
      new Map(),
    )
    const count: CountRows = (table, range) => {
      counted.push(table.name)
      return counting(plan)(table, range)
    }
    const orders = expectedRows(plan, tableOf(plan, 'orders'), { count, sample: 800 }).rows
    const items = expectedRows(plan, tableOf(plan, 'items'), { count, sample: 800 })
    expect(items).toMatchObject({ rows: Math.round(1.5 * orders), exact: false })
    expect(new Set(counted)).toEqual(new Set(['orders']))
  })

  test('of a union of few families are those of its members', () => {
    const said = shopPlan(40)
    const both = build.table('both', {
      rows: build.union(4, ['orders', 1], ['visits', 3]),
      columns: [],
    })
    const plan = resolvePlan({ ...said, tables: [...said.tables, both] }, new Map())
    const counted: string[] = []
    const count: CountRows = (each, range) => {
      counted.push(each.name)
      return counting(plan)(each, range)
    }
    const found = expectedRows(plan, tableOf(plan, 'both'), { count, sample: 100 })
    const [orders, visits] = [keysOf(plan, 'orders').length, keysOf(plan, 'visits').length]
    expect(found).toEqual({ rows: orders + visits, exact: true, variants: [orders, visits] })
    expect(counted).toEqual(['orders'])
  })

  test('of many families are within a few standard errors of the truth', () => {
    const rows = keysOf(shop(4000), 'orders').length
    const found = expected(4000, 'orders', 800)
    expect(found.exact).toBe(false)
    // The fan-out is uniform on 0..4 with variance 2.
    const error = 4000 * Math.sqrt(2 / 800)
    expect(Math.abs(found.rows - rows)).toBeLessThan(4 * error)
  })
})

describe('the parts of a cross that begins with days', () => {
  const stock = (days: number, parts: number) => {
    const plan = resolvePlan(salesPlan({ days }), new Map())
    return partsOf(plan, tableOf(plan, 'stock'), parts).map(({ lo, hi }) => [lo, hi])
  }

  test('are ranges of days', () => {
    expect(stock(5, 2)).toEqual([
      [101, 301],
      [301, 504],
    ])
    expect(stock(5, 5).slice(0, 2)).toEqual([
      [101, 201],
      [201, 301],
    ])
  })

  test('cut a day only when there are more parts than days', () => {
    expect(stock(2, 3)).toEqual([
      [101, 103],
      [103, 202],
      [202, 204],
    ])
  })
})
