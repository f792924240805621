import { describe, expect, test } from 'vitest'
import { cases, col, eq, lt, or, sample, when } from '../../../src/core/expr/build.ts'
import type { Expr } from '../../../src/core/expr/expr.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { compileTable } from '../../../src/core/kernel/generator.ts'
import { printProgram } from '../../../src/core/kernel/print.ts'
import { column, plan, range, table } from '../../../src/core/plan/build.ts'
import { interpretTable } from '../../../src/core/plan/interpret.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { kernelRows } from '../../support/kernel-rows.ts'

const CODE = column('code', sample(law.uniform(0, 6)))
const WORD = column('word', sample(law.weighted({ one: 1, two: 2, three: 3 })))
const HOLEY = column('holey', sample(law.uniform(0, 6)), { nullRate: 0.3 })

/** The printed program of a column over the three others; its values are held to the interpreter's. */
const programOf = (expr: Expr): string => {
  const typed = resolvePlan(
    plan({
      name: 'cases',
      seed: 1,
      tables: [
        table('t', { rows: range(300), columns: [CODE, WORD, HOLEY, column('result', expr)] }),
      ],
    }),
    new Map(),
  )
  expect(kernelRows(typed, { name: 't' })).toEqual([
    ...interpretTable(typed, 't', { hidden: true }),
  ])
  const found = typed.tables.get('t')!
  const wanted = found.columns.filter((each) => each.name === 'result')
  return compileTable(typed, { table: found, wanted }).map(printProgram).join('\n')
}

const chain = (
  value: Expr,
  constants: readonly (number | string)[],
  results: readonly (number | string)[],
): Expr =>
  cases(
    constants.map((constant, i) => [eq(value, constant), results[i] ?? 0] as const),
    results.at(-1) ?? 0,
  )

describe('a case over constants', () => {
  test('is two look-ups when it compares one number', () => {
    const program = programOf(chain(col('code'), [0, 1, 2, 9], ['a', 'b', 'c', 'd', 'e']))
    expect(program.match(/\bcell_i\b/g)?.length).toBe(2)
    expect(program).not.toMatch(/choose|merge|eqk/)
  })

  test('is two look-ups when it compares one word', () => {
    const program = programOf(chain(col('word'), ['two', 'none', 'two'], [7, 8, 9, 10]))
    expect(program.match(/\bcell_i\b/g)?.length).toBe(2)
    expect(program).not.toMatch(/choose|merge/)
  })

  test('looks its results up when it compares in other ways', () => {
    const program = programOf(when(lt(col('code'), 3), 1_700_000_000_000, 1_800_000_000_000))
    expect(program).toMatch(/\bltk_i\b/)
    expect(program).toMatch(/\bcell_d\b/)
    expect(program).not.toMatch(/merge/)
  })

  test('takes the else branch for null', () => {
    expect(programOf(chain(col('holey'), [0, 1], ['a', 'b', 'c']))).toMatch(/eqk_i/)
  })

  test('merges what is no constant over those that are', () => {
    const mixed = cases(
      [
        [eq(col('code'), 1), 10],
        [eq(col('code'), 2), col('code')],
      ],
      20,
    )
    const program = programOf(mixed)
    expect(program.match(/\bmerge_i\b/g)?.length).toBe(1)
    expect(program.match(/\bcell_i\b/g)?.length).toBe(2)
  })
})

describe('whether any of several comparisons holds', () => {
  const anyOf = (value: Expr, constants: readonly (number | string)[]): Expr =>
    or(...constants.map((each) => eq(value, each)))

  test.each([
    ['a number', col('code'), [0, 4, 9]],
    ['a word', col('word'), ['two', 'none', 'three']],
  ])('is one look-up when they compare %s with constants', (_, value, constants) => {
    const program = programOf(anyOf(value, constants))
    expect(program.match(/\bcell_i\b/g)?.length).toBe(1)
    expect(program).not.toMatch(/or_i|eqk/)
  })

  test.each([
    ['a value may be null', anyOf(col('holey'), [1, 2])],
    ['values are different', or(eq(col('code'), 1), eq(col('holey'), 1))],
    ['one is no comparison with a constant', or(eq(col('code'), 1), lt(col('code'), 1))],
  ])('is told by each of them when %s', (_, expr) => {
    expect(programOf(expr)).toMatch(/or_i/)
  })
})
