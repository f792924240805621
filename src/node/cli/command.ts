import type { OptionDefinition, OptionValues } from './option.ts'
import type { World } from './world.ts'

/** What a command was called with. */
export interface CommandInput {
  readonly positionals: readonly string[]
  readonly values: OptionValues
  /** Names of the options that were given. */
  readonly given: ReadonlySet<string>
}

/** A command line that shows what a command is for. */
export interface Example {
  readonly line: string
  readonly says: string
}

/** A command as data and the function that does it; `run` gives the exit code. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** Arguments after the name, as help shows them: `<dataset | plan.json>`. */
  readonly usage: string
  /** The fewest and the most arguments. */
  readonly positionals: readonly [number, number]
  readonly options: readonly OptionDefinition[]
  /** Further options that depend on the arguments, such as a dataset's parameters. */
  readonly further?: (positionals: readonly string[]) => Promise<FurtherOptions | undefined>
  readonly examples: readonly Example[]
  readonly run: (world: World, input: CommandInput) => Promise<number>
}

/** Options under a heading of their own. */
export interface FurtherOptions {
  readonly title: string
  readonly options: readonly OptionDefinition[]
  /** What help shows instead of the command's own examples. */
  readonly examples?: readonly Example[]
}

/** A command in the table of all commands, loaded when it is called. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Command>
}

/** Options that every command has. */
export const COMMON_OPTIONS: readonly OptionDefinition[] = [
  { name: 'help', kind: 'flag', description: 'show this help' },
  { name: 'debug', kind: 'flag', description: 'show the stack of an error' },
]
