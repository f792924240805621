import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderLandedTable } from '../../../../src/core/sql/landed.ts'
import { BIGQUERY_LANDING } from '../../../../src/core/warehouse/bigquery-landing.ts'
import { type Arrangement, landingTable } from '../../../../src/core/warehouse/landing.ts'
import { SHOP, tableIn } from '../../../core/sql/plans.ts'
import { BIGQUERY_FOLDER, type BigQueryEmulator, startBigQuery } from '../../../support/bigquery.ts'

const { create, insert, setProperties, relate, rename, drop } = BIGQUERY_LANDING

const orders = tableIn(SHOP, 'orders')

const ordersWith = (arrangement: Arrangement) =>
  landingTable(SHOP, orders, { arrangement, properties: { 'lakewright.planHash': 'ab12' } })

const named = (table: string) => ({ catalog: 'test', schema: 'lake', table })

// The emulator reads statements with BigQuery's own grammar, but keeps no options and no NOT NULL, passes over ALTER TABLE,
// and refuses foreign keys and CREATE OR REPLACE of a table that is there.
describe.skipIf(BIGQUERY_FOLDER === undefined)('the BigQuery emulator', () => {
  let bigquery: BigQueryEmulator
  beforeAll(async () => {
    bigquery = await startBigQuery('lake')
  }, 120_000)
  afterAll(async () => bigquery.stop(), 120_000)

  it.each<Arrangement>([
    {},
    { partition: 'order' },
    { cluster: ['channel', 'is_large'] },
    { partition: 'order', cluster: ['channel'] },
  ])('understands a table that is arranged by %j', async (arrangement) => {
    const name = named(`made_${JSON.stringify(arrangement).length}`)
    const table = ordersWith(arrangement)
    await bigquery.run(create(name, table))
    for (const statement of [
      ...relate(name, { ...table, key: ['order'] }),
      ...setProperties(name, { 'lakewright.run': 'Run 1' }),
      rename(name, named('other')),
      drop(name),
    ])
      await bigquery.run(statement)
  })

  it('inserts the rows of a part once, however often it is told to', async () => {
    const table = ordersWith({})
    const name = named('filled')
    await bigquery.run(create(name, table))
    const columns = table.columns.map((each) => each.name)
    const range = (from: number, to: number): string =>
      renderLandedTable(SHOP, orders, { dialect: BIGQUERY_LANDING.dialect, range: { from, to } })
    const parts = [
      { query: range(1, 10), rowsBefore: 0 },
      { query: range(1, 10), rowsBefore: 0 },
      { query: range(10, 21), rowsBefore: 9 },
    ]
    const counts: unknown[] = []
    for (const part of parts) {
      for (const statement of insert(name, { ...part, columns, token: 't' }))
        await bigquery.run(statement)
      const { cells } = await bigquery.columns(
        'SELECT count(*), count(DISTINCT `order`) FROM lake.filled',
      )
      counts.push(cells.flat())
    }
    expect(counts).toEqual([
      [9, 9],
      [9, 9],
      [20, 20],
    ])
  })
})
