import { describe, expect, test } from 'vitest'
import * as e from '../../../src/core/expr/build.ts'
import type { Value } from '../../../src/core/expr/types.ts'
import { PAGE_CELLS } from '../../../src/core/kernel/counted.ts'
import { createGenerator } from '../../../src/core/kernel/generator.ts'
import type { MakeRows, TallyLimits } from '../../../src/core/kernel/chunks.ts'
import { createTallies, TALLY_LIMITS, talliesOf } from '../../../src/core/kernel/tallies.ts'
import { lowerTable, type Wanted } from '../../../src/core/plan/lower.ts'
import * as p from '../../../src/core/plan/build.ts'
import { interpretTable, rowAt } from '../../../src/core/plan/interpret.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedPlan, TypedTable } from '../../../src/core/plan/typed.ts'
import { cellOf, kernelRows, plainHost } from '../../support/kernel-rows.ts'
import { type MarketOptions, marketPlan, soldBy } from '../../support/market-plan.ts'

const market = (options: MarketOptions = {}): TypedPlan =>
  resolvePlan(marketPlan(options), new Map())

const wantedOf = ({ columns }: TypedTable): readonly Wanted[] =>
  columns.map(({ name, expr }) => ({ name, expr }))

const interpreted = (
  plan: TypedPlan,
  table = 'stock',
): readonly Readonly<Record<string, Value>>[] => [...interpretTable(plan, table, { hidden: true })]

