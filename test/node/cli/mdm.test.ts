import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DIALECT_NAMES } from '../../../src/core/sql/dialects.ts'
import { SOURCE_TABLES } from '../../../src/datasets/mdm/source.ts'
import { UNION_COLUMNS } from '../../../src/datasets/mdm/union-view.ts'
import { type DuckDb, openDuckDb } from '../../../src/node/engine/duckdb.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { call, type Called } from '../../support/world.ts'

const folder = temporaryFolders()

/** Generates customers without noise into `lake`, under names that end in _scale. */
const generate = async (
  cwd: string,
  customers: number,
  ...args: readonly string[]
): Promise<Called> =>
  call(
    ['generate', 'mdm', '--difficulty', '0', '--table-suffix', '_scale', '--to', 'lake'].concat(
      ['--unique-customers', String(customers)],
      args,
    ),
    { cwd },
  )

const expectMistake = ({ code, stdout, stderr }: Called, part: string): void => {
  expect(stderr).toContain(part)
  expect(stderr).toMatch(/^lakewright: /)
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
  expect([code, stdout]).toEqual([2, ''])
}

describe('generate mdm with what cannot be says so in a line and writes nothing', () => {
  const sparse = ['--crm-coverage', '0.1', '--erp-coverage', '0.1', '--ecommerce-coverage', '0.1']

  test.each([
    ['--total-records 10 --unique-customers 11', 'more customers than records'],
    ['--total-records 20000 --unique-customers 1000', 'expected 2100 to 11900 records'],
    ['--table-suffix ../up', '--table-suffix'],
    ['--partitions 0', '--partitions'],
    ['--crm-coverage 1.01', '--crm-coverage'],
    ['--crm-duplicates -0.1', '--crm-duplicates'],
    [sparse.join(' '), 'a sum of at least 1'],
    ['--unique-customers 1000000001', '--unique-customers'],
    ['--rates solve', '--rates'],
    ['--start 2024-01-01 --as-of 2024-03-01', 'expected 2024-06-29 to'],
  ])('%s', async (args, part) => {
    const cwd = folder()
    expectMistake(
      await call(['generate', 'mdm', '--to', 'lake', ...args.split(' ')], { cwd }),
      part,
    )
    expect(existsSync(join(cwd, 'lake'))).toBe(false)
  })
})

describe('a dataset of 30 customers', () => {
  const cwd = folder()
  const place = join(cwd, 'lake/lakewright/mdm')
  let first: Called
  beforeAll(async () => {
    first = await generate(cwd, 30, '--partitions', '2')
  }, 180_000)

  test('is told in volumes before anything else', () => {
    expect(first.code).toBe(0)
    expect(first.stderr).toMatch(
      /^expected of 30 customers: raw_crm_customers_scale 28, raw_erp_customers_scale 21, raw_ecommerce_customers_scale 23, together 72 records\n/,
    )
  })

  test('lands its sources under the suffix, and the truth', () => {
    const tables = readdirSync(place)
    for (const table of Object.values(SOURCE_TABLES)) expect(tables).toContain(`${table}_scale`)
    for (const truth of ['truth_entities', 'truth_xref', 'truth_ledger', 'truth_hard_pairs'])
      expect(tables).toContain(truth)
  })

  test('grows by an append, which refuses another seed or coverage and says which', async () => {
    expect((await generate(cwd, 60, '--write-mode', 'append')).code).toBe(0)
    for (const [option, value, difference] of [
      ['--seed', '7', 'seed differs ('],
      ['--erp-coverage', '0.5', 'erpCoverage differs (0.7 there, 0.5 asked)'],
    ] as const) {
      const refused = await generate(cwd, 70, '--mode', 'append', option, value)
      expect([refused.code, refused.stdout]).toEqual([2, ''])
      expect(refused.stderr).toContain('lakewright: cannot append')
      expect(refused.stderr).toContain(difference)
    }
  }, 180_000)

  describe('and its view', () => {
    let db: DuckDb
    beforeAll(async () => {
      db = await openDuckDb()
    })
    afterAll(() => db.close())

    test('shows the records of all sources in DuckDB', async () => {
      const view = ['sql', 'mdm', 'union', '--table-suffix', '_scale', '--schema', 'memory.main']
      const { code, stdout } = await call(view, { cwd })
      expect(code).toBe(0)
      for (const table of Object.values(SOURCE_TABLES))
        await db.run(
          `CREATE VIEW ${table}_scale AS FROM read_parquet('${place}/${table}_scale/*.parquet')`,
        )
      await db.run(stdout)
      const { names, cells } = await db.columns(
        'SELECT * FROM raw_customers_scale ORDER BY source, record_id',
      )
      expect(names).toEqual(['source', ...UNION_COLUMNS])
      expect(new Set(cells[0])).toEqual(new Set(['crm', 'ecommerce', 'erp']))
      const known = await db.columns(`SELECT count(*)::VARCHAR
        FROM raw_customers_scale JOIN read_parquet('${place}/truth_xref/*.parquet')
        USING (source, record_id)`)
      expect(known.cells).toEqual([[String(cells[0]?.length)]])
    }, 180_000)
  })
})

describe('sql', () => {
  test.each(DIALECT_NAMES)('quotes the names of the view as %s does', async (dialect) => {
    const quote = dialect === 'duckdb' ? '"' : '`'
    const name = (text: string): string => `${quote}${text}${quote}`
    const { code, stdout } = await call(
      ['sql', 'mdm', 'union', '--dialect', dialect, '--schema', 'my-project.raw'],
      { cwd: folder() },
    )
    expect(code).toBe(0)
    const schema = `${name('my-project')}.${name('raw')}`
    expect(stdout).toMatch(/^CREATE OR REPLACE VIEW [^\n]+ AS\nSELECT 'crm' AS /)
    expect(stdout).toContain(`VIEW ${schema}.${name('raw_customers')} AS`)
    for (const table of Object.values(SOURCE_TABLES))
      expect(stdout).toContain(`FROM ${schema}.${name(table)}`)
    expect(stdout.match(/UNION ALL/g)).toHaveLength(2)
  })

  test.each([
    [['sql', 'mdm', 'unoin'], 'mdm has no view "unoin", did you mean "union"?'],
    [['sql', 'identity', 'union'], 'identity has no view "union"; it has none'],
    [['sql', 'mmd', 'union'], 'there is no dataset "mmd", did you mean "mdm"?'],
    [['sql', 'mdm', 'union', '--dialect', 'oracle'], '--dialect'],
    [
      ['sql', 'mdm', 'union', '--as', 'streaming-table'],
      'only Spark and Databricks have pipelines',
    ],
    [
      ['sql', 'retail', 'daily', '--dialect', 'spark', '--as', 'streaming-table'],
      '--as streaming-table: daily joins or sums',
    ],
    [['sql', 'mdm', 'union', '--schema', 'a.b.c'], '--schema'],
    [['sql', 'mdm', 'union', '--schema', 'a..b'], '--schema'],
    [['sql', 'mdm', 'union', '--schema', 'a`b'], '--schema'],
    [['sql', 'mdm', 'union', '--table-suffix', 'a"b'], '--table-suffix'],
  ])('%o is refused in a line', async (args, part) => {
    expectMistake(await call(args, { cwd: folder() }), part)
  })
})
