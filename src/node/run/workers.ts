import { serialize } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, fail, isLakewrightError, LakewrightError } from '../../core/errors.ts'
import type { PartResult } from '../../core/run/part-result.ts'
import type { Part } from '../../core/run/parts.ts'
import type { PartSetup } from './part.ts'
import type { ThreadSettings } from './thread-host.ts'

/** Makes parts, the rows of as many at a time as there are workers. */
export interface PartWorkers {
  /** How many parts may be on their way, so that nobody waits for work. */
  readonly atOnce: number
  readonly run: (part: Part) => Promise<PartResult>
  /** Ends the workers; those under way are cut off. */
  readonly close: () => Promise<void>
}

/** What workers are made for. `onRows` hears of rows as they are made, `signal` cuts the workers off. */
export interface WorkerOptions {
  readonly setup: PartSetup
  readonly settings: ThreadSettings
  readonly count: number
  readonly onRows: (rows: number) => void
  readonly signal: AbortSignal
}

/** Starts workers. */
export type StartWorkers = (options: WorkerOptions) => PartWorkers

/** What a worker thread is for. */
export type WorkerData = Pick<WorkerOptions, 'setup' | 'settings'>

/** What a worker thread is asked: to begin, with serialized WorkerData, and then to make parts. */
export type WorkerRequest =
  | { readonly kind: 'begin'; readonly data: Uint8Array }
  | { readonly kind: 'make'; readonly id: number; readonly part: Part }

/** What a worker thread answers. */
export type WorkerMessage =
  | { readonly kind: 'rows'; readonly rows: number }
  /** The last part only waits for the disk: the thread may begin another. */
  | { readonly kind: 'written' }
  | { readonly kind: 'done'; readonly id: number; readonly result: PartResult }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PlainError }

/** An error on its way between threads. */
export interface PlainError {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | undefined
  readonly details: Readonly<Record<string, unknown>>
  readonly stack: string | undefined
}

/**
 * Workers on threads of their own, so that the main thread stays free to stop them at once. The first `warm` of them
 * start at once and load their code while the run is prepared; if it is not to be, they end with the process.
 */
export const threadWorkers = (warm: number): StartWorkers => {
  const waiting = Array.from({ length: warm }, () => {
    const worker = newWorker()
    worker.unref()
    return worker
  })
  return (options) => startThreads(options, () => waiting.shift() ?? newWorker())
}

const newWorker = (): Worker => new Worker(new URL('../run/worker.js', import.meta.url))

const startThreads = (options: WorkerOptions, next: () => Worker): PartWorkers => {
  const idle: Thread[] = []
  const threads = new Set<Thread>()
  const queue: Waiting<Thread>[] = []
  const { setup, settings, count, onRows, signal } = options
  let data: Uint8Array | undefined
  const start = (): Thread => {
    // Serializing a plan takes as long as reading it, and all threads can read the same bytes.
    data ??= serialize({ setup, settings } satisfies WorkerData)
    const thread = startThread(next(), data, { onRows, signal, onFree: () => giveBack(thread) })
    threads.add(thread)
    return thread
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
  const close = async (): Promise<void> => {
    await Promise.all([...threads].map((thread) => thread.end()))
  }
  options.signal.addEventListener('abort', () => void close(), { once: true })
  return {
    // One of each worker is being made, one goes to the disk, and one waits.
    atOnce: 3 * count,
    run: async (part) => {
      if (options.signal.aborted) failCancelled()
      try {
        return await (await take()).run(part)
      } catch (error) {
        for (const each of queue.splice(0)) each.reject(error)
        throw error
      }
    },
    close,
  }
}

/** An error as plain data; what is not ours becomes `internal`. */
export const plainError = (error: unknown): PlainError => {
  if (isLakewrightError(error)) {
    const { code, message, hint, details, stack } = error
    return { code, message, hint, details, stack }
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { code: 'internal', message, hint: undefined, details: {}, stack }
}

/** Fails with run.cancelled. */
export const failCancelled = (): never => fail('run.cancelled', 'the run was stopped')

const restoredError = ({ code, message, hint, details, stack }: PlainError): LakewrightError => {
  const error = new LakewrightError(code, message, {
    details,
    ...(hint === undefined ? {} : { hint }),
  })
  if (stack !== undefined) error.stack = stack
  return error
}

interface Thread {
  readonly run: (part: Part) => Promise<PartResult>
  readonly end: () => Promise<void>
}

interface Waiting<T> {
  readonly resolve: (result: T) => void
  readonly reject: (error: unknown) => void
}

/** Hears of a thread: rows that it made, and that it may begin another part. */
interface Hearing extends Pick<WorkerOptions, 'onRows' | 'signal'> {
  readonly onFree: () => void
}

const startThread = (
  worker: Worker,
  data: Uint8Array,
  { onRows, signal, onFree }: Hearing,
): Thread => {
  const ask = (request: WorkerRequest): void => worker.postMessage(request, [])
  worker.ref()
  ask({ kind: 'begin', data })
  const asked = new Map<number, Waiting<PartResult>>()
  let asks = 0
  let failure: Error | undefined
  const settle = (id: number, act: (waiting: Waiting<PartResult>) => void): void => {
    const settled = asked.get(id)
    asked.delete(id)
    if (settled !== undefined) act(settled)
  }
  const stop = (error: Error): void => {
    failure = error
    for (const id of asked.keys()) settle(id, ({ reject }) => reject(error))
  }
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'rows') onRows(message.rows)
    else if (message.kind === 'written') onFree()
    else if (message.kind === 'done') settle(message.id, ({ resolve }) => resolve(message.result))
    else settle(message.id, ({ reject }) => reject(restoredError(message.error)))
  })
  worker.on('error', (cause) => stop(lostWorker(cause.message, cause)))
  worker.on('exit', () => {
    const cancelled = new LakewrightError('run.cancelled', 'the run was stopped')
    stop(signal.aborted ? cancelled : (failure ?? lostWorker('it ended by itself')))
  })
  return {
    run: (part) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure)
        const id = asks++
        asked.set(id, { resolve, reject })
        ask({ kind: 'make', id, part })
      }),
    end: async () => {
      await worker.terminate()
    },
  }
}

const lostWorker = (reason: string, cause?: unknown): LakewrightError =>
  new LakewrightError('run.worker', `a worker thread failed: ${reason}`, {
    hint: 'Resume the run; with less memory at hand use fewer workers.',
    cause,
  })
