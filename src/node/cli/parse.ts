import { parseArgs } from 'node:util'
import { fail } from '../../core/errors.ts'
import { nearest, quote } from '../../core/plan/names.ts'
import { type Command, type CommandInput, COMMON_OPTIONS, type FurtherOptions } from './command.ts'
import { type OptionDefinition, type OptionValue, type OptionValues, readOption } from './option.ts'

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
  for (const { name, raw, texts } of given) {
    const option = options.find((each) => each.name === name) ?? refuseUnknown(raw, options)
    values.set(name, valueOf(option, texts))
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
  return { positionals, values, given: new Set(given.map(({ name }) => name)) }
}

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
    args: [...args],
    options: Object.fromEntries(
      options.map(({ name, kind }) => [name, { type: kind === 'flag' ? 'boolean' : 'string' }]),
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

const defaultsOf = (options: readonly OptionDefinition[]): OptionValues =>
  new Map(
    options.flatMap((option) =>
      option.kind === 'flag' || option.default === undefined ? [] : [[option.name, option.default]],
    ),
  )

const valueOf = (option: OptionDefinition, texts: readonly (string | undefined)[]): OptionValue => {
  if (option.kind === 'text' && option.many === true)
    return texts.map((text) => String(readOption(option, text)))
  if (texts.length > 1) fail('usage.option', `--${option.name} is given ${texts.length} times`)
  return readOption(option, texts[0])
}

const refuseUnknown = (raw: string, options: readonly OptionDefinition[]): never => {
  const near = nearest(
    raw.replace(/^-+/, ''),
    options.map(({ name }) => name),
  )
  return fail('usage.option', `unknown option ${quote(raw)}`, {
    hint: near === undefined ? 'See --help for the options there are.' : `Did you mean --${near}?`,
  })
}
