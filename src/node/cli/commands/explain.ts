import {
  CPU_RESOLUTION,
  estimateBesides,
  estimateTables,
  type TableEstimate,
} from '../../../core/run/estimates.ts'
import { publishWay } from '../../../core/run/spec.ts'
import { defaultWorkers, partsOf, rowCounter } from '../../run/begin.ts'
import { readCalibration } from '../../run/calibration.ts'
import { openLake } from '../../run/lake.ts'
import { compileTable } from '../../../core/kernel/generator.ts'
import { printProgram } from '../../../core/kernel/print.ts'
import type { TypedPlan, TypedTable } from '../../../core/plan/typed.ts'
import { landedTables, wantedColumns } from '../../../core/run/landed.ts'
import { type DialectName } from '../../../core/sql/dialects.ts'
import { explainedSql } from '../../../core/sql/explained.ts'
import type { Command, CommandInput } from '../command.ts'
import { datasetOptions } from '../dataset-options.ts'
import { CATALOG_OPTION, datasetPlaceOf, JSON_OPTION, LAKE_OPTION } from '../lake-options.ts'
import { flagValue, numberValue, type OptionDefinition, textValue } from '../option.ts'
import { engineEstimates, engineTable, PRICES_OPTION } from '../engine-estimates.ts'
import { explainedStages } from '../explained-stages.ts'
import { PLAN_OPTIONS, readSubject, tableNamed, tellNotices } from '../plan-source.ts'
import { byteSize } from '../../../core/report/quantities.ts'
import { duration, grouped, textTable } from '../text.ts'
import { refuseWarehouseOptions, TARGET_OPTIONS, warehouseNamed } from '../warehouse-options.ts'
import type { World } from '../world.ts'
import {
  FILE_OPTIONS,
  fileOptions,
  MODE_OPTIONS,
  modeOf,
  WORKERS_OPTION,
} from './generate-options.ts'

/** What --sql means without a table; no table is called so. */
const ALL_TABLES = '*'

const KERNEL_OPTION: OptionDefinition = {
  name: 'kernel',
  kind: 'text',
  placeholder: 'table',
  description: 'print the vector program that makes this table, and nothing else',
}

const SQL_OPTION: OptionDefinition = {
  name: 'sql',
  kind: 'text',
  placeholder: 'table',
  bare: ALL_TABLES,
  description:
    'print the SELECT by which the engine makes this table, or each table, and nothing else',
}

/** Whose SQL each engine runs; the native one runs none, and DuckDB gives its rows. */
const ENGINE_DIALECTS = {
  native: 'duckdb',
  duckdb: 'duckdb',
  spark: 'spark',
  databricks: 'spark',
  dataproc: 'spark',
  bigquery: 'bigquery',
} as const satisfies Readonly<Record<string, DialectName>>

const ENGINE_OPTION: OptionDefinition = {
  name: 'engine',
  kind: 'choice',
  choices: Object.keys(ENGINE_DIALECTS),
  default: 'native',
  description: 'what makes the rows',
}

