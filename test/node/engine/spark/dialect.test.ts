import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as e from '../../../../src/core/expr/build.ts'
import * as p from '../../../../src/core/plan/build.ts'
import { resolvePlan } from '../../../../src/core/plan/resolve.ts'
import { lowerTable } from '../../../../src/core/plan/lower.ts'
import type { TypedPlan, TypedTable } from '../../../../src/core/plan/typed.ts'
import { renderTable } from '../../../../src/core/sql/render.ts'
import { SPARK } from '../../../../src/core/sql/spark.ts'
import { duckdbRows, firstDifference, interpretedRows } from '../../../core/sql/duckdb-rows.ts'
import { wantedOf } from '../../../support/keyed-rows.ts'
import { SHOP } from '../../../core/sql/plans.ts'
import { marketPlan, soldBy } from '../../../support/market-plan.ts'
import { SPARK_FOLDER, type SparkServer, startSpark } from './server.ts'

const text = (plan: TypedPlan, table: TypedTable): string =>
  renderTable(lowerTable(plan, table.name, wantedOf(table)), {
    dialect: SPARK,
    vocabularies: plan.vocabularies,
  })

describe.skipIf(SPARK_FOLDER === undefined)('Spark', () => {
  let spark: SparkServer
  beforeAll(async () => {
    spark = await startSpark()
  }, 120_000)
  afterAll(async () => spark.stop(), 180_000)

  const differenceOf = async (plan: TypedPlan, table: TypedTable): Promise<string | undefined> => {
    const expected = interpretedRows(plan, table)
    const actual = await duckdbRows(spark.session, text(plan, table))
    return firstDifference(plan, table, { actual, expected })
  }

  it('makes the rows that the interpreter makes, for a shop', async () => {
    for (const table of SHOP.tables.values())
      expect(await differenceOf(SHOP, table), table.name).toBeUndefined()
    expect(SHOP.tables.size).toBeGreaterThan(2)
  }, 300_000)

  it('counts into a cross as the interpreter does, up to what the plan promises', async () => {
    const plan = resolvePlan(marketPlan(), new Map())
    const stock = plan.tables.get('stock') as TypedTable
    expect(await differenceOf(plan, stock)).toBeUndefined()
    const tally = e.tally.sum('items', 5, { by: soldBy, most: 4 })
    const beyond = resolvePlan(marketPlan({ stock: [p.column('it', tally)] }), new Map())
    await expect(
      duckdbRows(spark.session, text(beyond, beyond.tables.get('stock') as TypedTable)),
    ).rejects.toThrow(/stock.it: the tally over items exceeds its most, 4/)
  }, 300_000)
})
