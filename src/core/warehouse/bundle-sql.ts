import { unreachable } from '../errors.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import { landedColumns, landedTables } from '../run/landed.ts'
import type { Dialect } from '../sql/dialect.ts'
import { renderLandedTable } from '../sql/landed.ts'
import { SPARK } from '../sql/spark.ts'
import type { BundleTask, Choice } from './bundle.ts'
import { stagingName } from './target.ts'

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
  return `${head}\n${statements.map((each) => `${each};\n`).join('\n')}`
}

/** A task that is SQL. */
export type SqlTask = Exclude<BundleTask, { readonly kind: 'derive' }>

/** Double braces in a text would be taken for a parameter of the task. */
const TASK: Dialect = {
  ...SPARK,
  quoteString: (text) => SPARK.quoteString(text).replaceAll('{{', '{\\u007b'),
}

const WHAT: Readonly<Record<SqlTask['kind'], string>> = {
  check: 'Refuses what this text was not rendered for, and tables that are there',
  stage: 'Makes the rows of one table under a staging name',
  publish:
    'Puts every staged table under its own name: each in one step, and all again if one step fails',
  clean: 'Drops the staged tables',
}

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
      return tables.map(
        ({ landedName }) =>
          `CREATE OR REPLACE TABLE ${name(landedName)} DEEP CLONE ${staged(landedName)}`,
      )
    case 'clean':
      return tables.map(({ landedName }) => `DROP TABLE IF EXISTS ${staged(landedName)}`)
    default:
      return unreachable(task)
  }
}

const name = TASK.quoteIdentifier
const staged = (table: string): string => name(stagingName('bundle', table))

const checkChoice = ({ name: parameter, value }: Choice): string =>
  `SELECT assert_true(:${parameter} = ${TASK.quoteString(value)}, ${TASK.quoteString(
    `this text makes ${parameter} ${value}; deploy.sh renders another`,
  )})`

const checkTables = (tables: readonly TypedTable[]): string => {
  const names = tables.map(({ landedName }) => TASK.quoteString(landedName.toLowerCase()))
  return `SELECT assert_true(
  lower(:overwrite) = 'true' OR NOT EXISTS (
    SELECT 1 FROM information_schema.tables
    WHERE table_schema = lower(:schema) AND lower(table_name) IN (${names.join(', ')})
  ),
  'the schema has tables of these names; run with overwrite true to replace them'
)`
}

const stage = (plan: TypedPlan, table: TypedTable): readonly string[] => {
  const target = staged(table.landedName)
  const comment =
    table.description === undefined ? '' : `\nCOMMENT ${TASK.quoteString(table.description)}`
  const select = renderLandedTable(plan, table, { dialect: TASK })
  const columns = landedColumns(table).flatMap(({ landedName, description }) =>
    description === undefined
      ? []
      : [
          `ALTER TABLE ${target} ALTER COLUMN ${name(landedName)} COMMENT ${TASK.quoteString(description)}`,
        ],
  )
  return [
    `CREATE OR REPLACE TABLE ${target}${comment}\nTBLPROPERTIES ('lakewright.planHash' = '${plan.hash}')\nAS\n${select}`,
    ...columns,
  ]
}
