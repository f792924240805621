import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fail } from '../../core/errors.ts'
import { quote, suggestion } from '../../core/plan/names.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import { landedTables } from '../../core/run/landed.ts'
import type { DatasetDefinition, ParameterValues } from '../../datasets/definition.ts'
import { loadPlan, readVocabularies } from '../run/load-plan.ts'
import { failFile, isAbsent } from '../store/file-errors.ts'
import type { CommandInput } from './command.ts'
import { DATASETS, findDataset } from './datasets.ts'
import { type OptionDefinition, type OptionValues, textValue } from './option.ts'
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
]

/** The plan that a command's first argument names, a dataset of the package or a JSON file, resolved. */
export const readPlan = async (
  world: World,
  { positionals, values }: CommandInput,
): Promise<TypedPlan> => {
  const [subject = ''] = positionals
  const dataset = await findDataset(subject)
  if (dataset === undefined) return loadPlan(await readPlanFile(world, subject, values))
  if (values.has('set'))
    fail('usage.option', `--set is for plan files; ${subject} has options of its own`, {
      hint: `See lakewright generate ${subject} --help.`,
    })
  return buildPlan(dataset, values)
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

const buildPlan = async (dataset: DatasetDefinition, values: OptionValues): Promise<TypedPlan> => {
  const parameters: ParameterValues = Object.fromEntries(
    dataset.parameters.map(({ name, flag, default: value }) => [
      name,
      numberOf(values.get(flag), value),
    ]),
  )
  const vocabularies = await readVocabularies(dataset.vocabularies)
  const plan = dataset.build(parameters, { seed: seedOf(values) ?? dataset.seed, vocabularies })
  return loadPlan(plan, vocabularies)
}

const numberOf = (value: unknown, otherwise: number): number => {
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'number' ? value : otherwise
}

/** A whole number is a number, everything else a text. */
const seedOf = (values: OptionValues): number | string | undefined => {
  const text = textValue(values, 'seed')
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return text
  const seed = Number(text)
  return Number.isSafeInteger(seed)
    ? seed
    : fail('usage.option', `--seed: expected a whole number below 2^53 in size, got ${quote(text)}`)
}

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
