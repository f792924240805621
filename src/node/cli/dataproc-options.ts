import { fail } from '../../core/errors.ts'
import { CONNECTOR_VERSION } from '../../core/warehouse/dataproc.ts'
import type { CommandInput } from './command.ts'
import { type OptionDefinition, textValue } from './option.ts'
import { WAREHOUSE_OPTIONS } from './warehouse-options.ts'

/** Where batches are. */
export const PLACE_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'project-id',
    kind: 'text',
    placeholder: 'project',
    description:
      'the Google Cloud project; without it, GOOGLE_CLOUD_PROJECT or that of the credentials',
  },
  {
    name: 'region',
    kind: 'text',
    placeholder: 'region',
    description: 'where batches run, such as europe-west1; without it, CLOUDSDK_DATAPROC_REGION',
  },
]

/** Options of a submission that `generate` has too. */
export const SUBMIT_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'dataset-id',
    kind: 'text',
    placeholder: 'dataset',
    default: 'mdm_demo',
    description: 'the BigQuery dataset, or project.dataset; made when it is absent',
  },
  {
    name: 'subnet',
    kind: 'text',
    placeholder: 'subnetwork',
    description: 'a subnetwork of the region with Private Google Access, by name or URI',
  },
  {
    name: 'service-account',
    kind: 'text',
    placeholder: 'address',
    description: 'the account that the batch runs as; without it, the default of Compute Engine',
  },
  {
    name: 'staging-bucket',
    kind: 'text',
    placeholder: 'bucket',
    description:
      'where the SQL is staged; without it, the bucket that Dataproc made for the region',
  },
  {
    name: 'batch-id',
    kind: 'text',
    placeholder: 'id',
    form: {
      pattern: '[a-z0-9][a-z0-9-]{2,61}[a-z0-9]',
      maxLength: 63,
      expects: 'small letters, digits and hyphens',
    },
    description: 'a name of your own: submitting it twice makes one batch',
  },
  {
    name: 'runtime-version',
    kind: 'text',
    placeholder: 'version',
    default: '3.0',
    description: 'the runtime of the batch, from 3.0, which has Spark 4.0',
  },
  {
    name: 'connector-version',
    kind: 'text',
    placeholder: 'version',
    default: CONNECTOR_VERSION,
    description: 'the Spark BigQuery connector, in place of the one that the runtime has',
  },
]

/** Options of `generate` that only `--engine dataproc` understands; it has the project of every Google engine besides. */
export const DATAPROC_OPTIONS: readonly OptionDefinition[] = [
  ...PLACE_OPTIONS.filter(({ name }) => name !== 'project-id'),
  ...SUBMIT_OPTIONS,
].map((option) => ({ ...option, description: `with --engine dataproc, ${option.description}` }))

/** Options of `generate` that a batch of Dataproc has no use for. */
const OF_OTHERS: readonly string[] = [
  'to',
  'catalog',
  'format',
  'compression',
  'file-rows',
  'no-checksums',
  'workers',
  'foreign',
  ...WAREHOUSE_OPTIONS.map(({ name }) => name).filter(
    (name) => !['project-id', 'cluster-by', 'partition-by'].includes(name),
  ),
]

/** Whether `--engine dataproc` was asked for. Fails with usage.option on options of other engines, or of it for another. */
export const isDataproc = ({ values, given }: CommandInput): boolean => {
  const engine = textValue(values, 'engine') ?? ''
  const strays = engine === 'dataproc' ? OF_OTHERS : DATAPROC_OPTIONS.map(({ name }) => name)
  const stray = strays.find((name) => given.has(name))
  if (stray !== undefined)
    fail('usage.option', `--${stray} is not for --engine ${engine}`, {
      hint:
        engine === 'dataproc'
          ? 'See lakewright dataproc --help for what a batch understands.'
          : 'It is for --engine dataproc.',
    })
  return engine === 'dataproc'
}
