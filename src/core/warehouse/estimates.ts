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
  /** What it becomes when the engine adds executors by itself and gets all that it asks for. */
  readonly scaled?: ScaledEstimate
  /** What keeping the tables costs a month. */
  readonly storageMonth: number
  /** What the processor seconds rest on. */
  readonly basis: Basis
}

/** A run on all executors that an engine asks for. */
export interface ScaledEstimate {
  readonly executors: number
  readonly minutes: number
  readonly money: number
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
    const scaled = scaledRun(setup, seconds, run.pieces[engine].count)
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
      ...(scaled === undefined ? {} : { scaled }),
      storageMonth: (setup.storagePerGiBMonth * run.bytes) / 2 ** 30,
      basis,
    }
  })

/** Engines that cut within a statement use all their cores; the native one has a thread a part. */
const coresFor = (engine: EstimatedEngine, { cores }: EngineSetup, run: EstimatedRun): number =>
  engine === 'native' ? Math.min(cores, run.pieces.native.count) : cores

/**
 * A run whose setup grows to executors for a share of its partitions, `addSeconds` after the work has begun; undefined
 * when it stays as it is, or has ended by then.
 */
const scaledRun = (
  { cores, startSeconds, leastSeconds, pricePerHour, autoscaling }: EngineSetup,
  seconds: number,
  partitions: number,
): ScaledEstimate | undefined => {
  if (autoscaling === undefined) return undefined
  const { executorCores, mostExecutors, share, addSeconds, pricePerCoreHour } = autoscaling
  const executors = Math.min(mostExecutors, Math.ceil((partitions * share) / executorCores))
  const left = seconds - addSeconds * cores
  const added = executors * executorCores - cores
  if (added <= 0 || left <= 0) return undefined
  const rest = left / (cores + added)
  const wall = startSeconds + addSeconds + rest
  const cost = pricePerHour * Math.max(wall, leastSeconds) + pricePerCoreHour * added * rest
  return { executors, minutes: wall / 60, money: cost / 3600 }
}

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
