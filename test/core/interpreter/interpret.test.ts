import { describe, expect, test } from 'vitest'
import {
  add,
  at,
  call,
  col,
  cases,
  coalesce,
  date,
  dimension,
  draw,
  eq,
  fold,
  gt,
  isNull,
  key,
  letIn,
  lit,
  local,
  lookup,
  mod,
  mul,
  nothing,
  ordinal,
  parent,
  parentKey,
  pick,
  sample,
  sampleGiven,
  when,
} from '../../../src/core/expr/build.ts'
import type { Operand } from '../../../src/core/expr/build.ts'
import type { DataType, Value } from '../../../src/core/expr/types.ts'
import { children, column, cross, plan, range, table, union } from '../../../src/core/plan/build.ts'
import { interpretRows, interpretTable, rowAt } from '../../../src/core/plan/interpret.ts'
import type { Column, Table } from '../../../src/core/plan/plan.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import {
  draw as drawBits,
  highWord,
  lowWord,
  uniform,
  wide,
} from '../../../src/core/random/mixer.ts'
import { outcome } from '../../../src/core/random/outcome.ts'
import { streamConstants } from '../../../src/core/random/stream.ts'
import { RANDOM_VOCABULARIES } from '../../support/random-plans.ts'

const SEED = 42

const resolve = (...tables: readonly Table[]): TypedPlan =>
  resolvePlan(plan({ name: 'example', seed: SEED, tables }), RANDOM_VOCABULARIES)

const columns = (exprs: Readonly<Record<string, Operand>>): Column[] =>
  Object.entries(exprs).map(([name, expr]) => column(name, expr))

const rowsOf = (typed: TypedPlan, name: string): Readonly<Record<string, Value>>[] => [
  ...interpretTable(typed, name),
]

const valuesOf = (typed: TypedPlan, name: string, of = 'x'): Value[] =>
  rowsOf(typed, name).map((row) => row[of] ?? null)

/** The values of one expression over the rows 1 to `count` of a range table. */
const over = (count: number, expr: Operand): Value[] =>
  valuesOf(resolve(table('t', { rows: range(count), columns: columns({ x: expr }) })), 't')

const bitsAt = (stream: string, rowKey: number, tableName = 't'): number =>
  drawBits(streamConstants(SEED, { table: tableName, stream }), lowWord(rowKey), highWord(rowKey))

/** People 1 to 4 with 1, 2, 0 and 1 pets, and pets with 2 toys each. */
const families = (): TypedPlan =>
  resolve(
    table('people', {
      rows: range(4),
      columns: columns({ id: key(), age: mul(key(), 10), pets: mod(key(), 3) }),
    }),
    table('pets', {
      rows: children('people', 5, when(eq(key(), 4), 1, col('pets'))),
      columns: columns({ id: key(), n: ordinal(), owner: parentKey(), age: parent('age') }),
    }),
    table('toys', {
      rows: children('pets', 3, 2),
      columns: columns({ id: key(), owner: parent('owner') }),
    }),
  )

