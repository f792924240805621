import {
  type EngineSetup,
  ESTIMATED_ENGINES,
  type EstimatedEngine,
  type MeasuredRates,
  type Prices,
} from './prices.ts'

/** What a run is expected to be, as far as engines share it. */
export interface EstimatedRun {
  /** The plan's name. */
  readonly plan: string
  readonly rows: number
  readonly bytes: number
  /** Processor seconds of the native engine, and whether runs of this lake have measured them. */
  readonly nativeSeconds: number
  readonly nativeMeasured: boolean
  /** Pieces of work, by engine. */
  readonly partitions: Readonly<Record<EstimatedEngine, number>>
}

/** What a run is expected to take and to cost on an engine. An estimate, whatever it rests on. */
export interface EngineEstimate {
  readonly engine: EstimatedEngine
  readonly setup: string
  readonly rows: number
  readonly bytes: number
  readonly partitions: number
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
      partitions: run.partitions[engine],
      cpuSeconds: seconds,
      minutes: wall / 60,
      money: (setup.pricePerHour * Math.max(wall, setup.leastSeconds)) / 3600,
      storageMonth: (setup.storagePerGiBMonth * run.bytes) / 2 ** 30,
      basis,
    }
  })

/** Engines that cut within a statement use all their cores; the native one has a thread a part. */
const coresFor = (engine: EstimatedEngine, { cores }: EngineSetup, run: EstimatedRun): number =>
  engine === 'native' ? Math.min(cores, run.partitions.native) : cores

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
  measured: readonly MeasuredRates[],
): ProcessorTime => {
  if (engine === 'native' && run.nativeMeasured)
    return {
      seconds: run.nativeSeconds,
      basis: { kind: 'measured', says: 'by earlier runs of this lake' },
    }
  const own = measured.find(({ plan }) => plan === run.plan)
  const direct = own?.rowsPerCoreSecond[engine]
  if (own !== undefined && direct !== undefined)
    return { seconds: run.rows / direct, basis: { kind: 'measured', says: own.from } }
  const standIn = STAND_INS[engine]
  if (standIn !== undefined) {
    const { seconds, basis } = processorTime(run, standIn, measured)
    const kind = basis.kind === 'guessed' ? 'guessed' : 'computed'
    return { seconds, basis: { kind, says: `${standIn}'s rate, ${basis.says}` } }
  }
  const native = engine === 'native' ? undefined : nativeRatio(engine, measured)
  if (native !== undefined)
    return {
      seconds: run.nativeSeconds * native,
      basis: {
        kind: run.nativeMeasured ? 'computed' : 'guessed',
        says: `${native.toFixed(1)} times the native engine, as with other plans`,
      },
    }
  return {
    seconds: run.nativeSeconds,
    basis: { kind: 'guessed', says: 'from the columns, nothing was measured' },
  }
}

/** Processor seconds of an engine by those of the native one: the median over the plans that have both. */
const nativeRatio = (
  engine: EstimatedEngine,
  measured: readonly MeasuredRates[],
): number | undefined => {
  const ratios = measured
    .flatMap(({ rowsPerCoreSecond: rates }) => {
      const [native, other] = [rates.native, rates[engine]]
      return native === undefined || other === undefined ? [] : [native / other]
    })
    .toSorted((a, b) => a - b)
  return ratios[Math.floor(ratios.length / 2)]
}
