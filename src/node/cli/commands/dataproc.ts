import { actionNamed } from '../action.ts'
import type { Command, CommandInput } from '../command.ts'
import { PLACE_OPTIONS, SUBMIT_OPTIONS } from '../dataproc-options.ts'
import {
  cancelAction,
  CLOUD_SUFFIX,
  describeAction,
  listAction,
  logsAction,
  permissionsAction,
  proveAction,
  submitAction,
} from '../dataproc-run.ts'
import { datasetOptions } from '../dataset-options.ts'
import { JSON_OPTION } from '../lake-options.ts'
import type { OptionDefinition } from '../option.ts'
import { PLAN_OPTIONS } from '../plan-source.ts'
import { WAREHOUSE_OPTIONS } from '../warehouse-options.ts'
import type { World } from '../world.ts'

/** Options of `submit` that `generate` has under other names. */
const OWN_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'write-mode',
    aliases: ['mode'],
    kind: 'choice',
    choices: ['overwrite', 'append'],
    description: 'what becomes of the rows of tables that are there',
  },
  {
    name: 'partitions',
    aliases: ['parts'],
    kind: 'integer',
    min: 1,
    max: 100_000,
    description:
      'Spark’s partitions a table; without it, 100, 1,000 or 5,000 by the rows of the largest',
  },
]

const ARRANGING_OPTIONS = WAREHOUSE_OPTIONS.filter(({ name }) =>
  ['cluster-by', 'partition-by'].includes(name),
)

const FOLLOW_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'wait',
    kind: 'flag',
    description: 'submit and describe: wait until the batch has ended, fail when it failed',
  },
  {
    name: 'limit',
    kind: 'integer',
    min: 1,
    max: 10_000,
    description: 'list: so many batches, 20 without it; logs: so many lines, 1,000 without it',
  },
  { name: 'all', kind: 'flag', description: 'list: batches of others too' },
]

/** `lakewright dataproc`: plans as batches of Dataproc Serverless that write to BigQuery. */
export const dataprocCommand: Command = {
  name: 'dataproc',
  summary: 'run a plan as a Dataproc Serverless batch that writes to BigQuery',
  usage:
    '<submit [dataset | plan.json] | prove [dataset | plan.json] | permissions | list | describe ID | logs ID | cancel ID>',
  positionals: [1, 2],
  options: [
    ...PLACE_OPTIONS,
    ...SUBMIT_OPTIONS,
    ...OWN_OPTIONS,
    ...ARRANGING_OPTIONS,
    ...FOLLOW_OPTIONS,
    ...PLAN_OPTIONS,
    JSON_OPTION,
  ],
  further: async (positionals) => {
    const further = await datasetOptions(
      TAKES_PLAN.has(positionals[0] ?? '') ? [subjectOf(positionals)] : [],
    )
    return further && { ...further, options: further.options.map(withCloudSuffix) }
  },
  examples: [
    {
      line: 'lakewright dataproc submit mdm --region europe-west1 --total-records 100000000',
      says: 'returns at once with the id of the batch, which writes raw_crm_customers_scale and its sisters to mdm_demo',
    },
    {
      line: 'lakewright dataproc submit mdm --project-id my-project --dataset-id mdm --region europe-west1 --subnet private --service-account runner@my-project.iam.gserviceaccount.com --partitions 2000 --write-mode overwrite',
      says: 'the same with everything named',
    },
    {
      line: 'lakewright dataproc permissions --region europe-west1',
      says: 'what submitting takes: needed, held and missing, with what mends it',
    },
    {
      line: 'lakewright dataproc prove mdm --region europe-west1 --total-records 100000000',
      says: 'rows and digests of what the batch of this plan has written, computed by BigQuery',
    },
    { line: 'lakewright dataproc list --region europe-west1', says: 'the newest batches first' },
    {
      line: 'lakewright dataproc describe ID --region europe-west1 --wait',
      says: 'waits for its end, removes the staged SQL, fails when the batch failed',
    },
    { line: 'lakewright dataproc logs ID --region europe-west1', says: 'what it has logged' },
    { line: 'lakewright dataproc cancel ID --region europe-west1', says: 'stops it' },
  ],
  run: async (world, input) => {
    const [action = ''] = input.positionals
    return actionNamed('dataproc', ACTIONS, action)(world, input)
  },
}

/** Actions whose second word is a plan rather than the id of a batch. */
const TAKES_PLAN: ReadonlySet<string> = new Set(['submit', 'prove'])

const withCloudSuffix = (option: OptionDefinition): OptionDefinition =>
  option.name === 'table-suffix' && option.kind === 'text'
    ? { ...option, default: CLOUD_SUFFIX }
    : option

/** What is submitted when nothing is named. */
const subjectOf = (positionals: readonly string[]): string => positionals[1] ?? 'mdm'

type Action = (world: World, input: CommandInput) => Promise<number>

const ACTIONS: Readonly<Record<string, Action>> = {
  submit: async (world, input) =>
    submitAction(world, { ...input, positionals: [subjectOf(input.positionals)] }),
  prove: async (world, input) =>
    proveAction(world, { ...input, positionals: [subjectOf(input.positionals)] }),
  permissions: permissionsAction,
  list: listAction,
  describe: describeAction,
  logs: logsAction,
  cancel: cancelAction,
}
