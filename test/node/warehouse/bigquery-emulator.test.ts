import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BIGQUERY_FOLDER, type BigQueryEmulator, startBigQuery } from '../../support/bigquery.ts'
import { hello } from '../../support/hello.ts'
import { filesBelow, temporaryFolders } from '../../support/lake.ts'
import { call, type Called } from '../../support/world.ts'

const folder = temporaryFolders()

describe.skipIf(BIGQUERY_FOLDER === undefined)('a run in the BigQuery emulator', () => {
  let bigquery: BigQueryEmulator
  beforeAll(async () => {
    bigquery = await startBigQuery('there')
  }, 120_000)
  afterAll(async () => bigquery.stop(), 120_000)

  it('stages and proves the rows that the native engine makes, and sees that it gives no new names', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'hello.json'), JSON.stringify(hello))
    const env = { BIGQUERY_EMULATOR_HOST: `http://127.0.0.1:${bigquery.port}` }
    const run = async (line: string): Promise<Called> => call(line.split(' '), { cwd, env })
    const made = await run('generate hello.json --engine bigquery --target test.lake')
    expect([made.code, made.stderr]).toEqual([1, expect.stringContaining('has not got its name')])
    expect((await run('generate hello.json --to native')).code).toBe(0)
    const native = await run('digest native/lakewright/hello/greetings')
    const digest = /[0-9a-f]{72}/.exec(native.stdout)?.[0] ?? 'no digest'
    const journal = filesBelow(join(cwd, 'lake')).map((path) =>
      readFileSync(join(cwd, 'lake', path), 'latin1'),
    )
    expect(journal.some((text) => text.includes(digest))).toBe(true)
    const [, staging = ''] = /rows are in (\S+)\. /.exec(made.stderr) ?? []
    const { cells } = await bigquery.columns(`SELECT count(*) FROM ${staging}`)
    expect(cells).toEqual([[1000]])
  }, 120_000)

  it('ends with the emulator’s own words when it cannot run a statement', async () => {
    const cwd = folder()
    const env = { BIGQUERY_EMULATOR_HOST: `http://127.0.0.1:${bigquery.port}` }
    const line = 'generate identity --households 20 --engine bigquery --target test.other'
    const { code, stderr } = await call(line.split(' '), { cwd, env })
    // It puts the text of a named query wherever its columns are used.
    expect([code, stderr]).toEqual([1, expect.stringMatching(/BigQuery: .*runs resume/s)])
  }, 120_000)
})
