import { describe, expect, test } from 'vitest'
import * as e from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import type { Shape } from '../../../src/core/expr/types.ts'
import * as p from '../../../src/core/plan/build.ts'
import { mistakesIn, mistakesOf, oneTable, planOf, resolve, typedColumn } from './plans.ts'

const age = p.column('age', e.sample(law.uniform(0, 99)))
const maybe = p.column('maybe', e.sample(law.uniform(0, 9)), { nullRate: 0.5 })

describe('shapes', () => {
  const cases: readonly (readonly [string, e.Operand, Partial<Shape>])[] = [
    ['an integer', 7, { type: e.INTEGER, min: 7, max: 7, nullable: false }],
    ['text', 'Zoë', { type: e.STRING, maxLength: 3, ascii: false }],
    ['a boolean', true, { type: e.BOOLEAN, min: 1, max: 1 }],
    ['a date', e.date('1970-01-11'), { type: e.DATE, min: 10, max: 10 }],
    ['the anchor as a date', e.date('start'), { min: 19723, max: 19723 }],
    ['the anchor as an instant', e.timestamp('asOf'), { min: 1735646400000000 }],
    ['a decimal', e.lit(12.34, e.decimalType(9, 2)), { min: 1234, max: 1234 }],
    ['a small decimal', e.lit(1e-7, e.decimalType(9, 7)), { min: 1, max: 1 }],
    ['a parameter', e.param('n'), { min: 100, max: 100 }],
    ['a fraction', e.param('rate', e.decimalType(5, 2)), { min: 25, max: 25 }],
    ['a typed null', e.nothing(e.DATE), { type: e.DATE, nullable: true }],
    ['the key', e.key(), { min: 1, max: 100, keyOf: 'things' }],
    ['the ordinal', e.ordinal(), { min: 0, max: 99 }],
    ['bits', e.draw(), { min: 0, max: 4294967295 }],
    ['a UUID', e.draw('uuid'), { maxLength: 36, ascii: true }],
    ['words', e.sample(law.weighted({ no: 1, maybe: 2 })), { maxLength: 5, ascii: true }],
    [
      'a calendar',
      e.sample(law.calendar({ start: 'start', days: 10 })),
      { type: e.DATE, min: 19723, max: 19732 },
    ],
    ['a sampled boolean', e.sample(law.chance(0.5), { type: e.BOOLEAN }), { type: e.BOOLEAN }],
    [
      'a cell',
      e.lookup('towns', e.sample(law.vocabulary('towns', 'people')), 'name'),
      { maxLength: 4, ascii: false },
    ],
    ['an integer cell', e.lookup('towns', 0, 'people'), { min: 20, max: 50 }],
    ['a let', e.letIn('x', 2, e.add(e.local('x'), e.local('x'))), { min: 4, max: 4 }],
  ]
  test.each(cases)('%s', (_, expr, shape) => {
    expect(typedColumn(expr).shape).toMatchObject(shape)
  })

  test('a column of nulls keeps its interval and becomes nullable', () => {
    const column = resolve(oneTable([maybe])).tables.get('things')?.columns[0]
    expect(column?.shape).toMatchObject({ min: 0, max: 9, nullable: true })
    expect(column?.expr.kind).toBe('case')
  })

  test('a null rate of 0 changes nothing', () => {
    const plain = resolve(oneTable([{ ...maybe, nullRate: 0 }])).tables.get('things')?.columns[0]
    expect(plain?.expr.kind).toBe('sample')
    expect(plain?.shape.nullable).toBe(false)
  })
})

describe('a case', () => {
  test('takes the type of its other branches for a bare null, which widens nothing', () => {
    const { shape } = typedColumn(e.when(e.gt(e.col('age'), 50), e.add(e.col('age'), 10), null), [
      age,
    ])
    expect(shape).toMatchObject({ min: 61, max: 109, nullable: true })
  })

  test('of nulls alone needs a type', () => {
    expect(mistakesIn(e.when(true, null, null))).toEqual([
      'it: expected a result that is not null, or a null with a type',
    ])
  })

  test('needs results of one type and boolean conditions', () => {
    expect(mistakesIn(e.when(1, 2, 'three'))).toEqual([
      'it.branches[0].when: expected a boolean, not integer',
      'it: expected results of one type, not integer and string',
    ])
  })

  test('keeps the key when all branches agree on its table', () => {
    expect(typedColumn(e.when(e.gt(e.draw(), 7), e.key(), e.key())).shape.keyOf).toBe('things')
    expect(typedColumn(e.when(e.gt(e.draw(), 7), e.key(), 1)).shape.keyOf).toBeUndefined()
  })
})

