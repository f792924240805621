import { describe, expect, test } from 'vitest'
import * as e from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import type { Expr } from '../../../src/core/expr/expr.ts'
import * as p from '../../../src/core/plan/build.ts'
import type { Table } from '../../../src/core/plan/plan.ts'
import { issuesOf, mistakesIn, mistakesOf, oneTable, planOf, resolve } from './plans.ts'

const age = p.column('age', e.sample(law.uniform(18, 99)))
const word = p.column('word', 'text')
const things = (...columns: readonly ReturnType<typeof p.column>[]): Table =>
  p.table('things', { rows: p.range(100), columns })
const kids = (count: e.Operand, capacity = 4, of = 'things'): Table =>
  p.table('kids', { rows: p.children(of, capacity, count), columns: [p.column('k', e.ordinal())] })

/** What is wrong with an expression of a column `it` beside the columns age and word. */
const expressions: readonly (readonly [string, Expr, string])[] = [
  [
    'a misspelt column',
    e.col('agge'),
    'there is no column of things named "agge", did you mean "age"?',
  ],
  [
    'a misspelt table',
    e.lookup('thing', 1, 'age'),
    'there is no table or vocabulary "thing", did you mean "things"?',
  ],
  ['a misspelt column elsewhere', e.lookup('things', 1, 'wrod'), 'did you mean "word"?'],
  ['a misspelt parameter', e.param('m'), 'there is no parameter "m", did you mean "n"?'],
  ['a misspelt vocabulary', e.sample(law.vocabulary('town', 'people')), 'did you mean "towns"?'],
  [
    'a weight that is text',
    e.sample(law.vocabulary('towns', 'name')),
    'there is no integer column in the vocabulary towns named "name"; there is people',
  ],
  ['a missing cell column', e.lookup('towns', 0, 'nam'), 'did you mean "name"?'],
  ['a missing local', e.local('x'), 'there is no local "x"'],
  [
    'a let within its own name',
    e.letIn('x', 1, e.letIn('x', 2, e.local('x'))),
    '"x" is already the name of an enclosing let',
  ],
  ['a bare null', e.eq(e.col('age'), null), 'null needs a type'],
  ['a fraction without a type', e.lit(1.5), 'another number needs a decimal type'],
  ['too many digits', e.lit(1.234, e.decimalType(9, 2)), 'at most 2 digits after the point'],
  ['too large a decimal', e.lit(1000, e.decimalType(3, 1)), 'leaves decimal(3,1)'],
  ['a scale above the precision', e.lit(1, e.decimalType(2, 3)), 'above its precision'],
  ['a date that is none', e.date('2024-02-30'), 'expected a date such as'],
  ['a number as a date', e.lit(3, e.DATE), 'expected date as ISO text, not 3'],
  ['text as a boolean', e.lit('yes', e.BOOLEAN), 'expected true or false, not "yes"'],
  ['adding text', e.add(e.col('word'), 1), 'add: expected two integers'],
  ['leaving 2^53', e.mul(e.mul(e.col('age'), 1e9), 1e9), 'leaves the exact integers below 2^53'],
  ['a divisor that may be 0', e.div(1, e.sub(e.col('age'), 20)), 'the divisor -2..79 may be zero'],
  [
    'an index past the vocabulary',
    e.lookup('towns', e.col('age'), 'name'),
    'expected a row number from 0 to 2 of towns, not integer 18..99',
  ],
  [
    'an index past the laws',
    e.sampleGiven(e.col('age'), [law.uniform(0, 1)]),
    'expected an integer from 0 to 0, one for each law, not 18..99',
  ],
  ['laws without given', { kind: 'sample', law: [law.uniform(0, 1)] }, 'together with given'],
  [
    'laws of two types',
    e.sampleGiven(0, [law.uniform(0, 1), law.weighted({ a: 1 })]),
    'expected laws of one type, not integer and string',
  ],
  [
    'words as integers',
    e.sample(law.weighted({ a: 1 }), { type: e.INTEGER }),
    'gives strings, not integer',
  ],
  [
    'a law that cannot be',
    e.sample(law.uniform(3, 1)),
    'low 3 of the uniform law is above its high 1',
  ],
  [
    'a key that may not exist',
    e.lookup('things', e.add(e.key(), 1), 'age'),
    'expected a key of things that provably exists (1..100), not integer 2..101',
  ],
  [
    'a variable where a literal must be',
    e.replace(e.col('word'), e.col('word'), 'x'),
    'takes only a literal here',
  ],
  ['a target type that is not taken', e.call('add', [1, 2], e.INTEGER), 'takes no target type'],
  ['a parent of a range', e.parent('x'), 'things is a range table, its rows have no parent'],
  ['picking from a range', e.pick('things', e.key()), 'expected a table of children'],
]

