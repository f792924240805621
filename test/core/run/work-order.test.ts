import { describe, expect, test } from 'vitest'
import { col, draw, key } from '../../../src/core/expr/build.ts'
import { children, column, plan, range, table } from '../../../src/core/plan/build.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { Part } from '../../../src/core/run/parts.ts'
import { inWorkOrder } from '../../../src/core/run/work-order.ts'

const id = column('id', key())

const resolved = resolvePlan(
  plan({
    name: 'order',
    seed: 1,
    start: '2024-01-01',
    asOf: '2025-01-01',
    parameters: {},
    tables: [
      table('people', {
        rows: range(9_000_000),
        columns: [id, column('bits', draw())],
      }),
      table('answers', { rows: children('people', 1, 1), columns: [id] }),
      table('letters', { rows: children('people', 2, 2), columns: [id, column('of', col('id'))] }),
    ],
  }),
  new Map(),
)

const parts = (name: string, count: number, rows: number): readonly Part[] =>
  Array.from({ length: count }, (_, number) => ({
    table: name,
    number,
    variant: 0,
    lo: number,
    hi: number + 1,
    rows,
  }))

const names = (all: readonly Part[]): readonly string[] =>
  inWorkOrder(resolved, all).map(({ table: name, number }) => `${name} ${number}`)

describe('the order of work', () => {
  test('begins with a part that lands few of the many rows it makes, at every size', () => {
    for (const scale of [1, 1000, 1_000_000]) {
      const all = [
        ...parts('people', 2, scale),
        ...parts('letters', 2, 2 * scale),
        ...parts('answers', 1, 0.04 * scale),
      ]
      expect(names(all)).toEqual(['answers 0', 'letters 0', 'letters 1', 'people 0', 'people 1'])
    }
  })

  test('begins with the longer part of two', () => {
    const all = [...parts('answers', 4, 1), ...parts('letters', 1, 1), ...parts('people', 9, 1000)]
    expect(names(all)[0]).toBe('letters 0')
    expect(names(all).slice(5)).toEqual(
      parts('people', 9, 0).map((each) => `people ${each.number}`),
    )
  })

  test('goes on with the tables of the most cells, whatever the order of the plan', () => {
    const [few, many] = [parts('people', 9, 600_000), parts('letters', 9, 1_000_000)]
    expect(inWorkOrder(resolved, [...few, ...many])).toEqual([...many, ...few])
  })

  test('is the order of the plan where tables are alike', () => {
    const all = [...parts('people', 9, 1_000_000), ...parts('letters', 9, 1_000_000)]
    expect(inWorkOrder(resolved, all)).toEqual(all)
  })
})
