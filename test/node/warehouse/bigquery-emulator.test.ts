import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BIGQUERY_FOLDER, type BigQueryEmulator, startBigQuery } from '../../support/bigquery.ts'
import { hello } from '../../support/hello.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { call, type Called } from '../../support/world.ts'

const folder = temporaryFolders()

describe.skipIf(BIGQUERY_FOLDER === undefined)('a run in the BigQuery emulator', () => {
  let bigquery: BigQueryEmulator
  beforeAll(async () => {
    bigquery = await startBigQuery('there')
  }, 120_000)
  afterAll(async () => bigquery.stop(), 120_000)

  // It says yes to ALTER TABLE … RENAME and does nothing, so what is published cannot be looked at.
  it('stages and proves the rows that the native engine makes, in a dataset that it makes', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'hello.json'), JSON.stringify(hello))
    const env = { BIGQUERY_EMULATOR_HOST: `http://127.0.0.1:${bigquery.port}` }
    const run = async (line: string): Promise<Called> => call(line.split(' '), { cwd, env })
    const made = await run('generate hello.json --engine bigquery --target test.lake --json')
    expect([made.code, made.stderr]).toEqual([0, expect.stringContaining('1,000 rows')])
    expect((await run('generate hello.json --to native')).code).toBe(0)
    const native = await run('digest native/lakewright/hello/greetings')
    const { tables } = JSON.parse(made.stdout) as { readonly tables: readonly { digest: string }[] }
    expect(native.stdout).toContain(tables[0]?.digest)
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
