import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { TableEstimate } from '../../core/run/estimates.ts'
import { fail } from '../../core/errors.ts'
import { quote } from '../../core/plan/names.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import { byteSize } from '../../core/report/quantities.ts'
import {
  type EngineEstimate,
  type EstimatedRun,
  estimateEngines,
  type ScaledEstimate,
} from '../../core/warehouse/estimates.ts'
import { cloudPartitions } from '../../core/warehouse/partitions.ts'
import { parsePrices, type Prices } from '../../core/warehouse/prices.ts'
import { assetUrl } from '../store/assets.ts'
import { failFile, isAbsent } from '../store/file-errors.ts'
import { warehouseParts } from '../warehouse/begin.ts'
import type { CommandInput } from './command.ts'
import { partsAsked } from './cutting.ts'
import { type OptionDefinition, type OptionValues, numberValue, textValue } from './option.ts'
import { duration, grouped, textTable } from './text.ts'
import type { World } from './world.ts'

/** The option for another price table. */
export const PRICES_OPTION: OptionDefinition = {
  name: 'prices',
  kind: 'text',
  placeholder: 'file',
  defaultText: 'assets/prices.json of the package',
  description: 'prices, sizes and measured rates of engines that estimates rest on',
}

/** What explain knows of a run before engines differ. */
export interface ExplainedRun {
  readonly plan: TypedPlan
  readonly tables: readonly TableEstimate[]
  /** Processor seconds of the native engine beside its tables. */
  readonly besides: number
  /** Parts of the native engine. */
  readonly parts: number
}

/** What explain says of engines: estimates, and the day of the prices they rest on. */
export interface EngineEstimates extends Pick<Prices, 'date' | 'currency'> {
  readonly estimates: readonly (EngineEstimate & { readonly price: string })[]
}

/** Estimates of a run for every engine, or the one that was asked for. */
export const engineEstimates = async (
  world: World,
  { values, given }: Pick<CommandInput, 'values' | 'given'>,
  run: ExplainedRun,
): Promise<EngineEstimates> => {
  const prices = await readPrices(world, values)
  const asked = given.has('engine') ? textValue(values, 'engine') : undefined
  const estimates = estimateEngines(estimatedRun(run, values), prices)
  return {
    date: prices.date,
    currency: prices.currency,
    estimates: estimates
      .filter(({ engine }) => asked === undefined || engine === asked)
      .map((each) => ({ ...each, price: prices.engines[each.engine].source })),
  }
}

/** The estimates as a table, with what they rest on below. */
export const engineTable = ({ date, currency, estimates }: EngineEstimates): string => {
  const rows = estimates.flatMap((each) => [
    lineOf(each),
    ...(each.scaled === undefined ? [] : [scaledLine(each.scaled)]),
  ])
  const headings = ['engine', 'on', 'in', 'CPU time', 'time', currency, 'rests on']
  const [first] = estimates
  const size =
    first === undefined ? '' : `${grouped(first.rows)} rows, ~${byteSize(first.bytes)} as Parquet. `
  return `${size}Estimates, at prices of ${date}; --prices takes others:\n${textTable(headings, rows, new Set([2, 3, 4]))}`
}

const lineOf = (each: EngineEstimate): readonly string[] => [
  each.engine,
  each.setup,
  `${grouped(each.partitions)} ${each.partitionsOf}`,
  `~${duration(each.cpuSeconds)}`,
  `~${duration(each.minutes * 60)}`,
  each.money === 0 && each.storageMonth === 0
    ? ''
    : `~${money(each.money)}, then ~${money(each.storageMonth)} a month`,
  `${each.basis.kind}: ${each.basis.says}`,
]

const scaledLine = ({ executors, minutes, money: cost }: ScaledEstimate): readonly string[] => [
  '',
  `grown to ${grouped(executors)} executors, as it asks for`,
  '',
  '',
  `~${duration(minutes * 60)}`,
  `~${money(cost)}`,
  'autoscaling, at best and if the quota lets it',
]

const money = (amount: number): string => amount.toFixed(amount < 0.1 ? 4 : 2)

const estimatedRun = (
  { plan, tables, besides, parts }: ExplainedRun,
  values: OptionValues,
): EstimatedRun => {
  const asked = partsAsked(values)
  const partitions = numberValue(values, 'partitions')
  const total = (of: (table: TableEstimate) => number): number =>
    tables.reduce((sum, table) => sum + of(table), 0)
  const statements = warehouseParts(plan, asked === undefined ? {} : { parts: asked }).length
  const most = Math.max(0, ...tables.map(({ rows }) => rows))
  return {
    plan: plan.plan.name,
    tables: tables.length,
    rows: total(({ rows }) => rows),
    bytes: total(({ bytes }) => bytes),
    nativeSeconds: besides + total(({ cpuSeconds }) => cpuSeconds),
    nativeMeasured: tables.every(({ measured }) => measured),
    pieces: {
      native: { count: parts, of: 'parts' },
      duckdb: { count: parts, of: 'parts' },
      spark: { count: statements, of: 'statements' },
      databricks: { count: partitions ?? cloudPartitions(most), of: 'partitions a table' },
      bigquery: { count: statements, of: 'statements' },
      dataproc: { count: partitions ?? cloudPartitions(most), of: 'partitions a table' },
    },
  }
}

const readPrices = async ({ cwd }: World, values: OptionValues): Promise<Prices> => {
  const path = textValue(values, 'prices')
  const place = path === undefined ? assetUrl('prices.json') : resolve(cwd, path)
  const what = path ?? 'assets/prices.json'
  try {
    return parsePrices(await readFile(place, 'utf8'), what)
  } catch (error) {
    if (isAbsent(error)) fail('usage.option', `--prices: there is no file ${quote(what)}`)
    return failFile(error, 'reading', what)
  }
}
