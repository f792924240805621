import { describe, expect, test } from 'vitest'
import * as e from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import * as p from '../../../src/core/plan/build.ts'
import { lowerTable } from '../../../src/core/plan/lower.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { parseVocabulary } from '../../../src/core/plan/vocabulary.ts'

const towns = parseVocabulary(
  'towns',
  '# towns 1\nname:string\tpeople:integer\nAix\t30\nBern\t50\nCôme\t20\n',
)
const vocabularies = new Map([['towns', towns]])

/** A plan that uses every kind of node and row space. */
const everything: Plan = p.plan({
  name: 'everything',
  seed: 'a seed',
  start: '2024-01-01',
  asOf: '2024-12-31T00:00:00Z',
  parameters: { households: p.size(1000), rate: p.lawParameter(0.25) },
  tables: [
    p.table('households', {
      rows: p.range(e.quantity('households')),
      columns: [
        p.column('household_id', e.key()),
        p.hidden('town', e.sample(law.vocabulary('towns', 'people'))),
        p.column('city', e.lookup('towns', e.col('town'), 'name')),
        p.column('size', e.sample(law.normal(2.5, 1.2, { low: 1, high: 6 }))),
        p.column('created', e.sample(law.calendar({ start: 'start', days: 90 }))),
        p.column('total', e.fold.sum('people', e.col('age'))),
        p.column('eldest', e.fold.max('people', e.col('age'), e.gt(e.col('age'), 20))),
        p.column('phone', e.draw('hex'), { nullRate: e.quantity('rate') }),
      ],
      references: [],
      checks: [p.check('size_in_range', e.and(e.ge(e.col('size'), 1), e.le(e.col('size'), 6)))],
    }),
    p.table('people', {
      rows: p.children('households', 6, e.col('size')),
      columns: [
        p.column('person_id', e.key()),
        p.column('household_id', e.parentKey()),
        p.column('k', e.ordinal()),
        p.column('age', e.sample(law.uniform(18, 100))),
        p.column('created', e.timestampOf(e.parent('created'))),
        p.column('first_age', e.lookup('people', e.mul(e.parentKey(), 6), 'age')),
        p.column('other', e.pick('people', e.parentKey())),
        p.column('other_age', e.lookup('people', e.col('other'), 'age')),
        p.column('move', e.at('moves', { parent: e.key(), from: 'moved', time: e.date('asOf') })),
        p.column(
          'where',
          e.when(e.isNull(e.col('move')), null, e.lookup('moves', e.col('move'), 'moved')),
        ),
      ],
      references: [{ columns: ['household_id'], table: 'households', to: ['household_id'] }],
      promises: [
        {
          kind: 'rate',
          name: 'old',
          of: e.gt(e.col('age'), 60),
          asked: 0.5,
          unit: 'households',
        },
        { kind: 'distribution', name: 'ages', column: 'age' },
      ],
    }),
    p.table('moves', {
      rows: p.children('people', 3, e.sample(law.uniform(0, 3))),
      columns: [p.column('moved', e.add(e.dateOf(e.parent('created')), e.mul(e.ordinal(), 30)))],
    }),
    p.virtualTable('days', { rows: p.range(30), columns: [p.column('day', e.key())] }),
    p.virtualTable('shops', { rows: p.range(5), columns: [p.column('shop', e.key())] }),
    p.table('stock', {
      rows: p.cross(['shops', 100], ['days', 10000]),
      columns: [
        p.column('stock_id', e.key()),
        p.column('shop', e.dimension('shops')),
        p.column('day', e.dimension('days', 'day')),
        p.column('n', e.ordinal()),
        p.column(
          'level',
          e.sampleGiven(e.mod(e.dimension('days'), 2), [law.uniform(0, 5), law.poisson(3, 20)]),
        ),
      ],
    }),
    p.table('both', {
      rows: p.union(10, ['shops', 1], ['days', 2]),
      columns: [
        p.column('id', e.key()),
        p.column('member', e.parentKey()),
        p.column('which', e.ordinal()),
      ],
    }),
  ],
})

describe('a plan with every node', () => {
  const typed = resolvePlan(everything, vocabularies)
  const shapeOf = (table: string, column: string) =>
    typed.tables.get(table)?.columns.find((each) => each.name === column)?.shape

  test('keeps its tables and columns in order', () => {
    expect([...typed.tables.keys()]).toEqual(everything.tables.map((table) => table.name))
    expect(typed.tables.get('people')?.columns.map((column) => column.name)).toEqual(
      everything.tables[1]?.columns.map((column) => column.name),
    )
  })

  test('knows every interval, key and null', () => {
    expect(shapeOf('households', 'size')).toMatchObject({ min: 1, max: 6, nullable: false })
    expect(shapeOf('households', 'total')).toMatchObject({ min: 18, max: 600, nullable: false })
    expect(shapeOf('households', 'eldest')).toMatchObject({ min: 18, max: 100, nullable: true })
    expect(shapeOf('households', 'city')).toMatchObject({ maxLength: 4, ascii: false })
    expect(shapeOf('households', 'phone')).toMatchObject({ nullable: true, maxLength: 32 })
    expect(shapeOf('people', 'household_id')).toMatchObject({ keyOf: 'households' })
    expect(shapeOf('people', 'other')).toMatchObject({ keyOf: 'people', nullable: false })
    expect(shapeOf('people', 'where')).toMatchObject({ nullable: true, type: { kind: 'date' } })
  })

  test('lowers to graphs', () => {
    for (const [name, table] of typed.tables)
      expect(lowerTable(typed, name, table.columns).length).toBe(name === 'both' ? 2 : 1)
  })

  test('notes the vocabularies it uses', () => {
    expect(typed.plan.vocabularies).toEqual({ towns: { version: '1', sha256: towns.hash } })
    expect(typed.hash).toMatch(/^[0-9a-f]{64}$/)
  })
})