describe('row spaces', () => {
  test('a range has keys from 1 and numbers from 0', () => {
    const typed = resolve(
      table('t', { rows: range(3), columns: columns({ k: key(), n: ordinal() }) }),
    )
    expect(rowsOf(typed, 't')).toEqual([
      { k: 1, n: 0 },
      { k: 2, n: 1 },
      { k: 3, n: 2 },
    ])
  })

  test('an empty range has no rows, and children neither', () => {
    const typed = resolve(
      table('t', { rows: range(0), columns: columns({ k: key() }) }),
      table('c', { rows: children('t', 2, 2), columns: columns({ k: key() }) }),
    )
    expect(rowsOf(typed, 't')).toEqual([])
    expect(rowsOf(typed, 'c')).toEqual([])
  })

  test('children have the key parent·capacity + k and see their parent', () => {
    expect(rowsOf(families(), 'pets')).toEqual([
      { id: 5, n: 0, owner: 1, age: 10 },
      { id: 10, n: 0, owner: 2, age: 20 },
      { id: 11, n: 1, owner: 2, age: 20 },
      { id: 20, n: 0, owner: 4, age: 40 },
    ])
    expect(rowsOf(families(), 'toys').map((row) => row['id'])).toEqual([
      15, 16, 30, 31, 33, 34, 60, 61,
    ])
    expect(rowAt(families(), 'toys', 34)?.values).toEqual({ id: 34, owner: 2 })
  })

  test('a key without a row has none: no parent, or beyond its number of children', () => {
    for (const none of [0, 1, 4, 6, 15, 21, 25])
      expect(rowAt(families(), 'pets', none)).toBeUndefined()
    for (const none of [17, 32, 35, 45]) expect(rowAt(families(), 'toys', none)).toBeUndefined()
  })

  test('a cross has every combination, keyed by capacities and numbered by counts', () => {
    const typed = resolve(
      table('a', { rows: range(2), columns: columns({ x: mul(key(), 100) }) }),
      table('b', { rows: range(3), columns: columns({ x: key() }) }),
      table('ab', {
        rows: cross(['a', 10], ['b', 7]),
        columns: columns({
          k: key(),
          n: ordinal(),
          a: dimension('a', 'x'),
          b: dimension('b'),
        }),
      }),
    )
    expect(rowsOf(typed, 'ab')).toEqual([
      { k: 8, n: 0, a: 100, b: 1 },
      { k: 9, n: 1, a: 100, b: 2 },
      { k: 10, n: 2, a: 100, b: 3 },
      { k: 15, n: 3, a: 200, b: 1 },
      { k: 16, n: 4, a: 200, b: 2 },
      { k: 17, n: 5, a: 200, b: 3 },
    ])
    expect(rowAt(typed, 'ab', 17)?.values).toEqual({ k: 17, n: 5, a: 200, b: 3 })
    for (const none of [7, 11, 14, 18, 22]) expect(rowAt(typed, 'ab', none)).toBeUndefined()
  })

  test('a union gives member after member, with key member·capacity + number', () => {
    const typed = resolve(
      table('a', { rows: range(2), columns: columns({ x: add(key(), 100) }) }),
      table('b', { rows: range(2), columns: columns({ x: key() }) }),
      table('u', {
        rows: union(5, ['b', 3], ['a', 1]),
        columns: columns({ k: key(), n: ordinal(), of: parentKey(), x: parent('x') }),
      }),
    )
    expect(rowsOf(typed, 'u')).toEqual([
      { k: 8, n: 3, of: 1, x: 1 },
      { k: 13, n: 3, of: 2, x: 2 },
      { k: 6, n: 1, of: 1, x: 101 },
      { k: 11, n: 1, of: 2, x: 102 },
    ])
    expect(rowAt(typed, 'u', 11)?.values).toEqual({ k: 11, n: 1, of: 2, x: 102 })
    for (const none of [3, 5, 7, 12, 16, 18]) expect(rowAt(typed, 'u', none)).toBeUndefined()
  })

  test('a part of the keys and a limit give those rows alone', () => {
    const ids = (options: Parameters<typeof interpretTable>[2]): Value[] =>
      [...interpretTable(families(), 'toys', options)].map((row) => row['id'] ?? null)
    expect(ids({ fromKey: 31, toKey: 34 })).toEqual([31, 33])
    expect(ids({ fromKey: 31, limit: 2 })).toEqual([31, 33])
    expect(ids({ limit: 0 })).toEqual([])
    expect(ids({ fromKey: 62 })).toEqual([])
  })

  test('hidden columns are left out unless asked for', () => {
    const typed = resolve(
      table('t', {
        rows: range(1),
        columns: [column('a', 1, { hidden: true }), column('b', col('a'))],
      }),
    )
    expect([...interpretTable(typed, 't')]).toEqual([{ b: 1 }])
    expect([...interpretTable(typed, 't', { hidden: true })]).toEqual([{ a: 1, b: 1 }])
  })
})

