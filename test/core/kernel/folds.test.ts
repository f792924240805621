import { expect, test } from 'vitest'
import { col, fold, key, ordinal, parent } from '../../../src/core/expr/build.ts'
import { createGenerator } from '../../../src/core/kernel/generator.ts'
import { children, column, plan, range, table } from '../../../src/core/plan/build.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { kernelRows, plainHost } from '../../support/kernel-rows.ts'

test('folds over two tables that rest on one another crosswise are emitted in turn', () => {
  const typed = resolvePlan(
    plan({
      name: 'crosswise',
      seed: 1,
      tables: [
        table('t', {
          rows: range(4),
          columns: [
            column('of_a', fold.sum('a', ordinal())),
            column('of_b', fold.sum('b', ordinal())),
            column('of_a_by_b', fold.sum('a', parent('of_b'))),
            column('of_b_by_a', fold.sum('b', parent('of_a'))),
          ],
        }),
        table('a', { rows: children('t', 9, key()), columns: [] }),
        table('b', { rows: children('t', 9, 3), columns: [] }),
      ],
    }),
    new Map(),
  )
  const rows = kernelRows(typed, { name: 't' })
  expect(rows).toEqual([...interpretTable(typed, 't')])
  expect(rows[3]).toEqual({ of_a: 6, of_b: 3, of_a_by_b: 12, of_b_by_a: 18 })
})

test('the rows that may be made behind one multiply from fold to fold', () => {
  const typed = resolvePlan(
    plan({
      name: 'deep',
      seed: 1,
      tables: [
        table('t', {
          rows: range(4),
          columns: [column('plain', key()), column('deep', fold.sum('a', col('few')))],
        }),
        table('a', {
          rows: children('t', 9, key()),
          columns: [column('few', fold.sum('b', ordinal()))],
        }),
        table('b', { rows: children('a', 5, 3), columns: [column('id', key())] }),
      ],
    }),
    new Map(),
  )
  const fanOut = (name: string, only: string): number => {
    const found = typed.tables.get(name)!
    const wanted = found.columns.filter((each) => each.name === only)
    return createGenerator(typed, { table: found, wanted }, plainHost).fanOut(0)
  }
  expect(fanOut('t', 'plain')).toBe(1)
  expect(fanOut('a', 'few')).toBe(5)
  expect(fanOut('t', 'deep')).toBe(45)
  expect(fanOut('b', 'id')).toBe(1)
})
