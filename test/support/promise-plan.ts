import {
  add,
  and,
  col,
  eq,
  fold,
  ge,
  key,
  lit,
  lookup,
  lt,
  mod,
  mul,
  ordinal,
  parent,
  parentKey,
  quantity,
  sample,
  timestamp,
} from '../../src/core/expr/build.ts'
import { law } from '../../src/core/expr/build-law.ts'
import { children, column, hidden, plan, range, size, table } from '../../src/core/plan/build.ts'
import type { Plan } from '../../src/core/plan/plan.ts'

/** What a test may change in the plan. */
export interface PromisePlanOptions {
  readonly rows?: number
  /** Weight of the colour red, of 100; the promised distribution says 50. */
  readonly red?: number
  /** Whether the shade copies the colour although both are promised to be independent. */
  readonly entangled?: boolean
}

const COLOURS = law.weighted({ red: 50, green: 30, blue: 20 })

/**
 * Makers with colours and shades, and their goods: every kind of promise, over the row, its parent, a table that is
 * looked up, folds over children, and values that never land.
 */
export const promisePlan = ({
  rows = 400,
  red = 50,
  entangled = false,
}: PromisePlanOptions = {}): Plan =>
  plan({
    name: 'promises',
    seed: 11,
    start: '2024-01-01',
    parameters: { makers: size(rows, { min: 1 }) },
    tables: [
      table('makers', {
        rows: range(quantity('makers')),
        columns: [
          column('maker_id', key()),
          column('colour', sample(law.weighted({ red, green: 30, blue: 70 - red }))),
          column('shade', entangled ? col('colour') : sample(COLOURS), { as: 'shade_landed' }),
          column('height', sample(law.uniform(1, 1000))),
          column(
            'founded',
            add(
              timestamp('2024-01-01T00:00:00Z'),
              mul(sample(law.uniform(0, 364)), 86_400_000_000),
            ),
          ),
          column('nick', sample(COLOURS), { nullRate: 0.25 }),
          hidden('secret', sample(law.uniform(0, 9))),
          hidden('next', add(col('height'), 1)),
          column('goods', sample(law.uniform(1, 3))),
        ],
        checks: [{ name: 'height_positive', that: ge(col('height'), 1) }],
        promises: [
          {
            kind: 'distribution',
            name: 'colours',
            column: 'colour',
            law: COLOURS,
            tolerance: 0.01,
          },
          { kind: 'distribution', name: 'heights', column: 'height', tolerance: 0.01 },
          { kind: 'distribution', name: 'nicks', column: 'nick', tolerance: 0.01, law: COLOURS },
          { kind: 'mean', name: 'mean height', of: col('height'), asked: 500.5, tolerance: 1 },
          { kind: 'mean', name: 'mean next', of: col('next'), asked: 501.5, tolerance: 1 },
          { kind: 'rate', name: 'low secrets', of: lt(col('secret'), 5), asked: 0.5 },
          {
            kind: 'rate',
            name: 'half of the red are low',
            of: lt(col('height'), 501),
            among: eq(col('colour'), 'red'),
            asked: 0.5,
          },
          {
            kind: 'rate',
            name: 'goods are as many as said',
            of: eq(fold.count('goods'), col('goods')),
            asked: 1,
          },
          {
            kind: 'independent',
            name: 'colour and shade',
            columns: ['colour', 'shade'],
            below: 0.05,
          },
          {
            kind: 'independent',
            name: 'colour and height',
            columns: ['colour', 'height'],
            below: 0.05,
          },
        ],
      }),
      table('goods', {
        rows: children('makers', 4, col('goods')),
        columns: [
          column('good_id', key()),
          column('maker_id', parentKey()),
          column('number', ordinal()),
          column('begins', mul(ordinal(), 10)),
          column('ends', add(mul(ordinal(), 10), 10)),
          column('rival_id', add(mod(mul(key(), 7), 5), 1)),
        ],
        references: [{ columns: ['maker_id'], table: 'makers', to: ['maker_id'] }],
        promises: [
          { kind: 'unique', name: 'number in maker', columns: ['maker_id', 'number'] },
          {
            kind: 'disjoint',
            name: 'one good at a time',
            by: ['maker_id'],
            from: 'begins',
            to: 'ends',
            where: ge(col('number'), 0),
          },
          {
            kind: 'rate',
            name: 'makers have heights',
            of: and(
              ge(parent('height'), 1),
              ge(lookup('makers', col('rival_id'), 'height'), lit(1)),
            ),
            asked: 1,
          },
        ],
      }),
    ],
  })
