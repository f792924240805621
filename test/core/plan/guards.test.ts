import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Expr } from '../../../src/core/expr/expr.ts'
import * as e from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import type { Shape, Value } from '../../../src/core/expr/types.ts'
import * as p from '../../../src/core/plan/build.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import type { TypedExpr } from '../../../src/core/plan/typed.ts'
import { planOf, resolve } from './plans.ts'

/** What no column ever holds: it marks the rows that took another branch. */
const ELSEWHERE = -1000

const columns = [
  p.column('a', e.sample(law.uniform(0, 9))),
  p.column('b', e.sample(law.uniform(3, 12)), { nullRate: 0.3 }),
  p.column('c', e.sample(law.uniform(1, 8)), { nullRate: 0.3 }),
  p.column('flag', e.sample(law.chance(0.5), { type: e.BOOLEAN }), { nullRate: 0.2 }),
]

const either = fc.constantFrom(e.col('a'), e.col('b'), e.col('c'))
const within = fc.integer({ min: 1, max: 11 }).map((value) => e.lit(value))
const compares = fc.constantFrom(e.eq, e.ne, e.lt, e.le, e.gt, e.ge)

const comparison = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(compares, either, within) },
  { weight: 2, arbitrary: fc.tuple(compares, within, either) },
  { weight: 5, arbitrary: fc.tuple(compares, either, either) },
  { weight: 1, arbitrary: fc.tuple(compares, fc.constant(e.add(e.col('a'), e.col('b'))), either) },
)

const simple = fc.oneof(
  { weight: 8, arbitrary: comparison.map(([compare, left, right]) => compare(left, right)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(e.col('flag'), e.isNull(e.col('b')), e.isNull(e.col('flag'))),
  },
)

const combined = fc.oneof(
  fc.tuple(simple, simple).map(([left, right]) => e.and(left, right)),
  fc.tuple(simple, simple).map(([left, right]) => e.or(left, right)),
  simple.map(e.not),
)

const condition: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 3, arbitrary: simple },
  { weight: 2, arbitrary: combined },
  { weight: 1, arbitrary: combined.map(e.not) },
  { weight: 1, arbitrary: fc.tuple(combined, combined).map(([a, b]) => e.and(a, e.not(b))) },
)

const fits = (value: Value, { min, max, nullable }: Shape): boolean =>
  value === null ? nullable : Number(value) >= min && Number(value) <= max

const branchesOf = (expr: TypedExpr | undefined): readonly Shape[] =>
  expr?.kind === 'case' ? [...expr.branches.map(({ then }) => then.shape), expr.else.shape] : []

test('no value leaves the interval or the nullability that guards have proven of it', () => {
  const seen = { narrowed: 0, values: 0 }
  fc.assert(
    fc.property(condition, condition, fc.constantFrom('a', 'b', 'c'), (first, second, name) => {
      const it = e.col(name)
      const choices = [0, 1, 2].map((taken) =>
        p.column(
          `branch${taken}`,
          e.cases(
            [
              [first, taken === 0 ? it : ELSEWHERE],
              [second, taken === 1 ? it : ELSEWHERE],
            ],
            taken === 2 ? it : ELSEWHERE,
          ),
        ),
      )
      const table = p.table('t', { rows: p.range(40), columns: [...columns, ...choices] })
      const plan = resolve(planOf(table))
      const typed = plan.tables.get('t')?.columns ?? []
      const free = typed.find((column) => column.name === name)?.shape
      for (const row of interpretTable(plan, 't'))
        for (const taken of [0, 1, 2]) {
          const value = row[`branch${taken}`] ?? null
          const shape = branchesOf(typed[columns.length + taken]?.expr)[taken]
          if (value === ELSEWHERE || shape === undefined) continue
          seen.values += 1
          if (shape.min !== free?.min || shape.max !== free.max) seen.narrowed += 1
          expect(fits(value, shape)).toBe(true)
        }
    }),
    { numRuns: 600, seed: 5 },
  )
  expect(seen.values).toBeGreaterThan(10_000)
  expect(seen.narrowed).toBeGreaterThan(1000)
})
