import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** Tables of a work with their keys and references: [column, table, column there]. */
const W1 = {
  households: { key: 'household_id', references: [] },
  individuals: {
    key: 'individual_id',
    references: [['household_id', 'households', 'household_id']],
  },
  identity_mappings: {
    key: 'mapping_id',
    references: [['individual_id', 'individuals', 'individual_id']],
  },
}

const IDENTITY = {
  ...W1,
  campaigns: { key: 'campaign_id', references: [] },
  exposures: {
    key: 'exposure_id',
    references: [
      ['individual_id', 'individuals', 'individual_id'],
      ['campaign_id', 'campaigns', 'campaign_id'],
      ['mapping_id', 'identity_mappings', 'mapping_id'],
    ],
  },
  response_events: {
    key: 'response_id',
    references: [
      ['exposure_id', 'exposures', 'exposure_id'],
      ['individual_id', 'individuals', 'individual_id'],
      ['campaign_id', 'campaigns', 'campaign_id'],
    ],
  },
}

const W2 = Object.fromEntries(
  ['crm', 'erp', 'ecommerce'].map((source) => [
    `raw_${source}_customers`,
    { key: 'record_id', references: [] },
  ]),
)

const W3 = {
  stores: { key: 'store_id', references: [] },
  products: { key: 'product_id', references: [] },
  customers: { key: 'customer_id', references: [['home_store_id', 'stores', 'store_id']] },
  orders: {
    key: 'order_id',
    references: [
      ['store_id', 'stores', 'store_id'],
      ['customer_id', 'customers', 'customer_id'],
    ],
  },
  order_items: {
    key: 'order_item_id',
    references: [
      ['order_id', 'orders', 'order_id'],
      ['product_id', 'products', 'product_id'],
    ],
  },
  inventory_snapshots: {
    key: 'snapshot_id',
    references: [
      ['store_id', 'stores', 'store_id'],
      ['product_id', 'products', 'product_id'],
    ],
  },
}

const WORKS = { w1: W1, w2: W2, w3: W3, identity: IDENTITY }

/** What breaks the books of a retailer. */
const BOOKS = {
  'orders whose subtotal is not that of their lines': `
    orders JOIN (SELECT order_id, sum(quantity * unit_price_cents) AS cents FROM order_items GROUP BY 1)
    USING (order_id) WHERE subtotal_cents <> cents`,
  'stock that does not add up': `
    inventory_snapshots WHERE closing <> opening + received - sold + restocked OR least(closing, received) < 0`,
  "stock that does not open as yesterday's closed": `
    inventory_snapshots a JOIN inventory_snapshots b ON a.store_id = b.store_id
      AND a.product_id = b.product_id AND a.snapshot_date = b.snapshot_date + 1
    WHERE a.opening <> b.closing`,
}

/** Shares of sizes 1 to 6 that normal(2.5, 1.2) has when it is rounded and clipped. */
const SIZES = [0.2023, 0.2977, 0.2977, 0.1545, 0.0416, 0.0062]

/**
 * Reads a work's output back with DuckDB. Returns rows, cells and bytes over all tables, and a list of what is wrong,
 * empty when everything holds.
 */
