import { fail } from '../../core/errors.ts'
import type { PartResult } from '../../core/run/part-result.ts'
import type { Part } from '../../core/run/parts.ts'
import type { PartSetup } from './part.ts'
import type { ThreadSettings } from './thread-host.ts'

/** Makes one part after another. */
export interface Thread {
  readonly run: (part: Part) => Promise<PartResult>
  readonly end: () => Promise<void>
}

/** What a thread makes parts of, and with what. */
export interface ThreadData {
  readonly setup: PartSetup
  readonly settings: ThreadSettings
}

/** Hears of a thread: rows as they are made, and that it may begin another part. `signal` cuts it off. */
export interface Hearing {
  readonly onRows: (rows: number) => void
  readonly signal: AbortSignal
  readonly onFree: () => void
}

/** Fails with run.cancelled. */
export const failCancelled = (): never => fail('run.cancelled', 'the run was stopped')