describe('a mistake in an expression names the place and what was expected', () => {
  test.each(expressions)('%s', (_, expr, message) => {
    const found = mistakesIn(expr, [age, word])
    expect(found.join('\n')).toContain(message)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^it/)
  })
})

/** What is wrong with a plan of these tables. */
const tables: readonly (readonly [string, readonly Table[], string])[] = [
  [
    'a fan-out above the capacity',
    [things(), kids(5)],
    'expected a number of children from 0 to the capacity 4 that is never null, not integer 5..5',
  ],
  [
    'a fan-out that may be null',
    [things(p.column('m', 1, { nullRate: 0.5 })), kids(e.col('m'))],
    'or null',
  ],
  ['a fan-out that is text', [things(), kids('x')], 'not string'],
  [
    'a missing parent table',
    [kids(1)],
    'tables[0].rows.of: there is no table "things"; there is kids',
  ],
  [
    'keys beyond 2^53',
    [
      things(),
      kids(1, 2 ** 31),
      p.table('toys', { rows: p.children('kids', 2 ** 31, 1), columns: [] }),
    ],
    'leave the exact integers below 2^53',
  ],
  [
    'a negative count',
    [p.table('t', { rows: p.range(-1), columns: [] })],
    'expected a count of rows from 0',
  ],
  [
    'a fractional count',
    [p.table('t', { rows: p.range({ parameter: 'rate' }), columns: [] })],
    'not 0.25',
  ],
  [
    'a dimension that is no range',
    [things(), kids(1), p.table('c', { rows: p.cross(['kids', 500]), columns: [] })],
    'expected a range table as dimension',
  ],
  [
    'a capacity below the rows',
    [things(), p.table('c', { rows: p.cross(['things', 100]), columns: [] })],
    'expected a capacity above the 100 rows of things, not 100',
  ],
  [
    'a dimension twice',
    [things(), p.table('c', { rows: p.cross(['things', 500], ['things', 500]), columns: [] })],
    'things stands twice',
  ],
  [
    'a cross parent without a table',
    [
      things(),
      p.table('c', { rows: p.cross(['things', 500]), columns: [p.column('x', e.parentKey())] }),
    ],
    'expected the table of one dimension: things',
  ],
  [
    'a missing dimension',
    [
      things(),
      p.table('c', {
        rows: p.cross(['things', 500]),
        columns: [p.column('x', e.dimension('thing'))],
      }),
    ],
    'there is no dimension "thing", did you mean "things"?',
  ],
  [
    'a member number too large',
    [things(), p.table('u', { rows: p.union(2, ['things', 2]), columns: [] })],
    "expected a number below the union's capacity 2, not 2",
  ],
  [
    'a member twice',
    [things(), p.table('u', { rows: p.union(3, ['things', 1], ['things', 2]), columns: [] })],
    'things stands twice',
  ],
  [
    'members of two types',
    [
      things(p.column('x', 1)),
      p.table('others', { rows: p.range(3), columns: [p.column('x', 'a')] }),
      p.table('u', {
        rows: p.union(3, ['things', 1], ['others', 2]),
        columns: [p.column('y', e.parent('x'))],
      }),
    ],
    'it is integer in things and string in others',
  ],
  [
    'a member without the column',
    [
      things(p.column('x', 1)),
      p.table('others', { rows: p.range(3), columns: [] }),
      p.table('u', {
        rows: p.union(3, ['things', 1], ['others', 2]),
        columns: [p.column('y', e.parent('x'))],
      }),
    ],
    'there is no column of others named "x"',
  ],
  [
    'row spaces in a circle',
    [
      p.table('a', { rows: p.children('b', 2, 1), columns: [] }),
      p.table('b', { rows: p.children('a', 2, 1), columns: [] }),
    ],
    'row spaces form a cycle: a → b → a',
  ],
  ['tables of one name', [things(), things()], 'another table is named things'],
  [
    'landed tables of one name',
    [things(), p.table('other', { as: 'THINGS', rows: p.range(1), columns: [] })],
    'another landed table is named things',
  ],
  ['columns of one name', [things(age, age)], 'another column is named age'],
  [
    'landed columns of one name',
    [things(age, p.column('b', 1, { as: 'AGE' }))],
    'another landed column is named age',
  ],
  [
    'a hidden key',
    [p.table('t', { rows: p.range(1), columns: [p.hidden('id', e.key())], key: ['id'] })],
    'the column id is hidden',
  ],
  [
    'a key that may be null',
    [
      p.table('t', {
        rows: p.range(1),
        columns: [p.column('id', e.key(), { nullRate: 1 })],
        key: ['id'],
      }),
    ],
    'the key column id may be null',
  ],
  [
    'a reference to no column',
    [
      p.table('t', {
        rows: p.range(1),
        columns: [age],
        references: [{ columns: ['age'], table: 't', to: ['id'] }],
      }),
    ],
    'there is no column of t named "id"',
  ],
  [
    'a reference to another type',
    [
      p.table('t', {
        rows: p.range(1),
        columns: [age, word],
        references: [{ columns: ['age'], table: 't', to: ['word'] }],
      }),
    ],
    'expected a column of type integer as age, not string',
  ],
  [
    'a reference to more columns',
    [
      p.table('t', {
        rows: p.range(1),
        columns: [age, word],
        references: [{ columns: ['age'], table: 't', to: ['age', 'word'] }],
      }),
    ],
    'expected as many columns',
  ],
  [
    'a reference to a virtual table',
    [
      p.virtualTable('v', { rows: p.range(1), columns: [age] }),
      p.table('t', {
        rows: p.range(1),
        columns: [age],
        references: [{ columns: ['age'], table: 'v', to: ['age'] }],
      }),
    ],
    'v is virtual',
  ],
  [
    'checks of a virtual table',
    [p.virtualTable('v', { rows: p.range(1), columns: [age], checks: [p.check('c', true)] })],
    'a virtual table never lands',
  ],
  [
    'a check that is no boolean',
    [p.table('t', { rows: p.range(1), columns: [age], checks: [p.check('c', e.col('age'))] })],
    'checks[0].that: expected a boolean',
  ],
  [
    'a check that looks elsewhere',
    [p.table('t', { rows: p.range(1), columns: [age], checks: [p.check('c', e.gt(e.key(), 0))] })],
    'a check sees only columns of its row, not key',
  ],
  [
    'a check of a hidden column',
    [
      p.table('t', {
        rows: p.range(1),
        columns: [p.hidden('x', true)],
        checks: [p.check('c', e.col('x'))],
      }),
    ],
    'the column x is hidden',
  ],
  [
    'a range that is left',
    [things({ ...age, range: [20, 99] })],
    'the values 18..99 leave the range 20..99',
  ],
  ['a range of text', [things({ ...word, range: [20, 99] })], 'only an integer column has a range'],
  ['an empty range', [things({ ...age, range: [99, 18] })], 'the range 99..18 is empty'],
  [
    'a null rate above 1',
    [things({ ...age, nullRate: 1.5 })],
    'expected a share from 0 to 1, not 1.5',
  ],
]