describe('other rows', () => {
  const withReferences = (exprs: Readonly<Record<string, Operand>>): TypedPlan => {
    const { plan: base } = families()
    return resolve(
      ...base.tables,
      table('visits', {
        rows: range(40),
        columns: columns({ owner: add(mod(key(), 4), 1), ...exprs }),
      }),
    )
  }

  test('lookup finds the column of the row with that key', () => {
    const typed = withReferences({ x: lookup('people', col('owner'), 'age') })
    expect(valuesOf(typed, 'visits').slice(0, 4)).toEqual([20, 30, 40, 10])
  })

  test('lookup in a vocabulary finds the cell by row number', () => {
    expect(over(5, lookup('colours', mod(key(), 5), 'name'))).toEqual([
      'grün',
      'bleu',
      '黄色',
      'white',
      'red',
    ])
  })

  test('lookup of a null key is null', () => {
    const some = when(gt(key(), 2), nothing({ kind: 'integer' }), key())
    expect(over(3, lookup('colours', some, 'weight'))).toEqual([1, 40, null])
  })

  test('pick chooses an existing child by the draw at this row, and null where there is none', () => {
    const typed = withReferences({ x: pick('pets', col('owner'), { stream: 'chosen' }) })
    const expected = Array.from({ length: 40 }, (_, i) => {
      const [owner, own] = [((i + 1) % 4) + 1, i + 1]
      const count = [0, 1, 2, 0, 1][owner] ?? 0
      const k = uniform(bitsAt('chosen', own, 'visits'), Math.max(1, count))
      return count === 0 ? null : owner * 5 + k
    })
    expect(valuesOf(typed, 'visits')).toEqual(expected)
    expect(new Set(expected)).toEqual(new Set([5, 10, 11, 20, null]))
  })

  test('at finds the last child that has begun by then', () => {
    const typed = resolve(
      table('people', { rows: range(2), columns: columns({ id: key() }) }),
      table('moves', {
        rows: children('people', 4, 3),
        columns: columns({ since: add(date('2024-01-10'), mul(ordinal(), 10)) }),
      }),
      table('t', {
        rows: range(6),
        columns: columns({
          day: add(date('2024-01-05'), mul(key(), 5)),
          x: at('moves', { parent: 2, from: 'since', time: col('day') }),
        }),
      }),
    )
    expect(valuesOf(typed, 't')).toEqual([8, 8, 9, 9, 10, 10])
    const early = resolve(
      ...typed.plan.tables.slice(0, 2),
      table('t', {
        rows: range(2),
        columns: columns({
          x: at('moves', {
            parent: 1,
            from: 'since',
            time: when(eq(key(), 1), date('2024-01-09'), nothing({ kind: 'date' })),
          }),
        }),
      }),
    )
    expect(valuesOf(early, 't')).toEqual([null, null])
  })

  test('folds combine the children that a condition admits, and skip nulls', () => {
    const typed = resolve(
      table('t', {
        rows: range(4),
        columns: columns({
          count: fold.count('c'),
          odd: fold.count('c', eq(mod(key(), 2), 1)),
          sum: fold.sum('c', col('v')),
          least: fold.min('c', col('v')),
          most: fold.max('c', col('v'), gt(key(), 11)),
          wide: fold.sum('c', add(ordinal(), parentKey())),
        }),
      }),
      table('c', {
        rows: children('t', 5, mod(add(key(), 3), 4)),
        columns: columns({ v: when(eq(ordinal(), 1), nothing({ kind: 'integer' }), key()) }),
      }),
    )
    expect(rowsOf(typed, 't')).toEqual([
      { count: 0, odd: 0, sum: 0, least: null, most: null, wide: 0 },
      { count: 1, odd: 0, sum: 10, least: 10, most: null, wide: 2 },
      { count: 2, odd: 1, sum: 15, least: 15, most: 15, wide: 7 },
      { count: 3, odd: 1, sum: 42, least: 20, most: 22, wide: 15 },
    ])
  })
})

