import { readdirSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { withDuckDb } from '../../../src/node/verify/session.ts'
import { temporaryFolders } from '../../support/lake.ts'

const folder = temporaryFolders()

afterEach(() => vi.unstubAllEnvs())

test.each([
  ['that fits into memory makes no folder, so that none is left by who is killed', 1000, 0],
  ['that does not fit spills into a folder, which goes at the end', 2_000_000, 1],
])('work %s', async (_, rows, folders) => {
  const temporary = folder()
  vi.stubEnv('TMPDIR', temporary)
  const found = await withDuckDb({ memoryMb: 60, threads: 1 }, async (duckDb) => {
    await duckDb.run(
      `CREATE TEMP TABLE t AS SELECT hash(range) AS h, range::VARCHAR AS s FROM range(${rows})`,
    )
    await duckDb.run('CREATE TEMP TABLE u AS SELECT * FROM t ORDER BY h')
    return readdirSync(temporary).length
  })
  expect(found).toBe(folders)
  expect(readdirSync(temporary)).toEqual([])
})
