import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fail } from '../../core/errors.ts'
import { quote, suggestion } from '../../core/plan/names.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import { landedTables } from '../../core/run/landed.ts'
import { withParameter } from '../../core/run/volume.ts'
import {
  type DatasetDefinition,
  type Notice,
  type NumberParameter,
  type ParameterDefinition,
  type ParameterValues,
  resolveParameters,
} from '../../datasets/definition.ts'
import { loadPlan, readVocabularies } from '../run/load-plan.ts'
import { type MatchedVolume, matchVolume, type WantedVolume } from '../run/match-volume.ts'
import { failFile, isAbsent } from '../store/file-errors.ts'
import type { CommandInput } from './command.ts'
import { givenParameters } from './dataset-options.ts'
import { DATASETS, findDataset } from './datasets.ts'
import { type OptionDefinition, type OptionValues, textValue } from './option.ts'
import { grouped } from './text.ts'
import type { World } from './world.ts'

/** Options of every command that takes a plan. */
export const PLAN_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'seed',
    kind: 'text',
    placeholder: 'number or text',
    description: 'make other rows by the same laws; a whole number below 2^53 in size, or any text',
  },
  {
    name: 'set',
    kind: 'text',
    placeholder: 'name=number',
    many: true,
    description: 'set a parameter of a plan file; may be given several times',
  },
  {
    name: 'match-volume',
    kind: 'text',
    placeholder: 'table=rows',
    description: 'choose the size that gives this table so many rows, or nearly so',
  },
]

/** A plan, and what is worth saying before it is used. */
export interface Subject {
  readonly plan: TypedPlan
  readonly notices: readonly Notice[]
}

/** The plan that a command's first argument names, a dataset of the package or a JSON file, resolved. */
export const readSubject = async (world: World, input: CommandInput): Promise<Subject> => {
  const { positionals, values } = input
  const [subject = ''] = positionals
  const dataset = await findDataset(subject)
  if (dataset === undefined) {
    return fileSubject(await loadPlan(await readPlanFile(world, subject, values)), values)
  }
  if (values.has('set'))
    fail('usage.option', `--set is for plan files; ${subject} has options of its own`, {
      hint: `See lakewright generate ${subject} --help.`,
    })
  return buildSubject(dataset, input)
}

/** The plan of a command's subject alone. */
export const readPlan = async (world: World, input: CommandInput): Promise<TypedPlan> =>
  (await readSubject(world, input)).plan

/** Tells notices on stderr, a line each. */
export const tellNotices = (world: World, notices: readonly Notice[]): void => {
  for (const { level, text } of notices)
    world.stderr(level === 'warning' ? `warning: ${text}\n` : `${text}\n`)
}

/** The landed table of a name, the first one without; fails with usage.option, naming the option, when there is none. */
export const tableNamed = (
  plan: TypedPlan,
  name: string | undefined,
  option: string,
): TypedTable => {
  const tables = landedTables(plan)
  const found = tables.find((table, i) =>
    name === undefined ? i === 0 : table.name === name || table.landedName === name,
  )
  const names = tables.map((table) => table.landedName)
  return (
    found ??
    fail(
      'usage.option',
      `${option}: the plan lands no table ${quote(name ?? '')}${suggestion(name ?? '', names)}`,
    )
  )
}

const buildSubject = async (
  { build, notices, ...dataset }: DatasetDefinition,
  input: CommandInput,
): Promise<Subject> => {
  const given = givenParameters(dataset.parameters, input)
  const parameters = resolveParameters(dataset.parameters, given)
  const vocabularies = await readVocabularies(dataset.vocabularies)
  const inputs = { seed: seedOf(input.values) ?? dataset.seed, vocabularies }
  const make = (values: ParameterValues): Promise<TypedPlan> =>
    loadPlan(build(values, inputs), vocabularies)
  const plan = await make(parameters)
  const wish = wishOf(plan, input.values)
  if (wish === undefined) return { plan, notices: notices?.(parameters, inputs) ?? [] }
  const counting = rangeParameter(dataset.parameters, wish.table)
  const match =
    counting === undefined
      ? await matchVolume(plan, wish)
      : { name: counting.name, value: wish.rows, rows: wish.rows }
  const own = dataset.parameters.find(({ name }) => name === match.name)
  if (own !== undefined && Object.hasOwn(given, own.name)) failTwice(`--${own.flag}`)
  if (counting !== undefined) refuseBeyond(counting, wish)
  const changed = { ...parameters, [match.name]: match.value }
  const anew = own === undefined ? plan : await make(changed)
  // A size may stand for others, such as a total: then the plan is scaled, and its own notices do not fit.
  const scaled = counting === undefined ? await resized(plan, match) : anew
  const further = scaled.hash === anew.hash ? (notices?.(changed, inputs) ?? []) : []
  return { plan: scaled, notices: [matchNotice(wish, match), ...further] }
}

