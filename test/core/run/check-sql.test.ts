import { describe, expect, test } from 'vitest'
import {
  add,
  and,
  BOOLEAN,
  coalesce,
  col,
  date,
  decimalType,
  eq,
  ge,
  gt,
  isNull,
  key,
  le,
  least,
  length,
  lit,
  lt,
  ne,
  not,
  or,
  sample,
  timestamp,
  when,
  type Operand,
} from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { check, children, column, plan, range, table } from '../../../src/core/plan/build.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { sparkCheck } from '../../../src/core/run/check-sql.ts'

const sqlOf = (that: Operand): string | undefined => {
  const typed = resolvePlan(
    plan({
      name: 'p',
      seed: 1,
      tables: [
        table('owners', { rows: range(3), columns: [column('owner_id', key())] }),
        table('t', {
          rows: children('owners', 2, 1),
          columns: [
            column('id', key()),
            column('age', sample(law.uniform(18, 99)), { as: 'age_years' }),
            column('maybe', sample(law.uniform(0, 9)), { nullRate: 0.5 }),
            column('word', sample(law.weighted({ a: 1, b: 1 }))),
            column('born', date('2001-02-03')),
            column('at', timestamp('2024-01-01T00:00:00.5Z')),
            column('price', lit(12.5, decimalType(9, 2))),
            column('ok', lit(true)),
          ],
          checks: [check('c', that)],
        }),
      ],
    }),
    new Map(),
  )
  const found = typed.tables.get('t')
  return found?.checks[0] && sparkCheck(found, found.checks[0])
}

describe('a check over landed columns is Spark SQL', () => {
  test.each<[Operand, string]>([
    [and(ge(col('age'), 18), le(col('age'), 99)), '((`age_years` >= 18) AND (`age_years` <= 99))'],
    [or(eq(col('word'), 'a'), eq(col('word'), 'b')), "((`word` = 'a') OR (`word` = 'b'))"],
    [lt(col('born'), date('2024-02-29')), "(`born` < DATE '2024-02-29')"],
    [
      ne(col('at'), timestamp('2024-01-01T00:00:00Z')),
      "(`at` <> TIMESTAMP '2024-01-01T00:00:00Z')",
    ],
    [eq(col('price'), lit(12.5, decimalType(9, 2))), '(`price` = 12.50)'],
    [not(eq(col('ok'), lit(false))), '(NOT (`ok` = false))'],
    [
      or(isNull(col('maybe')), ge(length(col('word')), 1)),
      '((`maybe` IS NULL) OR (length(`word`) >= 1))',
    ],
    [gt(least(col('age'), col('id')), 0), '(least(`age_years`, `id`) > 0)'],
    [
      when(col('ok'), eq(col('age'), 18), true),
      'CASE WHEN `ok` THEN (`age_years` = 18) ELSE true END',
    ],
    [gt(coalesce(col('maybe'), 1), 0), '(coalesce(`maybe`, 1) > 0)'],
    [lt(add(col('age'), col('age')), 200), '((`age_years` + `age_years`) < 200)'],
  ])('%#', (that, sql) => {
    expect(sqlOf(that)).toBe(sql)
  })

  test('a null of it is wrapped, since Delta refuses what is null', () => {
    expect(sqlOf(gt(col('maybe'), 0))).toBe('coalesce((`maybe` > 0), true)')
    expect(sqlOf(eq(lit(null, BOOLEAN), true))).toBe('coalesce((NULL = true), true)')
  })
})

describe('a check that Delta cannot hold is left out', () => {
  test.each<[string, Operand]>([
    ['of a text with a quote', ne(col('word'), "it's")],
    ['of a text with a backslash', ne(col('word'), 'a\\b')],
    ['of arithmetic of timestamps', lt(add(col('at'), 5), timestamp('2030-01-01T00:00:00Z'))],
    ['of the least of what may be null', ge(least(col('maybe'), 5), 0)],
  ])('%s', (_, that) => {
    expect(sqlOf(that)).toBeUndefined()
  })
})
