import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TypedPlan } from '../../../../src/core/plan/typed.ts'
import { renderLandedTable } from '../../../../src/core/sql/landed.ts'
import { SPARK } from '../../../../src/core/sql/spark.ts'
import { makeView } from '../../../../src/core/sql/views.ts'
import { tableIn } from '../../../core/sql/plans.ts'
import { typedIdentity } from '../../../datasets/identity-rows.ts'
import { typedMdm } from '../../../datasets/mdm-rows.ts'
import { typedRetail } from '../../../datasets/retail-rows.ts'
import { errorOf, SPARK_FOLDER, type SparkServer, startSpark } from './server.ts'

/** Of the 100 that a SQL warehouse allows. */
const ROUNDS = 70

const identity = typedIdentity({ households: 50 })
const retail = typedRetail({ customers: 100 })
const mdm = typedMdm({ customers: 100 })

describe.skipIf(SPARK_FOLDER === undefined)("Spark's analyzer", () => {
  let spark: SparkServer
  beforeAll(async () => {
    spark = await startSpark()
    await spark.session.run(`SET spark.sql.analyzer.maxIterations = ${ROUNDS}`)
    await spark.session.run('SET spark.sql.variable.substitute = false')
  }, 180_000)
  afterAll(async () => spark.stop(), 180_000)

  it.each<readonly [string, TypedPlan]>([
    ['exposures', identity],
    ['response_events', identity],
    ['order_items', retail],
    ['orders', retail],
    ['inventory_snapshots', retail],
    ['raw_ecommerce_customers', mdm],
  ])(
    'resolves the whole text of %s, among the deepest of its dataset, in 70 rounds',
    async (name, plan) => {
      const text = renderLandedTable(plan, tableIn(plan, name), { dialect: SPARK })
      await spark.session.run(makeView('TEMPORARY VIEW', { name: 'deep', text }))
    },
    300_000,
  )

  it('would refuse a text that is deeper', async () => {
    await spark.session.run('SET spark.sql.analyzer.maxIterations = 10')
    const text = renderLandedTable(retail, tableIn(retail, 'orders'), { dialect: SPARK })
    const error = await errorOf(
      spark.session.run(makeView('TEMPORARY VIEW', { name: 'deep', text })),
    )
    expect(error.message).toContain('Max iterations (10) reached')
  }, 300_000)
})
