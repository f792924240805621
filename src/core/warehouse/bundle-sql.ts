import { unreachable } from '../errors.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import type { ExpectedRows } from '../run/expected-rows.ts'
import { landedColumns, landedTables } from '../run/landed.ts'
import { cutParts } from '../run/parts.ts'
import { renderLandedWithViews } from '../sql/landed.ts'
import { SPARK } from '../sql/spark.ts'
import { makeView, SESSION_VIEWS } from '../sql/views.ts'
import type { BundleTask, Choice } from './bundle.ts'
import { DATABRICKS_LANDING as LANDING } from './databricks-landing.ts'
import { factProperties, factsOf } from './facts.ts'
import { cleanSql, describeSql, type JobWork, proveSql, publishSql } from './databricks-job-sql.ts'
import { landingTable, type LandingTable } from './landing.ts'
import { stagingName, type TableName } from './target.ts'

/**
 * The text of a SQL task. The job's parameters reach it as named markers; tables have no catalog and schema of their
 * own, because what a statement makes cannot be named by a marker inside of a longer name.
 */
export const taskSql = (plan: TypedPlan, choices: readonly Choice[], task: SqlTask): string => {
  const statements = [
    `USE CATALOG ${IDENTIFIER('catalog')}`,
    `USE SCHEMA ${IDENTIFIER('schema')}`,
    ...work(plan, choices, task),
  ]
  const head = `-- ${WHAT[task.kind]}; made by lakewright bundle from plan ${plan.hash}`
  return `${head}\n${statements.map((each) => `${withoutMarks(each)};\n`).join('\n')}`
}

/** A task that is SQL. */
export type SqlTask = Exclude<BundleTask, { readonly kind: 'derive' }>

const WHAT: Readonly<Record<SqlTask['kind'], string>> = {
  check: 'Refuses what this text was not rendered for, and tables that are there',
  stage: 'Makes the rows of one table under a staging name',
  publish:
    'Puts every staged table under its own name: each in one step, and all again if one step fails',
  describe: 'Sets rows, digests, keys and tags of the published tables',
  clean: 'Drops the staged tables',
}

/** Double braces would be taken for a parameter of the task; they can only stand in literals of texts. */
const withoutMarks = (statement: string): string => statement.replaceAll('{{', '{\\u007b')

const IDENTIFIER = (parameter: string): string =>
  `IDENTIFIER('\`' || replace(:${parameter}, '\`', '\`\`') || '\`')`

const work = (plan: TypedPlan, choices: readonly Choice[], task: SqlTask): readonly string[] => {
  const tables = landedTables(plan)
  switch (task.kind) {
    case 'check':
      return [...choices.map(checkChoice), checkTables(tables)]
    case 'stage': {
      const table = tables.find(({ landedName }) => landedName === task.table)
      return table === undefined ? [] : stage(plan, table)
    }
    case 'publish':
      return publishSql(workOf(plan))
    case 'describe':
      return describeSql(workOf(plan))
    case 'clean':
      return cleanSql(workOf(plan))
    default:
      return unreachable(task)
  }
}

/** The work of all tasks; tables lie where a task's USE has led. */
const workOf = (plan: TypedPlan): JobWork => ({
  plan,
  target: { catalog: '', schema: '' },
  tables: landedTables(plan).map((table) => ({
    table,
    parts: cutParts(plan, { table, expected: NO_ROWS }, { parts: 1 }),
    way: 'take',
    before: undefined,
  })),
  arrangements: {},
  proof: 'digest',
  fingerprint: plan.hash,
  run: 'bundle',
  number: 1,
})

const NO_ROWS: ExpectedRows = { rows: 0, exact: false, variants: [] }

const staged = (table: string): TableName => ({
  catalog: '',
  schema: '',
  table: stagingName('bundle', table),
})

const landing = (plan: TypedPlan, table: TypedTable): LandingTable =>
  landingTable(plan, table, {
    arrangement: undefined,
    properties: factProperties(factsOf(plan, { run: 'bundle', number: 1, fingerprint: plan.hash })),
  })

const checkChoice = ({ name: parameter, value }: Choice): string =>
  `SELECT assert_true(:${parameter} = ${SPARK.quoteString(value)}, ${SPARK.quoteString(
    `this text makes ${parameter} ${value}; deploy.sh renders another`,
  )})`

const checkTables = (tables: readonly TypedTable[]): string => {
  const names = tables.map(({ landedName }) => SPARK.quoteString(landedName.toLowerCase()))
  return `SELECT assert_true(
  lower(:overwrite) = 'true' OR NOT EXISTS (
    SELECT 1 FROM information_schema.tables
    WHERE table_schema = lower(:schema) AND lower(table_name) IN (${names.join(', ')})
  ),
  'the schema has tables of these names; run with overwrite true to replace them'
)`
}

const stage = (plan: TypedPlan, table: TypedTable): readonly string[] => {
  const name = staged(table.landedName)
  const whole = landing(plan, table)
  const { text, views } = renderLandedWithViews(plan, table, {
    dialect: SPARK,
    places: SESSION_VIEWS,
  })
  const rows = {
    columns: landedColumns(table).map(({ landedName }) => landedName),
    query: text,
    rowsBefore: 0,
    token: 'bundle',
  }
  return [
    LANDING.create(name, whole),
    ...views.map((view) => makeView('TEMPORARY VIEW', view)),
    ...LANDING.insert(name, rows),
    ...LANDING.arrange(name, whole),
    ...proveSql(workOf(plan), { table, way: 'take' }),
  ]
}