describe('a mistake in a table', () => {
  test.each(tables)('%s', (_, of, message) => {
    expect(mistakesOf(planOf(...of)).join('\n')).toContain(message)
  })
})

describe('a mistake in a promise', () => {
  const promised = (promise: NonNullable<Table['promises']>[number]): string =>
    mistakesOf(
      planOf(
        p.table('t', {
          rows: p.range(9),
          columns: [age, word, p.hidden('h', 1)],
          promises: [promise],
        }),
      ),
    ).join('\n')

  test.each([
    [
      'a rate of no boolean',
      { kind: 'rate', name: 'x', of: e.col('age'), asked: 0.5 },
      'of: expected a boolean',
    ],
    [
      'a rate above 1',
      { kind: 'rate', name: 'x', of: e.lit(true), asked: 2 },
      'expected a rate from 0 to 1',
    ],
    [
      'a mean of text',
      { kind: 'mean', name: 'x', of: e.col('word'), asked: 2 },
      'expected an integer or decimal',
    ],
    ['a draw', { kind: 'mean', name: 'x', of: e.draw(), asked: 2 }, 'cannot draw'],
    [
      'a unit that is no ancestor',
      { kind: 'mean', name: 'x', of: e.col('age'), asked: 2, unit: 'u' },
      'there is no unit "u"',
    ],
    [
      'a distribution without law',
      { kind: 'distribution', name: 'x', column: 'word' },
      'expected a law',
    ],
    [
      'a distribution of another type',
      { kind: 'distribution', name: 'x', column: 'word', law: law.uniform(0, 1) },
      'the law does not give values of type string',
    ],
    ['a hidden column', { kind: 'unique', name: 'x', columns: ['h'] }, 'no file can show it'],
    [
      'intervals of text',
      { kind: 'disjoint', name: 'x', by: ['age'], from: 'word', to: 'word' },
      'expected from and to both dates',
    ],
    [
      'one column twice',
      { kind: 'independent', name: 'x', columns: ['age', 'age'], below: 0.1 },
      'expected two different columns',
    ],
  ] as const)('%s', (_, promise, message) => {
    expect(promised(promise)).toContain(message)
  })
})

