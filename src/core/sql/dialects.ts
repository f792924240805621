import { fail } from '../errors.ts'
import type { Dialect } from './dialect.ts'
import { DUCKDB } from './duckdb.ts'
import { SPARK } from './spark.ts'

/** The names of all dialects, in the order of help. */
export const DIALECT_NAMES = ['duckdb', 'spark', 'bigquery'] as const
export type DialectName = (typeof DIALECT_NAMES)[number]

/** Every dialect that a plan can be rendered in; the one place that knows them by name. */
export const DIALECTS: Readonly<Partial<Record<DialectName, Dialect>>> = {
  duckdb: DUCKDB,
  spark: SPARK,
}

/** The dialect of a name. Throws sql.unsupported when plans cannot be rendered in it. */
export const dialectNamed = (name: DialectName): Dialect =>
  DIALECTS[name] ?? fail('sql.unsupported', `plans cannot be rendered for ${name}`)
