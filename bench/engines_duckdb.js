// The tables of a plan made by DuckDB as Parquet: node bench/engines_duckdb.js PLAN FOLDER
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { landedTables } from '../dist/core/run/landed.js'
import { DUCKDB } from '../dist/core/sql/duckdb.js'
import { renderLandedTable } from '../dist/core/sql/landed.js'
import { loadPlan } from '../dist/node/run/load-plan.js'

const [path, folder] = process.argv.slice(2)
const plan = await loadPlan(JSON.parse(readFileSync(path, 'utf8')))
mkdirSync(folder, { recursive: true })
const connection = await (await DuckDBInstance.create()).connect()
await connection.run("SET threads = 2; SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
for (const table of landedTables(plan)) {
  const text = renderLandedTable(plan, table, { dialect: DUCKDB })
  const place = join(folder, `${table.landedName}.parquet`).replaceAll("'", "''")
  await connection.run(`COPY (${text}\n) TO '${place}' (FORMAT parquet, COMPRESSION uncompressed)`)
}
connection.closeSync()
