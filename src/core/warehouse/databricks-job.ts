import type { Json } from '../ports.ts'
import type { DatabricksCluster } from './databricks-cluster.ts'
import {
  checkSql,
  cleanSql,
  describeSql,
  type JobWork,
  publishSql,
  stageSql,
} from './databricks-job-sql.ts'

/** What a job on Databricks makes, and on what. */
export interface JobInputs extends JobWork {
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
  /** The tasks that come before. */
  readonly after: readonly string[]
  readonly path: string
  readonly text: string
}

/**
 * The tasks of a job in order: what is there is looked at, then every table is staged and proven, side by side; when all
 * are, each takes its name, or is added to the table that is there, in one step that can be repeated; then properties,
 * tags and keys are set and the staging tables dropped. A cluster does it all in one task, since every task would get a
 * cluster of its own.
 */
export const jobTasks = (inputs: JobInputs): readonly JobTask[] => {
  const check = checkSql(inputs)
  const checks = check.length === 0 ? [] : [{ key: 'check', after: [], statements: check }]
  const first = checks.map(({ key }) => key)
  const stages = inputs.tables
    .filter(({ parts }) => parts.length > 0)
    .map((each, i) => ({
      key: taskKey(`stage_${String(i + 1).padStart(2, '0')}_${each.table.landedName}`),
      after: first,
      statements: stageSql(inputs, each),
    }))
  const ending = [
    { key: 'publish', statements: publishSql(inputs) },
    { key: 'describe', statements: describeSql(inputs) },
    { key: 'clean', statements: cleanSql(inputs) },
  ].filter(({ statements }) => statements.length > 0)
  const staged = stages.length === 0 ? first : stages.map(({ key }) => key)
  const tasks: readonly JobTask[] = [
    ...checks,
    ...stages,
    ...ending.map((task, i) => ({
      ...task,
      after: i === 0 ? staged : ending.slice(i - 1, i).map(({ key }) => key),
    })),
  ]
  if (inputs.compute.kind === 'warehouse') return tasks
  return [{ key: 'generate', after: [], statements: tasks.flatMap((task) => task.statements) }]
}

/** Keys of tasks are of letters, digits, `-` and `_`, at most 100. */
const taskKey = (name: string): string => name.replaceAll(/[^\w-]/g, '_').slice(0, 100)

/** The files that a job's tasks run, one a task. */
export const jobFiles = (inputs: JobInputs): readonly JobFile[] =>
  jobTasks(inputs).map(({ key, after, statements }) => {
    const isNotebook = inputs.compute.kind === 'cluster'
    return {
      task: key,
      after,
      path: `${inputs.folder}/${key}${isNotebook ? '' : '.sql'}`,
      // Where a task's text has two braces, it would be given a parameter.
      text: (isNotebook ? notebook : script)([SETTING, ...statements]).replaceAll('{{', '{\\u007b'),
    }
  })

/** The body of POST /api/2.2/jobs/runs/submit, for tasks whose files are uploaded. */
export const jobSubmission = (
  { plan, target, compute }: JobInputs,
  files: readonly JobFile[],
  token: string,
): Json => ({
  run_name: `lakewright ${plan.plan.name} to ${target.catalog}.${target.schema}`,
  idempotency_token: token,
  tasks: files.map(({ task, after, path }) => ({
    task_key: task,
    ...(after.length === 0 ? {} : { depends_on: after.map((each) => ({ task_key: each })) }),
    ...work(compute, path),
  })),
})

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
