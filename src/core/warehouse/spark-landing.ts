import { deltaTypeOf } from '../delta/schema.ts'
import type { LandedColumn } from '../plan/plan.ts'
import { sparkCheck } from '../run/check-sql.ts'
import { SPARK } from '../sql/spark.ts'
import { LONG_STATEMENT } from '../sql/views.ts'
import type { Landing, LandingTable, WarehouseColumn } from './landing.ts'
import type { TableName } from './target.ts'
import { refuseLayout } from './delta-layout.ts'

/**
 * Delta tables of open-source Spark 4.1 with Delta 4.4, which has no PRIMARY KEY, no FOREIGN KEY and no tags. NOT NULL
 * and CHECK are declared when the table is made, so every insertion is held to them and no second pass is needed.
 */
export const SPARK_LANDING: Landing = {
  dialect: SPARK,
  dialectName: 'spark',
  name: (table) => fullName(table),
  views: {
    most: LONG_STATEMENT,
    kind: 'TEMPORARY VIEW',
    name: ({ table }) => SPARK.quoteIdentifier(table),
  },
  typeName: (column) => sparkType(column),
  create: (name, table) =>
    [
      `CREATE OR REPLACE TABLE ${fullName(name)} (`,
      table.columns.map((column) => `  ${declaration(column)}`).join(',\n'),
      ') USING delta',
      ...layoutClauses(table),
      ...(table.description === undefined ? [] : [`COMMENT ${text(table.description)}`]),
      `TBLPROPERTIES (${properties({ ...sparkChecks(table), ...table.properties })})`,
    ].join('\n'),
  insert: (name, { columns, query, rowsBefore, token }) => [
    `SET ${TRANSACTION}.txnAppId = ${token}`,
    `SET ${TRANSACTION}.txnVersion = 1`,
    [
      `INSERT INTO ${fullName(name)} (${columns.map(quoted).join(', ')})`,
      `SELECT * FROM (\n${query}\n) AS made`,
      `WHERE (SELECT count(*) FROM ${fullName(name)}) = ${SPARK.integer(rowsBefore)}`,
    ].join('\n'),
    `RESET ${TRANSACTION}.txnVersion`,
    `RESET ${TRANSACTION}.txnAppId`,
  ],
  arrange: (name, { arrangement: { zorder, cluster } }) => {
    if (zorder !== undefined)
      return [`OPTIMIZE ${fullName(name)} ZORDER BY (${zorder.map(quoted).join(', ')})`]
    return cluster === undefined ? [] : [`OPTIMIZE ${fullName(name)}`]
  },
  setProperties: (name, facts) => [
    `ALTER TABLE ${fullName(name)} SET TBLPROPERTIES (${properties(facts)})`,
  ],
  // The catalog of a session takes no catalog in the new name, and other catalogs need none.
  rename: (from, to) =>
    `ALTER TABLE ${fullName(from)} RENAME TO ${quoted(to.schema)}.${quoted(to.table)}`,
  drop: (name) => `DROP TABLE IF EXISTS ${fullName(name)}`,
  relate: () => [],
}

/** Spark's name of the type that a column lands as, as DESCRIBE gives it. */
export const sparkType = ({ type, long }: LandedColumn): string => {
  const name = deltaTypeOf(type, long)
  return SPARK_TYPES[name] ?? name
}

/** The checks of a table that Delta can hold, as properties that are in force from the first row. */
export const sparkChecks = ({ table }: LandingTable): Readonly<Record<string, string>> =>
  Object.fromEntries(
    table.checks.flatMap((check) => {
      const sql = sparkCheck(table, check)
      return sql === undefined ? [] : [[`delta.constraints.${check.name}`, sql]]
    }),
  )

/** A table's full name in Spark; without a catalog and a schema that are empty, which USE has to name then. */
export const fullName = ({ catalog, schema, table }: TableName): string =>
  [catalog, schema, table]
    .filter((name) => name !== '')
    .map(quoted)
    .join('.')

/**
 * What keeps Delta from committing one insertion twice: a transaction of the same application and version is passed
 * over, also when two run at the same time.
 */
const TRANSACTION = 'spark.databricks.delta.write'

const SPARK_TYPES: Readonly<Record<string, string>> = { long: 'bigint', integer: 'int' }

const quoted = SPARK.quoteIdentifier
const text = SPARK.quoteString

const declaration = (column: WarehouseColumn): string =>
  [
    quoted(column.name),
    sparkType(column).toUpperCase(),
    ...(column.nullable ? [] : ['NOT NULL']),
    ...(column.comment === undefined ? [] : [`COMMENT ${text(column.comment)}`]),
  ].join(' ')

const layoutClauses = (table: LandingTable): readonly string[] => {
  refuseLayout(table)
  const { partition, cluster } = table.arrangement
  if (cluster !== undefined) return [`CLUSTER BY (${cluster.map(quoted).join(', ')})`]
  return partition === undefined ? [] : [`PARTITIONED BY (${quoted(partition)})`]
}

const properties = (facts: Readonly<Record<string, string>>): string =>
  Object.entries(facts)
    .map(([name, value]) => `${text(name)} = ${text(value)}`)
    .join(', ')
