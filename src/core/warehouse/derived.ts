import type { Dialect } from '../sql/dialect.ts'

/** A table that follows from others by a query, under the names that they land with. */
export interface DerivedTable {
  readonly name: string
  /** Whether it only gets rows as its sources do, each from one of theirs, so that a streaming table can hold it. */
  readonly streams?: boolean
  /** The query; `read` writes what stands behind FROM for a table of that name. */
  readonly query: (dialect: Dialect, read: (table: string) => string) => string
}

/** What a derived table becomes: a plain view, or a table of a declarative pipeline, which keeps it up to date. */
export const DERIVED_KINDS = ['view', 'materialized-view', 'streaming-table'] as const
export type DerivedKind = (typeof DERIVED_KINDS)[number]

/** How a derived table is written. */
export interface DerivedRendering {
  readonly dialect: Dialect
  readonly kind: DerivedKind
  /** Where it and the tables that it reads stand, as unquoted names from the outside in; none for names alone. */
  readonly place: readonly string[]
}

/**
 * The statement that makes a derived table. Those of pipelines name no provider: their tables are of the default one,
 * and Delta refuses to alter it. A streaming table reads only what its sources were given since the last run, so they
 * must be added to and never replaced.
 */
export const derivedSql = (
  { name, query }: DerivedTable,
  { dialect, kind, place }: DerivedRendering,
): string => {
  const placed = (table: string): string => [...place, table].map(dialect.quoteIdentifier).join('.')
  const read = (table: string): string =>
    kind === 'streaming-table' ? `STREAM(${placed(table)})` : placed(table)
  return `${CREATE[kind]} ${placed(name)} AS\n${query(dialect, read)};\n`
}

const CREATE: Readonly<Record<DerivedKind, string>> = {
  view: 'CREATE OR REPLACE VIEW',
  'materialized-view': 'CREATE MATERIALIZED VIEW',
  'streaming-table': 'CREATE STREAMING TABLE',
}
