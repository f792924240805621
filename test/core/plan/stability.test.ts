import { describe, expect, test } from 'vitest'
import * as e from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import type { Operand } from '../../../src/core/expr/build.ts'
import * as p from '../../../src/core/plan/build.ts'
import { appendObstacles, compareForAppend, isAppend } from '../../../src/core/plan/append.ts'
import { canonicalJson } from '../../../src/core/plan/canonical.ts'
import type { Column, Plan } from '../../../src/core/plan/plan.ts'
import { planOf, resolve, TOWNS } from './plans.ts'

const shop = (columns: readonly Column[] = [], items: readonly Column[] = []): Plan =>
  planOf(
    p.table('customers', {
      rows: p.range(e.quantity('n')),
      columns: [p.column('id', e.key()), p.column('size', e.sample(law.uniform(1, 3))), ...columns],
    }),
    p.table('items', {
      rows: p.children('customers', 4, e.col('size')),
      columns: [p.column('item', e.key()), ...items],
    }),
  )

const sized = (plan: Plan, n: number, rate = 0.25): Plan => ({
  ...plan,
  parameters: { n: p.size(n), rate: p.lawParameter(rate) },
})

const column = (expr: Operand, parts: Partial<Column> = {}) => {
  const table = resolve(shop([p.column('it', expr, parts)])).tables.get('customers')
  const found = table?.columns.at(-1)
  if (found === undefined) throw new Error('no column')
  return found
}

describe('the sizes a column depends on', () => {
  test.each([
    ['a literal', 1, []],
    ['the key', e.key(), []],
    ['the ordinal of a range', e.ordinal(), []],
    ['a size', e.param('n'), ['n']],
    ['a law parameter', e.param('rate', e.decimalType(5, 2)), []],
    ['a size within a law', e.sample(law.uniform(1, e.quantity('n'))), ['n']],
    ['a size within a call', e.add(e.key(), e.param('n')), ['n']],
    ['a size within a condition', e.when(e.gt(e.key(), e.param('n')), 1, 2), ['n']],
    ['a size within a let', e.letIn('x', e.param('n'), e.local('x')), ['n']],
    ['a row of a table that grows', e.lookup('customers', e.key(), 'size'), []],
    ['a fold over children', e.fold.count('items'), []],
  ])('%s', (_, expr, sizes) => {
    expect(column(expr).sizes).toEqual(sizes)
  })

  test('travel through columns, parents, lookups, folds and fan-outs', () => {
    const plan = resolve(
      planOf(
        p.table('a', {
          rows: p.range(5),
          columns: [
            p.column('x', e.param('n')),
            p.column('y', e.add(e.col('x'), 1)),
            p.column('children', e.fold.count('b')),
            p.column('any', e.pick('b', e.key())),
            p.column('free', 1),
          ],
        }),
        p.table('b', {
          rows: p.children('a', 200, e.sub(e.col('y'), 1)),
          columns: [
            p.column('up', e.parent('y')),
            p.column('across', e.lookup('a', 1, 'y')),
            p.column('free', e.parent('free')),
          ],
        }),
      ),
    )
    const sizesOf = (table: string): unknown =>
      plan.tables.get(table)?.columns.map(({ name, sizes }) => `${name}:${sizes.join()}`)
    expect(sizesOf('a')).toEqual(['x:n', 'y:n', 'children:n', 'any:n', 'free:'])
    expect(sizesOf('b')).toEqual(['up:n', 'across:n', 'free:'])
    expect(plan.tables.get('a')).toMatchObject({ sizes: [], fanOutSizes: [] })
    expect(plan.tables.get('b')).toMatchObject({ sizes: ['n'], fanOutSizes: ['n'] })
  })

  test('of a cross are those of its dimensions, and its ordinal counts them', () => {
    const plan = resolve(
      planOf(
        p.table('days', { rows: p.range(7), columns: [] }),
        p.table('shops', { rows: p.range(e.quantity('n')), columns: [] }),
        p.table('stock', {
          rows: p.cross(['days', 100], ['shops', 1000]),
          columns: [p.column('k', e.ordinal()), p.column('id', e.key())],
        }),
      ),
    )
    expect(plan.tables.get('stock')).toMatchObject({
      sizes: ['n'],
      fanOutSizes: [],
      minKey: 1001,
      maxKey: 7100,
    })
    expect(plan.tables.get('stock')?.columns.map(({ sizes }) => sizes)).toEqual([['n'], []])
  })
})

