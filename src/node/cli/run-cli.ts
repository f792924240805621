import { isLakewrightError, LakewrightError } from '../../core/errors.ts'
import { furtherMistakes } from '../../core/plan/issues.ts'
import { nearest, quote } from '../../core/plan/names.ts'
import { COMMANDS } from './commands.ts'
import { commandHelp, programHelp } from './help.ts'
import { optionsOf, parseCommand } from './parse.ts'
import type { World } from './world.ts'

/** Runs one command line and gives the exit code: 0, 2 for the user's mistakes, 1 for the system's, 130 when stopped. */
export const runCli = async (
  args: readonly string[],
  { world, version }: { readonly world: World; readonly version: () => string },
): Promise<number> => {
  try {
    return await dispatch(args, world, version)
  } catch (error) {
    return tell(world, error, args)
  }
}

/** The exit code that an error ends the program with. */
export const exitCode = ({ code, status }: LakewrightError): number => {
  if (code === 'run.cancelled') return 130
  return status >= 500 ? 1 : 2
}

const dispatch = async (
  args: readonly string[],
  world: World,
  version: () => string,
): Promise<number> => {
  const [name, ...rest] = args
  if (name === '--version') {
    world.stdout(`${version()}\n`)
    return 0
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    world.stdout(programHelp(COMMANDS))
    return 0
  }
  const entry = COMMANDS.find((each) => each.name === name) ?? refuseCommand(name)
  const command = await entry.load()
  const { options, further } = await optionsOf(command, rest)
  if (rest.includes('--help')) {
    world.stdout(commandHelp(command, further))
    return 0
  }
  return command.run(world, parseCommand(command, options, rest))
}

const refuseCommand = (name: string): never => {
  const near = nearest(
    name,
    COMMANDS.map((each) => each.name),
  )
  throw new LakewrightError('usage.option', `there is no command ${quote(name)}`, {
    hint: near === undefined ? 'See lakewright --help.' : `Did you mean lakewright ${near}?`,
  })
}

const tell = (world: World, thrown: unknown, args: readonly string[]): number => {
  const error = asError(thrown)
  const hint = error.hint ?? whereToLook(error, args)
  world.stderr(`lakewright: ${oneLine(error.message)}\n`)
  for (const mistake of furtherMistakes(error)) world.stderr(`  ${oneLine(mistake)}\n`)
  if (hint !== undefined) world.stderr(`  ${oneLine(hint)}\n`)
  if (args.includes('--debug')) world.stderr(`${stackOf(thrown)}\n`)
  return exitCode(error)
}

const whereToLook = ({ code }: LakewrightError, [name]: readonly string[]): string | undefined =>
  code === 'usage.option' && COMMANDS.some((each) => each.name === name)
    ? `See lakewright ${name} --help.`
    : undefined

const asError = (thrown: unknown): LakewrightError => {
  if (isLakewrightError(thrown)) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new LakewrightError('internal', `a defect: ${message}`, {
    hint: 'Run it again with --debug and report what it prints.',
    cause: thrown,
  })
}

const oneLine = (text: string): string => text.replaceAll(/\s*[\r\n]+\s*/g, ' ')

const stackOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const stack = error.stack ?? error.message
  return error.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(error.cause)}`
}
