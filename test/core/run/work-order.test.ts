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
  test('begins with a part that lands few of the many rows it makes', () => {
    const all = [
      ...parts('people', 2, 1_000_000),
      ...parts('letters', 2, 2_000_000),
      ...parts('answers', 1, 40_000),
    ]
    const few = [...parts('people', 9, 1_000_000), ...parts('answers', 1, 40_000)]
    expect(names(few)[0]).toBe('answers 0')
    expect(names(few).slice(1)).toEqual(
      parts('people', 9, 0).map((each) => `people ${each.number}`),
    )
    expect(names(all)).toEqual(['people 0', 'people 1', 'letters 0', 'letters 1', 'answers 0'])
  })

  test('is the order of the plan where parts are alike', () => {
    const all = [...parts('people', 9, 1_000_000), ...parts('letters', 18, 1_000_000)]
    expect(inWorkOrder(resolved, all)).toEqual(all)
  })
})
