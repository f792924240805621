import { fail } from '../errors.ts'
import { quote } from '../plan/names.ts'
import type { Json } from '../ports.ts'

/**
 * The cluster of a job, as the Clusters API names its settings (`new_cluster` of a task). What users edit in a file;
 * assets/databricks/cluster.json is one to begin with.
 */
export type DatabricksCluster = { readonly [name: string]: Json }

/**
 * Reads the cluster of a job from the text of a JSON file, `path` for messages. Throws usage.option for a setting that
 * is unknown or of another type, or when nothing says how many nodes of which kind there are.
 */
export const parseCluster = (text: string, path: string): DatabricksCluster => {
  const refuse = (problem: string): never => fail('usage.option', `${path}: ${problem}`)
  const cluster = parsed(text)
  if (!isObject(cluster)) return refuse('is not a JSON object')
  for (const [name, value] of Object.entries(cluster)) {
    const type = SETTINGS[name]
    if (type === undefined) {
      return fail('usage.option', `${path}: there is no setting ${quote(name)}`, {
        hint: `settings are ${Object.keys(SETTINGS).join(', ')}`,
      })
    }
    if (!fits(type, value)) refuse(`${name} must be ${type}`)
  }
  if (cluster['spark_version'] === undefined) refuse('spark_version is missing')
  const workers = ['num_workers', 'autoscale'].filter((each) => cluster[each] !== undefined)
  if (workers.length !== 1) refuse('give num_workers or autoscale, one of them')
  const nodes = ['node_type_id', 'instance_pool_id'].filter((each) => cluster[each] !== undefined)
  if (nodes.length !== 1) refuse('give node_type_id or instance_pool_id, one of them')
  return cluster as DatabricksCluster
}

const TEXT = 'a text'
const NUMBER = 'a whole number from 0'
const TEXTS = 'an object of texts'
const WORKERS = 'an object with min_workers and max_workers'
const ENGINE = 'PHOTON or STANDARD'
const FLAG = 'true or false'
type SettingType =
  typeof TEXT | typeof NUMBER | typeof TEXTS | typeof WORKERS | typeof ENGINE | typeof FLAG

const SETTINGS: Readonly<Record<string, SettingType>> = {
  spark_version: TEXT,
  node_type_id: TEXT,
  driver_node_type_id: TEXT,
  instance_pool_id: TEXT,
  driver_instance_pool_id: TEXT,
  policy_id: TEXT,
  num_workers: NUMBER,
  autoscale: WORKERS,
  runtime_engine: ENGINE,
  data_security_mode: TEXT,
  single_user_name: TEXT,
  enable_elastic_disk: FLAG,
  spark_conf: TEXTS,
  spark_env_vars: TEXTS,
  custom_tags: TEXTS,
}

const fits = (type: SettingType, value: unknown): boolean => {
  switch (type) {
    case TEXT:
      return typeof value === 'string' && value !== ''
    case FLAG:
      return typeof value === 'boolean'
    case NUMBER:
      return isCount(value)
    case ENGINE:
      return value === 'PHOTON' || value === 'STANDARD'
    case TEXTS:
      return isObject(value) && Object.values(value).every((each) => typeof each === 'string')
    case WORKERS:
      return (
        isObject(value) &&
        Object.keys(value).toSorted().join() === 'max_workers,min_workers' &&
        Object.values(value).every(isCount)
      )
    default:
      return false
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
