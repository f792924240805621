import type { Pace } from '../../core/run/part-result.ts'

/** What a run did for one table. Seconds of processor time are those of the threads that made it. */
export interface TableSummary {
  readonly name: string
  readonly rows: number
  readonly bytes: number
  readonly cpuSeconds: number
  /** Of each of its parts. */
  readonly paces: readonly Pace[]
}