describe('where an integer lands', () => {
  test.each([
    ['a small interval', e.sample(law.uniform(0, 9)), undefined, false],
    ['a large interval', e.sample(law.uniform(0, 2 ** 31)), undefined, true],
    ['a declared range', e.sample(law.uniform(0, 9)), [0, 2 ** 40], true],
    ['the key', e.key(), undefined, true],
    ['the ordinal of a table that grows', e.ordinal(), undefined, true],
    ['one that grows within a declared range', e.ordinal(), [0, 1000], false],
    ['the rest of one that grows', e.mod(e.key(), 7), undefined, false],
    ['a comparison of one that grows', e.gt(e.key(), 7), undefined, false],
    [
      'one guarded by what grows',
      e.when(e.lt(e.sample(law.uniform(0, 9)), e.key()), 1, 0),
      undefined,
      false,
    ],
    ['the length of a text that grows', e.length(e.text(e.key())), undefined, false],
  ] as const)('%s', (...[, expr, range, long]) => {
    expect(column(expr, range === undefined ? {} : { range }).long).toBe(long)
  })

  test('a decimal that grows lands with 15 digits', () => {
    const type = column(e.rescale(e.ordinal(), e.decimalType(9, 2))).shape.type
    expect(type).toEqual(e.decimalType(15, 2))
    expect(column(e.rescale(7, e.decimalType(9, 2))).shape.type).toEqual(e.decimalType(9, 2))
  })

  test('does not change when a size is raised, however small it was', () => {
    const roll = e.sample(law.uniform(0, 2 ** 36))
    const plan = shop([
      p.column('plain', e.ordinal()),
      p.column('product', e.mul(e.key(), 1000)),
      p.column('rest', e.mod(e.key(), 7)),
      p.column('guarded', e.when(e.lt(roll, e.key()), roll, 0)),
      p.column('guard', e.when(e.lt(e.key(), 9), e.key(), 0)),
      p.column('money', e.rescale(e.mod(e.key(), 5000), e.decimalType(9, 2))),
      p.column(
        'sum',
        e.add(e.lit(1, e.decimalType(2, 0)), e.rescale(e.key(), e.decimalType(9, 0))),
      ),
      p.column('below', e.sample(law.uniform(1, e.quantity('n')))),
      p.column('count', e.fold.count('items', e.lt(e.key(), 50))),
      p.column('text', e.length(e.text(e.key()))),
    ])
    const landed = (n: number): unknown =>
      resolve(sized(plan, n))
        .tables.get('customers')
        ?.columns.map(({ long, shape, name }) => [name, long, shape.type])
    expect(landed(3)).toEqual(landed(100))
    expect(landed(99_999_000)).toEqual(landed(100))
  })
})

describe('streams', () => {
  const streamsOf = (plan: Plan): ReadonlyMap<string, string> => {
    const found = new Map<string, string>()
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      if ('constants' in value && 'name' in value)
        found.set(String(value.name), JSON.stringify(value.constants))
      for (const item of Object.values(value)) visit(item)
    }
    for (const table of resolve(plan).tables.values()) visit(table)
    return found
  }
  const plan = shop(
    [
      p.column('a', e.draw(), { nullRate: 0.5 }),
      p.column('b', e.draw('bits', { stream: 'mine', index: 3 })),
    ],
    [p.column('c', e.pick('items', e.parentKey()))],
  )

  test('are named by table and column, nulls and fan-outs apart', () => {
    const fanOut = planOf(
      p.table('t', { rows: p.range(2), columns: [] }),
      p.table('u', {
        rows: p.children('t', 3, e.sample(law.uniform(0, 3))),
        columns: [p.column('rows', e.draw())],
      }),
    )
    expect([...streamsOf(plan).keys()].toSorted()).toEqual([
      'customers.a',
      'customers.a?null',
      'customers.mine#3',
      'customers.size',
      'items.c',
    ])
    expect([...streamsOf(fanOut).keys()].toSorted()).toEqual(['u.?rows', 'u.rows'])
  })

  test('do not move when columns and tables are added, permuted, renamed or scaled', () => {
    const streams = streamsOf(plan)
    const grown = planOf(
      p.table('new', { rows: p.range(3), columns: [p.column('a', e.draw())] }),
      ...plan.tables.toReversed().map((table) => ({
        ...table,
        as: `landed_${table.name}`,
        columns: [p.column('extra', e.draw()), ...table.columns.toReversed()],
      })),
    )
    const after = streamsOf(sized(grown, 5000))
    expect(streams.size).toBeGreaterThan(4)
    expect(after.size).toBe(streams.size + 3)
    for (const [name, constants] of streams) expect(after.get(name)).toBe(constants)
  })

  test('differ by seed', () => {
    const [one, other] = [streamsOf(plan), streamsOf({ ...plan, seed: 'other' })]
    expect([...one].filter(([name, constants]) => other.get(name) === constants)).toEqual([])
  })
})

