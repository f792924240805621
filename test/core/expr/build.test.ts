import { expect, test } from 'vitest'
import * as build from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { FUNCTION_NAMES } from '../../../src/core/expr/expr.ts'
import * as plans from '../../../src/core/plan/build.ts'

const { add, cases, col, fold, letIn, lit, local, sample, when } = build

test('bare values become literals', () => {
  expect(add(col('age'), 3)).toEqual({
    kind: 'call',
    function: 'add',
    args: [
      { kind: 'column', name: 'age' },
      { kind: 'literal', value: 3 },
    ],
  })
  expect(when(true, 'yes', null)).toEqual(cases([[lit(true), lit('yes')]], lit(null)))
})

test('options that are absent leave no trace in the JSON', () => {
  expect(Object.keys(sample(law.uniform(1, 6)))).toEqual(['kind', 'law'])
  expect(Object.keys(fold.count('items'))).toEqual(['kind', 'operation', 'table'])
  expect(sample(law.uniform(1, 6), { stream: 'die', index: 2 })).toMatchObject({
    stream: 'die',
    index: 2,
  })
})

test('weights may be written as pairs or by word', () => {
  const asked = { kind: 'weighted', values: ['a', 'b'], weights: [1, 3] }
  expect(law.weighted({ a: 1, b: 3 })).toEqual(asked)
  expect(
    law.weighted([
      ['a', 1],
      ['b', 3],
    ]),
  ).toEqual(asked)
})

test('let names a value within an expression', () => {
  expect(letIn('x', 2, local('x'))).toEqual({
    kind: 'let',
    name: 'x',
    value: { kind: 'literal', value: 2 },
    in: { kind: 'local', name: 'x' },
  })
})

test('every function of the language has a builder of its name', () => {
  const missing = FUNCTION_NAMES.filter((name) => !(name in build))
  expect(missing).toEqual([])
})

test('a plan is built as its JSON', () => {
  const people = plans.table('people', {
    rows: plans.range({ parameter: 'n' }),
    columns: [plans.column('id', build.key()), plans.hidden('twice', add(col('id'), col('id')))],
    checks: [plans.check('positive', build.gt(col('id'), 0))],
  })
  const plan = plans.plan({
    name: 'small',
    seed: 1,
    parameters: { n: plans.size(10, { max: 100 }) },
    tables: [
      people,
      plans.virtualTable('pets', { rows: plans.children('people', 3, 2), columns: [] }),
    ],
  })
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
  expect(plan.lakewright).toBe(1)
  expect(plan.tables.map((each) => each.virtual ?? false)).toEqual([false, true])
})
