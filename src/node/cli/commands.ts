import type { CommandEntry } from './command.ts'

/** All commands, in the order in which help shows them; each is loaded when it is called. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'generate',
    summary: 'make a dataset from a plan and land it as tables',
    load: async () => (await import('./commands/generate.ts')).generateCommand,
  },
  {
    name: 'plan',
    summary: 'print the plan of a dataset as JSON',
    load: async () => (await import('./commands/plan.ts')).planCommand,
  },
  {
    name: 'preview',
    summary: 'show rows of a table without writing anything',
    load: async () => (await import('./commands/preview.ts')).previewCommand,
  },
  {
    name: 'explain',
    summary: 'show what generate would do: stages, rows, bytes, seconds',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'sql',
    summary: 'print the SQL of a view over the tables of a dataset',
    load: async () => (await import('./commands/sql.ts')).sqlCommand,
  },
  {
    name: 'bundle',
    summary: 'write a Databricks Asset Bundle that makes a dataset on a SQL warehouse',
    load: async () => (await import('./commands/bundle.ts')).bundleCommand,
  },
  {
    name: 'databricks',
    summary: 'follow jobs of generate --engine databricks --async, and show privileges',
    load: async () => (await import('./commands/databricks.ts')).databricksCommand,
  },
  {
    name: 'dataproc',
    summary: 'run a plan as a Dataproc Serverless batch that writes to BigQuery',
    load: async () => (await import('./commands/dataproc.ts')).dataprocCommand,
  },
  {
    name: 'pipeline',
    summary: 'run a declarative pipeline on Spark: derived tables, brought up to date',
    load: async () => (await import('./commands/pipeline.ts')).pipelineCommand,
  },
  {
    name: 'verify',
    summary: 'measure every promise of a dataset again, from its files alone',
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  {
    name: 'score',
    summary: 'hold the pairs or clusters of a matcher against the truth of a dataset',
    load: async () => (await import('./commands/score.ts')).scoreCommand,
  },
  {
    name: 'digest',
    summary: 'print the portable digest of a table',
    load: async () => (await import('./commands/digest.ts')).digestCommand,
  },
  {
    name: 'runs',
    summary: 'list, show, resume or cancel runs',
    load: async () => (await import('./commands/runs.ts')).runsCommand,
  },
  {
    name: 'vacuum',
    summary: 'remove files that no version of a dataset needs',
    load: async () => (await import('./commands/vacuum.ts')).vacuumCommand,
  },
]
