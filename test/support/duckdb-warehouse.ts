import { deltaTypeOf } from '../../src/core/delta/schema.ts'
import type { Engine } from '../../src/core/ports.ts'
import { sparkCheck } from '../../src/core/run/check-sql.ts'
import { DUCKDB } from '../../src/core/sql/duckdb.ts'
import type { Landing } from '../../src/core/warehouse/landing.ts'
import type { TableName, Target } from '../../src/core/warehouse/target.ts'
import type { FoundTable, Warehouse } from '../../src/core/warehouse/warehouse.ts'
import { type DuckDb, openDuckDb } from '../../src/node/engine/duckdb.ts'
import type { WarehouseHost } from '../../src/node/warehouse/host.ts'

/** Where tests land; DuckDB's only catalog is called memory. */
export const TARGET: Target = { catalog: 'memory', schema: 'demo' }

/** Hears of a statement before and after it; what it throws fails the statement, after which it may have been done. */
export type OnStatement = (sql: string, moment: 'before' | 'after') => void

/** A DuckDB that outlives the connections to it, as a warehouse for tests of the driver. */
export interface TestWarehouse {
  readonly duckDb: DuckDb
  /** Statements that came to it, of all connections. */
  readonly statements: readonly string[]
  /** The properties of tables by name, which DuckDB does not have. */
  readonly properties: ReadonlyMap<string, Readonly<Record<string, string>>>
  readonly stopped: readonly unknown[]
  readonly open: (onStatement?: OnStatement) => Warehouse
  readonly host: (
    parts?: Partial<WarehouseHost> & { readonly onStatement?: OnStatement },
  ) => WarehouseHost
  /** Names of all tables and views of the target, in order. */
  readonly tables: () => Promise<readonly string[]>
  readonly close: () => void
}

/** Opens an empty one. */
export const testWarehouse = async (): Promise<TestWarehouse> => {
  const duckDb = await openDuckDb()
  const statements: string[] = []
  const properties = new Map<string, Readonly<Record<string, string>>>()
  const stopped: unknown[] = []
  let sessions = 0
  const open = (onStatement: OnStatement = () => undefined): Warehouse => {
    const around = async <T>(sql: string, work: () => Promise<T>): Promise<T> => {
      onStatement(sql, 'before')
      statements.push(sql)
      const result = await work()
      onStatement(sql, 'after')
      return result
    }
    const engine: Engine = {
      run: (sql) => around(sql, () => runStatement(duckDb, properties, sql)),
      columns: (sql) => around(sql, () => duckDb.columns(sql)),
      close: async () => undefined,
    }
    return {
      name: 'spark',
      place: 'a test',
      engine,
      landing: LANDING,
      session: ++sessions,
      stopSession: async (session) => {
        stopped.push(session)
      },
      privileges: async () => [],
      prepare: async ({ schema }) => duckDb.run(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`),
      look: (target, names) => look({ duckDb, properties }, target, names),
      close: async () => undefined,
    }
  }
  let time = 1_700_000_000_000
  return {
    duckDb,
    statements,
    properties,
    stopped,
    open,
    host: ({ onStatement, ...parts } = {}) => ({
      clock: { now: () => time++ },
      now: () => time++,
      crash: { at: undefined, log: undefined },
      signal: new AbortController().signal,
      onEvent: () => undefined,
      onPrivileges: () => undefined,
      open: async () => open(onStatement),
      ...parts,
    }),
    tables: async () =>
      (
        await duckDb.rows(
          `SELECT table_name AS t FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY t`,
        )
      ).map(({ t }) => String(t)),
    close: duckDb.close,
  }
}

const quoted = DUCKDB.quoteIdentifier
const fullName = ({ catalog, schema, table }: TableName): string =>
  [catalog, schema, table].map(quoted).join('.')

const PROPERTIES = '-- properties '
const RENAME = /^ALTER TABLE "memory"\."demo"\."([^"]*)" RENAME TO "([^"]*)"$/

const runStatement = async (
  duckDb: DuckDb,
  properties: Map<string, Readonly<Record<string, string>>>,
  sql: string,
): Promise<void> => {
  const renamed = RENAME.exec(sql)
  if (sql.startsWith(PROPERTIES)) {
    const [table, facts] = JSON.parse(sql.slice(PROPERTIES.length)) as [
      string,
      Record<string, string>,
    ]
    properties.set(table, { ...properties.get(table), ...facts })
    return
  }
  const [create, comment] = sql.split(`\n${PROPERTIES}`)
  await duckDb.run(create ?? '')
  if (comment !== undefined) {
    const [table, facts] = JSON.parse(comment) as [string, Record<string, string>]
    properties.set(table, facts)
  }
  if (renamed !== null) {
    const [, from = '', to = ''] = renamed
    properties.set(to, properties.get(from) ?? {})
    properties.delete(from)
  }
}

const LANDING: Landing = {
  dialect: DUCKDB,
  dialectName: 'duckdb',
  name: fullName,
  // So short that nearly every insertion reads from views.
  views: { most: 400, kind: 'VIEW', name: fullName },
  typeName: ({ type, long }) => typeName(deltaTypeOf(type, long)),
  create: (name, { table, columns, properties }) => {
    const checks = table.checks.flatMap((check) => {
      const sql = sparkCheck(table, check)
      return sql === undefined ? [] : [`CHECK (${sql.replaceAll('`', '"')})`]
    })
    const list = columns.map((column) =>
      [quoted(column.name), LANDING.typeName(column), column.nullable ? '' : 'NOT NULL'].join(' '),
    )
    return `CREATE OR REPLACE TABLE ${fullName(name)} (${[...list, ...checks].join(', ')})\n${PROPERTIES}${JSON.stringify([name.table, properties])}`
  },
  insert: (name, { columns, query, rowsBefore }) => [
    `INSERT INTO ${fullName(name)} (${columns.map(quoted).join(', ')}) SELECT * FROM (${query}) WHERE (SELECT count(*) FROM ${fullName(name)}) = ${rowsBefore}`,
  ],
  arrange: () => [],
  setProperties: ({ table }, facts) => [`${PROPERTIES}${JSON.stringify([table, facts])}`],
  rename: (from, to) => `ALTER TABLE ${fullName(from)} RENAME TO ${quoted(to.table)}`,
  drop: (name) => `DROP TABLE IF EXISTS ${fullName(name)}`,
  relate: () => [],
}

const typeName = (delta: string): string =>
  ({
    long: 'BIGINT',
    integer: 'INTEGER',
    string: 'VARCHAR',
    timestamp: 'TIMESTAMP WITH TIME ZONE',
  })[delta] ?? delta.toUpperCase()

const look = async (
  { duckDb, properties }: Pick<TestWarehouse, 'duckDb' | 'properties'>,
  { schema }: Target,
  names: readonly string[],
): Promise<ReadonlyMap<string, FoundTable>> => {
  const rows = await duckDb.rows(
    `SELECT table_name AS t, column_name AS c, data_type AS d FROM duckdb_columns() WHERE schema_name = '${schema}' ORDER BY t, column_index`,
  )
  const views = await duckDb.rows('SELECT view_name AS v FROM duckdb_views() WHERE NOT internal')
  return new Map(
    names.flatMap((name) => {
      const own = rows.filter(({ t }) => t === name)
      if (own.length === 0) return []
      const columns = own.map(({ c, d }) => ({ name: String(c), type: String(d) }))
      const kind = views.some(({ v }) => v === name) ? ('view' as const) : ('table' as const)
      return [[name, { kind, columns, properties: properties.get(name) ?? {} }] as const]
    }),
  )
}