/** The parameter that counts the entities of a range table by its name. */
const rangeParameter = (
  parameters: readonly ParameterDefinition[],
  { name, rows }: TypedTable,
): NumberParameter | undefined =>
  parameters
    .filter((each): each is NumberParameter => each.kind === 'integer')
    .find((each) => rows.kind === 'range' && each.name === name)

const refuseBeyond = ({ flag, min, max }: NumberParameter, { rows }: WantedVolume): void => {
  if (rows >= min && rows <= max) return
  fail('usage.option', `--match-volume: expected ${min} to ${max} rows, as --${flag} has it`)
}

/** What `--match-volume` asks for; undefined without it. */
const wishOf = (plan: TypedPlan, values: OptionValues): WantedVolume | undefined => {
  const text = textValue(values, 'match-volume')
  if (text === undefined) return undefined
  const [, name, digits = ''] = /^([^=]+)=(\d+)$/.exec(text) ?? []
  const rows = Number(digits)
  if (name === undefined || rows === 0 || !Number.isSafeInteger(rows))
    return fail('usage.option', `--match-volume: expected table=rows, got ${quote(text)}`)
  return { table: tableNamed(plan, name, '--match-volume'), rows }
}

const fileSubject = async (plan: TypedPlan, values: OptionValues): Promise<Subject> => {
  const wish = wishOf(plan, values)
  if (wish === undefined) return { plan, notices: [] }
  const match = await matchVolume(plan, wish)
  const settings = (values.get('set') ?? []) as readonly string[]
  if (settings.some((each) => each.startsWith(`${match.name}=`))) failTwice(`--set ${match.name}`)
  return { plan: await resized(plan, match), notices: [matchNotice(wish, match)] }
}

const failTwice = (option: string): never =>
  fail('usage.option', `--match-volume chooses what ${option} sets`, { hint: 'Give one of them.' })

const resized = ({ plan }: TypedPlan, { name, value }: MatchedVolume): Promise<TypedPlan> =>
  loadPlan(withParameter(plan, name, value))

const matchNotice = (wish: WantedVolume, { name, value, rows }: MatchedVolume): Notice => ({
  level: 'info',
  text: `${wish.table.landedName}: ${grouped(wish.rows)} rows asked, ${name} ${grouped(value)} gives ${grouped(rows)}`,
})

/** A whole number is a number, what is no number at all a text. */
const seedOf = (values: OptionValues): number | string | undefined => {
  const text = textValue(values, 'seed')
  if (text === undefined || !NUMERIC.test(text)) return text
  const seed = Number(text)
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(seed)
    ? seed
    : fail(
        'usage.option',
        `--seed: expected a whole number below 2^53 in size, or a text that is no number, got ${quote(text)}`,
      )
}

const NUMERIC = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

const LARGEST_FILE = 64 * 1024 * 1024

const readPlanFile = async (
  { cwd }: World,
  subject: string,
  values: OptionValues,
): Promise<unknown> => {
  const text = await readText(resolve(cwd, subject), subject)
  const plan = parsePlanText(text, subject)
  const seed = seedOf(values)
  const changed = withParameters(plan, (values.get('set') ?? []) as readonly string[])
  return seed === undefined || !isObject(changed) ? changed : { ...changed, seed }
}

const readText = async (path: string, subject: string): Promise<string> => {
  try {
    const found = await stat(path)
    if (found.isDirectory())
      return fail('usage.option', `${quote(subject)} is a folder, expected a plan in JSON`)
    if (found.size > LARGEST_FILE) return fail('plan.json', `${subject} is larger than 64 MB`)
    return await readFile(path, 'utf8')
  } catch (error) {
    if (!isAbsent(error)) return failFile(error, 'reading', subject)
    return fail(
      'usage.option',
      `there is no dataset and no file ${quote(subject)}${suggestion(subject, Object.keys(DATASETS))}`,
      { hint: 'Name a dataset of the package or the path of a plan in JSON.' },
    )
  }
}

const parsePlanText = (text: string, subject: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read'
    return fail('plan.json', `${subject} is not JSON: ${reason.slice(0, 200)}`, { cause: error })
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const withParameters = (plan: unknown, settings: readonly string[]): unknown => {
  if (settings.length === 0) return plan
  const known = isObject(plan) && isObject(plan['parameters']) ? plan['parameters'] : {}
  const parameters: Record<string, unknown> = { ...known }
  for (const setting of settings) {
    const [, name, number = ''] = /^([^=]*)=(.*)$/s.exec(setting) ?? []
    if (name === undefined)
      return fail('usage.option', `--set: expected name=number, got ${quote(setting)}`)
    const parameter = Object.hasOwn(known, name) ? known[name] : undefined
    if (!isObject(parameter))
      fail(
        'usage.option',
        `--set: the plan has no parameter ${quote(name)}${suggestion(name, Object.keys(known))}`,
      )
    if (number.trim() === '' || !Number.isFinite(Number(number)))
      fail('usage.option', `--set ${name}: expected a number, got ${quote(number)}`)
    parameters[name] = { ...(parameter as object), value: Number(number) }
  }
  return isObject(plan) ? { ...plan, parameters } : plan
}
