import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DUCKDB } from '../../src/core/sql/duckdb.ts'
import { renderLandedTable } from '../../src/core/sql/landed.ts'
import { type DuckDb, openDuckDb } from '../../src/node/engine/duckdb.ts'
import { nativeDigests } from '../support/differential/digests.ts'
import { keyRanges } from '../support/differential/ranges.ts'
import { digestDifference } from '../support/differential/report.ts'
import { subjectsOf } from './datasets.ts'

/** Reading a statement takes DuckDB longer than making a small part, so not all of 64 parts are made of large ones. */
const TEXT = process.env['LAKEWRIGHT_PARTS'] === 'all' ? Infinity : 800_000

/** Declares the proof that DuckDB makes the native rows of a dataset. */
export const proveOnDuckDb = (dataset: string): void => {
  describe(`DuckDB makes the native rows of ${dataset}`, () => {
    const spillFolder = mkdtempSync(join(tmpdir(), 'lakewright-differential-'))
    let db: DuckDb
    beforeAll(async () => {
      db = await openDuckDb({ memoryMb: 4000, threads: 1, spillFolder })
    })
    afterAll(() => {
      db.close()
      rmSync(spillFolder, { recursive: true, force: true })
    })

    it.each(subjectsOf(dataset))(
      '%s whole, in 7 and in 64 parts',
      async (_, subject) => {
        const duckdb = { name: 'duckdb', dialect: DUCKDB, engine: db } as const
        const digests = nativeDigests(subject)
        const native = digests({ from: 0, to: subject.table.maxKey + 1 })
        expect(native.rows()).toBeGreaterThan(0)
        expect(await digestDifference(duckdb, subject, { native })).toBeUndefined()
        const length = renderLandedTable(subject.plan, subject.table, { dialect: DUCKDB }).length
        let rows = 0
        for (const range of keyRanges(subject, 7)) {
          const part = digests(range)
          rows += part.rows()
          expect(await digestDifference(duckdb, subject, { native: part, range })).toBeUndefined()
        }
        expect(rows).toBe(native.rows())
        for (const range of spread(keyRanges(subject, 64), Math.max(3, TEXT / length))) {
          const part = digests(range)
          expect(await digestDifference(duckdb, subject, { native: part, range })).toBeUndefined()
        }
      },
      3_600_000,
    )
  })
}

/** So many of some items, spread over all of them, the first and the last among them. */
const spread = <T>(items: readonly T[], count: number): readonly T[] => {
  if (count >= items.length) return items
  const step = (items.length - 1) / (Math.floor(count) - 1)
  return Array.from({ length: Math.floor(count) }, (_, i) => items[Math.round(i * step)] as T)
}
