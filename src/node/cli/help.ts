import { formatDate } from '../../core/expr/civil.ts'
import type { Command, CommandEntry, FurtherOptions } from './command.ts'
import { COMMON_OPTIONS } from './command.ts'
import { expected, negativeOf, type OptionDefinition } from './option.ts'

/** The help of the whole program. */
export const programHelp = (entries: readonly CommandEntry[]): string =>
  [
    'lakewright: realistic linked data as Delta tables that prove themselves',
    '',
    'Usage: lakewright <command> [options]',
    '',
    'Commands:',
    ...aligned(entries.map(({ name, summary }) => [name, summary])),
    '',
    'Options:',
    ...aligned([
      ['--help', 'show this help, or that of a command'],
      ['--version', 'show the version'],
      ['--debug', 'show the stack of an error'],
    ]),
    '',
    'Examples:',
    '  lakewright generate identity --households 10000 --to lake',
    '  lakewright preview identity --table individuals --rows 5',
    '',
  ].join('\n')

/** The help of one command, with the further options of its arguments. */
export const commandHelp = (command: Command, further: FurtherOptions | undefined): string =>
  [
    `lakewright ${command.name}: ${command.summary}`,
    '',
    `Usage: lakewright ${command.name} ${command.usage} [options]`,
    ...section('Options', [...command.options, ...COMMON_OPTIONS]),
    ...(further === undefined ? [] : section(further.title, further.options)),
    '',
    'Examples:',
    ...(further?.examples ?? command.examples).flatMap(({ line, says }) => [
      `  ${line}`,
      `      ${says}`,
    ]),
    '',
  ].join('\n')

const section = (title: string, options: readonly OptionDefinition[]): readonly string[] => [
  '',
  `${title}:`,
  ...aligned(
    options
      .filter(({ hidden }) => hidden !== true)
      .map((option) => [spelling(option), explanation(option)]),
  ),
]

const spelling = (option: OptionDefinition): string =>
  [
    ...[option.name, ...(option.aliases ?? [])].map((name) => `--${name}`),
    ...(option.kind === 'flag' && option.default !== undefined
      ? [`--${negativeOf(option.name)}`]
      : []),
  ].join(', ') + placeholder(option)

const placeholder = (option: OptionDefinition): string => {
  switch (option.kind) {
    case 'flag':
      return ''
    case 'text':
      return option.bare === undefined ? ` <${option.placeholder}>` : ` [${option.placeholder}]`
    case 'choice':
      return ' <name>'
    case 'integer':
    case 'number':
      return ' <n>'
    case 'date':
      return ' <date>'
  }
}

const explanation = (option: OptionDefinition): string => {
  const { description } = option
  const free = option.kind === 'flag' || (option.kind === 'text' && option.form === undefined)
  const facts = [...(free ? [] : [expected(option)]), ...defaultFacts(option)]
  return facts.length === 0 ? description : `${description} (${facts.join('; ')})`
}

const defaultFacts = (option: OptionDefinition): readonly string[] => {
  if (option.defaultText !== undefined) return [`default ${option.defaultText}`]
  if (option.default === undefined || option.default === '') return []
  return [`default ${shownDefault(option)}`]
}

const shownDefault = (option: OptionDefinition): string => {
  if (option.kind === 'flag') return option.default === true ? 'on' : 'off'
  return option.kind === 'date' && option.default !== undefined
    ? formatDate(option.default)
    : String(option.default)
}

const WIDEST = 30

const aligned = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const width = Math.min(WIDEST, Math.max(...rows.map(([left]) => left.length)))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