export const check = async ({ work, folder, households }) => {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '4GB' })
  const connection = await instance.connect()
  const numbers = async (sql) =>
    (await connection.runAndReadAll(sql)).getRows().map((row) => row.map(Number))
  const tables = WORKS[work]
  for (const name of Object.keys(tables))
    await connection.run(
      `CREATE VIEW ${name} AS SELECT * FROM read_parquet('${folder}/${name}/*.parquet')`,
    )
  const totals = { rows: 0, cells: 0, bytes: parquetBytes(folder) }
  const wrong = []
  for (const [name, table] of Object.entries(tables)) {
    const [[rows, keys]] = await numbers(
      `SELECT count(*), count(DISTINCT ${table.key}) FROM ${name}`,
    )
    const columns = await numbers(`SELECT 1 FROM (DESCRIBE ${name})`)
    totals.rows += rows
    totals.cells += rows * columns.length
    if (rows === 0) wrong.push(`${name} is empty`)
    if (keys !== rows) wrong.push(`${name}: ${rows - keys} repeated keys`)
    for (const [column, parent, key] of table.references) {
      const [[orphans]] = await numbers(
        `SELECT count(*) FROM ${name} ANTI JOIN ${parent} ON ${name}.${column} = ${parent}.${key}`,
      )
      if (orphans > 0) wrong.push(`${name}.${column}: ${orphans} orphans`)
    }
  }
  wrong.push(...(await shapeOf(work, numbers, households)))
  connection.closeSync()
  instance.closeSync()
  return { ...totals, wrong }
}

const shapeOf = async (work, numbers, size) => {
  if (work === 'w2') return shapeOfW2(numbers, size)
  if (work === 'w3') return shapeOfW3(numbers, size)
  const [[homes]] = await numbers('SELECT count(*) FROM households')
  return [
    ...(homes === size ? [] : [`${homes} households`]),
    ...(work === 'w1' ? await shapeOfW1(numbers, homes) : []),
  ]
}

const shapeOfW2 = async (numbers, size) => {
  const wrong = []
  const all = Object.keys(W2).map((name) => `SELECT email FROM ${name}`)
  const [[records, missing]] = await numbers(
    `SELECT count(*), count(*) - count(email) FROM (${all.join(' UNION ALL ')})`,
  )
  if (Math.abs(records / size - 1) > 0.01) wrong.push(`${records} records`)
  if (Math.abs(missing / records - 0.15) > 0.01)
    wrong.push(`${percent(missing / records)} of e-mails missing`)
  return wrong
}

const shapeOfW3 = async (numbers, size) => {
  const wrong = []
  const [[orders]] = await numbers('SELECT count(*) FROM orders')
  if (Math.abs(orders - size) > 1) wrong.push(`${orders} orders`)
  const [[stock]] = await numbers('SELECT count(*) FROM inventory_snapshots')
  if (stock !== 14_000_000) wrong.push(`${stock} snapshots`)
  for (const [says, rows] of Object.entries(BOOKS)) {
    const [[broken]] = await numbers(`SELECT count(*) FROM ${rows}`)
    if (broken > 0) wrong.push(`${broken} ${says}`)
  }
  return wrong
}

const shapeOfW1 = async (numbers, homes) => {
  const wrong = []
  const counts = new Map(await numbers('SELECT size, count(*) FROM households GROUP BY size'))
  const off =
    SIZES.reduce((sum, p, i) => sum + Math.abs((counts.get(i + 1) ?? 0) / homes - p), 0) / 2
  if (off > 3 / Math.sqrt(homes)) wrong.push(`size histogram off by ${off.toFixed(3)}`)
  const [[strangers]] = await numbers(`
    SELECT count(*) FROM households h LEFT JOIN
      (SELECT household_id, count(*) AS n FROM individuals GROUP BY household_id) i USING (household_id)
    WHERE coalesce(n, 0) <> size`)
  if (strangers > 0)
    wrong.push(`size is not the number of members in ${percent(strangers / homes)}`)
  const [[outside, people]] = await numbers(`
    SELECT count(*) FILTER (coalesce(n, 0) NOT BETWEEN 2 AND 15), count(*) FROM individuals i LEFT JOIN
      (SELECT individual_id, count(*) AS n FROM identity_mappings GROUP BY individual_id) m USING (individual_id)`)
  if (outside > 0) wrong.push(`not 2 to 15 identifiers for ${percent(outside / people)}`)
  return wrong
}

const percent = (share) => `${(share * 100).toFixed(1)} %`

const parquetBytes = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith('.parquet'))
    .reduce((sum, path) => sum + statSync(join(folder, path)).size, 0)
