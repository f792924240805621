import { describe, expect, test } from 'vitest'
import { col, key, sample, sampleGiven } from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { column, hidden, plan, range, table, virtualTable } from '../../../src/core/plan/build.ts'
import type { PlanPromise } from '../../../src/core/plan/plan.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { allPromises, impliedPromises } from '../../../src/core/report/implied.ts'

const DICE = law.uniform(1, 6)

const tables = (promises: readonly PlanPromise[] = []) =>
  resolvePlan(
    plan({
      name: 'dice',
      seed: 1,
      tables: [
        table('throws', {
          rows: range(10),
          columns: [
            column('id', key()),
            column('red', sample(DICE, { stream: 'shared' })),
            column('twin', sample(DICE, { stream: 'shared' })),
            column('sum', col('red')),
            column('some', sample(DICE), { nullRate: 0.5 }),
            column('blue', sample(DICE)),
            column('loaded', sampleGiven(col('red'), [DICE, DICE, DICE, DICE, DICE, DICE, DICE])),
            hidden('secret', sample(DICE)),
          ],
          promises,
        }),
        virtualTable('unseen', { rows: range(3), columns: [column('one', sample(DICE))] }),
      ],
    }),
    new Map(),
  ).tables

const names = (promises?: readonly PlanPromise[]): readonly string[] =>
  impliedPromises(tables(promises).get('throws')!).map(({ name }) => name)

describe('a table implies', () => {
  test('that columns of one law follow it, and that two of different streams are independent', () => {
    expect(names()).toEqual([
      'red follows its law',
      'twin follows its law',
      'blue follows its law',
      'red and blue do not depend on one another',
    ])
  })

  test('nothing that its plan promises itself', () => {
    const declared: readonly PlanPromise[] = [
      { kind: 'distribution', name: 'fair', column: 'blue' },
      { kind: 'independent', name: 'apart', columns: ['red', 'blue'], below: 0.1 },
    ]
    expect(names(declared)).toEqual(['red follows its law', 'twin follows its law'])
    expect(allPromises(tables(declared).get('throws')!).map(({ name }) => name)).toEqual([
      'fair',
      'apart',
      ...names(declared),
    ])
  })

  test('nothing when it never lands', () => {
    expect(impliedPromises(tables().get('unseen')!)).toEqual([])
  })
})