describe('tallies in the kernel', () => {
  test('are those of the interpreter', () => {
    const plan = market()
    expect(kernelRows(plan, { name: 'stock' })).toEqual(interpreted(plan))
  })

  test('are the same in parts of any size, asked for in any order', () => {
    const plan = market({ days: 40 })
    const table = plan.tables.get('stock')!
    const wanted = table.columns.map(({ name, shape }) => ({
      name,
      expr: { kind: 'column' as const, name, shape },
    }))
    const generator = createGenerator(plan, { table, wanted }, plainHost)
    const partOf = (day: number): Value[][] => {
      const rows: Value[][] = []
      const range = { lo: day * 100_000 + 2000, hi: (day + 1) * 100_000 + 2000, variant: 0 }
      generator.generate(range, (blocks, count) => {
        for (let row = 0; row < count; row++) rows.push(blocks.map((block) => cellOf(block, row)))
      })
      return rows
    }
    const parts = new Map([31, 2, 40, 17, 1, 30, 18].map((day) => [day, partOf(day)]))
    const rows = interpreted(plan).map((row) => wanted.map(({ name }) => row[name]))
    const start = (day: number): number => (day - 1) * 15 + 5
    for (const [day, part] of parts)
      expect(part).toEqual(rows.slice(start(day), start(day) + 15).slice(0, part.length))
    expect(parts.get(17)?.length).toBe(15)
  })

  test('cross the borders of pages, of days and of chunks', () => {
    const plan = market({ days: 7, stores: 40, products: 90, orders: 3000, lag: 3 })
    const rows = kernelRows(plan, { name: 'stock', parts: 3 })
    expect(rows.length).toBe(7 * 40 * 90)
    expect(rows.length).toBeGreaterThan(3 * PAGE_CELLS)
    expect(rows).toEqual(interpreted(plan))
  })

  test('are found where a key of the cross is drawn', () => {
    const items = [
      p.column(
        'seen',
        e.lookup(
          'stock',
          e.keyOf('stock', [
            e.add(e.mod(e.col('item'), 6), 1),
            e.parent('store'),
            e.col('product'),
          ]),
          'sold',
        ),
      ),
    ]
    const plan = market({ items })
    expect(kernelRows(plan, { name: 'items' })).toEqual(interpreted(plan, 'items'))
  })

  test('without a window, over tallies and over the rows of a union', () => {
    const by = [e.add(e.mod(e.col('day'), 6), 1), e.parent('store'), e.col('product')]
    const plan = marketPlan({
      items: [p.column('lines', e.lookup('stock', e.keyOf('stock', [...soldBy]), 'lines'))],
      stock: [
        p.column('far', e.tally.count('items', { by, most: 1000 })),
        p.column('twice', e.tally.sum('items', e.col('lines'), { by: soldBy, most: 10_000 })),
        p.column('both', e.tally.count('both', { by: [e.col('day'), 1, 2], most: 100_000 })),
      ],
    })
    const both = p.table('both', {
      rows: p.union(10, ['orders', 1], ['items', 2]),
      columns: [p.column('day', e.parent('day'))],
    })
    const typed = resolvePlan({ ...plan, tables: [...plan.tables, both] }, new Map())
    const rows = interpreted(typed)
    expect(rows.some((row) => Number(row['both']) > 0)).toBe(true)
    expect(kernelRows(typed, { name: 'stock' })).toEqual(rows)
  })

  test('of many roots with few rows each run over many roots at a time', () => {
    const plan = market({ days: 999, orders: 2, products: 3 })
    expect(kernelRows(plan, { name: 'stock' }).slice(8000)).toEqual(interpreted(plan).slice(8000))
  })

  test('are the same however little is kept of what was counted', () => {
    const plan = market({ days: 60, stores: 40, products: 30, orders: 40, lag: 25 })
    const tallies = talliesOf(lowerTable(plan, 'stock', wantedOf(plan.tables.get('stock')!)))
    const makeRows: MakeRows = ({ table, wanted }) => {
      const { generate } = createGenerator(plan, { table, wanted }, plainHost)
      return (range, sink) => generate({ ...range, variant: 0 }, sink)
    }
    const cells = 60 * 40 * 30
    // Far apart and out of order, each several times.
    const ordinals = Int32Array.from({ length: 150 }, (_, i) => (i * 48_271) % cells)
    const read = (limits: TallyLimits): readonly Float64Array[] => {
      const readers = createTallies(plan, tallies, { makeRows, limits })
      return tallies.map((tally) => {
        const sums = new Float64Array(ordinals.length)
        readers(tally)(ordinals, sums, ordinals.length)
        return sums
      })
    }
    const sums = read(TALLY_LIMITS)
    expect(sums.length).toBe(3)
    for (const each of sums) expect(each.some((sum) => sum > 0)).toBe(true)
    expect(read({ pages: 1, chunks: 1, entries: 1 })).toEqual(sums)
    expect(read({ pages: 3, chunks: 2, entries: 500 })).toEqual(sums)
  })

  test('are 0 at the number of no row', () => {
    const plan = market()
    const tallies = talliesOf(lowerTable(plan, 'stock', wantedOf(plan.tables.get('stock')!)))
    const makeRows: MakeRows = () => () => undefined
    const read = createTallies(plan, tallies, { makeRows, limits: TALLY_LIMITS })(tallies[0]!)
    const sums = new Int32Array(4).fill(7)
    read(Float64Array.of(-1, 90, 1e12, NaN), sums, 4)
    expect([...sums]).toEqual([0, 0, 0, 0])
  })

  test('may keep a step of their table for as long as all that they count', () => {
    const plan = market()
    const fanOut = (name: string): number => {
      const table = plan.tables.get(name)!
      return createGenerator(plan, { table, wanted: wantedOf(table) }, plainHost).fanOut(0)
    }
    expect(fanOut('stock')).toBe(Infinity)
    expect(fanOut('items')).toBeLessThan(100)
  })

  test('beyond their most end the run, naming the row', () => {
    const tally = e.tally.sum('items', 5, { by: soldBy, most: 4 })
    const plan = market({ stock: [p.column('it', tally)] })
    const message =
      /^stock.it: the tally over items exceeds its most, 4, at the row with key (\d+)$/
    const thrown = (run: () => unknown): Error => {
      try {
        run()
      } catch (error) {
        if (error instanceof Error) return error
      }
      throw new Error('nothing was thrown')
    }
    const error = thrown(() => kernelRows(plan, { name: 'stock' }))
    expect(error.message).toMatch(message)
    const key = Number(message.exec(error.message)?.[1])
    expect(thrown(() => rowAt(plan, 'stock', key)).message).toBe(error.message)
  })
})
