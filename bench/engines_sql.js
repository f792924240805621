// Writes the statement of each landed table of a plan to a file: node bench/engines_sql.js PLAN DIALECT FOLDER
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { landedTables } from '../dist/core/run/landed.js'
import { dialectNamed } from '../dist/core/sql/dialects.js'
import { renderLandedTable } from '../dist/core/sql/landed.js'
import { loadPlan } from '../dist/node/run/load-plan.js'

const [path, dialect, folder] = process.argv.slice(2)
const plan = await loadPlan(JSON.parse(readFileSync(path, 'utf8')))
mkdirSync(folder, { recursive: true })
for (const table of landedTables(plan)) {
  const text = renderLandedTable(plan, table, { dialect: dialectNamed(dialect) })
  writeFileSync(join(folder, `${table.landedName}.sql`), text)
}
