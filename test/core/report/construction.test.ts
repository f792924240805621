import { describe, expect, test } from 'vitest'
import { col, key, parentKey, sample } from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { children, column, plan as planOf, range, table } from '../../../src/core/plan/build.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import {
  constructedFindings,
  refersBecause,
  rowBounds,
  uniqueBecause,
} from '../../../src/core/report/construction.ts'
import { marketPlan } from '../../support/market-plan.ts'
import { promisePlan } from '../../support/promise-plan.ts'
import { shopPlan } from '../../support/shop-plan.ts'

const plan = resolvePlan(promisePlan({ rows: 100 }), new Map())
const shop = resolvePlan(shopPlan(50), new Map())
const goods = plan.tables.get('goods')!

describe('by construction', () => {
  const rows = new Map([
    ['makers', 100],
    ['goods', 200],
  ])
  const findings = constructedFindings(plan, goods, rows)

  test('rows, key, references and columns without null hold, each for a reason', () => {
    const proven = findings.filter(({ proof }) => proof === 'construction')
    expect(proven.map(({ kind }) => kind)).toEqual(['rows', 'key', 'reference', 'nulls', 'unique'])
    expect(proven.every(({ verdict, note }) => verdict === 'holds' && note !== undefined)).toBe(
      true,
    )
  })

  test('what needs all rows side by side is left open, not held', () => {
    const open = findings.filter(({ verdict }) => verdict === 'unchecked')
    expect(open).toMatchObject([{ name: 'one good at a time', proof: 'none' }])
  })

  test('too many or too few rows break the fan-out', () => {
    expect(rowBounds(plan, goods, rows)).toEqual([100, 300])
    const broken = constructedFindings(plan, goods, new Map([...rows, ['goods', 301]]))
    expect(broken[0]).toMatchObject({ kind: 'rows', verdict: 'broken', asked: '100 to 300' })
  })
})

describe('row bounds', () => {
  test.each([
    ['stores', [3, 3]],
    ['visits', [15, 15]],
    ['events', [53, 53]],
    ['notes', [0, 106]],
  ] as const)('of %s follow from its row space', (name, bounds) => {
    const rows = new Map([
      ['customers', 50],
      ['stores', 3],
      ['events', 53],
    ])
    expect(rowBounds(shop, shop.tables.get(name)!, rows)).toEqual(bounds)
  })
})

test('children of a few parents that never land are counted parent by parent', () => {
  const market = resolvePlan(marketPlan({ days: 9 }), new Map())
  const orders = market.tables.get('orders')!
  const count = [...interpretTable(market, 'orders')].length
  expect(count).toBeGreaterThan(9)
  expect(rowBounds(market, orders, new Map())).toEqual([count, count])
  const findings = constructedFindings(market, orders, new Map([['orders', count + 1]]))
  expect(findings[0]).toMatchObject({ kind: 'rows', asked: count, verdict: 'broken' })
})

describe('a key', () => {
  test('is unique by the key algebra of every row space', () => {
    for (const [name, id] of [
      ['customers', 'customer_id'],
      ['orders', 'order_id'],
      ['visits', 'visit_id'],
      ['events', 'event_id'],
    ] as const)
      expect(uniqueBecause(shop.tables.get(name)!, [id])).toBeDefined()
  })

  test('of parent and number among siblings is unique, of either alone not', () => {
    expect(uniqueBecause(shop.tables.get('orders')!, ['customer_id', 'number'])).toBeDefined()
    expect(uniqueBecause(shop.tables.get('orders')!, ['customer_id'])).toBeUndefined()
    expect(uniqueBecause(shop.tables.get('orders')!, ['number'])).toBeUndefined()
  })
})

test('a reference to a column that is no key is not proven', () => {
  const resolved = resolvePlan(
    planOf({
      name: 'loose',
      seed: 1,
      tables: [
        table('a', {
          rows: range(5),
          columns: [column('a_id', key()), column('twin', col('a_id'))],
        }),
        table('b', {
          rows: children('a', 2, sample(law.uniform(0, 2))),
          columns: [column('b_id', key()), column('a_id', parentKey())],
          references: [
            { columns: ['a_id'], table: 'a', to: ['a_id'] },
            { columns: ['a_id'], table: 'a', to: ['twin'] },
          ],
        }),
      ],
    }),
    new Map(),
  )
  const b = resolved.tables.get('b')!
  const [sound, loose] = b.references
  expect(refersBecause(resolved, b, sound!)).toContain('existing key of a')
  expect(refersBecause(resolved, b, loose!)).toBeUndefined()
})
