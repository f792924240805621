import { serialize } from 'node:v8'
import type { Worker } from 'node:worker_threads'
import type { PartResult } from '../../core/run/part-result.ts'
import type { Part } from '../../core/run/parts.ts'
import { ownThread, TOO_LONG } from './own-thread.ts'
import { failCancelled, type Hearing, type Thread, type ThreadData } from './thread.ts'
import { newWorker, startThread } from './worker-thread.ts'

/** Makes parts, the rows of as many at a time as there are workers. */
export interface PartWorkers {
  /** How many parts may be on their way, so that nobody waits for work. */
  readonly atOnce: number
  readonly run: (part: Part) => Promise<PartResult>
  /** Ends the workers; those under way are cut off. */
  readonly close: () => Promise<void>
}

/** What workers are made for. `onRows` hears of rows as they are made, `signal` cuts the workers off. */
export interface WorkerOptions extends ThreadData, Pick<Hearing, 'onRows' | 'signal'> {
  readonly count: number
}

/** Starts workers. */
export type StartWorkers = (options: WorkerOptions) => PartWorkers

/**
 * The calling thread, and beside it worker threads for what it does not make itself. The first `warm` of them start at
 * once and load their code while the run is prepared; if it is not to be, they end with the process.
 */
export const threadWorkers = (warm: number): StartWorkers => {
  const waiting = Array.from({ length: warm }, () => {
    const worker = newWorker()
    worker.unref()
    return worker
  })
  const next = (): Worker => waiting.shift() ?? newWorker()
  // DuckDB would keep the calling thread for as long as a query takes.
  return (options) =>
    startPool(options, { next, own: options.settings.engine === 'duckdb' ? 'none' : 'quick' })
}

/** The calling thread alone: for sources that were not compiled, and for tests. */
export const inlineWorkers: StartWorkers = (options) =>
  startPool({ ...options, count: 1 }, { next: newWorker, own: 'all' })

interface Threads {
  readonly next: () => Worker
  /** What the calling thread makes: nothing, everything, or everything until a block of rows could take it long. */
  readonly own: 'none' | 'all' | 'quick'
}

const startPool = (options: WorkerOptions, { next, own }: Threads): PartWorkers => {
  const idle: Thread[] = []
  const threads = new Set<Thread>()
  const queue: Waiting[] = []
  const { setup, settings, count, onRows, signal } = options
  let data: Uint8Array | undefined
  const start = (): Thread => {
    const hearing: Hearing = { onRows, signal, onFree: () => giveBack(thread) }
    const isOwn = own !== 'none' && threads.size === 0
    const thread = isOwn ? ownThread({ setup, settings }, hearing, own === 'all') : another(hearing)
    threads.add(thread)
    return thread
  }
  const another = (hearing: Hearing): Thread => {
    // Serializing a plan takes as long as reading it, and all threads can read the same bytes.
    data ??= serialize({ setup, settings } satisfies ThreadData)
    return startThread(next(), data, hearing)
  }
  const take = (): Thread | Promise<Thread> =>
    idle.pop() ??
    (threads.size < count
      ? start()
      : new Promise((resolve, reject) => queue.push({ resolve, reject })))
  const giveBack = (thread: Thread): void => {
    const first = queue.shift()
    if (first === undefined) idle.push(thread)
    else first.resolve(thread)
  }
  /** A worker thread takes the place of the calling one for the rest of the run. */
  const runOn = async (thread: Thread, part: Part): Promise<PartResult> => {
    try {
      return await thread.run(part)
    } catch (error) {
      if (error === TOO_LONG) return start().run(part)
      throw error
    }
  }
  const close = async (): Promise<void> => {
    await Promise.all([...threads].map((thread) => thread.end()))
  }
  signal.addEventListener('abort', () => void close(), { once: true })
  return {
    // One of each worker is being made, one goes to the disk, and one waits.
    atOnce: 3 * count,
    run: async (part) => {
      if (signal.aborted) failCancelled()
      try {
        return await runOn(await take(), part)
      } catch (error) {
        for (const each of queue.splice(0)) each.reject(error)
        throw error
      }
    },
    close,
  }
}

interface Waiting {
  readonly resolve: (thread: Thread) => void
  readonly reject: (error: unknown) => void
}
