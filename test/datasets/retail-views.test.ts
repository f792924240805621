import { afterAll, beforeAll, expect, test } from 'vitest'
import { DIALECT_NAMES } from '../../src/core/sql/dialects.ts'
import { type DuckDb, openDuckDb } from '../../src/node/engine/duckdb.ts'
import { temporaryFolders } from '../support/lake.ts'
import { call } from '../support/world.ts'

const folder = temporaryFolders()
let db: DuckDb
beforeAll(async () => {
  db = await openDuckDb()
})
afterAll(() => db.close())

const viewSql = async (name: string, ...options: readonly string[]): Promise<string> => {
  const { code, stdout } = await call(['sql', 'retail', name, ...options], { cwd: process.cwd() })
  expect(code).toBe(0)
  return stdout
}

test('the views of retail hold every line once, and sums that are those of the lines', async () => {
  const lake = folder()
  const small = ['--stores', '3', '--products', '40', '--customers', '60', '--days', '5']
  const made = await call(['generate', 'retail', ...small, '--to', lake], { cwd: lake })
  expect(made.code).toBe(0)
  for (const table of ['orders', 'order_items', 'products'])
    await db.run(
      `CREATE VIEW ${table} AS FROM read_parquet('${lake}/lakewright/retail/${table}/*.parquet')`,
    )
  await db.run(await viewSql('lines'))
  await db.run(await viewSql('daily'))
  const [found] = await db.rows(`SELECT
    (SELECT count(*) FROM order_items) AS items,
    (SELECT count(*) FROM sales_lines) AS lines,
    (SELECT count(DISTINCT order_item_id) FROM sales_lines) AS distinct_lines,
    (SELECT count(*) FROM daily_sales) AS days,
    (SELECT count(*) FROM (SELECT DISTINCT order_date, store_id, channel, department FROM daily_sales)) AS keys,
    (SELECT sum(net_cents + tax_cents)::VARCHAR FROM daily_sales) AS sold,
    (SELECT sum(line_total_cents)::VARCHAR FROM order_items JOIN orders USING (order_id) WHERE status <> 'cancelled') AS paid,
    (SELECT count(*) FROM orders WHERE status = 'cancelled') AS cancelled`)
  expect(found?.['items']).toBeGreaterThan(100)
  expect(found?.['lines']).toBe(found?.['items'])
  expect(found?.['distinct_lines']).toBe(found?.['items'])
  expect(found?.['days']).toBeGreaterThan(20)
  expect(found?.['keys']).toBe(found?.['days'])
  expect(found?.['sold']).toBe(found?.['paid'])
  expect(found?.['cancelled']).toBeGreaterThan(0)
}, 60_000)

test.each(DIALECT_NAMES)(
  '%s reads the one view from the other where they stand',
  async (dialect) => {
    const text = await viewSql('daily', '--dialect', dialect, '--schema', 'main.shop')
    const quote = dialect === 'duckdb' ? '"' : '`'
    const place = ['main', 'shop', 'sales_lines'].map((each) => `${quote}${each}${quote}`).join('.')
    expect(text).toContain(`FROM ${place}\n`)
  },
)
