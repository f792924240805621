import { fail } from '../../core/errors.ts'
import { digestQuery } from '../../core/sql/digest.ts'
import { DEFAULT_LIMITS, type SessionLimits, withDuckDb } from './session.ts'
import type { TableSource } from './source.ts'

/** A table's number of rows and its portable digest, 72 hex digits. */
export interface DigestOutcome {
  readonly rows: number
  readonly digest: string
}

/** Computes the digest of a table's rows in bounded memory. */
export const digestSource = (
  { columns, sql }: TableSource,
  limits: SessionLimits = DEFAULT_LIMITS,
): Promise<DigestOutcome> =>
  withDuckDb(limits, async (duckDb) => {
    const [row] = await duckDb.rows(digestQuery('duckdb', columns, sql))
    const { rows, digest } = row ?? {}
    return typeof rows === 'number' && typeof digest === 'string'
      ? { rows, digest }
      : fail('internal', 'the digest query gave no row')
  })
