import { resolve } from 'node:path'
import { fail } from '../../../core/errors.ts'
import { quote } from '../../../core/plan/names.ts'
import type { TypedPlan } from '../../../core/plan/typed.ts'
import { landedTables } from '../../../core/run/landed.ts'
import { type BundleInputs, type Choice, renderingFolder } from '../../../core/warehouse/bundle.ts'
import { type BundleFile, bundleFiles } from '../../../core/warehouse/bundle-files.ts'
import type { DerivedTable } from '../../../core/warehouse/derived.ts'
import { type DatasetDefinition, resolveParameters } from '../../../datasets/definition.ts'
import { writeBundle, type WrittenBundle } from '../../bundle/write.ts'
import { planJson } from '../../run/load-plan.ts'
import type { Command, CommandInput } from '../command.ts'
import { datasetOptions, givenParameters } from '../dataset-options.ts'
import { findDataset } from '../datasets.ts'
import { JSON_OPTION } from '../lake-options.ts'
import { flagValue, negativeOf, type OptionDefinition, textValue } from '../option.ts'
import { PLAN_OPTIONS, readSubject, tellNotices } from '../plan-source.ts'

const OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'out',
    kind: 'text',
    placeholder: 'folder',
    description: 'where the bundle is written: an absent or empty folder, or this bundle to add to',
  },
  {
    name: 'catalog',
    kind: 'text',
    placeholder: 'name',
    default: 'main',
    description: 'the default of the bundle’s variable catalog',
  },
  {
    name: 'schema',
    kind: 'text',
    placeholder: 'name',
    defaultText: 'the name of the plan',
    description: 'the default of the bundle’s variable schema',
  },
  {
    name: 'warehouse',
    kind: 'text',
    placeholder: 'name',
    default: 'Serverless Starter Warehouse',
    description: 'the SQL warehouse that does the work, by its name',
  },
]

/** `lakewright bundle`: writes a Databricks Asset Bundle that makes a dataset on a SQL warehouse. */
export const bundleCommand: Command = {
  name: 'bundle',
  summary: 'write a Databricks Asset Bundle that makes a dataset on a SQL warehouse',
  usage: '<dataset | plan.json>',
  positionals: [1, 1],
  options: [...OPTIONS, ...PLAN_OPTIONS, JSON_OPTION],
  further: datasetOptions,
  examples: [
    {
      line: 'lakewright bundle retail --scale medium --days 30 --out retail-bundle',
      says: 'then: cd retail-bundle && ./deploy.sh dev medium 30 false',
    },
  ],
  run: async (world, input) => {
    const { values, positionals } = input
    const out = textValue(values, 'out') ?? fail('usage.option', '--out is needed: a folder')
    const { plan, notices } = await readSubject(world, input)
    const dataset = await findDataset(positionals[0] ?? '')
    const choices = choicesOf(plan, dataset, input)
    const inputs: BundleInputs = {
      dataset: plan.plan.name,
      choices,
      catalog: textValue(values, 'catalog') ?? '',
      schema: textValue(values, 'schema') ?? plan.plan.name,
      warehouse: textValue(values, 'warehouse') ?? '',
      tables: landedTables(plan).map(({ landedName }) => landedName),
      derived: derivedTables(dataset, input),
    }
    const subject = dataset === undefined ? [PLAN_FILE] : [dataset.name, ...fixedWords(input)]
    const words = [...subject, ...optionWords(input, DEFAULTS)]
    const rendering = renderingFolder(choices.map(({ value }) => value))
    const fixed = dataset === undefined ? planText(plan, '') : subject.join(' ')
    const folder = resolve(world.cwd, out)
    const identity = { dataset: plan.plan.name, fixed, rendering }
    const result = await writeBundle(folder, identity, () => [
      ...bundleFiles(plan, inputs, words),
      ...planFile(plan, dataset),
    ])
    tellNotices(world, notices)
    world.stdout(
      flagValue(values, 'json')
        ? `${JSON.stringify({ folder, planHash: plan.hash, rendering, ...result }, null, 2)}\n`
        : told(folder, choices, result),
    )
    return 0
  },
}

/** The plan of a bundle that no dataset of the package makes again. */
const PLAN_FILE = 'plan.json'

const planFile = (
  plan: TypedPlan,
  dataset: DatasetDefinition | undefined,
): readonly BundleFile[] =>
  dataset === undefined
    ? [{ path: PLAN_FILE, text: planText(plan, plan.plan.seed), kept: false }]
    : []

const planText = (plan: TypedPlan, seed: number | string): string =>
  `${JSON.stringify(planJson({ ...plan, plan: { ...plan.plan, seed } }), null, 2)}\n`

const derivedTables = (
  dataset: DatasetDefinition | undefined,
  input: CommandInput,
): readonly DerivedTable[] => {
  if (dataset === undefined) return []
  const { parameters, views = {} } = dataset
  const values = resolveParameters(parameters, givenParameters(parameters, input))
  return Object.values(views).map(({ table }) => table(values))
}

/** Parameters that are variables of a bundle. */
const CHOICES = ['scale', 'days'] as const

/** What the bundle's variables choose: scale and days where the dataset has them, and the seed. */
const choicesOf = (
  plan: TypedPlan,
  dataset: DatasetDefinition | undefined,
  { values }: CommandInput,
): readonly Choice[] => {
  const own = CHOICES.filter((name) =>
    dataset?.parameters.some((parameter) => parameter.name === name),
  )
  return [
    ...own.map((name) => ({ name, value: String(values.get(name) ?? '') })),
    { name: 'seed', value: folderName(String(plan.plan.seed)) },
  ]
}

const folderName = (seed: string): string =>
  /^-?[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/.test(seed)
    ? seed
    : fail('usage.option', `--seed: in a bundle it names a folder, got ${quote(seed)}`, {
        hint: 'Use at most 64 letters, digits, _ and -.',
      })

/** Options that become defaults of variables. */
const DEFAULTS: readonly string[] = ['catalog', 'schema', 'warehouse']

/** Options that shape the plan and are no variables of the bundle, as they were given. */
const fixedWords = (input: CommandInput): readonly string[] => {
  const beside = new Set<string>([
    ...OPTIONS.map(({ name }) => name),
    'json',
    'debug',
    ...CHOICES,
    'seed',
  ])
  return optionWords(input, [...input.given].filter((name) => !beside.has(name)).toSorted())
}

/** Options of those names that were given, as words of a command line. */
const optionWords = (
  { values, given }: CommandInput,
  names: readonly string[],
): readonly string[] =>
  names
    .filter((name) => given.has(name))
    .flatMap((name) => {
      const value = values.get(name)
      if (value === false) return [`--${negativeOf(name)}`]
      if (value === true) return [`--${name}`]
      return [value ?? []].flat().map((each) => `--${name}=${each}`)
    })

const told = (
  folder: string,
  choices: readonly Choice[],
  { written, kept, removed }: WrittenBundle,
): string =>
  [
    `${folder}: ${written.length} files written`,
    ...kept.map((path) => `  kept, because it was changed by hand: ${path}`),
    ...removed.map((path) => `  removed, because it no longer belongs to the bundle: ${path}`),
    `next: cd ${folder} && ./deploy.sh ${['dev', ...choices.filter(({ name }) => name !== 'seed').map(({ value }) => value), 'false'].join(' ')}`,
  ]
    .map((line) => `${line}\n`)
    .join('')
