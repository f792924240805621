import {
  type EngineSetup,
  ESTIMATED_ENGINES,
  type EstimatedEngine,
  type MeasuredRate,
  type Prices,
} from './prices.ts'

/** What a run is expected to be, as far as engines share it. */
export interface EstimatedRun {
  /** The plan's name. */
  readonly plan: string
  /** Tables that land. */
  readonly tables: number
  readonly rows: number
  readonly bytes: number
  /** Processor seconds of the native engine, and whether runs of this lake have measured them. */
  readonly nativeSeconds: number
  readonly nativeMeasured: boolean
  /** Into what the work is cut, by engine. */
  readonly pieces: Readonly<Record<EstimatedEngine, Pieces>>
}

/** Parts or statements of all tables together, or Spark's partitions of each table. */
export interface Pieces {
  readonly count: number
  readonly of: 'parts' | 'statements' | 'partitions a table'
}

/** What a run is expected to take and to cost on an engine. An estimate, whatever it rests on. */
export interface EngineEstimate {
  readonly engine: EstimatedEngine
  readonly setup: string
  readonly rows: number
  readonly bytes: number
  readonly partitions: number
  /** What `partitions` counts. */
  readonly partitionsOf: Pieces['of']
  readonly cpuSeconds: number
  /** From the start of the engine to the end of the run. */
  readonly minutes: number
  readonly money: number
  /** What keeping the tables costs a month. */
  readonly storageMonth: number
  /** What the processor seconds rest on. */
  readonly basis: Basis
}

/** `measured`: this engine with this plan; `computed`: the rate of another plan, or of another engine. */
export interface Basis {
  readonly kind: 'measured' | 'computed' | 'guessed'
  readonly says: string
}

/** Estimates of a run on every engine, in the order of ESTIMATED_ENGINES. */
export const estimateEngines = (run: EstimatedRun, prices: Prices): readonly EngineEstimate[] =>
  ESTIMATED_ENGINES.map((engine) => {
    const { seconds, basis } = processorTime(run, engine, prices.measured)
    const setup = prices.engines[engine]
    const wall = setup.startSeconds + seconds / coresFor(engine, setup, run)
    return {
      engine,
      setup: setup.setup,
      rows: run.rows,
      bytes: run.bytes,
      partitions: run.pieces[engine].count,
      partitionsOf: run.pieces[engine].of,
      cpuSeconds: seconds,
      minutes: wall / 60,
      money: (setup.pricePerHour * Math.max(wall, setup.leastSeconds)) / 3600,
      storageMonth: (setup.storagePerGiBMonth * run.bytes) / 2 ** 30,
      basis,
    }
  })

/** Engines that cut within a statement use all their cores; the native one has a thread a part. */
const coresFor = (engine: EstimatedEngine, { cores }: EngineSetup, run: EstimatedRun): number =>
  engine === 'native' ? Math.min(cores, run.pieces.native.count) : cores

/** Engines without an account to measure them, and whose rate stands for theirs: a vCPU or slot for a core. */
const STAND_INS: Readonly<Partial<Record<EstimatedEngine, EstimatedEngine>>> = {
  databricks: 'spark',
  dataproc: 'spark',
  bigquery: 'spark',
}

interface ProcessorTime {
  readonly seconds: number
  readonly basis: Basis
}

const processorTime = (
  run: EstimatedRun,
  engine: EstimatedEngine,
  measured: readonly MeasuredRate[],
): ProcessorTime => {
  if (engine === 'native' && run.nativeMeasured)
    return {
      seconds: run.nativeSeconds,
      basis: { kind: 'measured', says: 'by earlier runs of this lake' },
    }
  const own = measuredOf(run, engine, measured)
  if (own !== undefined) return ownTime(run, own)
  const standIn = STAND_INS[engine]
  if (standIn !== undefined) {
    const { seconds, basis } = processorTime(run, standIn, measured)
    const kind = basis.kind === 'guessed' ? 'guessed' : 'computed'
    return { seconds, basis: { kind, says: `${standIn}'s rate, ${basis.says}` } }
  }
  const other = engine === 'native' ? undefined : besideNative(engine, measured)
  if (other !== undefined) {
    const native = processorTime(run, 'native', measured)
    return {
      seconds: other.startSeconds + native.seconds * other.ratio,
      basis: {
        kind: native.basis.kind === 'guessed' ? 'guessed' : 'computed',
        says: `${other.ratio.toFixed(1)} times the native engine, as with other plans`,
      },
    }
  }
  return {
    seconds: run.nativeSeconds,
    basis: { kind: 'guessed', says: 'from the columns, nothing was measured' },
  }
}

/** What was measured of the plan on an engine, best with as many tables. */
const measuredOf = (
  run: EstimatedRun,
  engine: EstimatedEngine,
  measured: readonly MeasuredRate[],
): MeasuredRate | undefined => {
  const own = measured.filter((each) => each.plan === run.plan && each.engine === engine)
  return own.find(({ tables }) => tables === run.tables) ?? own[0]
}

const ownTime = (
  run: EstimatedRun,
  { tables = run.tables, startSeconds, rowsPerCoreSecond, from }: MeasuredRate,
): ProcessorTime => ({
  seconds: startSeconds + run.rows / rowsPerCoreSecond,
  basis:
    tables === run.tables
      ? { kind: 'measured', says: from }
      : { kind: 'computed', says: `with ${tables} tables, ${from}` },
})

interface BesideNative {
  readonly startSeconds: number
  readonly ratio: number
}

/** Processor seconds of an engine by those of the native one: the medians over what both were measured with. */
const besideNative = (
  engine: EstimatedEngine,
  measured: readonly MeasuredRate[],
): BesideNative | undefined => {
  const both = measured.flatMap((other) => {
    if (other.engine !== engine) return []
    const { plan, tables, startSeconds, rowsPerCoreSecond } = other
    const native = measured.find(
      (each) => each.engine === 'native' && each.plan === plan && each.tables === tables,
    )
    return native === undefined
      ? []
      : [{ startSeconds, ratio: native.rowsPerCoreSecond / rowsPerCoreSecond }]
  })
  if (both.length === 0) return undefined
  return {
    startSeconds: median(both.map((each) => each.startSeconds)),
    ratio: median(both.map(({ ratio }) => ratio)),
  }
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
