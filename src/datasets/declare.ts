import { lawParameter, size } from '../core/plan/build.ts'
import type { Parameter } from '../core/plan/plan.ts'
import type {
  ChoiceParameter,
  NumberParameter,
  ParameterDefinition,
  ParameterValues,
  TextParameter,
} from './definition.ts'

/**
 * A parameter as a dataset declares it under its name. The kind is `number` and the role `law` (of a choice and a text
 * `choice`) where nothing else is said; the option is the name in kebab-case.
 */
export type ParameterSpec =
  | Spec<NumberParameter, 'role' | 'kind'>
  | Spec<ChoiceParameter, 'role'>
  | Spec<TextParameter, 'role'>

type Spec<P extends ParameterDefinition, Optional extends keyof P> = Omit<
  P,
  'name' | 'flag' | Optional
> &
  Partial<Pick<P, 'flag' | Optional>>

/** The values of declared parameters: a choice is one of its names, a text a string, everything else a number. */
export type SettingsOf<S extends Readonly<Record<string, ParameterSpec>>> = {
  readonly [Name in keyof S]: S[Name] extends { kind: 'choice'; choices: infer Choices }
    ? keyof Choices & string
    : S[Name] extends { kind: 'text' }
      ? string
      : number
}

/** The definitions of declared parameters, in their order. */
export const declareParameters = (
  specs: Readonly<Record<string, ParameterSpec>>,
): readonly ParameterDefinition[] =>
  Object.entries(specs).map(([name, spec]) => {
    const flag = kebabCase(name)
    return spec.kind === 'choice' || spec.kind === 'text'
      ? { flag, role: 'choice', ...spec, name }
      : { flag, role: 'law', kind: 'number', ...spec, name }
  })

/** The option of a parameter as a user types it, by the parameter's name. */
export const optionNames =
  (parameters: readonly ParameterDefinition[]) =>
  (name: string): string =>
    `--${parameters.find((each) => each.name === name)?.flag ?? name}`

/** What a reader of the plan wants to know of its parameters; dates are its anchors, choices show in its tables. */
export const planParameters = (
  parameters: readonly ParameterDefinition[],
  values: ParameterValues,
): Readonly<Record<string, Parameter>> =>
  Object.fromEntries(
    parameters.flatMap((each) => {
      const { name, role, kind, description } = each
      const value = values[name]
      if (kind === 'choice' || kind === 'text' || kind === 'date') return []
      if (role === 'choice' || typeof value !== 'number') return []
      const options = { min: each.min, max: each.max, description }
      return [[name, role === 'size' ? size(value, options) : lawParameter(value, options)]]
    }),
  )

/** A name as options are spelled: `kebabCase` as `kebab-case`. */
export const kebabCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
