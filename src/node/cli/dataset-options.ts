import type {
  ChoiceParameter,
  DatasetDefinition,
  ParameterDefinition,
  ParameterValues,
} from '../../datasets/definition.ts'
import type { FurtherOptions } from './command.ts'
import { DATASETS, findDataset } from './datasets.ts'
import type { OptionDefinition, OptionValue, OptionValues } from './option.ts'

/** The parameters of the dataset that is among the arguments, as options; undefined when none is. */
export const datasetOptions = async (
  positionals: readonly string[],
): Promise<FurtherOptions | undefined> => {
  const dataset = await datasetAmong(positionals)
  return (
    dataset && {
      title: `Options of ${dataset.name}`,
      options: parameterOptions(dataset.parameters),
    }
  )
}

/** The same, with the dataset's examples of `lakewright generate`. */
export const generateOptions = async (
  positionals: readonly string[],
): Promise<FurtherOptions | undefined> => {
  const dataset = await datasetAmong(positionals)
  const further = await datasetOptions(positionals)
  if (dataset === undefined || further === undefined) return undefined
  const examples = dataset.examples.map(({ options, says }) => ({
    line: `lakewright generate ${dataset.name} ${options}`,
    says,
  }))
  return { ...further, examples }
}

const datasetAmong = async (
  positionals: readonly string[],
): Promise<DatasetDefinition | undefined> =>
  findDataset(positionals.find((each) => Object.hasOwn(DATASETS, each)) ?? '')

/** The options of parameters, in their order. */
export const parameterOptions = (
  parameters: readonly ParameterDefinition[],
): readonly OptionDefinition[] => {
  const choices = parameters.filter((each) => each.kind === 'choice')
  return parameters.map((each) => ({ ...optionOf(each), ...presetText(each, choices) }))
}

/** The parameters' values that were given as options, by the parameters' names; the others are left out. */
export const givenParameters = (
  parameters: readonly ParameterDefinition[],
  { values, given }: { readonly values: OptionValues; readonly given: ReadonlySet<string> },
): ParameterValues =>
  Object.fromEntries(
    parameters
      .filter(({ flag }) => given.has(flag))
      .map(({ name, flag }) => [name, parameterValue(values.get(flag))]),
  )

const optionOf = (parameter: ParameterDefinition): OptionDefinition => {
  const { flag: name, description, aliases = [] } = parameter
  const shared = { name, description, aliases }
  switch (parameter.kind) {
    case 'flag':
      return { ...shared, kind: 'flag', default: parameter.default === 1 }
    case 'choice': {
      const { kind, choices, default: value } = parameter
      return { ...shared, kind, choices: Object.keys(choices), default: value }
    }
    case 'text': {
      const { kind, pattern, maxLength, expects, default: value } = parameter
      const form = { pattern, maxLength, expects }
      return { ...shared, kind, placeholder: 'text', default: value, form }
    }
    case 'integer':
    case 'number':
    case 'date': {
      const { kind, min, max, default: value } = parameter
      return { ...shared, kind, min, max, default: value }
    }
  }
}

/** The defaults that choices give: `--scale: small 10, medium 50`. */
const presetText = (
  parameter: ParameterDefinition,
  choices: readonly ChoiceParameter[],
): { readonly defaultText?: string } => {
  const by = choices.find((each) =>
    Object.values(each.choices).some((preset) => preset[parameter.name] !== undefined),
  )
  if (by === undefined) return {}
  const values = Object.entries(by.choices).map(
    ([name, preset]) =>
      `${name} ${shownValue(parameter, preset[parameter.name] ?? parameter.default)}`,
  )
  return { defaultText: `by --${by.flag}: ${values.join(', ')}` }
}

const shownValue = ({ kind }: ParameterDefinition, value: number | string): number | string =>
  kind === 'flag' ? (value === 1 ? 'on' : 'off') : value

const parameterValue = (value: OptionValue | undefined): number | string => {
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'number' ? value : String(value)
}
