import { expect, test } from 'vitest'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { landedTables } from '../../../src/core/run/landed.ts'
import { BIGQUERY } from '../../../src/core/sql/bigquery.ts'
import type { Dialect } from '../../../src/core/sql/dialect.ts'
import { DUCKDB } from '../../../src/core/sql/duckdb.ts'
import { renderLandedTable } from '../../../src/core/sql/landed.ts'
import { SPARK } from '../../../src/core/sql/spark.ts'
import { hello } from '../../support/hello.ts'

const plan = resolvePlan(hello, new Map())

test('Spark is told into how many partitions to cut the outermost rows, others cut by themselves', () => {
  for (const table of landedTables(plan)) {
    const text = (dialect: Dialect, partitions?: number): string =>
      renderLandedTable(plan, table, {
        dialect,
        ...(partitions === undefined ? {} : { partitions }),
      })
    expect(text(SPARK, 7)).toMatch(/FROM range\(1, \d+, 1, 7\)/)
    expect(text(SPARK, 7).replace(', 1, 7)', ')')).toBe(text(SPARK))
    for (const dialect of [DUCKDB, BIGQUERY]) expect(text(dialect, 7)).toBe(text(dialect))
  }
})
