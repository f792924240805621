import { unreachable } from '../errors.ts'
import type { Json } from '../ports.ts'
import { SPARK } from '../sql/spark.ts'
import { type DerivedTable, derivedSql } from './derived.ts'
import { yamlText } from './yaml.ts'

/** What a bundle is made from, besides the text of its tables. */
export interface BundleInputs {
  /** The plan's name. */
  readonly dataset: string
  /** What chooses between renderings of the SQL: variables of the bundle, in the order of their folders. */
  readonly choices: readonly Choice[]
  readonly catalog: string
  readonly schema: string
  /** The name of the SQL warehouse that runs the job. */
  readonly warehouse: string
  /** Landed names of the tables, in the order in which they are published. */
  readonly tables: readonly string[]
  /** Tables that a pipeline derives from them. */
  readonly derived: readonly DerivedTable[]
}

/** A variable whose value is baked into the SQL and is part of a folder's name. */
export interface Choice {
  readonly name: 'scale' | 'days' | 'seed'
  readonly value: string
}

/** A task of the job, as data. */
export type BundleTask =
  | { readonly kind: 'check' }
  | { readonly kind: 'stage'; readonly table: string; readonly number: number }
  | { readonly kind: 'publish' }
  | { readonly kind: 'describe' }
  | { readonly kind: 'clean' }
  | { readonly kind: 'derive' }

/** The tasks in the order in which they run; those that stage run side by side. */
export const bundleTasks = ({
  tables,
  derived,
}: Pick<BundleInputs, 'tables' | 'derived'>): readonly BundleTask[] => [
  { kind: 'check' },
  ...tables.map((table, number): BundleTask => ({ kind: 'stage', table, number })),
  { kind: 'publish' },
  { kind: 'describe' },
  { kind: 'clean' },
  ...(derived.length > 0 ? [{ kind: 'derive' } as const] : []),
]

/** The key of a task within its job: letters, digits, `_` and `-`, at most 100 (Jobs API). */
export const taskKey = (task: BundleTask): string =>
  task.kind === 'stage'
    ? `stage_${String(task.number + 1).padStart(2, '0')}_${task.table}`.slice(0, 100)
    : task.kind

/** The folder of a rendering within the bundle, by values or by references to variables. */
export const renderingFolder = (values: readonly string[]): string => ['sql', ...values].join('/')

/** The key of the job, and of the pipeline, among the bundle's resources: it has to begin with a letter. */
export const resourceKey = ({ dataset }: Pick<BundleInputs, 'dataset'>): string =>
  `lakewright_${dataset}`

/** The folder of the pipeline's source within the bundle. */
export const PIPELINE_FOLDER = 'pipeline'

/** databricks.yml: variables, the job, the pipeline if there is one, and the targets dev and prod. */
export const bundleYaml = (inputs: BundleInputs): string => {
  const { derived } = inputs
  const key = resourceKey(inputs)
  return `${HEADING}${yamlText({
    bundle: { name: key },
    variables: variables(inputs),
    resources: {
      jobs: { [key]: job(inputs) },
      pipelines: derived.length > 0 ? { [key]: pipeline(key) } : undefined,
    },
    targets: {
      dev: { mode: 'development', default: true },
      prod: {
        mode: 'production',
        workspace: {
          root_path:
            '/Workspace/Users/${workspace.current_user.userName}/.bundle/${bundle.name}/${bundle.target}',
        },
      },
    },
  })}`
}

const HEADING = `# A Databricks Asset Bundle, written by lakewright bundle. Deploy and run it with deploy.sh; README.md says more.
# Each target may set variables of its own: targets.<target>.variables.<name>.
`

const WHAT: Readonly<Record<Choice['name'], string>> = {
  scale: 'How large the data is; there has to be a rendering in sql/, which deploy.sh makes',
  days: 'How many days there are; as scale',
  seed: 'Other rows by the same laws; as scale',
}