describe('randomness', () => {
  test('a draw takes the bits of its stream at this key, also beyond 2^32', () => {
    const typed = resolve(
      table('t', { rows: range(2), columns: columns({ id: key() }) }),
      table('c', {
        rows: children('t', 2 ** 31, 2),
        columns: columns({ k: key(), x: draw(), named: draw('bits', { stream: 's' }) }),
      }),
      table('d', {
        rows: children('c', 2 ** 20, 1),
        columns: columns({ x: draw('bits', { index: 3 }) }),
      }),
    )
    const keys = [2 ** 31, 2 ** 31 + 1, 2 ** 32, 2 ** 32 + 1]
    expect(valuesOf(typed, 'c', 'k')).toEqual(keys)
    expect(valuesOf(typed, 'c')).toEqual(keys.map((each) => bitsAt('x', each, 'c')))
    expect(valuesOf(typed, 'c', 'named')).toEqual(keys.map((each) => bitsAt('s', each, 'c')))
    const indexed = streamConstants(SEED, { table: 'd', stream: 'x', index: 3 })
    expect(valuesOf(typed, 'd')).toEqual(
      keys.map((each) => drawBits(indexed, lowWord(each * 2 ** 20), highWord(each * 2 ** 20))),
    )
  })

  test('hexadecimal draws show the four lanes, and UUIDs are version 4 of the same digits', () => {
    const typed = resolve(
      table('t', {
        rows: range(50),
        columns: columns({
          x: draw('hex', { stream: 's' }),
          uuid: draw('uuid', { stream: 's' }),
        }),
      }),
    )
    const constants = streamConstants(SEED, { table: 't', stream: 's' })
    const variants = new Set<string>()
    interpretedRows(typed).forEach(({ x, uuid }, i) => {
      const lanes = wide(constants, i + 1, 0)
      const hex = lanes.map((lane) => lane.toString(16).padStart(8, '0')).join('')
      expect(x).toBe(hex)
      const digits = String(uuid).replaceAll('-', '')
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(digits.slice(0, 12) + digits.slice(13, 16) + digits.slice(17)).toBe(
        hex.slice(0, 12) + hex.slice(13, 16) + hex.slice(17),
      )
      expect(Number.parseInt(digits.charAt(16), 16) % 4).toBe(
        Number.parseInt(hex.charAt(16), 16) % 4,
      )
      variants.add(digits.charAt(16))
    })
    expect(variants).toEqual(new Set(['8', '9', 'a', 'b']))
  })

  const interpretedRows = (typed: TypedPlan): Readonly<Record<string, Value>>[] =>
    rowsOf(typed, 't')

  test('a sample is the outcome of its law for the lanes of its stream', () => {
    const typed = resolve(
      table('t', {
        rows: range(60),
        columns: columns({
          x: sample({ kind: 'zipf', exponent: 1, count: 100_000 }),
          word: sample({ kind: 'weighted', values: ['b', 'a', 'c'], weights: [5, 2, 1] }),
        }),
      }),
    )
    for (const name of ['x', 'word']) {
      const expr = typed.tables.get('t')?.columns.find((each) => each.name === name)?.expr
      const law = expr?.kind === 'sample' ? expr.laws[0] : undefined
      const constants = streamConstants(SEED, { table: 't', stream: name })
      const expected = Array.from({ length: 60 }, (_, i) => {
        const [first, second, third] = wide(constants, i + 1, 0)
        const code = law && outcome(law.table, [first, second, third])
        return law?.words?.[code ?? 0] ?? code
      })
      expect(valuesOf(typed, 't', name)).toEqual(expected)
    }
    expect(new Set(valuesOf(typed, 't', 'word'))).toEqual(new Set(['a', 'b', 'c']))
  })

  test('a given integer selects the law; null gives null', () => {
    const laws = [10, 20, 30].map((low) => ({ kind: 'uniform', low, high: low }) as const)
    const given = when(gt(key(), 3), nothing({ kind: 'integer' }), mod(key(), 3))
    expect(over(4, sampleGiven(given, laws))).toEqual([20, 30, 10, null])
  })

  test('cells of a null rate are null by a stream of their own, the others as before', () => {
    const nulled = (nullRate: number): Value[] => {
      const x = column('x', draw(), nullRate === 0 ? {} : { nullRate })
      return valuesOf(resolve(table('t', { rows: range(400), columns: [x] })), 't')
    }
    const [none, some] = [nulled(0), nulled(0.25)]
    const nulls = some.filter((value) => value === null).length
    expect(nulls).toBeGreaterThan(60)
    expect(nulls).toBeLessThan(140)
    expect(some.every((value, i) => value === null || value === none[i])).toBe(true)
  })
})

describe('choices and names', () => {
  const nullInteger = nothing({ kind: 'integer' })

  test('case takes the first branch that is true; null is not true', () => {
    const unknown = eq(nullInteger, 1)
    expect(
      over(
        3,
        cases(
          [
            [unknown, 'unknown'],
            [eq(key(), 2), 'two'],
            [gt(key(), 1), 'more'],
          ],
          'less',
        ),
      ),
    ).toEqual(['less', 'two', 'more'])
  })

  test('only the chosen branch is evaluated', () => {
    const guarded = when(eq(mod(key(), 2), 0), 0, call('div', [100, mod(key(), 2)]))
    expect(over(3, guarded)).toEqual([100, 0, 100])
  })

  test('let names a value for what stands within', () => {
    expect(over(2, letIn('a', key(), letIn('b', 10, add(local('a'), local('b')))))).toEqual([
      11, 12,
    ])
    expect(over(1, letIn('a', nullInteger, isNull(local('a'))))).toEqual([1])
    expect(over(1, letIn('a', nullInteger, coalesce(local('a'), 3)))).toEqual([3])
  })

  test('literals are physical values', () => {
    const types: readonly (readonly [Operand, Value])[] = [
      [lit(12.5, { kind: 'decimal', precision: 9, scale: 2 }), 1250],
      [lit(true), 1],
      [date('1970-01-02'), 1],
      [lit('1970-01-01T00:00:01Z', { kind: 'timestamp' } satisfies DataType), 1_000_000],
      ['text', 'text'],
    ]
    for (const [expr, value] of types) expect(over(1, expr)).toEqual([value])
  })
})

describe('other expressions at a row', () => {
  test('can be evaluated there', () => {
    const typed = families()
    const age = typed.tables.get('pets')?.columns.find(({ name }) => name === 'age')
    const [row] = interpretRows(typed, 'pets')
    expect(age && row?.evaluate(age.expr)).toBe(10)
  })
})
