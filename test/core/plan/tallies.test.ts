import { describe, expect, test } from 'vitest'
import * as e from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import * as p from '../../../src/core/plan/build.ts'
import { compareForAppend, isAppend } from '../../../src/core/plan/append.ts'
import type { TypedColumn } from '../../../src/core/plan/typed.ts'
import { type MarketOptions, marketPlan, soldBy } from '../../support/market-plan.ts'
import { mistakesOf, planOf, resolve } from './plans.ts'

const stockColumn = (expr: e.Operand, options: MarketOptions = {}): TypedColumn => {
  const plan = marketPlan({ ...options, stock: [p.column('it', expr), ...(options.stock ?? [])] })
  const columns = resolve(plan).tables.get('stock')?.columns ?? []
  const found = columns.find(({ name }) => name === 'it')
  if (found === undefined) throw new Error('no column')
  return found
}

const mistakesOfStock = (expr: e.Operand): readonly string[] =>
  mistakesOf(marketPlan({ stock: [p.column('it', expr)] })).map((text) =>
    text.replace(/^tables\[\d\]\.columns\[\d\]\.expr\.?/, ''),
  )

describe('keyOf', () => {
  const at = (...keys: e.Operand[]) => e.keyOf('stock', keys)
  const here = [e.dimension('days'), e.dimension('stores'), e.dimension('products')] as const

  test('is a key of the cross between those of its parts', () => {
    expect(stockColumn(at(...here)).shape).toMatchObject({
      keyOf: 'stock',
      nullable: false,
      min: 1_00_000 + 1000 + 1,
      max: 6_00_000 + 3000 + 5,
    })
    expect(stockColumn(at(1, 2, 3)).shape).toMatchObject({ min: 102003, max: 102003 })
  })

  test('may be null where a part may', () => {
    const maybe = e.when(e.ge(e.dimension('days'), 3), e.dimension('days'), e.nothing(e.INTEGER))
    expect(stockColumn(at(maybe, 1, 1)).shape.nullable).toBe(true)
  })

  test('takes a part that lies in its dimension by a guard', () => {
    const [day, ...rest] = here
    const before = e.lookup('stock', at(e.sub(day, 1), ...rest), 'sold')
    expect(mistakesOfStock(before)).toEqual([
      'key.of[0]: expected a key of days that provably exists (1..6), not integer 0..5',
    ])
    expect(stockColumn(e.when(e.ge(day, 2), before, 0)).sizes).toEqual([])
  })

  test.each([
    [
      at(...here.slice(1)),
      'of: expected the keys of the 3 dimensions of "stock", days, stores, products, not 2',
    ],
    [at(1, 4, 1), 'of[1]: expected a key of stores that provably exists (1..3), not integer 4..4'],
    [
      at(here[1], here[0], here[2]),
      'of[1]: expected a key of stores that provably exists (1..3), not a key of days',
    ],
    [e.keyOf('items', [1]), 'table: expected a cross; items has rows of kind children'],
    [e.keyOf('shelf', [1]), 'table: there is no table "shelf"'],
  ])('refuses %#', (expr, message) => {
    expect(mistakesOfStock(expr)).toContainEqual(expect.stringContaining(message))
  })
})

