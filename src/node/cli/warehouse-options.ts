import { fail } from '../../core/errors.ts'
import { quote, suggestion } from '../../core/plan/names.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import { declaredColumns, landedTables } from '../../core/run/landed.ts'
import type { Arrangement } from '../../core/warehouse/landing.ts'
import type { WarehouseFileOptions } from '../../core/warehouse/spec.ts'
import { type Proof, PROOFS } from '../../core/warehouse/stages.ts'
import { parseVolume } from '../../core/warehouse/volume.ts'
import type { WarehouseName, WarehouseOptions } from '../../core/warehouse/warehouse.ts'
import { WAREHOUSE_NAMES } from '../warehouse/providers.ts'
import type { CommandInput } from './command.ts'
import { partitionsAsked, partsAsked } from './cutting.ts'
import { type OptionDefinition, type OptionValues, textValue } from './option.ts'

/** Options that say how to come to a warehouse, in the order of help; a provider reads those it knows. */
export const CONNECTION_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'remote',
    kind: 'text',
    placeholder: 'sc://host:port',
    description: 'the Spark Connect server of --engine spark; without it, SPARK_REMOTE says',
  },
  {
    name: 'warehouse-id',
    kind: 'text',
    placeholder: 'id',
    description:
      'the SQL warehouse of --engine databricks; without it, DATABRICKS_WAREHOUSE_ID or the profile says',
  },
  {
    name: 'project-id',
    kind: 'text',
    placeholder: 'project',
    description:
      'the Google Cloud project that pays; without it, GOOGLE_CLOUD_PROJECT or that of the credentials',
  },
  {
    name: 'location',
    kind: 'text',
    placeholder: 'EU',
    description: 'where --engine bigquery makes a dataset that is not there',
  },
]

/** The engine that each connection option leads to. */
const LEADS_TO: Readonly<Record<string, WarehouseName>> = {
  remote: 'spark',
  'warehouse-id': 'databricks',
  'project-id': 'bigquery',
  location: 'bigquery',
}

const ARRANGING = 'table=column,column'

/** Options of runs in a warehouse. */
export const WAREHOUSE_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'target',
    kind: 'text',
    placeholder: 'catalog.schema',
    description: 'where tables land when the engine is a warehouse',
  },
  ...CONNECTION_OPTIONS,
  {
    name: 'zorder',
    kind: 'text',
    placeholder: ARRANGING,
    many: true,
    description: 'in a warehouse, order the rows of a table by these columns at once; repeatable',
  },
  {
    name: 'cluster-by',
    kind: 'text',
    placeholder: ARRANGING,
    many: true,
    description: 'in a warehouse, cluster a table by these columns; repeatable',
  },
  {
    name: 'partition-by',
    kind: 'text',
    placeholder: 'table=column',
    many: true,
    description: 'in a warehouse, partition a table by a column; repeatable',
  },
  {
    name: 'proof',
    kind: 'choice',
    choices: PROOFS,
    default: 'digest',
    description: 'in a warehouse, prove rows by their digest, or count them only',
  },
  {
    name: 'volume',
    kind: 'text',
    placeholder: '/Volumes/…',
    description:
      'with --engine databricks, a folder of a volume that gets the manifest of the run: the plan, rows and digests',
  },
  {
    name: 'async',
    kind: 'flag',
    description: 'with --engine databricks, submit a job and return at once',
  },
  {
    name: 'cluster',
    kind: 'text',
    placeholder: 'file.json',
    description:
      'with --async, the cluster that is made for the job; without it, the SQL warehouse does the work',
  },
]

/** The options that lead to a target, for commands that only look. */
export const TARGET_OPTIONS: readonly OptionDefinition[] = WAREHOUSE_OPTIONS.filter(
  ({ name }) => name !== 'async' && name !== 'cluster',
)

/** The warehouse that `--engine` names; undefined for an engine that lands in a lake. */
export const warehouseNamed = (values: OptionValues): WarehouseName | undefined =>
  WAREHOUSE_NAMES.find((name) => name === textValue(values, 'engine'))

/** Fails with usage.option when an option of warehouses was given for a lake. */
export const refuseWarehouseOptions = (
  { given, values }: CommandInput,
  options: readonly OptionDefinition[] = WAREHOUSE_OPTIONS,
): undefined => {
  const stray = options.find(({ name }) => given.has(name))
  if (stray !== undefined)
    fail(
      'usage.option',
      `--${stray.name} is for a warehouse, not for --engine ${textValue(values, 'engine')}`,
      {
        hint: `Choose --engine ${WAREHOUSE_NAMES.join(' or ')}.`,
      },
    )
}

