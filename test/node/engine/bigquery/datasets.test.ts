import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TypedPlan } from '../../../../src/core/plan/typed.ts'
import { BIGQUERY } from '../../../../src/core/sql/bigquery.ts'
import { digestQuery } from '../../../../src/core/sql/digest.ts'
import { renderLandedTable } from '../../../../src/core/sql/landed.ts'
import { landedColumns, landedTables } from '../../../../src/core/run/landed.ts'
import { typedIdentity } from '../../../datasets/identity-rows.ts'
import { typedMdm } from '../../../datasets/mdm-rows.ts'
import { typedRetail } from '../../../datasets/retail-rows.ts'
import { BIGQUERY_FOLDER, type BigQueryEmulator, startBigQuery } from '../../../support/bigquery.ts'
import { lastStep } from '../../../support/bigquery-steps.ts'
import { nativeDigests } from '../../../support/differential/digests.ts'

const dataset = 'lake'

const RETAIL = { stores: 3, products: 30, customers: 20, promotions: 60, withTruth: 1 }

const PLANS: readonly TypedPlan[] = [
  typedIdentity({ households: 25, withTruth: 1, withContacts: 1 }),
  typedRetail({ ...RETAIL, orders: 30, days: 4 }),
  typedMdm({ uniqueCustomers: 6, landlines: 1, doubles: 1 }),
]

describe.skipIf(BIGQUERY_FOLDER === undefined)('in the BigQuery emulator', () => {
  let bigquery: BigQueryEmulator
  beforeAll(async () => {
    bigquery = await startBigQuery(dataset)
  }, 120_000)
  afterAll(async () => bigquery.stop(), 120_000)

  it.each(
    PLANS.flatMap((plan) =>
      landedTables(plan).map((table) => ({ of: plan.plan.name, name: table.name, plan, table })),
    ),
  )(
    '$name of $of has the digest of the native engine',
    async ({ name, plan, table }) => {
      const text = renderLandedTable(plan, table, { dialect: BIGQUERY })
      const made = `${dataset}.\`${name}\``
      await bigquery.run(`CREATE TABLE ${made} AS ${await lastStep(bigquery, { text, dataset })}`)
      const columns = landedColumns(table).map(({ landedName, shape }) => ({
        name: landedName,
        type: shape.type,
      }))
      const digest = digestQuery('bigquery', columns, `SELECT * FROM ${made}`)
      const { cells } = await bigquery.columns(digest)
      const native = nativeDigests({ plan, table })({ from: 0, to: table.maxKey + 1 })
      expect(cells[1]).toEqual([native.hex()])
      expect(Number(cells[0]?.[0]), 'rows').toBeGreaterThan(0)
    },
    3_600_000,
  )
})
