import { BIGQUERY } from './bigquery.ts'
import type { Dialect } from './dialect.ts'
import { DUCKDB } from './duckdb.ts'
import { SPARK } from './spark.ts'

/** The names of all dialects, in the order of help. */
export const DIALECT_NAMES = ['duckdb', 'spark', 'bigquery'] as const
export type DialectName = (typeof DIALECT_NAMES)[number]

/** Every dialect that a plan can be rendered in; the one place that knows them by name. */
export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  duckdb: DUCKDB,
  spark: SPARK,
  bigquery: BIGQUERY,
}

/** The dialect of a name. */
export const dialectNamed = (name: DialectName): Dialect => DIALECTS[name]
