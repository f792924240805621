import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLakewrightError } from '../../../src/core/errors.ts'
import { type DuckDb, openDuckDb } from '../../../src/node/engine/duckdb.ts'

const errorOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('a DuckDB', () => {
  let db: DuckDb
  beforeAll(async () => {
    db = await openDuckDb({ memoryMb: 100, threads: 1 })
  })
  afterAll(() => db.close())

  it('gives exact integers as numbers and larger ones as text', async () => {
    expect(
      await db.rows(
        "SELECT 9007199254740991 AS exact, 9007199254740993 AS wide, 1.50 AS dec, NULL AS none, true AS yes, 'ü' AS word",
      ),
    ).toEqual([
      {
        exact: 9007199254740991,
        wide: '9007199254740993',
        dec: '1.50',
        none: null,
        yes: true,
        word: 'ü',
      },
    ])
  })

  it('gives columns of equal length, also of no rows', async () => {
    expect(await db.columns('SELECT i, i * 2 AS twice FROM range(3) AS r(i)')).toEqual({
      names: ['i', 'twice'],
      cells: [
        [0, 1, 2],
        [0, 2, 4],
      ],
    })
    expect(await db.columns('SELECT 1 AS one WHERE false')).toEqual({ names: ['one'], cells: [[]] })
    expect(await db.rows('SELECT 1 AS one WHERE false')).toEqual([])
  })

  it('keeps what ran before on the same connection', async () => {
    await db.run('CREATE TEMP TABLE kept AS SELECT 7 AS seven')
    expect(await db.rows('SELECT seven FROM kept')).toEqual([{ seven: 7 }])
  })

  it('lives in UTC, within its limits, and loads nothing from elsewhere', async () => {
    const [settings] = await db.rows(
      "SELECT current_setting('TimeZone') AS zone, current_setting('threads') AS threads, " +
        "current_setting('memory_limit') AS memory, current_setting('temp_directory') AS spill, " +
        "current_setting('autoinstall_known_extensions') AS installs, " +
        "current_setting('autoload_known_extensions') AS loads",
    )
    expect(settings).toEqual({
      zone: 'UTC',
      threads: 1,
      memory: '100.0 MiB',
      spill: '',
      installs: false,
      loads: false,
    })
  })

  it("fails with DuckDB's message and the statement", async () => {
    const error = await errorOf(db.rows('SELECT nothing FROM nowhere'))
    if (!isLakewrightError(error)) throw new Error('expected an error of our own')
    expect(error.code).toBe('engine.failed')
    expect(error.message).toContain('nowhere')
    expect(error.details).toEqual({ sql: 'SELECT nothing FROM nowhere' })
    expect(await db.rows('SELECT 1 AS fine')).toEqual([{ fine: 1 }])
  })

  it('sorts more than fits in memory only when it may spill', async () => {
    const sort =
      'SELECT max(h) AS largest FROM (SELECT h, row_number() OVER (ORDER BY h) AS n FROM (SELECT md5(CAST(i AS VARCHAR)) AS h FROM range(1000000) AS r(i)))'
    const error = await errorOf(db.rows(sort))
    expect(isLakewrightError(error) && error.message).toContain('Out of Memory')
    const spillFolder = mkdtempSync(join(tmpdir(), 'lakewright-spill-'))
    const spilling = await openDuckDb({ memoryMb: 100, threads: 1, spillFolder })
    try {
      const [found] = await spilling.rows(sort)
      expect(String(found?.['largest'])).toMatch(/^ffff/)
    } finally {
      spilling.close()
      rmSync(spillFolder, { recursive: true, force: true })
    }
  })
})
