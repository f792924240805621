import { Worker } from 'node:worker_threads'
import { type ErrorCode, isLakewrightError, LakewrightError } from '../../core/errors.ts'
import type { PartResult } from '../../core/run/part-result.ts'
import type { Part } from '../../core/run/parts.ts'
import type { Hearing, Thread } from './thread.ts'

/** What a worker thread is asked: to begin, with serialized ThreadData, and then to make parts. */
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

/** Starts a worker thread, which loads its code. */
export const newWorker = (): Worker => new Worker(new URL('../run/worker.js', import.meta.url))

/** Makes a worker thread ready; `data` is serialized ThreadData. */
export const startThread = (
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
/** An error as plain data; what is not ours becomes `internal`. */
export const plainError = (error: unknown): PlainError => {
  if (isLakewrightError(error)) {
    const { code, message, hint, details, stack } = error
    return { code, message, hint, details, stack }
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { code: 'internal', message, hint: undefined, details: {}, stack }
}

const restoredError = ({ code, message, hint, details, stack }: PlainError): LakewrightError => {
  const error = new LakewrightError(code, message, {
    details,
    ...(hint === undefined ? {} : { hint }),
  })
  if (stack !== undefined) error.stack = stack
  return error
}

interface Waiting<T> {
  readonly resolve: (result: T) => void
  readonly reject: (error: unknown) => void
}
