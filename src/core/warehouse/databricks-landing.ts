import { SPARK } from '../sql/spark.ts'
import { LONG_STATEMENT } from '../sql/views.ts'
import { sparkCheck } from '../run/check-sql.ts'
import type { Landing, LandingTable } from './landing.ts'
import { fullName, SPARK_LANDING } from './spark-landing.ts'
import type { TableName } from './target.ts'

/**
 * Tables of Databricks: Spark's, with informational keys and with tags. Checks are added when the rows are in, since no
 * property may declare them, and each statement has a session of its own, so that none can be set up.
 */
export const DATABRICKS_LANDING: Landing = {
  ...SPARK_LANDING,
  views: { most: LONG_STATEMENT, kind: 'VIEW', name: fullName },
  create: (name, table) => SPARK_LANDING.create(name, withoutChecks(table)),
  insert: (name, { columns, query, rowsBefore }) => [
    [
      `INSERT INTO ${fullName(name)} (${columns.map(quoted).join(', ')})`,
      `SELECT * FROM (\n${query}\n) AS made`,
      `WHERE (SELECT count(*) FROM ${fullName(name)}) = ${SPARK.integer(rowsBefore)}`,
    ].join('\n'),
  ],
  arrange: (name, table) => [...checks(name, table), ...SPARK_LANDING.arrange(name, table)],
  setProperties: (name, facts) => [
    ...SPARK_LANDING.setProperties(name, facts),
    ...tags(name, facts),
  ],
  rename: (from, to) => `ALTER TABLE ${fullName(from)} RENAME TO ${fullName(to)}`,
  relate: (name, table) => [
    ...tags(name, table.properties),
    ...primaryKey(name, table),
    ...foreignKeys(name, table),
  ],
}

const quoted = SPARK.quoteIdentifier
const text = SPARK.quoteString

const list = (columns: readonly string[]): string => `(${columns.map(quoted).join(', ')})`

const withoutChecks = (table: LandingTable): LandingTable => ({
  ...table,
  table: { ...table.table, checks: [] },
})

const checks = (name: TableName, { table }: LandingTable): readonly string[] =>
  table.checks.flatMap((check) => {
    const sql = sparkCheck(table, check)
    const alter = `ALTER TABLE ${fullName(name)}`
    const constraint = quoted(check.name)
    if (sql === undefined) return []
    return [
      `${alter} DROP CONSTRAINT IF EXISTS ${constraint}`,
      `${alter} ADD CONSTRAINT ${constraint} CHECK (${withoutVariables(sql)})`,
    ]
  })

/** Literals of a check are not those of the dialect; none is to begin a variable. */
const withoutVariables = (sql: string): string => sql.replaceAll('${', '$\\{')

/** Names of tags may have no dots. */
const TAGS: readonly (readonly [property: string, tag: string])[] = [
  ['lakewright.planHash', 'lakewright_plan_hash'],
  ['lakewright.digest', 'lakewright_digest'],
]

const tags = (name: TableName, facts: LandingTable['properties']): readonly string[] => {
  const pairs = TAGS.flatMap(([property, tag]) => {
    const value = facts[property]
    return value === undefined ? [] : [`${text(tag)} = ${text(value === '' ? 'unknown' : value)}`]
  })
  return pairs.length === 0 ? [] : [`ALTER TABLE ${fullName(name)} SET TAGS (${pairs.join(', ')})`]
}

/** Constraints get names from Databricks, since they must differ from all others of the schema. */
const primaryKey = (name: TableName, { key, columns }: LandingTable): readonly string[] => {
  const isNullable = columns.some((column) => column.nullable && key.includes(column.name))
  if (key.length === 0 || isNullable) return []
  const alter = `ALTER TABLE ${fullName(name)}`
  return [
    `${alter} DROP PRIMARY KEY IF EXISTS CASCADE`,
    `${alter} ADD PRIMARY KEY ${list(key)} NOT ENFORCED`,
  ]
}

const foreignKeys = (name: TableName, { references }: LandingTable): readonly string[] =>
  references.flatMap(({ columns, table, to }) => {
    const alter = `ALTER TABLE ${fullName(name)}`
    const parent = fullName({ ...name, table })
    return [
      `${alter} DROP FOREIGN KEY IF EXISTS ${list(columns)}`,
      `${alter} ADD FOREIGN KEY ${list(columns)} REFERENCES ${parent} ${list(to)} NOT ENFORCED`,
    ]
  })
