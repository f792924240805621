import { expect, test } from 'vitest'
import * as e from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import * as p from '../../../src/core/plan/build.ts'
import { collectIssues } from '../../../src/core/plan/issues.ts'
import { createUnique } from '../../../src/core/plan/language/unique.ts'
import { parsePlan } from '../../../src/core/plan/language/parse.ts'
import { mistakesOf, oneTable, resolve } from './plans.ts'

const a = p.column('a', e.sample(law.uniform(0, 9)))

test('equal expressions of a plan become one object, whatever they stand in', () => {
  const sum = () => e.add(e.col('a'), 1)
  const plan = oneTable([a, p.column('b', sum()), p.column('c', e.mul(sum(), 2))])
  const columns = parsePlan(plan, collectIssues(plan))?.tables[0]?.columns
  const [, b, c] = columns!.map((column) => column.expr)
  expect(b).toEqual(sum())
  expect(c).toMatchObject({ kind: 'call' })
  expect(c?.kind === 'call' && c.args[0]).toBe(b)
})

test('values of other types or under other names are no equals', () => {
  const { object, list } = createUnique()
  const one = object({ value: 1 })
  expect(object({ value: 1 })).toBe(one)
  for (const other of [{ value: '1' }, { value: true }, { worth: 1 }, { value: 1, more: 1 }])
    expect(object(other)).not.toBe(one)
  expect(list([one])).toBe(list([one]))
  expect(list([one])).not.toBe(list([one, one]))
  expect(list([])).not.toBe(object({}))
})

test('an expression that stands in many places is typed by what is known at each', () => {
  const b = p.column('b', e.sub(e.col('a'), 5))
  const c = p.column('c', e.when(e.gt(e.col('a'), 6), e.sub(e.col('a'), 5), 0))
  const d = p.column('d', e.sub(e.col('a'), 5))
  const [, ...made] = resolve(oneTable([a, b, c, d])).tables.get('things')!.columns
  expect(made.map(({ shape }) => [shape.min, shape.max])).toEqual([
    [-5, 4],
    [0, 4],
    [-5, 4],
  ])
})

test('an expression that is wrong in many places is reported at each', () => {
  const wrong = () => e.add(e.col('a'), 'text')
  const found = mistakesOf(oneTable([a, p.column('b', wrong()), p.column('c', wrong())]))
  expect(found).toEqual([
    expect.stringContaining('columns[1]'),
    expect.stringContaining('columns[2]'),
  ])
})
