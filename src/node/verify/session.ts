import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDb, openDuckDb } from '../engine/duckdb.ts'

/** How much reading back may use: mebibytes of memory, and threads. What does not fit goes to a temporary folder. */
export interface SessionLimits {
  readonly memoryMb: number
  readonly threads: number
}

/** Limits that suit a laptop. */
export const DEFAULT_LIMITS: SessionLimits = { memoryMb: 1024, threads: 2 }

/** Opens a DuckDB for some work on files, and closes it. */
export const withDuckDb = async <T>(
  limits: SessionLimits,
  work: (duckDb: DuckDb) => Promise<T>,
): Promise<T> => {
  // DuckDB makes it when it needs it: who is killed before leaves nothing behind.
  const spillFolder = join(tmpdir(), `lakewright-duckdb-${randomUUID()}`)
  try {
    const duckDb = await openDuckDb({ ...limits, spillFolder })
    try {
      await duckDb.run('SET preserve_insertion_order = false')
      return await work(duckDb)
    } finally {
      duckDb.close()
    }
  } finally {
    await rm(spillFolder, { recursive: true, force: true })
  }
}
