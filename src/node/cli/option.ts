import { fail } from '../../core/errors.ts'
import { formatDate, parseDate } from '../../core/expr/civil.ts'
import { nearest, quote } from '../../core/plan/names.ts'

/** An option of a command: how it is written, what it takes and what holds without it. */
export type OptionDefinition = {
  /** Without the dashes. */
  readonly name: string
  readonly description: string
  /** For tests and experts: not shown in help. */
  readonly hidden?: boolean
  /** Further names, without dashes. */
  readonly aliases?: readonly string[]
  /** What help says in place of the default, when another option decides it. */
  readonly defaultText?: string
} &
  /** A switch; one with a default can also be switched off by its negative, see negativeOf. */
  (
    | { readonly kind: 'flag'; readonly default?: boolean }
    | {
        readonly kind: 'text'
        readonly placeholder: string
        readonly default?: string
        readonly many?: boolean
        /** What the text must look like; without it, any text that is not empty. */
        readonly form?: TextForm
        /** What the option alone means, when another option or nothing follows it. */
        readonly bare?: string
      }
    | {
        readonly kind: 'choice'
        readonly choices: readonly string[]
        /** Further choices, for tests and experts: not shown in help. */
        readonly unlisted?: readonly string[]
        readonly default?: string
      }
    | {
        readonly kind: 'integer' | 'number' | 'date'
        readonly min: number
        readonly max: number
        readonly default?: number
      }
  )

/** A text that is matched whole by a pattern, the source of a regular expression, and is not too long. */
export interface TextForm {
  readonly pattern: string
  readonly maxLength: number
  readonly expects: string
}

/** The value of an option; a list for one that may be given several times. */
export type OptionValue = string | number | boolean | readonly string[]

/** Values by option name, defaults filled in; what was neither given nor has a default is absent. */
export type OptionValues = ReadonlyMap<string, OptionValue>

/** Reads an option's text; fails with usage.option naming the option and what was expected. */
export const readOption = (option: OptionDefinition, text: string | undefined): OptionValue => {
  if (option.kind === 'flag') return switchOf(option, text)
  if (option.kind === 'text' && option.form !== undefined && text !== undefined)
    return hasForm(option.form, text) ? text : refuse(option, expected(option), text)
  if (text === undefined || text === '')
    return fail('usage.option', `--${option.name} needs a value: ${expected(option)}`)
  switch (option.kind) {
    case 'text':
      return text
    case 'choice':
      return [...option.choices, ...(option.unlisted ?? [])].includes(text)
        ? text
        : refuseChoice(option, text)
    case 'integer':
      return /^[+-]?\d+$/.test(text)
        ? inRange(option, Number(text), text)
        : refuse(option, expected(option), text)
    case 'number':
      return NUMBER.test(text)
        ? inRange(option, Number(text), text)
        : refuse(option, expected(option), text)
    case 'date':
      return inRange(option, dayOf(option, text), text)
  }
}

/** What an option's value looks like, for help and messages. */
export const expected = (option: OptionDefinition): string => {
  switch (option.kind) {
    case 'flag':
      return 'true, false or no value'
    case 'text':
      return option.form === undefined
        ? option.placeholder
        : `at most ${option.form.maxLength} of ${option.form.expects}`
    case 'choice':
      return option.choices.join(', ')
    case 'integer':
      return `a whole number from ${option.min} to ${option.max}`
    case 'number':
      return `a number from ${option.min} to ${option.max}`
    case 'date':
      return `a date from ${formatDate(option.min)} to ${formatDate(option.max)}`
  }
}

/** The option that switches a flag off: `no-truth` of `with-truth`, `no-colour` of `colour`. */
export const negativeOf = (name: string): string => `no-${name.replace(/^with-/, '')}`

/** A text option's value, or undefined. */
export const textValue = (values: OptionValues, name: string): string | undefined => {
  const value = values.get(name)
  return typeof value === 'string' ? value : undefined
}

/** A number option's value, or undefined. */
export const numberValue = (values: OptionValues, name: string): number | undefined => {
  const value = values.get(name)
  return typeof value === 'number' ? value : undefined
}

/** Whether a flag was given. */
export const flagValue = (values: OptionValues, name: string): boolean => values.get(name) === true

const switchOf = (option: OptionDefinition, text: string | undefined): boolean => {
  if (text === undefined) return true
  return text === 'true' || text === 'false'
    ? text === 'true'
    : refuse(option, expected(option), text)
}

const hasForm = ({ pattern, maxLength }: TextForm, text: string): boolean =>
  text.length <= maxLength && new RegExp(`^(?:${pattern})$`).test(text)

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i

type Ranged = Extract<OptionDefinition, { readonly min: number }>

const inRange = (option: Ranged, value: number, text: string): number =>
  value >= option.min && value <= option.max ? value : refuse(option, expected(option), text)

const dayOf = (option: OptionDefinition, text: string): number => {
  try {
    return parseDate(text)
  } catch {
    return refuse(option, expected(option), text)
  }
}

const refuseChoice = (
  option: Extract<OptionDefinition, { readonly kind: 'choice' }>,
  text: string,
): never => {
  const near = nearest(text, option.choices)
  const message = `--${option.name}: expected ${expected(option)}, got ${quote(text)}`
  return fail(
    'usage.option',
    near === undefined ? message : `${message}, did you mean ${quote(near)}?`,
  )
}

const refuse = ({ name }: OptionDefinition, wanted: string, text: string): never =>
  fail('usage.option', `--${name}: expected ${wanted}, got ${quote(text)}`)
