import { fail } from '../errors.ts'
import type { LandedColumn } from '../plan/plan.ts'
import { quote } from '../plan/names.ts'
import { BIGQUERY, landedTypeName } from '../sql/bigquery.ts'
import { LONG_STATEMENT } from '../sql/views.ts'
import type { Landing, LandingTable, WarehouseColumn } from './landing.ts'
import { labelsOf } from './labels.ts'
import type { TableName } from './target.ts'

/**
 * Tables of BigQuery. It enforces NOT NULL and knows no CHECK. A table with a primary key cannot be renamed, so keys are
 * added last, and a table that is retired loses its own first. Facts are labels, and setting labels replaces all of
 * them.
 */
export const BIGQUERY_LANDING: Landing = {
  dialect: BIGQUERY,
  dialectName: 'bigquery',
  name: (table) => fullName(table),
  views: { most: LONG_STATEMENT, kind: 'VIEW', name: (view) => fullName(view) },
  typeName: ({ type }: LandedColumn) => landedTypeName(type),
  create: (name, table) =>
    [
      `CREATE OR REPLACE TABLE ${fullName(name)} (`,
      table.columns.map((column) => `  ${declaration(column)}`).join(',\n'),
      ')',
      ...layoutClauses(table),
      `OPTIONS (${options(table)})`,
    ].join('\n'),
  insert: (name, { columns, query, rowsBefore }) => [
    [
      `INSERT INTO ${fullName(name)} (${columns.map(quoted).join(', ')})`,
      `SELECT * FROM (\n${query}\n) AS made`,
      `WHERE (SELECT count(*) FROM ${fullName(name)}) = ${BIGQUERY.integer(rowsBefore)}`,
    ].join('\n'),
  ],
  arrange: () => [],
  setProperties: (name, facts) => [
    `ALTER TABLE ${fullName(name)} SET OPTIONS (labels = ${labels(facts)})`,
  ],
  rename: (from, to) =>
    [
      `ALTER TABLE ${fullName(from)} DROP PRIMARY KEY IF EXISTS;`,
      `ALTER TABLE ${fullName(from)} RENAME TO ${quoted(to.table)}`,
    ].join('\n'),
  drop: (name) => `DROP TABLE IF EXISTS ${fullName(name)}`,
  relate: (name, table) => [...primaryKey(name, table), ...foreignKeys(name, table)],
}

const quoted = BIGQUERY.quoteIdentifier
const text = BIGQUERY.quoteString

const fullName = ({ catalog, schema, table }: TableName): string =>
  [catalog, schema, table].map(quoted).join('.')

/** Characters that a description of a column and of a table may have. */
const COLUMN_DESCRIPTION = 1024
const TABLE_DESCRIPTION = 16_384

/** Not half a character at the end. */
const beginning = (description: string, most: number): string =>
  description.slice(0, most).replace(/[\ud800-\udbff]$/, '')

const declaration = (column: WarehouseColumn): string =>
  [
    quoted(column.name),
    landedTypeName(column.type),
    ...(column.nullable ? [] : ['NOT NULL']),
    ...(column.comment === undefined
      ? []
      : [`OPTIONS (description = ${text(beginning(column.comment, COLUMN_DESCRIPTION))})`]),
  ].join(' ')

const options = ({ description, properties }: LandingTable): string =>
  [
    ...(description === undefined
      ? []
      : [`description = ${text(beginning(description, TABLE_DESCRIPTION))}`]),
    `labels = ${labels(properties)}`,
  ].join(', ')

const labels = (facts: LandingTable['properties']): string =>
  `[${labelsOf(facts)
    .map(([key, value]) => `(${text(key)}, ${text(value)})`)
    .join(', ')}]`

const MOST_CLUSTERS = 4

const layoutClauses = ({ table, columns, arrangement }: LandingTable): readonly string[] => {
  const { partition, cluster = [], zorder } = arrangement
  const name = quote(table.landedName)
  if (zorder !== undefined)
    return fail('usage.option', `${name}: BigQuery has no Z-order, it clusters`)
  if (cluster.length > MOST_CLUSTERS)
    return fail('usage.option', `${name}: BigQuery clusters by up to ${MOST_CLUSTERS} columns`)
  const column = columns.find((each) => each.name === partition)
  return [
    ...(column === undefined ? [] : [`PARTITION BY ${partitioning(table, column)}`]),
    ...(cluster.length === 0 ? [] : [`CLUSTER BY ${cluster.map(quoted).join(', ')}`]),
  ]
}

/** A statement may write into so many partitions. */
const MOST_PARTITIONS = 4000

const MICROS_PER_DAY = 86_400_000_000

/** Days where a column's values span few enough of them, else months; equal ranges of integers. */
const partitioning = (table: LandingTable['table'], { name, type }: WarehouseColumn): string => {
  const shape = table.columns.find((each) => each.landedName === name)?.shape
  const { min, max } = shape ?? { min: -Infinity, max: Infinity }
  switch (type.kind) {
    case 'date':
      return max - min < MOST_PARTITIONS ? quoted(name) : `DATE_TRUNC(${quoted(name)}, MONTH)`
    case 'timestamp': {
      const unit = (max - min) / MICROS_PER_DAY < MOST_PARTITIONS - 1 ? 'DAY' : 'MONTH'
      return `TIMESTAMP_TRUNC(${quoted(name)}, ${unit})`
    }
    case 'integer': {
      const step = Math.ceil((max - min + 1) / MOST_PARTITIONS)
      const end = min + Math.ceil((max - min + 1) / step) * step
      return `RANGE_BUCKET(${quoted(name)}, GENERATE_ARRAY(${min}, ${end}, ${step}))`
    }
    case 'decimal':
    case 'string':
    case 'boolean':
      return fail(
        'usage.option',
        `${quote(table.landedName)}: BigQuery partitions by dates, timestamps and integers, ${quote(name)} is a ${type.kind}`,
      )
  }
}

/** BigQuery cannot be told to leave a primary key that is there. */
const primaryKey = (name: TableName, { key }: LandingTable): readonly string[] => {
  if (key.length === 0) return []
  const constraints = `${[name.catalog, name.schema].map(quoted).join('.')}.INFORMATION_SCHEMA.TABLE_CONSTRAINTS`
  const known = `SELECT 1 FROM ${constraints} WHERE table_name = ${text(name.table)} AND constraint_type = 'PRIMARY KEY'`
  return [
    [
      `IF NOT EXISTS (${known}) THEN`,
      `  ALTER TABLE ${fullName(name)} ADD PRIMARY KEY (${key.map(quoted).join(', ')}) NOT ENFORCED;`,
      'END IF',
    ].join('\n'),
  ]
}

/** A key cannot refer to its own table. */
const foreignKeys = (name: TableName, { table, references }: LandingTable): readonly string[] =>
  references
    .filter((each) => each.table !== table.landedName)
    .map(({ columns, table: other, to }) => {
      const constraint = quoted(`${columns.join('_')}_of_${other}`)
      const target = fullName({ ...name, table: other })
      return [
        `ALTER TABLE ${fullName(name)} ADD CONSTRAINT IF NOT EXISTS ${constraint}`,
        `FOREIGN KEY (${columns.map(quoted).join(', ')}) REFERENCES ${target} (${to.map(quoted).join(', ')}) NOT ENFORCED`,
      ].join(' ')
    })
