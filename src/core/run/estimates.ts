import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import { sha256Hex } from '../sha256.ts'
import { type CountRows, expectedRows } from './expected-rows.ts'
import { landedColumns, landedTables } from './landed.ts'
import type { Pace, Probes } from './part-result.ts'
import type { FileOptions } from './spec.ts'

/** What runs have measured of one table, and how many rows that rests on. */
export type TableRate = {
  readonly rows: number
  readonly bytesPerRow: number
  /** Processor seconds a row once rows flow. */
  readonly secondsPerRow: number
  /** Processor seconds of each thread that begins with the table: compiling, and what its first rows take longer. */
  readonly startSeconds: number
}

/** What runs have measured, as a calibration file keeps it. */
export type Calibration = {
  readonly tables: Readonly<Record<string, TableRate>>
  /** Processor seconds of a run beside its tables, by plan: start-up, commits and report. */
  readonly besides: Readonly<Record<string, number>>
}

/** Before any run. */
export const NO_CALIBRATION: Calibration = { tables: {}, besides: {} }

/** What a table is expected to become; `measured` when its rates come from a run rather than from its types. */
export interface TableEstimate {
  readonly table: string
  readonly rows: number
  readonly exact: boolean
  readonly bytes: number
  readonly cpuSeconds: number
  readonly measured: boolean
  /** How many rows its rates rest on; 0 before any run. */
  readonly measuredRows: number
}

/**
 * Processor seconds below which a table's figure says nothing: two runs of the same table differ by as much, with what
 * its thread has made before. Above it, one measured run of 20,000 rows or more foretells others of up to ten times its
 * rows within 30 %, as nearly as that run foretells itself, and their bytes within 15 %.
 */
export const CPU_RESOLUTION = 0.02

/** Root entities whose fan-out is measured for an estimate: few enough to take a moment, many enough for 1 %. */
export const ESTIMATE_SAMPLE = 131_072

/** Estimates every table that lands. */
export const estimateTables = (
  plan: TypedPlan,
  { options, count, calibration, threads }: EstimateInputs,
): readonly TableEstimate[] =>
  landedTables(plan).map((table) => {
    const { rows, exact } = expectedRows(plan, table, { count, sample: ESTIMATE_SAMPLE })
    const rate = calibration.tables[tableKey(plan, table, options)]
    const { secondsPerRow, startSeconds } = rate ?? guessedCost(table)
    return {
      table: table.name,
      rows,
      exact,
      bytes: Math.round(rows * (rate?.bytesPerRow ?? guessedBytes(table, options))),
      cpuSeconds: threads(table.name) * startSeconds + rows * secondsPerRow,
      measured: rate !== undefined,
      measuredRows: rate?.rows ?? 0,
    }
  })

/** Processor seconds of a run beside its tables. */
export const estimateBesides = (plan: TypedPlan, { besides }: Calibration): number =>
  besides[plan.plan.name] ?? GUESSED_BESIDES

/** What an estimate rests on besides the plan. */
export interface EstimateInputs {
  readonly options: FileOptions
  readonly count: CountRows
  readonly calibration: Calibration
  /** How many threads will begin with a table. */
  readonly threads: (table: string) => number
}

/** What a run made of one table. */
export interface MeasuredRun {
  readonly table: string
  readonly rows: number
  readonly bytes: number
  readonly cpuSeconds: number
  /** Of each of its parts. */
  readonly paces: readonly Pace[]
}

/** A calibration with the rates of a run; rates that rest on many more rows are kept. */
export const calibrate = (
  calibration: Calibration,
  plan: TypedPlan,
  { options, measured, besides }: Measured,
): Calibration => {
  const full = Math.min(
    ...measured.flatMap(({ paces }) => probesOf(paces).map(({ least }) => least)),
  )
  const rates = measured.flatMap((run) => {
    const { rows, bytes } = run
    const table = plan.tables.get(run.table)
    if (table === undefined || rows === 0) return []
    const key = tableKey(plan, table, options)
    const known = calibration.tables[key]
    if (known !== undefined && known.rows > KEPT_BEYOND * rows) return []
    const { secondsPerRow, startSeconds } = costOf(table, run)
    const speed = expectedSlowness(slownessOf(run, full))
    const cost = { secondsPerRow: speed * secondsPerRow, startSeconds: speed * startSeconds }
    return [[key, { rows, bytesPerRow: bytes / rows, ...cost }] as const]
  })
  return {
    tables: { ...calibration.tables, ...Object.fromEntries(rates) },
    besides: {
      ...calibration.besides,
      ...(besides === undefined ? {} : { [plan.plan.name]: besides }),
    },
  }
}

