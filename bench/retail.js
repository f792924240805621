// The retail dataset at large scale, and every balance of its 14,000,000 snapshots read back:
//   node bench/retail.js [--runs N] [--scale NAME] [--to FOLDER]
// The exit code is 1 when a balance does not hold. It needs scripts/build.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { PROGRAM } from './contestants.js'
import { measure, median } from './measure.js'

const MOST_SECONDS = 6

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    scale: { type: 'string', default: 'large' },
    to: { type: 'string', default: tmpdir() },
  },
})

const TABLES = ['stores', 'products', 'customers', 'promotions', 'orders', 'order_items']
const SNAPSHOTS = 'inventory_snapshots'

/** Rows that break a rule, by name: SQL that knows nothing of how the rows were made. */
const RULES = {
  'closing = opening + received - sold + restocked, none negative': `
    FROM inventory_snapshots
    WHERE closing <> opening + received - sold + restocked
       OR least(opening, received, sold, returned, restocked, closing, on_order) < 0`,
  "opening = yesterday's closing": `
    FROM inventory_snapshots a
    JOIN inventory_snapshots b
      ON a.store_id = b.store_id AND a.product_id = b.product_id
     AND a.snapshot_date = b.snapshot_date + 1
    WHERE a.opening <> b.closing`,
  'sold = the items of the day that are not cancelled': `
    FROM (
      SELECT order_date AS d, store_id AS s, product_id AS p, sum(quantity) AS n
      FROM order_items JOIN orders USING (order_id) WHERE status <> 'cancelled' GROUP BY ALL
    ) FULL JOIN (SELECT * FROM inventory_snapshots WHERE sold > 0)
      ON d = snapshot_date AND s = store_id AND p = product_id
    WHERE n IS DISTINCT FROM sold`,
  'an order is the sum of its lines': `
    FROM orders JOIN (
      SELECT order_id, sum(quantity * unit_price_cents) AS gross, sum(discount_cents) AS discount,
             sum(tax_cents) AS tax
      FROM order_items GROUP BY 1
    ) USING (order_id)
    WHERE (gross, discount, tax) <> (subtotal_cents, discount_cents, tax_cents)
       OR total_cents <> subtotal_cents - discount_cents + tax_cents + shipping_cents`,
}

const broken = async (folder) => {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB' })
  const connection = await instance.connect()
  for (const name of [...TABLES, SNAPSHOTS])
    await connection.run(
      `CREATE VIEW ${name} AS SELECT * FROM read_parquet('${folder}/${name}/*.parquet')`,
    )
  const count = async (text) =>
    Number((await connection.runAndReadAll(`SELECT count(*) ${text}`)).getRows()[0][0])
  const found = []
  for (const [rule, text] of Object.entries(RULES)) found.push([rule, await count(text)])
  const snapshots = await count(`FROM ${SNAPSHOTS}`)
  connection.closeSync()
  instance.closeSync()
  return { snapshots, found }
}

const show = (name, runs) => {
  const [cpu, wall, peak] = ['cpuSeconds', 'wallSeconds', 'peakBytes'].map((key) =>
    median(runs.map((run) => run[key])),
  )
  const best = Math.min(...runs.map((run) => run.wallSeconds))
  console.log(
    `${name}: ${cpu.toFixed(2)} CPU s, ${wall.toFixed(2)} s wall (best ${best.toFixed(2)}), ${(peak / 1e6).toFixed(0)} MB at the peak`,
  )
  return best
}

const folder = mkdtempSync(join(values.to, 'lakewright-bench-'))
try {
  const lake = join(folder, 'lake')
  const command = (workers) => [
    ...PROGRAM,
    'generate',
    'retail',
    '--scale',
    values.scale,
    '--to',
    lake,
    '--workers',
    String(workers),
  ]
  const runs = { 1: [], 2: [] }
  console.log(`load ${loadavg()[0].toFixed(1)} before`)
  for (let run = 0; run < Number(values.runs); run++)
    for (const workers of [1, 2]) runs[workers].push(measure(command(workers), lake))
  show('1 worker', runs[1])
  const best = show('2 workers', runs[2])
  const { snapshots, found } = await broken(join(lake, 'lakewright/retail'))
  for (const [rule, rows] of found)
    console.log(`${rows === 0 ? 'holds' : `${rows} BREAK`}  ${rule}`)
  const met = best <= MOST_SECONDS ? 'met' : 'NOT MET'
  console.log(
    `${met}  ${snapshots.toLocaleString('en')} snapshots in at most ${MOST_SECONDS} s wall`,
  )
  process.exitCode = found.some(([, rows]) => rows > 0) ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}