describe('the hash of a plan', () => {
  const plan = shop([p.column('city', e.lookup('towns', 0, 'name'))])

  test('does not depend on the order of properties or on sugar', () => {
    const reordered = JSON.parse(JSON.stringify(plan), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toReversed())
        : value,
    ) as unknown
    const sugared = JSON.parse(
      JSON.stringify(plan).replaceAll('{"kind":"literal","value":0}', '0'),
    ) as unknown
    expect(JSON.stringify(sugared)).not.toBe(JSON.stringify(plan))
    expect(resolve(reordered).hash).toBe(resolve(plan).hash)
    expect(resolve(sugared).hash).toBe(resolve(plan).hash)
  })

  test('holds the content of the vocabularies it uses, given or filled in', () => {
    const { plan: filled, hash } = resolve(plan)
    expect(filled.vocabularies).toEqual({ towns: { version: '1', sha256: TOWNS.hash } })
    expect(resolve(filled).hash).toBe(hash)
    expect(resolve(shop()).plan.vocabularies).toBeUndefined()
  })

  test('changes with any number of the plan', () => {
    const hashes = [plan, sized(plan, 101), sized(plan, 100, 0.3), { ...plan, seed: 2 }].map(
      (each) => resolve(each).hash,
    )
    expect(new Set(hashes).size).toBe(4)
  })

  test('is the SHA-256 of JSON with sorted keys', () => {
    expect(canonicalJson({ b: [1, 'x', null, true], a: { d: undefined, c: -0 } })).toBe(
      '{"a":{"c":0},"b":[1,"x",null,true]}',
    )
  })
})

describe('an append', () => {
  const compare = (before: Plan, after: Plan) => compareForAppend(resolve(before), resolve(after))

  test('may raise sizes and change layouts and words about the plan', () => {
    const larger = sized(shop(), 250)
    const tables = larger.tables.map((table) => ({ ...table, layout: { fileRows: 50 } }))
    const after = { ...larger, tables, description: 'larger' }
    const comparison = compare(shop(), after)
    expect(comparison.raised).toEqual([{ name: 'n', before: 100, after: 250 }])
    expect(isAppend(comparison)).toBe(true)
    expect(isAppend(compare(shop(), shop()))).toBe(true)
  })

  test('cannot lower one', () => {
    const comparison = compare(shop(), sized(shop(), 99))
    expect(comparison.lowered).toEqual([{ name: 'n', before: 100, after: 99 }])
    expect(isAppend(comparison)).toBe(false)
  })

  test('names the laws that differ', () => {
    const other = shop([p.column('it', 1)])
    const changed = shop([p.column('it', 2)])
    expect(compare(other, changed).laws).toEqual(['tables[0].columns[2].expr.value'])
    expect(compare(shop(), other).laws).toEqual(['tables[0].columns'])
    expect(compare(shop(), sized(shop(), 100, 0.3)).laws).toEqual(['parameters.rate.value'])
    expect(compare(shop(), { ...shop(), seed: 2, asOf: '2025-01-01' }).laws).toEqual([
      'seed',
      'asOf',
    ])
    expect(isAppend(compare(other, changed))).toBe(false)
  })

  test('is told what differs by name and value, and not what follows from it', () => {
    const told = (before: Plan, after: Plan): readonly string[] =>
      appendObstacles(compare(before, after))
    const priced = (rate: number, it: number): Plan => sized(shop([p.column('it', it)]), 100, rate)
    expect(told(priced(0.2, 1), priced(0.3, 2))).toEqual(['rate differs (0.2 there, 0.3 asked)'])
    expect(told(shop(), { ...shop(), seed: 2 })).toEqual([
      expect.stringMatching(/^seed differs \(.+ there, 2 asked\)$/),
    ])
    expect(told(shop([p.column('it', 1)]), shop([p.column('it', 2)]))).toEqual([
      'customers.it (tables[0].columns[2].expr.value) differs (1 there, 2 asked)',
    ])
    expect(told(shop(), shop([p.column('it', 1)]))).toEqual([
      'customers (tables[0].columns) differs',
    ])
  })

  test('names the landed columns that would change', () => {
    const plan = shop([p.column('share', e.param('n')), p.hidden('inner', e.param('n'))])
    const comparison = compare(plan, sized(plan, 200))
    expect(comparison.columns).toEqual([{ table: 'customers', column: 'share', sizes: ['n'] }])
    expect(isAppend(comparison)).toBe(false)
  })

  test('names the tables whose parents would get other children', () => {
    const plan = planOf(
      p.table('a', { rows: p.range(5), columns: [] }),
      p.table('b', { rows: p.children('a', 1000, e.param('n')), columns: [] }),
      p.table('c', { rows: p.children('b', 2, 1), columns: [] }),
    )
    const comparison = compare(plan, sized(plan, 200))
    expect(comparison.tables).toEqual([
      { table: 'b', sizes: ['n'] },
      { table: 'c', sizes: ['n'] },
    ])
    expect(isAppend(comparison)).toBe(false)
  })
})