/** What a run has measured: its tables, and its processor seconds beside them where those are known. */
export interface Measured {
  readonly options: FileOptions
  readonly measured: readonly MeasuredRun[]
  readonly besides: number | undefined
}

type Cost = Pick<TableRate, 'secondsPerRow' | 'startSeconds'>

/**
 * The later rows of parts give the rate, together with what the ends of parts took longer than closing a file;
 * everything else went into beginning. Few blocks of later rows say little, so a guess weighs as much as some of them.
 */
const costOf = (table: TypedTable, { rows, cpuSeconds, paces }: MeasuredRun): Cost => {
  const total = (of: (pace: Pace) => number): number =>
    paces.reduce((sum, pace) => sum + of(pace), 0)
  const flowRows = total((pace) => pace.flowRows)
  const ends = total(({ finishSeconds }) => Math.max(0, finishSeconds - CLOSING)) / rows
  const flow = flowRows > 0 ? total((pace) => pace.flowSeconds) / flowRows + ends : 0
  const flowBlocks = total((pace) => pace.flowBlocks)
  const weight = flowBlocks * flowBlocks
  const trust = weight / (weight + GUESS_BLOCKS * GUESS_BLOCKS)
  const secondsPerRow = Math.min(
    cpuSeconds / rows,
    trust * flow + (1 - trust) * guessedCost(table).secondsPerRow,
  )
  return {
    secondsPerRow,
    startSeconds:
      Math.max(0, cpuSeconds - rows * secondsPerRow) /
      Math.max(
        1,
        total(({ starts }) => +starts),
      ),
  }
}

const probesOf = (paces: readonly Pace[]): readonly Probes[] =>
  paces.flatMap(({ probes }) => (probes === undefined || probes.count === 0 ? [] : [probes]))

/** How many times as long as at the core's best, `full` seconds, the probes of a table took; undefined without any. */
const slownessOf = ({ paces }: MeasuredRun, full: number): number | undefined => {
  const probes = probesOf(paces)
  const count = probes.reduce((sum, each) => sum + each.count, 0)
  return count === 0
    ? undefined
    : probes.reduce((sum, { seconds }) => sum + seconds, 0) / count / full
}

/**
 * What to expect of the next run's seconds, as a share of these. A core is half as slow again while its other thread
 * works, which may be another guest of the host: one run says little of how busy the next one's core is.
 */
const expectedSlowness = (measured: number | undefined): number =>
  measured === undefined ? 1 : (USUAL + LASTING * (measured - USUAL)) / measured

/** How slow a core is in the mean of many runs, and how much of a run's difference from it the next one has too: measured on a shared host, where threads were 1 to 1.5 times as slow as at their best. */
const USUAL = 1.08
const LASTING = 0.3

/** A guess weighs as much as so many measured blocks: by then the code that makes them has become quick. */
const GUESS_BLOCKS = 3

/** Seconds to end a part, however few its rows are. */
const CLOSING = 0.005

/** What a rate is kept under: the table, its columns and the file options, but not the sizes and laws of the plan. */
export const tableKey = (plan: TypedPlan, table: TypedTable, options: FileOptions): string => {
  const columns = landedColumns(table).map(({ name, shape }) => [name, shape.type, shape.nullable])
  const { format, compression, checksums, engine } = options
  const facts = [columns, format, compression, checksums, engine]
  return `${plan.plan.name}.${table.name}.${sha256Hex(JSON.stringify(facts)).slice(0, 12)}`
}

/** A short run says less about a long one than another long one does. */
const KEPT_BEYOND = 4

/** Before any run: about a third of the plain width, since keys and dictionaries pack well; text formats do not pack. */
const guessedBytes = (table: TypedTable, { format }: FileOptions): number => {
  const plain = landedColumns(table).reduce((sum, { shape }) => {
    if (shape.type.kind === 'string') return sum + Math.min(shape.maxLength, 40)
    return sum + (shape.type.kind === 'boolean' ? 1 : 8)
  }, 0)
  return format === 'csv' || format === 'jsonl' ? plain : plain / 3
}

/** Before any run: a cell in 15 ns, and 10 ms to begin. */
const guessedCost = (table: TypedTable): Cost => ({
  secondsPerRow: 15e-9 * landedColumns(table).length,
  startSeconds: 0.01,
})

/** Before any run. */
const GUESSED_BESIDES = 0.5
