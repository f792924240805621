import { parentPort, workerData } from 'node:worker_threads'
import { fail } from '../../core/errors.ts'
import type { Part } from '../../core/run/parts.ts'
import { createPartRunner } from './part.ts'
import { createThreadHost } from './thread-host.ts'
import { plainError, type WorkerData, type WorkerMessage } from './workers.ts'

// The entry of a worker thread: makes the parts that it is sent, one after another.

const port = parentPort ?? fail('internal', 'worker.js runs as a worker thread only')
const { setup, settings } = workerData as WorkerData
const answer = (message: WorkerMessage): void => port.postMessage(message)

/** Milliseconds between two messages about rows: one a block would cost more than it says. */
const TELL_EVERY = 100
let untold = 0
let toldAt = performance.now()
const onRows = (rows: number): void => {
  untold += rows
  const now = performance.now()
  if (now - toldAt < TELL_EVERY) return
  answer({ kind: 'rows', rows: untold })
  untold = 0
  toldAt = now
}

const ready = createThreadHost(settings, onRows).then((host) => createPartRunner(setup, host))

const make = async (part: Part): Promise<void> => {
  try {
    const result = await (await ready)(part)
    answer({ kind: 'rows', rows: untold })
    untold = 0
    answer({ kind: 'done', result })
  } catch (error) {
    answer({ kind: 'failed', error: plainError(error) })
  }
}

port.on('message', (part: Part) => void make(part))