describe('cycles', () => {
  test('are shown as a path', () => {
    const plan = oneTable([
      p.column('a', e.add(e.col('b'), 1)),
      p.column('b', e.sub(e.col('c'), 1)),
      p.column('c', e.col('a')),
    ])
    expect(mistakesOf(plan)).toEqual([
      'tables[0].columns[0].expr: columns form a cycle: a → b → c → a',
    ])
  })

  test('are found across lookups, parents, folds and fan-outs', () => {
    const plan = planOf(
      p.table('orders', {
        rows: p.range(9),
        columns: [p.column('total', e.fold.sum('items', e.col('price')))],
      }),
      p.table('items', {
        rows: p.children('orders', 5, e.col('total')),
        columns: [p.column('price', e.parent('total'))],
      }),
    )
    expect(mistakesOf(plan)).toEqual([
      'tables[1].rows.count: columns form a cycle: the rows of items → orders.total → the rows of items',
      'tables[0].columns[0].expr: columns form a cycle: orders.total → items.price → orders.total',
    ])
  })

  test('a long chain that closes on nothing is no cycle', () => {
    const chain = Array.from({ length: 900 }, (_, i) =>
      p.column(`c${i}`, i === 0 ? 1 : e.col(`c${i - 1}`)),
    )
    expect(mistakesOf(oneTable(chain.toReversed()))).toEqual([])
  })

  test('a chain too long to follow is refused', () => {
    const chain = Array.from({ length: 1500 }, (_, i) =>
      p.column(`c${i}`, i === 0 ? 1 : e.col(`c${i - 1}`)),
    )
    expect(mistakesOf(oneTable(chain)).join()).toContain('more than 1000 other columns')
  })
})

describe('all mistakes', () => {
  test('are reported at once, of structure and of meaning', () => {
    const plan = {
      ...oneTable([p.column('a', e.add('x', 1)), p.column('b', e.col('c'))]),
      sed: 3,
      start: 'yesterday',
    }
    const found = mistakesOf(plan)
    expect(found).toHaveLength(4)
    expect(found[0]).toBe(': the property "sed" is not known here, did you mean "seed"?')
    expect(found[1]).toContain('start: expected a UTC timestamp')
    expect(found[2]).toContain('add: expected two integers')
    expect(found[3]).toContain('there is no column of things named "c"')
  })

  test('name table and column, and the message shows the first three', () => {
    const columns = ['a', 'b', 'c', 'd'].map((name) => p.column(name, e.col(`no_${name}`)))
    const plan = oneTable(columns)
    expect(issuesOf(plan)[1]).toMatchObject({ table: 'things', column: 'b' })
    expect(() => resolve(plan)).toThrow(
      /^the plan is invalid: table things, column a, expr\.name: there is no column.*; and 1 more$/,
    )
  })

  test('do not follow from one another', () => {
    const plan = oneTable([p.column('a', e.col('missing')), p.column('b', e.add(e.col('a'), 1))])
    expect(mistakesOf(plan)).toHaveLength(1)
  })

  test('stay within reason for a plan of thousands', () => {
    const columns = Array.from({ length: 1900 }, (_, i) => p.column(`c${i}`, e.col('nothing')))
    expect(issuesOf(oneTable(columns))).toHaveLength(200)
  })
})

describe('a draw', () => {
  const two = (first: Expr, second: Expr): readonly string[] =>
    mistakesIn(e.concat(e.text(first), e.text(second)))

  test('needs a stream or an index beside another one in a column', () => {
    expect(two(e.draw(), e.sample(law.uniform(1, 2)))).toEqual([
      'it.args[1].args[0]: two different draws would use the stream it of this column; give one of them a stream or an index',
    ])
    expect(two(e.draw(), e.draw('bits', { index: 1 }))).toEqual([])
    expect(two(e.draw(), e.draw('hex', { stream: 'other' }))).toEqual([])
  })

  test('may be written twice when it is the same', () => {
    expect(two(e.sample(law.uniform(1, 2)), e.sample(law.uniform(1, 2)))).toEqual([])
  })
})
