import { describe, expect, test } from 'vitest'
import * as e from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import type { Operand } from '../../../src/core/expr/build.ts'
import * as p from '../../../src/core/plan/build.ts'
import type { Column, Plan } from '../../../src/core/plan/plan.ts'
import { mistakesOf, planOf, resolve } from './plans.ts'

const one = law.uniform(1, 3)

/** Persons with two to four addresses each, and letters to persons. */
const post = (letter: Operand, fewest = 2, extra: readonly Column[] = []): Plan =>
  planOf(
    p.table('persons', {
      rows: p.range(50),
      columns: [
        p.column('born', e.sample(law.calendar({ start: '1990-01-01', days: 100 }))),
        p.column('home', e.pick('addresses', e.key())),
        ...extra,
      ],
    }),
    p.table('addresses', {
      rows: p.children('persons', 4, e.sample(law.uniform(fewest, 4))),
      columns: [
        p.column('person', e.parentKey()),
        p.column('since', e.add(e.parent('born'), e.mul(e.ordinal(), 100))),
      ],
    }),
    p.table('letters', {
      rows: p.children('persons', 10, e.sample(one)),
      columns: [p.column('it', letter)],
    }),
  )

const shapeOf = (plan: Plan) => resolve(plan).tables.get('letters')?.columns[0]?.shape

const since = (key: Operand): Operand => e.lookup('addresses', key, 'since')
const refused = 'expected a key of addresses that provably exists'

describe('a key is proven to exist', () => {
  test.each([
    ['by pick', e.pick('addresses', e.parentKey()), 2],
    ['through a column', e.parent('home'), 2],
    ['by a lookup of a key', e.lookup('persons', e.parentKey(), 'home'), 2],
    ['as an early child', e.add(e.mul(e.parentKey(), 4), 1), 2],
    ['as an early child, turned around', e.add(1, e.mul(4, e.parentKey())), 2],
    ['as the first child', e.mul(e.parentKey(), 4), 1],
    [
      'by both branches of a case',
      e.when(e.eq(e.ordinal(), 0), e.parent('home'), e.pick('addresses', e.parentKey())),
      2,
    ],
    ['within a let', e.letIn('a', e.parent('home'), e.local('a')), 2],
  ] as const)('%s', (_, key, fewest) => {
    expect(mistakesOf(post(since(key), fewest))).toEqual([])
  })

  test.each([
    ['by arithmetic past the least number of children', e.add(e.mul(e.parentKey(), 4), 2)],
    ['by an ordinal that may be too large', e.add(e.ordinal(), e.mul(4, e.parentKey()))],
    ['with another capacity', e.mul(e.parentKey(), 5)],
    ['from another table', e.parentKey()],
    ['from nowhere', 7],
    ['changed by arithmetic', e.add(e.parent('home'), 0)],
  ])('but not %s', (_, key) => {
    expect(mistakesOf(post(since(key))).join()).toContain(refused)
  })

  test('as the first child only where there is always one', () => {
    expect(mistakesOf(post(since(e.mul(e.parentKey(), 4)), 0)).join()).toContain(refused)
  })

  test('in a range by its interval', () => {
    const born = (key: Operand): readonly string[] =>
      mistakesOf(post(e.lookup('persons', key, 'born')))
    expect(born(e.add(e.mod(e.key(), 50), 1))).toEqual([])
    expect(born(e.mod(e.key(), 50)).join()).toContain(
      'persons that provably exists (1..50), not integer 0..49',
    )
    expect(born(e.sample(law.zipf(1, 50)))).toEqual([])
    expect(born(e.sample(law.zipf(1, 51))).join()).toContain('not integer 1..51')
  })
})

