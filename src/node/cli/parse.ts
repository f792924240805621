import { parseArgs } from 'node:util'
import { fail } from '../../core/errors.ts'
import { nearest, quote } from '../../core/plan/names.ts'
import { type Command, type CommandInput, COMMON_OPTIONS, type FurtherOptions } from './command.ts'
import {
  negativeOf,
  type OptionDefinition,
  type OptionValue,
  type OptionValues,
  readOption,
} from './option.ts'

/** The options a command has when it is called with these arguments, its further ones included. */
export const optionsOf = async (
  command: Command,
  args: readonly string[],
): Promise<{
  readonly options: readonly OptionDefinition[]
  readonly further: FurtherOptions | undefined
}> => {
  const own = [...command.options, ...COMMON_OPTIONS]
  const further = await command.further?.(tokensOf(args, own).positionals)
  return { options: [...own, ...(further?.options ?? [])], further }
}

/**
 * Reads the arguments of a command; fails with usage.option on an unknown option (suggesting the nearest), one that is
 * given twice, a value out of range, or too few or too many arguments.
 */
export const parseCommand = (
  command: Command,
  options: readonly OptionDefinition[],
  args: readonly string[],
): CommandInput => {
  const { positionals, given } = tokensOf(args, options)
  const values = new Map<string, OptionValue>(defaultsOf(options))
  const named = new Set<string>()
  for (const each of given) {
    const { option, negative } = spelled(options, each.name) ?? refuseUnknown(each.raw, options)
    if (named.has(option.name)) refuseTwice(option, each.name)
    named.add(option.name)
    // A message names the option as it was typed.
    const value = valueOf({ ...option, name: each.name }, each.texts)
    values.set(option.name, negative ? value !== true : value)
  }
  const [fewest, most] = command.positionals
  if (positionals.length < fewest)
    fail('usage.option', `lakewright ${command.name} needs ${command.usage}`, {
      hint: `See lakewright ${command.name} --help.`,
    })
  if (positionals.length > most)
    fail(
      'usage.option',
      `lakewright ${command.name}: unexpected argument ${quote(positionals[most] ?? '')}`,
      {
        hint: `See lakewright ${command.name} --help.`,
      },
    )
  return { positionals, values, given: named }
}

/** An option by a name that it goes by, and whether that name switches it off. */
interface Spelled {
  readonly option: OptionDefinition
  readonly negative: boolean
}

const spelled = (options: readonly OptionDefinition[], name: string): Spelled | undefined => {
  for (const option of options) {
    if (option.name === name || option.aliases?.includes(name) === true)
      return { option, negative: false }
    if (negativesOf(option).includes(name)) return { option, negative: true }
  }
  return undefined
}

const negativesOf = (option: OptionDefinition): readonly string[] =>
  option.kind === 'flag' && option.default !== undefined ? [negativeOf(option.name)] : []

const namesOf = (option: OptionDefinition): readonly string[] => [
  option.name,
  ...(option.aliases ?? []),
  ...negativesOf(option),
]

interface GivenOption {
  readonly name: string
  /** As it was typed, with dashes. */
  readonly raw: string
  readonly texts: readonly (string | undefined)[]
}

const tokensOf = (
  args: readonly string[],
  options: readonly OptionDefinition[],
): { readonly positionals: readonly string[]; readonly given: readonly GivenOption[] } => {
  const { tokens, positionals } = parseArgs({
    args: withBareValues(withSwitches(args, options), options),
    options: Object.fromEntries(
      options.flatMap((option) =>
        namesOf(option).map((name) => [
          name,
          { type: option.kind === 'flag' ? 'boolean' : 'string' } as const,
        ]),
      ),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const given = new Map<string, GivenOption>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName: raw, value } = token
    given.set(name, { name, raw, texts: [...(given.get(name)?.texts ?? []), value] })
  }
  return { positionals, given: [...given.values()] }
}

/** The arguments with `--flag true` and `--flag false` written as one word. */
const withSwitches = (args: readonly string[], options: readonly OptionDefinition[]): string[] => {
  const flags = new Set(
    options.flatMap((option) => (option.kind === 'flag' ? namesOf(option) : [])).map(dashed),
  )
  return args.reduce<string[]>((words, word) => {
    const last = words.at(-1)
    return last !== undefined && flags.has(last) && (word === 'true' || word === 'false')
      ? [...words.slice(0, -1), `${last}=${word}`]
      : [...words, word]
  }, [])
}

/** The arguments with `--name=value` for an option that stands alone and means something so. */
const withBareValues = (
  args: readonly string[],
  options: readonly OptionDefinition[],
): string[] => {
  const bare = new Map(
    options.flatMap((option) =>
      option.kind === 'text' && option.bare !== undefined
        ? namesOf(option).map((name) => [dashed(name), option.bare] as const)
        : [],
    ),
  )
  return args.map((word, i) => {
    const value = bare.get(word)
    const isAlone = args[i + 1]?.startsWith('-') ?? true
    return value !== undefined && isAlone ? `${word}=${value}` : word
  })
}

const dashed = (name: string): string => `--${name}`

const defaultsOf = (options: readonly OptionDefinition[]): OptionValues =>
  new Map(
    options.flatMap((option) =>
      option.default === undefined ? [] : [[option.name, option.default]],
    ),
  )

const valueOf = (option: OptionDefinition, texts: readonly (string | undefined)[]): OptionValue => {
  if (option.kind === 'text' && option.many === true)
    return texts.map((text) => String(readOption(option, text)))
  if (texts.length > 1) fail('usage.option', `--${option.name} is given ${texts.length} times`)
  return readOption(option, texts[0])
}

const refuseTwice = ({ name }: OptionDefinition, other: string): never =>
  fail('usage.option', `--${name} is given 2 times, once as --${other}`)

const refuseUnknown = (raw: string, options: readonly OptionDefinition[]): never => {
  const near = nearest(raw.replace(/^-+/, ''), options.flatMap(namesOf))
  return fail('usage.option', `unknown option ${quote(raw)}`, {
    hint: near === undefined ? 'See --help for the options there are.' : `Did you mean --${near}?`,
  })
}
