import { fail } from '../../core/errors.ts'
import type { Cell, Engine, StatementOptions } from '../../core/ports.ts'
import type { CrashPoint } from '../run/crash.ts'
import { byRow } from '../engine/result.ts'

/** Statements of one step of a run: counted, timed, stopped by the run's signal. */
export interface Statements {
  /** Runs statements one after another; progress is that of the last. */
  readonly run: (sql: readonly string[], options?: StatementOptions) => Promise<void>
  /** The first row of a query. */
  readonly row: (sql: string) => Promise<Readonly<Record<string, Cell>>>
}

/** What all steps of a run share. */
export interface StatementHost {
  readonly engine: Engine
  readonly signal: AbortSignal
  readonly crash: CrashPoint | undefined
  /** Milliseconds that have passed, for times. */
  readonly now: () => number
  /** Hears how long the engine took for a statement, in milliseconds. */
  readonly onTime: (milliseconds: number) => void
}

/** The statements of a step, which crash points know as `sql:<step>/<n>`. */
export const statementsOf = (step: string, host: StatementHost): Statements => {
  let count = 0
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    const point = `sql:${step}/${count++}`
    host.signal.throwIfAborted()
    host.crash?.(point, 'before')
    const began = host.now()
    const result = await work()
    host.onTime(host.now() - began)
    host.crash?.(point, 'after')
    return result
  }
  return {
    run: async (statements, options) => {
      for (const sql of statements)
        await around(() => host.engine.run(sql, { ...options, signal: host.signal }))
    },
    row: async (sql) => {
      const columns = await around(() => host.engine.columns(sql, { signal: host.signal }))
      return byRow(columns)[0] ?? fail('engine.failed', 'a query that has one row gave none')
    },
  }
}