describe('a null key', () => {
  const picked = e.pick('addresses', e.parentKey())

  test('comes of picking where there may be no child, and gives a null', () => {
    expect(shapeOf(post(picked, 1))?.nullable).toBe(false)
    expect(shapeOf(post(picked, 0))?.nullable).toBe(true)
    expect(shapeOf(post(since(picked), 0))).toMatchObject({ nullable: true, type: e.DATE })
  })

  test('must be guarded before it is a parent', () => {
    const maybe = p.column('friend', e.when(e.gt(e.key(), 9), e.key(), null))
    const friend = e.parent('friend')
    const pick = e.pick('addresses', friend)
    expect(mistakesOf(post(pick, 2, [maybe])).join()).toContain(
      'the key of persons may be null here; guard it with a case over isNull',
    )
    expect(shapeOf(post(e.when(e.isNull(friend), null, pick), 2, [maybe]))).toMatchObject({
      keyOf: 'addresses',
      nullable: true,
    })
  })

  test('is what at gives before the first epoch', () => {
    const at = e.at('addresses', { parent: e.parentKey(), from: 'since', time: e.date('asOf') })
    expect(shapeOf(post(at))).toMatchObject({ keyOf: 'addresses', nullable: true })
  })
})

test('at needs a time of the type of its column', () => {
  const at = e.at('addresses', { parent: e.parentKey(), from: 'since', time: e.timestamp('asOf') })
  expect(mistakesOf(post(at)).join()).toContain(
    'expected from and time both dates, timestamps or integers, not date and timestamp',
  )
})

describe('the key of a table', () => {
  const things = (key?: readonly string[]) =>
    resolve(
      planOf(
        p.table('things', {
          rows: p.range(5),
          columns: [p.column('id', e.key()), p.column('no', e.ordinal()), p.hidden('k', e.key())],
          ...(key ? { key } : {}),
        }),
      ),
    ).tables.get('things')

  test('is by default the landed column that holds it', () => {
    expect(things()?.key).toEqual(['id'])
    expect(things(['no'])?.key).toEqual(['no'])
  })

  test('and references land as 64 bits', () => {
    expect(things(['no'])?.columns.map(({ long }) => long)).toEqual([true, true, true])
    expect(things()?.columns.map(({ long }) => long)).toEqual([true, false, true])
  })
})

describe('keys lie between bounds', () => {
  test('that follow from the rows a table is made of', () => {
    const { tables } = resolve(
      planOf(
        p.table('a', { rows: p.range(10), columns: [] }),
        p.table('b', { rows: p.children('a', 4, 2), columns: [] }),
        p.table('c', { rows: p.cross(['a', 100], ['d', 1000]), columns: [] }),
        p.table('d', { rows: p.range(7), columns: [] }),
        p.table('e', { rows: p.union(10, ['a', 1], ['d', 5]), columns: [] }),
        p.table('f', { rows: p.range(0), columns: [p.column('id', e.key())] }),
      ),
    )
    const bounds = [...tables.values()].map(({ minKey, maxKey }) => [minKey, maxKey])
    expect(bounds).toEqual([
      [1, 10],
      [4, 43],
      [1001, 10007],
      [1, 7],
      [11, 101],
      [1, 0],
    ])
  })

  test('a union takes columns of its members and their keys', () => {
    const { tables } = resolve(
      planOf(
        p.table('a', { rows: p.range(10), columns: [p.column('x', 5)] }),
        p.table('b', { rows: p.range(20), columns: [p.column('x', 7)] }),
        p.table('u', {
          rows: p.union(4, ['a', 0], ['b', 3]),
          columns: [
            p.column('x', e.parent('x')),
            p.column('m', e.parentKey()),
            p.column('n', e.ordinal()),
          ],
        }),
        p.table('v', { rows: p.union(4, ['a', 0]), columns: [p.column('m', e.parentKey())] }),
      ),
    )
    const shapes = tables.get('u')?.columns.map(({ shape }) => shape)
    expect(shapes).toMatchObject([
      { min: 5, max: 7 },
      { min: 1, max: 20 },
      { min: 0, max: 3 },
    ])
    expect(shapes?.[1]?.keyOf).toBeUndefined()
    expect(tables.get('v')?.columns[0]?.shape.keyOf).toBe('a')
  })
})
