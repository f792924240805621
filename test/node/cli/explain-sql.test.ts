import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DUCKDB } from '../../../src/core/sql/duckdb.ts'
import { explainedSql } from '../../../src/core/sql/explained.ts'
import { renderLandedTable } from '../../../src/core/sql/landed.ts'
import { withDuckDb } from '../../../src/node/verify/session.ts'
import { SHOP, tableIn } from '../../core/sql/plans.ts'
import { typedIdentity } from '../../datasets/identity-rows.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { call } from '../../support/world.ts'

const folder = temporaryFolders()

const explain = (...args: readonly string[]) => {
  const cwd = folder()
  writeFileSync(join(cwd, 'shop.json'), JSON.stringify(SHOP.plan))
  return call(['explain', ...args], { cwd })
}

test('the SQL of a table says its plan, its streams and their constants', async () => {
  const { code, stdout } = await explain('shop.json', '--sql', 'orders')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^-- table orders of plan shop: duckdb, plan hash [0-9a-f]+\n-- streams/)
  const stream = /^-- {3}orders\.channel: (\d+), (\d+)/m.exec(stdout)
  const body = renderLandedTable(SHOP, tableIn(SHOP, 'orders'), { dialect: DUCKDB })
  expect(body).toContain(`xor(orders_key_0, ${stream?.[1]})`)
  expect(stdout).toContain(`${body};\n`)
  expect(stdout).toContain('--   items.items: ')
})

test.each([
  ['native', 'duckdb', '"is_large"'],
  ['duckdb', 'duckdb', '"is_large"'],
  ['spark', 'spark', '`is_large`'],
  ['databricks', 'spark', '`is_large`'],
  ['dataproc', 'spark', '`is_large`'],
  ['bigquery', 'bigquery', '`is_large`'],
])('the SQL of engine %s is in the dialect %s', async (engine, dialect, column) => {
  const { stdout } = await explain('shop.json', '--engine', engine, '--sql', 'orders')
  expect(stdout).toContain(`-- table orders of plan shop: ${dialect}, `)
  expect(stdout).toContain(` AS ${column}`)
})

test.each([
  [['shop.json', '--sql']],
  [['shop.json', '--sql', '--engine', 'duckdb']],
  [['--sql', '--engine=duckdb', 'shop.json']],
])('--sql without a table prints every table, as statements that run: %o', async (args) => {
  const { stdout } = await explain(...args)
  expect([...stdout.matchAll(/^-- table (\w+) of/gm)].map((each) => each[1])).toEqual([
    'products',
    'orders',
    'items',
  ])
  await withDuckDb({ memoryMb: 256, threads: 1 }, async (duckDb) => duckDb.run(stdout))
})

test('what DuckDB is shown of a long table are statements below 200 KB that make its rows', async () => {
  const plan = typedIdentity({ households: 40 })
  const table = tableIn(plan, 'identity_mappings')
  const statements = explainedSql(plan, table, 'duckdb')
    .trim()
    .split(/;\n\n?|;$/)
    .slice(0, -1)
  expect(statements.length).toBeGreaterThan(1)
  expect(Math.max(...statements.map((each) => Buffer.byteLength(each)))).toBeLessThan(200_000)
  await withDuckDb({ memoryMb: 1024, threads: 1 }, async (duckDb) => {
    for (const view of statements.slice(0, -1)) await duckDb.run(view)
    await duckDb.run(`CREATE TABLE shown AS ${statements.at(-1)}`)
    const whole = renderLandedTable(plan, table, { dialect: DUCKDB })
    await duckDb.run(`CREATE TABLE whole AS ${whole}`)
    const [found] = await duckDb.rows(`SELECT
      (SELECT count(*) FROM shown) AS made,
      (SELECT count(*) FROM (FROM shown EXCEPT ALL FROM whole)) AS more,
      (SELECT count(*) FROM (FROM whole EXCEPT ALL FROM shown)) AS less`)
    expect(found).toMatchObject({ more: 0, less: 0 })
    expect(found?.['made']).toBeGreaterThan(20)
  })
}, 60_000)

test.each([
  ['duckdb', 'CREATE OR REPLACE TEMPORARY VIEW lakewright_view_'],
  ['spark', 'CREATE OR REPLACE TEMPORARY VIEW lakewright_view_'],
  ['bigquery', 'CREATE OR REPLACE VIEW lakewright_view_'],
])('what is long for %s comes after the views that it reads from', async (engine, create) => {
  const args = ['--households', '100', '--engine', engine, '--sql', 'identity_mappings']
  const { code, stdout } = await call(['explain', 'identity', ...args], { cwd: folder() })
  expect(code).toBe(0)
  const statements = stdout
    .trim()
    .split(/;\n\n?|;$/)
    .filter((each) => each !== '')
  const views = statements.slice(0, -1)
  expect(views.length).toBeGreaterThan(1)
  for (const view of views) expect(view.replaceAll(/^-- .*\n/gm, '')).toMatch(create)
  expect(statements.at(-1)).toContain(' FROM lakewright_view_')
  expect(Math.max(...statements.map(({ length }) => length))).toBeLessThan(200_000)
})

test('a table that the plan does not land is refused by name', async () => {
  const { code, stderr } = await explain('shop.json', '--sql', 'order')
  expect(code).toBe(2)
  expect(stderr).toContain('--sql: the plan lands no table "order"')
})

test('help shows that the table may be left out', async () => {
  const { stdout } = await explain('--help')
  expect(stdout).toMatch(/--sql \[table\] /)
})
