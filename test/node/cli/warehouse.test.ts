import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { generateInWarehouse } from '../../../src/node/warehouse/generate.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { TARGET, type TestWarehouse, testWarehouse } from '../../support/duckdb-warehouse.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { visitsPlan } from '../../support/visits-plan.ts'
import { call } from '../../support/world.ts'

const folder = temporaryFolders()
const HERE = { cwd: process.cwd() }

describe('generate with a warehouse refuses', () => {
  it.each([
    [['--engine', 'spark'], '--engine spark needs --target <catalog>.<schema>'],
    [
      ['--engine', 'spark', '--target', 'demo'],
      '--target: expected <catalog>.<schema>, got "demo"',
    ],
    [
      ['--engine', 'spark', '--target', 'a.b'],
      'where is Spark? Give --remote sc://host:port, or set SPARK_REMOTE',
    ],
    [
      ['--engine', 'spark', '--target', 'a.b', '--remote', 'sc://h:1/;token=secret'],
      'the address of Spark: expected sc://host:port, got "sc://h:1/;…"',
    ],
    [
      ['--engine', 'spark', '--target', 'a.b', '--format', 'csv'],
      '--format is for files in a lake, not for --engine spark',
    ],
    [
      ['--engine', 'spark', '--target', 'a.b', '--mode', 'merge'],
      '--mode merge is for a lake, not for --engine spark',
    ],
    [['--target', 'a.b'], '--target is for a warehouse, not for --engine native'],
    [
      ['--engine', 'spark', '--target', 'a.b', '--zorder', 'individual=age'],
      '--zorder: there is no table "individual", did you mean "individuals"?',
    ],
    [
      ['--engine', 'spark', '--target', 'a.b', '--zorder', 'individuals=agee'],
      '--zorder: individuals has no column "agee", did you mean "age"?',
    ],
    [
      ['--engine', 'spark', '--target', 'a.b', '--zorder', 'individuals'],
      '--zorder: expected table=column,column, got "individuals"',
    ],
    [
      ['--engine', 'spark', '--target', 'a.b', '--cluster-by', 'individuals=age,age'],
      '--cluster-by: individuals is given the column "age" twice',
    ],
    [
      ['--engine', 'spark', '--target', 'a.b', '--warehouse-id', 'abc'],
      '--warehouse-id is for --engine databricks, not for --engine spark',
    ],
    [
      ['--engine', 'bigquery', '--target', 'a.b', '--remote', 'sc://h'],
      '--remote is for --engine spark, not for --engine bigquery',
    ],
    [
      [
        '--engine',
        'spark',
        '--target',
        'a.b',
        '--zorder',
        'individuals=age',
        '--cluster-by',
        'individuals=age',
      ],
      'individuals: a table is ordered by --zorder or clustered by --cluster-by',
    ],
  ])('%j in one line', async (args, message) => {
    const { code, stderr } = await call(['generate', 'identity', ...args], HERE)
    expect(stderr.split('\n')[0]).toBe(`lakewright: ${message}`)
    expect(code).toBe(2)
  })

  it('a server that does not answer, in one line and without a lake left behind', async () => {
    const lake = join(folder(), 'of/mine')
    const args = ['--engine', 'spark', '--target', 'a.b', '--to', lake]
    const { code, stderr } = await call(['generate', 'identity', ...args], {
      ...HERE,
      env: { SPARK_REMOTE: 'sc://127.0.0.1:1' },
    })
    expect(stderr.split('\n')[0]).toBe('lakewright: Spark does not answer at 127.0.0.1:1')
    expect(code).toBe(1)
    expect(existsSync(dirname(lake))).toBe(false)
  }, 60_000)
})

test('a journal that cannot be kept where a file lies is refused in a line', async () => {
  const path = join(folder(), 'file')
  writeFileSync(path, '')
  const args = [
    '--engine',
    'spark',
    '--target',
    'a.b',
    '--remote',
    'sc://127.0.0.1:1',
    '--to',
    path,
  ]
  const { code, stderr } = await call(['generate', 'identity', ...args], HERE)
  expect(stderr).toMatch(/^lakewright: writing [^\n]+: a part of the path is not a folder\n/)
  expect(code).toBe(2)
})

describe('runs in a warehouse', () => {
  let there: TestWarehouse
  let lake: string
  beforeAll(async () => {
    there = await testWarehouse()
  })
  afterAll(() => there.close())

  const generate = async (people: number, cut: boolean): Promise<unknown> => {
    const place = {
      warehouse: 'spark' as const,
      connection: { host: '127.0.0.1', port: 1 },
      target: TARGET,
    }
    const options = { proof: 'counts' as const, arrangements: {} }
    const plan = await loadPlan(visitsPlan(people))
    const onStatement = (sql: string): void => {
      if (cut && sql.startsWith('INSERT')) throw new Error('cut')
    }
    return generateInWarehouse(
      { lake, place, plan, mode: 'overwrite', options },
      there.host({ onStatement }),
    ).catch(() => undefined)
  }

  it('are listed, shown and forgotten as others are', async () => {
    lake = folder()
    await generate(5, false)
    await generate(6, true)
    const list = await call(['runs', 'list', '--to', lake], HERE)
    expect(list.stdout).toMatch(/spark:memory\.demo +1 +create +finished/)
    const [, id = ''] =
      /^([0-9a-f]+) +spark:memory\.demo +2 +overwrite +unfinished/m.exec(list.stdout) ?? []
    const shown = await call(['runs', 'show', id, '--to', lake], HERE)
    expect(shown.stdout).toMatch(/kind +overwrite, spark\n/)
    expect(shown.stdout).toMatch(/parts +0 of 2 done/)
    expect(shown.stdout).toMatch(/^create people/m)
    const json = await call(['runs', 'show', id, '--to', lake, '--json'], HERE)
    expect(JSON.parse(json.stdout)).toMatchObject({
      id,
      kind: 'overwrite',
      options: { proof: 'counts' },
    })
    const gone = await call(['runs', 'cancel', id, '--to', lake], HERE)
    expect(gone.stderr).toMatch(/does not answer at 127.0.0.1:1\n.*cancel [0-9a-f]+ --forget/)
    const forgotten = await call(['runs', 'cancel', id, '--forget', '--to', lake], HERE)
    expect(forgotten).toMatchObject({ code: 0 })
    expect((await call(['runs', 'list', '--to', lake], HERE)).stdout).toMatch(/cancelled/)
  }, 60_000)
})