describe('a guard', () => {
  const it = e.col('age')
  const cases: readonly (readonly [string, ReturnType<typeof e.col>, number, number])[] = [
    ['below', e.lt(it, 10), 0, 9],
    ['at most', e.le(it, 10), 0, 10],
    ['above', e.gt(it, 10), 11, 99],
    ['at least', e.ge(it, 10), 10, 99],
    ['equal', e.eq(it, 10), 10, 10],
    ['not the smallest', e.ne(it, 0), 1, 99],
    ['not one in the middle', e.ne(it, 10), 0, 99],
    ['turned around', e.gt(10, it), 0, 9],
    ['both', e.and(e.gt(it, 5), e.lt(it, 10)), 6, 9],
    ['not below', e.not(e.lt(it, 10)), 10, 99],
    ['neither', e.not(e.or(e.lt(it, 5), e.gt(it, 10))), 5, 10],
    ['twice not', e.not(e.not(e.lt(it, 10))), 0, 9],
    ['another column', e.lt(it, e.add(e.mod(e.key(), 5), 1)), 0, 4],
    ['an impossible one', e.gt(it, 1000), 0, 99],
  ]
  test.each(cases)('%s narrows the branch', (...[, condition, min, max]) => {
    const { expr } = typedColumn(e.when(condition, it, -1), [age])
    expect(expr.kind === 'case' && expr.branches[0]?.then.shape).toMatchObject({ min, max })
  })

  test('narrows the branches after it to where it does not hold', () => {
    const branches = [
      [e.lt(it, 10), 0],
      [e.gt(it, 50), it],
    ] as const
    const { expr } = typedColumn(e.cases(branches, it), [age])
    expect(expr.kind === 'case' && expr.else.shape).toMatchObject({ min: 10, max: 50 })
    expect(expr.kind === 'case' && expr.branches[1]?.then.shape).toMatchObject({ min: 51, max: 99 })
  })

  test('makes a division possible', () => {
    const { shape } = typedColumn(e.when(e.eq(it, 0), 0, e.div(100, it)), [age])
    expect(shape).toMatchObject({ min: 0, max: 100 })
    expect(mistakesIn(e.div(100, it), [age])[0]).toContain('may be zero')
  })

  test('of isNull or of any comparison takes null away', () => {
    const value = e.col('maybe')
    const guarded = e.when(e.isNull(value), 0, value)
    expect(typedColumn(guarded, [maybe]).shape.nullable).toBe(false)
    expect(typedColumn(e.when(e.lt(value, 5), value, 0), [maybe]).shape.nullable).toBe(false)
    expect(typedColumn(e.when(e.not(e.isNull(value)), value, 0), [maybe]).shape.nullable).toBe(
      false,
    )
  })

  test('that may be null narrows nothing of the other side where it does not hold', () => {
    const branches = e.when(e.lt(it, e.col('maybe')), -1, it)
    expect(typedColumn(branches, [age, maybe]).shape).toMatchObject({ max: 99, nullable: false })
    const { expr } = typedColumn(branches, [age, maybe])
    expect(expr.kind === 'case' && expr.else.shape).toMatchObject({ min: 0, max: 99 })
    const nullable = e.when(e.lt(e.col('maybe'), 5), 0, e.col('maybe'))
    expect(typedColumn(nullable, [maybe]).shape).toMatchObject({ min: 0, max: 9, nullable: true })
  })

  test('does not reach into folds, whose rows are others', () => {
    const child = p.table('kids', {
      rows: p.children('things', 2, 2),
      columns: [p.column('age', e.sample(law.uniform(0, 99)))],
    })
    const folded = e.when(e.lt(it, 10), e.fold.max('kids', it), 0)
    const things = p.table('things', {
      rows: p.range(5),
      columns: [age, p.column('it', folded)],
    })
    const column = resolve(planOf(things, child)).tables.get('things')?.columns[1]
    expect(column?.shape).toMatchObject({ min: 0, max: 99 })
  })
})

describe('folds', () => {
  const items = (columns: readonly ReturnType<typeof p.column>[], count: e.Operand = 3) =>
    p.table('items', { rows: p.children('orders', 4, count), columns })
  const total = (expr: e.Operand, count?: e.Operand): Shape | undefined =>
    resolve(
      planOf(
        p.table('orders', { rows: p.range(9), columns: [p.column('it', expr)] }),
        items([p.column('cents', e.sample(law.uniform(-5, 100))), maybe], count),
      ),
    ).tables.get('orders')?.columns[0]?.shape

  test('know how many children there may be', () => {
    expect(total(e.fold.count('items'))).toMatchObject({ min: 3, max: 3 })
    expect(total(e.fold.count('items', e.gt(e.col('cents'), 0)))).toMatchObject({ min: 0, max: 3 })
    const some = e.sample(law.uniform(1, 4))
    expect(total(e.fold.sum('items', e.col('cents')), some)).toMatchObject({ min: -20, max: 400 })
  })

  test('are null only where there may be no value', () => {
    expect(total(e.fold.max('items', e.col('cents')))?.nullable).toBe(false)
    expect(total(e.fold.max('items', e.col('maybe')))?.nullable).toBe(true)
    expect(total(e.fold.sum('items', e.col('maybe')))?.nullable).toBe(false)
    expect(total(e.fold.min('items', e.col('cents')), e.sample(law.uniform(0, 1)))?.nullable).toBe(
      true,
    )
  })

  test('carry the key of a child', () => {
    expect(total(e.fold.min('items', e.key()))).toMatchObject({ keyOf: 'items', nullable: false })
  })

  test('refuse values they cannot combine', () => {
    const wrong = (expr: e.Operand): string =>
      mistakesOf(
        planOf(
          p.table('orders', { rows: p.range(9), columns: [p.column('it', expr)] }),
          items([p.column('name', 'x')]),
        ),
      ).join()
    expect(wrong(e.fold.sum('items', e.col('name')))).toContain('expected an integer or decimal')
    expect(wrong(e.fold.max('items', e.col('name')))).toContain('no string')
    expect(wrong({ kind: 'fold', operation: 'count', table: 'items', value: e.lit(1) })).toContain(
      'use where',
    )
    expect(wrong({ kind: 'fold', operation: 'sum', table: 'items' })).toContain('needs a value')
    expect(wrong(e.fold.sum('items', 1, 2))).toContain('where: expected a boolean')
    expect(wrong(e.fold.count('orders'))).toContain('expected a table of children')
  })
})