/** `lakewright explain`: the stages of a run and what its tables are expected to become. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'show what generate would do: stages, rows, bytes, seconds',
  usage: '<dataset | plan.json>',
  positionals: [1, 1],
  options: [
    KERNEL_OPTION,
    SQL_OPTION,
    LAKE_OPTION,
    CATALOG_OPTION,
    ...MODE_OPTIONS,
    ...FILE_OPTIONS.filter(({ name }) => name !== 'engine'),
    ENGINE_OPTION,
    ...TARGET_OPTIONS,
    PRICES_OPTION,
    WORKERS_OPTION,
    ...PLAN_OPTIONS,
    JSON_OPTION,
  ],
  further: datasetOptions,
  examples: [
    {
      line: 'lakewright explain identity --households 5000000',
      says: 'how large it gets and how long it takes; nothing is written',
    },
    {
      line: 'lakewright explain identity --kernel individuals',
      says: 'the instructions that make the table',
    },
    {
      line: 'lakewright explain identity --engine databricks --target main.bronze',
      says: 'privileges held and missing, and the tables that are there',
    },
    {
      line: 'lakewright explain examples/web-shop.json --engine spark --sql orders',
      says: 'the statement that makes the same rows in Spark',
    },
  ],
  run: async (world, input) => {
    const { values } = input
    const { plan, notices } = await readSubject(world, input)
    const kernel = textValue(values, 'kernel')
    if (kernel !== undefined) {
      world.stdout(kernelPrograms(plan, tableNamed(plan, kernel, '--kernel')))
      return 0
    }
    const sql = textValue(values, 'sql')
    if (sql !== undefined) {
      const dialect = dialectOf(textValue(values, 'engine'))
      const tables = sql === ALL_TABLES ? landedTables(plan) : [tableNamed(plan, sql, '--sql')]
      world.stdout(tables.map((table) => explainedSql(plan, table, dialect)).join('\n'))
      return 0
    }
    const options = { ...fileOptions(values), engine: 'native' as const }
    const { format } = options
    const target = datasetPlaceOf(world, { ...input, format, name: plan.plan.name })
    const { place } = target
    const lake = openLake(target.lake, undefined, place.state)
    const mode = modeOf(values)
    const kind = mode === undefined || mode === 'resume' ? 'create' : mode
    const parts = partsOf(plan, options)
    const { stages, lines } = explainedStages(plan, values, {
      target: lake.root,
      dataset: place.folder,
      way: publishWay(kind, options.format, options.format),
      options,
      parts,
    })
    const calibration = await readCalibration(lake)
    const workers = numberValue(values, 'workers') ?? defaultWorkers(parts, 'native')
    const estimates = estimateTables(plan, {
      options,
      count: rowCounter(plan, options.engine),
      calibration,
      threads: (name) => Math.min(workers, parts.filter(({ table }) => table === name).length),
    })
    const besides = estimateBesides(plan, calibration)
    const engines = await engineEstimates(world, input, {
      plan,
      tables: estimates,
      besides,
      parts: parts.length,
    })
    const found = await foundAtTarget(world, input, plan)
    tellNotices(world, notices)
    if (flagValue(values, 'json')) {
      const document = {
        dataset: place.folder,
        planHash: plan.hash,
        notices,
        stages,
        tables: estimates,
        cpuSecondsBesides: besides,
        cpuSecondsResolution: CPU_RESOLUTION,
        engines,
        ...(found === undefined ? {} : { target: found.target }),
      }
      world.stdout(`${JSON.stringify(document, null, 2)}\n`)
      return 0
    }
    world.stdout(lines.map((line, i) => `${String(i + 1).padStart(3)}. ${line}\n`).join(''))
    world.stdout(`\n${estimateTable(estimates, besides)}`)
    world.stdout(`\n${engineTable(engines)}`)
    if (found !== undefined) world.stdout(`\n${found.lines}`)
    return 0
  },
}

/** What is at the target that was given, as data and as text; undefined when none was. */
const foundAtTarget = async (world: World, input: CommandInput, plan: TypedPlan) => {
  const name = warehouseNamed(input.values)
  if (name === undefined) return refuseWarehouseOptions(input, TARGET_OPTIONS)
  if (!input.given.has('target')) return undefined
  const { targetExplained, targetLines, warehouseRequest } = await import('../warehouse-run.ts')
  const target = await targetExplained(world, await warehouseRequest(world, input, { plan, name }))
  return { target, lines: targetLines(target) }
}

const dialectOf = (engine: string | undefined): DialectName =>
  ENGINE_DIALECTS[engine as keyof typeof ENGINE_DIALECTS]

/** What an estimate rests on, where that is not enough to trust it. */
const basisOf = ({ rows, measured, measuredRows }: TableEstimate): string => {
  if (!measured) return 'a guess until a run has measured it'
  const far = measuredRows < FEW ? FAR_FROM_FEW : FAR
  return rows > far * measuredRows ? `rough: measured on ${grouped(measuredRows)} rows only` : ''
}

/** So many times the measured rows are too far to see; from few rows, of which dictionaries are a large part, less. */
const FAR = 10
const FAR_FROM_FEW = 2
const FEW = 20_000

/** The programs of a table, one for each member of the unions it rests on. */
const kernelPrograms = (plan: TypedPlan, table: TypedTable): string =>
  compileTable(plan, { table, wanted: wantedColumns(table) })
    .map(printProgram)
    .join('\n')

const estimateTable = (estimates: readonly TableEstimate[], besides: number): string => {
  const total = (of: (estimate: TableEstimate) => number): number =>
    estimates.reduce((sum, estimate) => sum + of(estimate), 0)
  const guessed = estimates.some(({ measured }) => !measured)
  const rows = estimates.map((estimate) => [
    estimate.table,
    `${estimate.exact ? '' : '~'}${grouped(estimate.rows)}`,
    `~${byteSize(estimate.bytes)}`,
    estimate.cpuSeconds < CPU_RESOLUTION
      ? `< ${duration(CPU_RESOLUTION)}`
      : `~${duration(estimate.cpuSeconds)}`,
    basisOf(estimate),
  ])
  const around = ['start-up, commits, report', '', '', `~${duration(besides)}`, '']
  const sums = [
    'all',
    `~${grouped(total(({ rows: count }) => count))}`,
    `~${byteSize(total(({ bytes }) => bytes))}`,
    `~${duration(besides + total(({ cpuSeconds }) => cpuSeconds))}`,
    guessed ? '' : 'as measured by earlier runs',
  ]
  return textTable(
    ['table', 'rows', 'size', 'native CPU time', ''],
    [...rows, around, sums],
    new Set([1, 2, 3]),
  )
}
