import type { Clock } from '../../core/ports.ts'
import type { StartWorkers } from '../run/workers.ts'

/** All that a command may know of the world it runs in. */
export interface World {
  /** Results; with `--json` one JSON document. */
  readonly stdout: (text: string) => void
  /** What people read while and after a command works. */
  readonly stderr: (text: string) => void
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly clock: Clock
  /** Whether stderr is a terminal, and how many columns it has. */
  readonly isTTY: boolean
  readonly columns: number
  /**
   * Aborts on Ctrl-C, with a run.cancelled error as its reason. Who has not asked for it is ended by Ctrl-C at once, even
   * while computing.
   */
  readonly signal: AbortSignal
  /** Loads the workers when a run needs them, and starts so many of them at once. */
  readonly workers: (warm: number) => Promise<StartWorkers>
}

/** The system's clock, or the fixed instant that LAKEWRIGHT_CLOCK names in ms since 1970 (for tests). */
export const clockOf = (env: World['env']): Clock => {
  const fixed = env['LAKEWRIGHT_CLOCK']
  return fixed === undefined ? { now: () => Date.now() } : { now: () => Number(fixed) }
}
