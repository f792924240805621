import type { TypedPlan } from '../plan/typed.ts'
import {
  bundleTasks,
  bundleYaml,
  PIPELINE_FOLDER,
  pipelineSources,
  pipelineSpec,
  renderingFolder,
  taskKey,
  type BundleInputs,
} from './bundle.ts'
import { type SqlTask, taskSql } from './bundle-sql.ts'
import { bundleReadme, deployScript, type RenderWords } from './bundle-text.ts'

/** A file of a bundle: its path within, its text, and whether people may change it and have it kept. */
export interface BundleFile {
  readonly path: string
  readonly text: string
  readonly kept: boolean
  readonly executable?: boolean
}

/** Every file of a bundle with one rendering of its SQL. Throws sql.unsupported for what Spark cannot say. */
export const bundleFiles = (
  plan: TypedPlan,
  inputs: BundleInputs,
  words: RenderWords,
): readonly BundleFile[] => [
  { path: 'databricks.yml', text: bundleYaml(inputs), kept: true },
  { path: 'deploy.sh', text: deployScript(inputs, words), kept: true, executable: true },
  { path: 'README.md', text: bundleReadme(inputs), kept: true },
  ...bundleTasks(inputs).flatMap((task) =>
    task.kind === 'derive' ? pipelineFiles(inputs) : [sqlFile(plan, inputs, task)],
  ),
]

const pipelineFiles = (inputs: BundleInputs): readonly BundleFile[] => [
  { path: `${PIPELINE_FOLDER}/spark-pipeline.yml`, text: pipelineSpec(inputs), kept: true },
  ...pipelineSources(inputs).map((file) => ({ ...file, kept: false })),
]

const sqlFile = (
  plan: TypedPlan,
  { choices }: Pick<BundleInputs, 'choices'>,
  task: SqlTask,
): BundleFile => ({
  path: `${renderingFolder(choices.map(({ value }) => value))}/${taskKey(task)}.sql`,
  text: taskSql(plan, choices, task),
  kept: false,
})
