import { fail } from '../../core/errors.ts'
import { quote } from '../../core/plan/names.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import type { StopSignal } from '../../core/ports.ts'
import type { BatchMode, BatchSpec } from '../../core/warehouse/dataproc.ts'
import { openGoogle } from '../catalog/google/google.ts'
import { type BatchPlace, regionName } from '../dataproc/batches.ts'
import type { BatchLanding } from '../dataproc/permissions.ts'
import type { Submission } from '../dataproc/work.ts'
import { fetchHttp, stoppedBy, systemPause } from '../http/fetch.ts'
import type { CommandInput } from './command.ts'
import { numberValue, type OptionValues, textValue } from './option.ts'
import { warehouseFileOptions } from './warehouse-options.ts'
import type { World } from './world.ts'

/** The Google session and region that options and environment name; requests end when the signal aborts. */
export const batchPlace = async (
  world: World,
  values: OptionValues,
  signal: StopSignal = world.signal,
): Promise<BatchPlace> => {
  const { env } = world
  const region =
    textValue(values, 'region') ??
    env['CLOUDSDK_DATAPROC_REGION'] ??
    fail('usage.option', 'no region is named', {
      hint: 'Give --region, such as europe-west1, or set CLOUDSDK_DATAPROC_REGION.',
    })
  const host = stoppedBy({ env, http: fetchHttp(), pause: systemPause() }, signal)
  return {
    google: await openGoogle(host, textValue(values, 'project-id')),
    region: regionName(region),
  }
}

/** What is to be submitted, for a session in `project`. */
export const submissionOf = (
  plan: TypedPlan,
  { values }: CommandInput,
  project: string,
): Submission => ({
  ...landingOf(values, project),
  plan,
  mode: modeOf(values),
  batchId: textValue(values, 'batch-id'),
  subnet: textValue(values, 'subnet'),
  runtime: runtimeOf(values),
  connector: versionOf(values, 'connector-version'),
  // `generate` calls it parts.
  partitions: numberValue(values, 'partitions') ?? numberValue(values, 'parts'),
  arrangements: warehouseFileOptions(plan, values).arrangements,
})

/** Where a submission lands and works. */
export const landingOf = (values: OptionValues, project: string): BatchLanding => ({
  dataset: datasetOf(textValue(values, 'dataset-id') ?? '', project),
  serviceAccount: serviceAccountOf(values),
  bucket: textValue(values, 'staging-bucket'),
})

const modeOf = (values: OptionValues): BatchMode | undefined => {
  const mode =
    textValue(values, 'write-mode') ??
    textValue(values, 'mode') ??
    (values.get('overwrite') === true ? 'overwrite' : undefined)
  if (mode === undefined || mode === 'overwrite' || mode === 'append') return mode
  return fail('usage.option', `--mode ${mode} is for a lake, not for Dataproc`, {
    hint: 'Choose --write-mode overwrite or append.',
  })
}

const datasetOf = (text: string, project: string): BatchSpec['dataset'] => {
  const [, named, dataset = ''] = /^(?:([a-z][a-z0-9:.-]+)\.)?(\w+)$/.exec(text) ?? []
  if (dataset === '' || dataset.length > 1024)
    fail('usage.option', `--dataset-id: ${quote(text)} is no dataset`, {
      hint: 'A dataset has letters, digits and underscores; one of another project is project.dataset.',
    })
  return { project: named ?? project, dataset }
}

const serviceAccountOf = (values: OptionValues): string | undefined => {
  const text = textValue(values, 'service-account')
  return text === undefined || /^[\w.-]+@[\w.-]+$/.test(text)
    ? text
    : fail('usage.option', `--service-account: ${quote(text)} is no address of an account`, {
        hint: 'Such as runner@my-project.iam.gserviceaccount.com.',
      })
}

const FIRST_RUNTIME = 3

/** Runtimes before 3.0 have Spark 3, which has no operators for shifts. */
const runtimeOf = (values: OptionValues): string => {
  const version = versionOf(values, 'runtime-version')
  if (Number.parseInt(version, 10) >= FIRST_RUNTIME) return version
  return fail('usage.option', `--runtime-version: expected 3.0 or later, got ${quote(version)}`, {
    hint: 'the SQL of a batch needs Spark 4, which earlier runtimes do not have',
  })
}

const versionOf = (values: OptionValues, option: string): string => {
  const text = textValue(values, option) ?? ''
  return /^\d+(\.\d+){1,2}$/.test(text)
    ? text
    : fail('usage.option', `--${option}: expected a version such as 3.0, got ${quote(text)}`)
}
