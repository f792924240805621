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

const WORKS = { w1: W1, identity: IDENTITY }

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
  const [[homes]] = await numbers('SELECT count(*) FROM households')
  if (homes !== households) wrong.push(`${homes} households`)
  if (work === 'w1') wrong.push(...(await shapeOfW1(numbers, homes)))
  connection.closeSync()
  instance.closeSync()
  return { ...totals, wrong }
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