describe('a tally', () => {
  const most = 1000

  test('lies between 0 and its most', () => {
    const column = stockColumn(e.tally.count('items', { by: soldBy, most }))
    expect(column.shape).toMatchObject({ min: 0, max: 1000, nullable: false })
    expect(column.long).toBe(false)
  })

  test('of decimals is a decimal', () => {
    const price = p.column('price', e.lit(1.25, e.decimalType(5, 2)))
    const sum = e.tally.sum('items', e.col('price'), { by: soldBy, most: 1e9 })
    expect(stockColumn(sum, { items: [price] }).shape.type).toEqual(e.decimalType(10, 2))
  })

  test.each([
    [
      e.tally.count('items', { by: [e.col('day'), e.parent('store')], most }),
      'by: expected the keys of the 3 dimensions of "stock", days, stores, products, not 2',
    ],
    [
      e.tally.count('items', { by: [e.col('day'), e.col('lag'), e.col('product')], most }),
      'by[1]: expected a key of stores that provably exists (1..3), not integer 0..2',
    ],
    [
      e.tally.count('items', { by: [e.col('lag'), 1, e.col('product')], most }),
      'by[0]: expected a key of days that provably exists (1..6), not integer 0..2',
    ],
    [
      e.tally.sum('items', e.neg(e.col('quantity')), { by: soldBy, most }),
      'value: a tally sums what is never negative, not integer -3..-1',
    ],
    [
      e.tally.sum('items', 'x', { by: soldBy, most }),
      'value: expected an integer or decimal, not string',
    ],
    [
      e.tally.count('items', { by: soldBy, where: 1, most }),
      'where: expected a boolean, not integer',
    ],
    [{ ...e.tally.count('items', { by: soldBy, most }), value: e.lit(1) }, /^: count takes no/],
    [{ ...e.tally.sum('items', 1, { by: soldBy, most }), value: undefined }, /value|sum needs/],
    [
      e.tally.sum('items', e.sample(law.uniform(1, 2)), { by: soldBy, most }),
      'value: checks, promises and tallies cannot draw; draw in a column and name it here',
    ],
  ])('refuses %#', (expr, message) => {
    const found = mistakesOfStock(expr as e.Operand)
    if (typeof message === 'string') expect(found).toContain(message)
    else expect(found.length).toBeGreaterThan(0)
  })

  test('stands only in a cross', () => {
    const tally = e.tally.count('items', { by: soldBy, most })
    const items = [p.column('it', tally)]
    expect(mistakesOf(marketPlan({ items }))).toContainEqual(
      expect.stringMatching(/expected a cross; items has rows of kind children/),
    )
  })

  test('that counts by what it is counted from is refused with the way round', () => {
    const items = [p.column('shown', e.lookup('stock', e.keyOf('stock', [1, 1, 1]), 'sold'))]
    const stock = [p.column('sum', e.tally.sum('items', e.col('shown'), { by: soldBy, most }))]
    expect(mistakesOf(marketPlan({ items, stock }))).toEqual([])
    const round = [p.column('shown', e.lookup('stock', e.keyOf('stock', [1, 1, 1]), 'sum'))]
    expect(mistakesOf(marketPlan({ items: round, stock }))[0]).toMatch(
      /columns form a cycle: (items.shown → stock.sum → items.shown|stock.sum → items.shown → stock.sum)/,
    )
  })

  test('rests on the fan-outs of all that its rows descend from', () => {
    const fanOut = (count: e.Operand) =>
      planOf(
        p.table('days', { rows: p.range(3), columns: [] }),
        p.table('grid', {
          rows: p.cross(['days', 10]),
          columns: [p.column('it', e.tally.count('b', { by: [1], most: 9 }))],
        }),
        p.table('a', { rows: p.children('days', 9, count), columns: [] }),
        p.table('b', { rows: p.children('a', 9, 1), columns: [] }),
      )
    expect(mistakesOf(fanOut(1))).toEqual([])
    expect(mistakesOf(fanOut(e.mod(e.lookup('grid', e.keyOf('grid', [1]), 'it'), 2)))[0]).toMatch(
      /cycle: .*the rows of a/,
    )
  })
})

describe('the sizes a tally depends on', () => {
  const by = (day: e.Operand) =>
    e.tally.count('items', { by: [day, e.parent('store'), e.col('product')], most: 9 })

  test.each([
    ['the day of the root', e.col('day'), []],
    ['days after the root', e.col('back'), []],
    ['a day or none', e.when(e.isNull(e.col('lag')), e.nothing(e.INTEGER), e.col('back')), []],
    ['another day', 1, ['days']],
    ['a day before the root', e.greatest(e.sub(e.col('day'), 1), 1), ['days']],
  ])('%s', (_, day, sizes) => {
    expect(stockColumn(by(day)).sizes).toEqual(sizes)
  })

  test('include those of what is counted', () => {
    const where = e.lt(e.col('quantity'), e.param('products'))
    const tally = e.tally.count('items', { by: soldBy, where, most: 9 })
    expect(stockColumn(tally).sizes).toEqual(['products'])
  })

  test('more days append, and leave the cells that are there', () => {
    const [before, after] = [resolve(marketPlan()), resolve(marketPlan({ days: 9 }))]
    expect(isAppend(compareForAppend(before, after))).toBe(true)
  })

  test('of another kind refuse more days by the name of the column', () => {
    const stock = [p.column('it', by(1))]
    const [before, after] = [
      resolve(marketPlan({ stock })),
      resolve(marketPlan({ days: 9, stock })),
    ]
    expect(compareForAppend(before, after).columns).toEqual([
      { table: 'stock', column: 'it', sizes: ['days'] },
    ])
  })
})
