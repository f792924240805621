import type { TypedPlan } from '../../core/plan/typed.ts'
import type { Clock, Json } from '../../core/ports.ts'
import type { Finding } from '../../core/report/finding.ts'
import type { ReportInput } from '../../core/report/html-report.ts'
import type { CheckSql } from '../../core/run/landed.ts'
import type { StartWorkers } from './workers.ts'
import type { CrashSettings } from './crash.ts'

/** What a run tells while it works. */
export type RunEvent =
  | {
      readonly kind: 'begun'
      readonly run: string
      readonly resumed: boolean
      /** Rows expected in all, and how many of them an earlier attempt has made. */
      readonly expected: number
      readonly done: number
    }
  | { readonly kind: 'rows'; readonly rows: number }
  | { readonly kind: 'stage'; readonly name: string }
  /** All rows of a table are made. */
  | { readonly kind: 'table'; readonly table: string; readonly rows: number }

/** What was found of one table: its rows, and its measures in the form of the measurer. */
export interface MeasuredTable {
  readonly rows: number
  readonly measures: Json
}

/** Judges the promises of all tables; both maps are by table name. */
export type Judge = (
  plan: TypedPlan,
  measured: ReadonlyMap<string, MeasuredTable>,
) => ReadonlyMap<string, readonly Finding[]>

/** What a run needs of the world, and what others provide for it. */
export interface RunHost {
  readonly clock: Clock
  readonly crash: CrashSettings
  readonly signal: AbortSignal
  readonly startWorkers: StartWorkers
  readonly onEvent: (event: RunEvent) => void
  readonly judge: Judge
  readonly checkSql: CheckSql
  /** Whether the report shows processor times; they differ from run to run, so tests leave them out. */
  readonly timed: boolean
  /** Processor seconds so far of the process, if the run is all that it does. */
  readonly processSeconds?: () => number
  /** The report of a finished dataset as one HTML page; undefined writes none. */
  readonly report: ((input: ReportInput) => string) | undefined
}