/** The connection options that were given. */
export const connectionOptions = ({ values, given }: CommandInput): WarehouseOptions =>
  new Map(
    CONNECTION_OPTIONS.flatMap(({ name }) => {
      const text = textValue(values, name)
      return given.has(name) && text !== undefined ? [[name, text] as const] : []
    }),
  )

/** Fails with usage.option when a connection option of another warehouse was given. */
export const refuseOtherConnections = (
  { given }: Pick<CommandInput, 'given'>,
  name: WarehouseName,
): void => {
  const stray = Object.keys(LEADS_TO).find((each) => given.has(each) && LEADS_TO[each] !== name)
  if (stray !== undefined)
    fail('usage.option', `--${stray} is for --engine ${LEADS_TO[stray]}, not for --engine ${name}`)
}

/** What shapes the tables of a run in a warehouse. Fails with usage.option naming a table or column that does not land. */
export const warehouseFileOptions = (
  plan: TypedPlan,
  values: OptionValues,
): WarehouseFileOptions => {
  const [parts, partitions] = [partsAsked(values), partitionsAsked(values)]
  const volume = volumeAsked(values)
  return {
    proof: textValue(values, 'proof') as Proof,
    arrangements: arrangementsOf(plan, values),
    ...(parts === undefined ? {} : { parts }),
    ...(partitions === undefined ? {} : { partitions }),
    ...(volume === undefined ? {} : { volume }),
  }
}

/** The folder of a volume that was asked for. Fails with usage.option when it is none, or for an engine without volumes. */
export const volumeAsked = (values: OptionValues): string | undefined => {
  const text = textValue(values, 'volume')
  if (text === undefined) return undefined
  if (warehouseNamed(values) !== 'databricks')
    fail('usage.option', '--volume is for --engine databricks')
  return parseVolume(text).path
}

const arrangementsOf = (
  plan: TypedPlan,
  values: OptionValues,
): Readonly<Record<string, Arrangement>> => {
  const found: Record<string, Arrangement> = {}
  const add = (table: string, arrangement: Arrangement): void => {
    found[table] = { ...found[table], ...arrangement }
  }
  for (const { table, columns } of arranged(plan, values, 'zorder')) add(table, { zorder: columns })
  for (const { table, columns } of arranged(plan, values, 'cluster-by'))
    add(table, { cluster: columns })
  for (const { table, columns } of arranged(plan, values, 'partition-by')) {
    const [partition = '', ...more] = columns
    if (more.length > 0) fail('usage.option', `--partition-by: ${table} can have one column only`)
    add(table, { partition })
  }
  for (const [table, { zorder, cluster }] of Object.entries(found))
    if (zorder !== undefined && cluster !== undefined)
      fail('usage.option', `${table}: a table is ordered by --zorder or clustered by --cluster-by`)
  return found
}

interface Arranged {
  /** As it lands. */
  readonly table: string
  readonly columns: readonly string[]
}

const arranged = (plan: TypedPlan, values: OptionValues, option: string): readonly Arranged[] => {
  const given = values.get(option)
  if (!Array.isArray(given)) return []
  return given.map((text: string) => {
    const [name = '', list = ''] = text.split(/=(.*)/s)
    const tables = landedTables(plan)
    const table =
      tables.find((each) => each.name === name || each.landedName === name) ??
      refuse(
        option,
        `there is no table ${quote(name)}`,
        suggestion(
          name,
          tables.map((each) => each.name),
        ),
      )
    const known = declaredColumns(table).map((column) => column.name)
    if (list.trim() === '') refuse(option, `expected ${ARRANGING}, got ${quote(text)}`, '')
    const columns = list.split(',').map((column) => column.trim())
    columns.forEach((column, i) => {
      if (!known.includes(column))
        refuse(option, `${table.name} has no column ${quote(column)}`, suggestion(column, known))
      if (columns.indexOf(column) < i)
        refuse(option, `${table.name} is given the column ${quote(column)} twice`, '')
    })
    return { table: table.landedName, columns }
  })
}

const refuse = (option: string, problem: string, suggested: string): never =>
  fail('usage.option', `--${option}: ${problem}${suggested}`)
