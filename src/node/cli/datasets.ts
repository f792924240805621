import type { DatasetDefinition, ParameterDefinition } from '../../datasets/definition.ts'
import type { FurtherOptions } from './command.ts'
import type { OptionDefinition } from './option.ts'

/** The datasets of the package, each loaded when it is named. */
export const DATASETS: Readonly<Record<string, () => Promise<DatasetDefinition>>> = {
  identity: async () => (await import('../../datasets/identity/identity.ts')).identity,
}

/** The dataset of a name; undefined when there is none. */
export const findDataset = async (name: string): Promise<DatasetDefinition | undefined> =>
  Object.hasOwn(DATASETS, name) ? DATASETS[name]?.() : undefined

/** The parameters of the dataset that is among the arguments, as options; undefined when none is. */
export const datasetOptions = async (
  positionals: readonly string[],
): Promise<FurtherOptions | undefined> => {
  const name = positionals.find((each) => Object.hasOwn(DATASETS, each))
  const dataset = name === undefined ? undefined : await findDataset(name)
  if (dataset === undefined) return undefined
  return { title: `Options of ${dataset.name}`, options: dataset.parameters.map(parameterOption) }
}

const parameterOption = ({
  flag: name,
  kind,
  min,
  max,
  description,
  default: value,
}: ParameterDefinition): OptionDefinition =>
  kind === 'flag'
    ? { name, kind, description }
    : { name, kind, description, min, max, default: value }
