import { expect, test } from 'vitest'
import * as e from '../../../src/core/expr/build.ts'
import type { Expr } from '../../../src/core/expr/expr.ts'
import * as p from '../../../src/core/plan/build.ts'
import type { Column } from '../../../src/core/plan/plan.ts'
import { mistakesOf, oneTable } from './plans.ts'

test('a missing name is told beside other mistakes, but not one that is there and could not be read', () => {
  const column = (name: string, expr: unknown): Column => ({ name, expr: expr as Expr })
  const broken = column('a', { kind: 'nope' })
  const plan = oneTable([broken, p.column('b', e.col('a')), p.column('c', e.col('bb'))])
  expect(mistakesOf(plan)).toEqual([
    expect.stringContaining('"nope" is not known; there are literal, '),
    expect.stringContaining('there is no column of things named "bb", did you mean "b"?'),
  ])
  const unread = { ...oneTable([p.column('b', e.col('a'))]), sed: 1 }
  const nameless = { ...unread.tables[0]!, columns: [...unread.tables[0]!.columns, { expr: 1 }] }
  const found = mistakesOf({ ...unread, tables: [nameless] })
  expect(found).toHaveLength(2)
  expect(found.join()).not.toContain('there is no column')
})
