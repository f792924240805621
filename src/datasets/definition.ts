import type { Plan } from '../core/plan/plan.ts'
import type { Vocabulary } from '../core/plan/vocabulary.ts'

/**
 * A number, date or switch that shapes a dataset, shown as an option of the command line and a field of the wizard.
 * `name` is the name in the plan, `flag` the option without its dashes; a `flag` kind is 0 or 1, a `date` is days since
 * 1970 and shown as ISO text.
 */
export interface ParameterDefinition {
  readonly name: string
  readonly flag: string
  readonly kind: 'integer' | 'number' | 'date' | 'flag'
  readonly default: number
  readonly min: number
  readonly max: number
  readonly description: string
  /** Raising a size adds rows; another law, or another choice of columns and tables, makes another dataset. */
  readonly role: 'size' | 'law' | 'choice'
}

/** A value for every parameter of a dataset, by name. */
export type ParameterValues = Readonly<Record<string, number>>

/** What a plan is built from besides its parameters. */
export interface BuildInputs {
  readonly seed: number | string
  /** The vocabularies the definition asks for, by name. */
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
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
  /** The plan for parameters within their ranges; throws plan.infeasible when they cannot hold together. */
  readonly build: (parameters: ParameterValues, inputs: BuildInputs) => Plan
}

/** The parameters' defaults by name. */
export const defaultParameters = (definition: DatasetDefinition): ParameterValues =>
  Object.fromEntries(definition.parameters.map((parameter) => [parameter.name, parameter.default]))
