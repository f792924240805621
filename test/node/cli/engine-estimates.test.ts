import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ESTIMATED_ENGINES } from '../../../src/core/warehouse/prices.ts'
import { assetUrl } from '../../../src/node/store/assets.ts'
import { hello } from '../../support/hello.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { call } from '../../support/world.ts'

const folderOf = temporaryFolders()

const explain = async (...words: readonly string[]) => {
  const cwd = folderOf()
  writeFileSync(join(cwd, 'p.json'), JSON.stringify(hello))
  const dear = JSON.parse(readFileSync(assetUrl('prices.json'), 'utf8')) as {
    date: string
    engines: {
      databricks: { pricePerHour: number }
      dataproc: { autoscaling: { addSeconds: number } }
    }
  }
  dear.date = '2030-01-01'
  dear.engines.databricks.pricePerHour *= 1000
  dear.engines.dataproc.autoscaling.addSeconds = 0
  writeFileSync(join(cwd, 'dear.json'), JSON.stringify(dear))
  return call(['explain', 'p.json', ...words], { cwd })
}

interface Explained {
  readonly engines: {
    readonly date: string
    readonly estimates: readonly {
      readonly engine: string
      readonly rows: number
      readonly money: number
      readonly partitions: number
      readonly basis: { readonly kind: string }
    }[]
  }
}
const explained = async (...words: readonly string[]): Promise<Explained['engines']> =>
  (JSON.parse((await explain(...words, '--json')).stdout) as Explained).engines

describe('explain', () => {
  test('estimates rows, bytes, pieces, time and money of every engine, and calls them estimates', async () => {
    const { stdout } = await explain()
    expect(stdout).toContain('1,000 rows, ')
    expect(stdout).toMatch(/Estimates, at prices of 20\d\d-\d\d-\d\d; --prices takes others:/)
    for (const engine of ESTIMATED_ENGINES) expect(stdout).toMatch(new RegExp(`^${engine} `, 'm'))
    const { estimates } = await explained()
    expect(estimates.map(({ engine }) => engine)).toEqual([...ESTIMATED_ENGINES])
    expect(estimates.every(({ rows, basis }) => rows === 1000 && basis.kind !== '')).toBe(true)
  })

  test('with an engine estimates that one alone, in as many pieces as asked', async () => {
    const { estimates } = await explained('--engine', 'bigquery', '--parts', '7')
    expect(estimates).toMatchObject([{ engine: 'bigquery', partitions: 7 }])
  })

  test('takes --partitions as those of Spark, and as parts where there is no Spark', async () => {
    const all = await explained('--partitions', '3')
    const found = Object.fromEntries(all.estimates.map((each) => [each.engine, each.partitions]))
    expect(found).toMatchObject({ native: 3, databricks: 3, dataproc: 3, bigquery: 3 })
    const [own] = (await explained('--engine', 'databricks')).estimates
    expect(own).toMatchObject({ partitions: 100, partitionsOf: 'partitions a table' })
    const spark = await explain('--engine', 'spark', '--partitions', '3')
    expect(spark.stdout).not.toContain('insert part 2 of greetings')
    expect((await explain('--engine', 'bigquery', '--partitions', '3')).stdout).toContain(
      'insert part 3 of greetings',
    )
  })

  test('with a warehouse lists the stages of a warehouse, not those of a lake', async () => {
    const { stdout } = await explain('--engine', 'spark', '--parts', '2')
    expect(stdout).toContain('  2. make a staging table for greetings')
    expect(stdout).toContain('  4. insert part 2 of greetings into it')
    expect(stdout).not.toContain('redo record')
    expect((await explain('--engine', 'dataproc')).stdout).toContain('  1. submit one batch')
    expect((await explain('--engine', 'native')).stdout).toContain('take the lock')
  })

  test('takes another price table', async () => {
    const cheap = await explained('--engine', 'databricks')
    const dear = await explained('--engine', 'databricks', '--prices', 'dear.json')
    expect(dear.date).toBe('2030-01-01')
    expect(dear.estimates[0]?.money).toBeCloseTo((cheap.estimates[0]?.money ?? 0) * 1000, 6)
  })

  test('has a line for an engine that grows, where there is work enough', async () => {
    const small = await explain('--engine', 'dataproc')
    expect(small.stdout).not.toContain('grown to')
    const grown = await explain('--engine', 'dataproc', '--prices', 'dear.json')
    expect(grown.stdout).toMatch(/^dataproc .*at least 2 executors/m)
    expect(grown.stdout).toMatch(/^ +grown to 8 executors, as it asks for .* at best/m)
  })

  test.each([
    ['nowhere.json', '--prices: there is no file "nowhere.json"'],
    ['p.json', 'p.json: date: expected a text'],
  ])('refuses the price table %s in a line', async (path, says) => {
    const { code, stdout, stderr } = await explain('--prices', path)
    expect(code).toBeGreaterThan(0)
    expect(stdout).toBe('')
    expect(stderr).toContain(says)
  })
})