const variables = ({ choices, ...inputs }: BundleInputs): Json => ({
  catalog: { description: 'Where the schema is', default: inputs.catalog },
  schema: { description: 'Where the tables land; it has to be there', default: inputs.schema },
  ...Object.fromEntries(
    choices.map(({ name, value }) => [name, { description: WHAT[name], default: value }]),
  ),
  overwrite: {
    description: 'Whether tables that are there are replaced (true) or refused (false)',
    default: 'false',
  },
  warehouse_id: {
    description: 'The SQL warehouse that does the work',
    lookup: { warehouse: inputs.warehouse },
  },
})

/** The job's parameters: every variable, so that a run shows what it was asked and can refuse what was not rendered. */
const job = (inputs: BundleInputs): Json => {
  const names = ['catalog', 'schema', ...inputs.choices.map(({ name }) => name), 'overwrite']
  return {
    name: resourceKey(inputs),
    description: `Makes the dataset ${inputs.dataset}: stages every table, publishes all of them, then drops the staged ones.`,
    max_concurrent_runs: 1,
    parameters: names.map((name) => ({ name, default: variable(name) })),
    tasks: bundleTasks(inputs).map((task) => taskOf(inputs, task)),
  }
}

const variable = (name: string): string => `\${var.${name}}`

const taskOf = (inputs: BundleInputs, task: BundleTask): Json => {
  const before = bundleTasks(inputs).filter(({ kind }) => kind === BEFORE[task.kind])
  return {
    task_key: taskKey(task),
    depends_on:
      before.length === 0 ? undefined : before.map((each) => ({ task_key: taskKey(each) })),
    ...work(inputs, task),
  }
}

const BEFORE: Readonly<Record<BundleTask['kind'], BundleTask['kind'] | undefined>> = {
  check: undefined,
  stage: 'check',
  publish: 'stage',
  describe: 'publish',
  clean: 'publish',
  derive: 'publish',
}

const work = (inputs: BundleInputs, task: BundleTask): { readonly [name: string]: Json } => {
  switch (task.kind) {
    case 'check':
    case 'stage':
    case 'publish':
    case 'describe':
    case 'clean': {
      const folder = renderingFolder(inputs.choices.map(({ name }) => variable(name)))
      return {
        sql_task: {
          warehouse_id: variable('warehouse_id'),
          file: { path: `./${folder}/${taskKey(task)}.sql` },
        },
      }
    }
    case 'derive':
      return { pipeline_task: { pipeline_id: `\${resources.pipelines.${resourceKey(inputs)}.id}` } }
    default:
      return unreachable(task)
  }
}

const pipeline = (name: string): Json => ({
  name,
  catalog: variable('catalog'),
  schema: variable('schema'),
  serverless: true,
  libraries: [{ glob: { include: `./${PIPELINE_FOLDER}/${SOURCES}` } }],
})

const SOURCES = 'transformations/**'

/** spark-pipeline.yml: the same pipeline for Spark's own command `spark-pipelines run`. */
export const pipelineSpec = (inputs: BundleInputs): string =>
  `# For Spark without Databricks: spark-pipelines run --remote sc://HOST:PORT --spec pipeline/spark-pipeline.yml
${yamlText({
  name: resourceKey(inputs),
  catalog: 'spark_catalog',
  database: inputs.schema,
  storage: `file:///tmp/${resourceKey(inputs)}`,
  configuration: { 'spark.sql.sources.default': 'delta' },
  libraries: [{ glob: { include: SOURCES } }],
})}`

/** The source of the pipeline: a file for each table, by its path within the bundle. */
export const pipelineSources = ({
  derived,
}: Pick<BundleInputs, 'derived'>): readonly { readonly path: string; readonly text: string }[] =>
  derived.map((table) => ({
    path: `${PIPELINE_FOLDER}/transformations/${table.name}.sql`,
    text: derivedSql(table, { dialect: SPARK, kind: 'materialized-view', place: [] }),
  }))
