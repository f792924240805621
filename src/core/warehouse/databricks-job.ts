import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import type { Json } from '../ports.ts'
import { declaredColumns, landedTables } from '../run/landed.ts'
import { renderLandedTable } from '../sql/landed.ts'
import type { DatabricksCluster } from './databricks-cluster.ts'
import { DATABRICKS_LANDING } from './databricks-landing.ts'
import { factProperties, factsOf } from './facts.ts'
import { type Arrangement, landingTable, type LandingTable } from './landing.ts'
import { stagingName, type TableName, type Target } from './target.ts'

/** What a job on Databricks makes, and on what. */
export interface JobInputs {
  readonly plan: TypedPlan
  readonly target: Target
  /** By landed name of the table. */
  readonly arrangements: Readonly<Record<string, Arrangement>>
  readonly fingerprint: string
  /** Names the staging tables; the same for the same work on the same tables. */
  readonly run: string
  readonly compute: JobCompute
  /** Where its files lie in the workspace, absolute. */
  readonly folder: string
}

/** A SQL warehouse that is there, or a cluster that is made for the job. */
export type JobCompute =
  | { readonly kind: 'warehouse'; readonly id: string }
  | { readonly kind: 'cluster'; readonly cluster: DatabricksCluster }

/** A task of a job: the statements of one file, run in one session. */
export interface JobTask {
  readonly key: string
  readonly after: readonly string[]
  readonly statements: readonly string[]
}

/** A file of the workspace: a SQL file, or a notebook of SQL. */
export interface JobFile {
  readonly task: string
  readonly path: string
  readonly text: string
}

/**
 * The tasks of a job in order: every table is staged, side by side; when all are, each takes its name in one step that
 * can be repeated; then keys and tags are set and the staging tables dropped. A cluster does it all in one task, since
 * every task would get a cluster of its own.
 */
export const jobTasks = (inputs: JobInputs): readonly JobTask[] => {
  const tables = landedTables(inputs.plan)
  const stages = tables.map((table, i) => ({
    key: `stage_${String(i + 1).padStart(2, '0')}_${table.landedName}`.slice(0, 100),
    after: [],
    statements: [SETTING, ...stage(inputs, table)],
  }))
  const keys = stages.map(({ key }) => key)
  const tasks: readonly JobTask[] = [
    ...stages,
    { key: 'publish', after: keys, statements: tables.map((table) => publish(inputs, table)) },
    {
      key: 'describe',
      after: ['publish'],
      statements: tables.flatMap((table) => describe(inputs, table)),
    },
    { key: 'clean', after: ['describe'], statements: tables.map((table) => clean(inputs, table)) },
  ]
  if (inputs.compute.kind === 'warehouse') return tasks
  const statements = tasks.flatMap((task) => task.statements).filter((each) => each !== SETTING)
  return [{ key: 'generate', after: [], statements: [SETTING, ...statements] }]
}

/** The files that a job's tasks run. */
export const jobFiles = (inputs: JobInputs): readonly JobFile[] =>
  jobTasks(inputs).map(({ key, statements }) => {
    const isNotebook = inputs.compute.kind === 'cluster'
    return {
      task: key,
      path: `${inputs.folder}/${key}${isNotebook ? '' : '.sql'}`,
      // Where a task's text has two braces, it would be given a parameter.
      text: (isNotebook ? notebook(statements) : script(statements)).replaceAll('{{', '{\\u007b'),
    }
  })

/** The body of POST /api/2.2/jobs/runs/submit. */
export const jobSubmission = (inputs: JobInputs, token: string): Json => {
  const files = new Map(jobFiles(inputs).map(({ task, path }) => [task, path]))
  return {
    run_name: `lakewright ${inputs.plan.plan.name} to ${inputs.target.catalog}.${inputs.target.schema}`,
    idempotency_token: token,
    tasks: jobTasks(inputs).map(({ key, after }) => ({
      task_key: key,
      ...(after.length === 0 ? {} : { depends_on: after.map((task) => ({ task_key: task })) }),
      ...work(inputs.compute, files.get(key) ?? ''),
    })),
  }
}

const work = (compute: JobCompute, path: string): { readonly [name: string]: Json } =>
  compute.kind === 'warehouse'
    ? { sql_task: { warehouse_id: compute.id, file: { path, source: 'WORKSPACE' } } }
    : {
        notebook_task: { notebook_path: path, source: 'WORKSPACE' },
        new_cluster: compute.cluster,
      }

/** Rows are the same everywhere in UTC alone. */
const SETTING = "SET TIME ZONE 'UTC'"

const script = (statements: readonly string[]): string =>
  statements.map((each) => `${each};\n`).join('\n')

/** The source form of a notebook of SQL, one cell a statement. */
const notebook = (statements: readonly string[]): string =>
  `-- Databricks notebook source\n${statements.join('\n\n-- COMMAND ----------\n\n')}\n`

const nameOf = ({ target }: JobInputs, table: string): TableName => ({ ...target, table })

const stagingOf = (inputs: JobInputs, { landedName }: TypedTable): TableName =>
  nameOf(inputs, stagingName(inputs.run, landedName))

const landedAs = (
  { plan, arrangements, fingerprint, run }: JobInputs,
  table: TypedTable,
): LandingTable =>
  landingTable(plan, table, {
    arrangement: arrangements[table.landedName],
    properties: factProperties(factsOf(plan, { fingerprint, run, number: 1 })),
  })

const stage = (inputs: JobInputs, table: TypedTable): readonly string[] => {
  const name = stagingOf(inputs, table)
  const landed = landedAs(inputs, table)
  const { dialect, create, insert, arrange } = DATABRICKS_LANDING
  return [
    create(name, landed),
    ...insert(name, {
      columns: declaredColumns(table).map((column) => column.name),
      query: renderLandedTable(inputs.plan, table, { dialect }),
      rowsBefore: 0,
      token: `lakewright-${inputs.run}-${table.name}`,
    }),
    ...arrange(name, landed),
  ]
}

const publish = (inputs: JobInputs, table: TypedTable): string => {
  const { name } = DATABRICKS_LANDING
  const published = name(nameOf(inputs, table.landedName))
  return `CREATE OR REPLACE TABLE ${published} DEEP CLONE ${name(stagingOf(inputs, table))}`
}

const describe = (inputs: JobInputs, table: TypedTable): readonly string[] =>
  DATABRICKS_LANDING.relate(nameOf(inputs, table.landedName), landedAs(inputs, table))

const clean = (inputs: JobInputs, table: TypedTable): string =>
  DATABRICKS_LANDING.drop(stagingOf(inputs, table))
