import type { Plan } from '../core/plan/plan.ts'
import type { Vocabulary } from '../core/plan/vocabulary.ts'
import type { DerivedTable } from '../core/warehouse/derived.ts'

interface Described {
  /** The name in the plan. */
  readonly name: string
  /** The option without its dashes. */
  readonly flag: string
  /** Further names of the option, without dashes. */
  readonly aliases?: readonly string[]
  readonly description: string
  /** Raising a size adds rows; another law, or another choice of columns and tables, makes another dataset. */
  readonly role: 'size' | 'law' | 'choice'
}

/** A number, a date (days since 1970, shown as ISO text) or a switch (`flag`: 0 or 1). */
export interface NumberParameter extends Described {
  readonly kind: 'integer' | 'number' | 'date' | 'flag'
  readonly default: number
  readonly min: number
  readonly max: number
}

/** One of some names; its value is the name. */
export interface ChoiceParameter extends Described {
  readonly kind: 'choice'
  readonly default: string
  /** What can be chosen, in the order of help, each with the values it gives to parameters that are not given. */
  readonly choices: Readonly<Record<string, ParameterValues>>
}

/** A short text. */
export interface TextParameter extends Described {
  readonly kind: 'text'
  readonly default: string
  /** The source of a regular expression that the whole text must match. */
  readonly pattern: string
  /** The most characters. */
  readonly maxLength: number
  /** What matches the pattern, for help and messages: `letters, digits, _ and -`. */
  readonly expects: string
}

/** What shapes a dataset, shown as an option of the command line and a field of the wizard. */
export type ParameterDefinition = NumberParameter | ChoiceParameter | TextParameter

/** Values of parameters, by name: text for a choice or a text, a number for all others. */
export type ParameterValues = Readonly<Record<string, number | string>>

/** What a plan is built from besides its parameters. */
export interface BuildInputs {
  readonly seed: number | string
  /** The vocabularies the definition asks for, by name. */
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
}

/** A line that people read before anything is written. */
export interface Notice {
  readonly level: 'info' | 'warning'
  readonly text: string
}

/** A view over a dataset's tables. */
export interface ViewDefinition {
  readonly summary: string
  /** What it is for parameters with a value each. */
  readonly table: (parameters: ParameterValues) => DerivedTable
}

/** A dataset that ships with the package: parameters, and the plan they make. */
export interface DatasetDefinition {
  readonly name: string
  readonly summary: string
  /** The seed when none is given. */
  readonly seed: number | string
  /** Names of the vocabularies that the plan uses. */
  readonly vocabularies: readonly string[]
  readonly parameters: readonly ParameterDefinition[]
  /** What the dataset is often made with: options, and what they give. */
  readonly examples: readonly { readonly options: string; readonly says: string }[]
  /** The plan for parameters within their ranges; throws plan.infeasible when they cannot hold together. */
  readonly build: (parameters: ParameterValues, inputs: BuildInputs) => Plan
  /** What is worth knowing of these parameters; called after `build` has accepted them. */
  readonly notices?: (parameters: ParameterValues, inputs: BuildInputs) => readonly Notice[]
  /** Views over the tables, by name. */
  readonly views?: Readonly<Record<string, ViewDefinition>>
}

/** A value for every parameter: the one that is given, else what a choice sets, else the default. */
export const resolveParameters = (
  parameters: readonly ParameterDefinition[],
  given: ParameterValues,
): ParameterValues => {
  const defaults = parameters.map((each) => [each.name, each.default] as const)
  const presets = parameters.flatMap((each) =>
    each.kind === 'choice'
      ? Object.entries(each.choices[given[each.name] ?? each.default] ?? {})
      : [],
  )
  return Object.fromEntries([...defaults, ...presets, ...Object.entries(given)])
}

/** The parameters' defaults by name. */
export const defaultParameters = ({ parameters }: DatasetDefinition): ParameterValues =>
  resolveParameters(parameters, {})
