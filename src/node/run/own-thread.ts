import { setImmediate } from 'node:timers/promises'
import type { LateRowSource, RowSource } from '../../core/run/row-source.ts'
import { createPartRunner } from './part.ts'
import { createThreadHost } from './thread-host.ts'
import { failCancelled, type Hearing, type Thread, type ThreadData } from './thread.ts'

/** Thrown where the calling thread declines a part: it could not be stopped for too long. */
export const TOO_LONG = new Error('a block of rows may keep the calling thread for too long')

/**
 * The calling thread as a worker: it begins without delay and needs no copy of the plan. It pauses between blocks of
 * rows, so that others are heard; where a block may take long it throws TOO_LONG, unless it is told to `insist`.
 */
export const ownThread = (
  { setup, settings }: ThreadData,
  { onRows, signal, onFree }: Hearing,
  insist: boolean,
): Thread => {
  const pause = createPause(signal)
  const mostFanOut = insist ? Infinity : MOST_FAN_OUT
  const host = createThreadHost(settings, onRows, (source) => withPauses(source, pause, mostFanOut))
  const ready = host.then((each) => createPartRunner(setup, each))
  // Each part tells why it failed.
  ready.catch(() => undefined)
  let running: Promise<unknown> = ready
  return {
    run: (part) => {
      const result = ready.then((makePart) => makePart(part, onFree))
      running = Promise.allSettled([running, result])
      return result
    },
    end: async () => {
      await running.catch(() => undefined)
    },
  }
}

/** Blocks of 16,384 rows with so many more behind each, four million in all, take a second or two. */
const MOST_FAN_OUT = 256

const withPauses = (
  { columns, fanOut, steps }: RowSource,
  pause: () => Promise<void> | undefined,
  mostFanOut: number,
): LateRowSource => ({
  columns,
  generate: async (range, sink) => {
    if (fanOut(range.variant) > mostFanOut) throw TOO_LONG
    for (const _ of steps(range, sink)) {
      const waiting = pause()
      if (waiting !== undefined) await waiting
    }
  },
})

/** Milliseconds without a pause: a stop, other threads and the progress bar may wait so long. */
const LONGEST = 5

const createPause = (signal: AbortSignal): (() => Promise<void> | undefined) => {
  let last = performance.now()
  const pause = async (): Promise<void> => {
    await setImmediate()
    if (signal.aborted) failCancelled()
    last = performance.now()
  }
  return () => (performance.now() - last < LONGEST ? undefined : pause())
}
