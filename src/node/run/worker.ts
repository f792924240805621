import { deserialize } from 'node:v8'
import { parentPort } from 'node:worker_threads'
import { fail } from '../../core/errors.ts'
import type { Part } from '../../core/run/parts.ts'
import { createPartRunner, type MakePart } from './part.ts'
import { createThreadHost } from './thread-host.ts'
import type { ThreadData } from './thread.ts'
import { plainError, type WorkerMessage, type WorkerRequest } from './worker-thread.ts'

// The entry of a worker thread: hears once what it is for, and makes the parts that it is sent, one after another.

const port = parentPort ?? fail('internal', 'worker.js runs as a worker thread only')
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

let ready: Promise<MakePart> | undefined

const begin = async (data: Uint8Array): Promise<MakePart> => {
  const { setup, settings } = deserialize(data) as ThreadData
  return createPartRunner(setup, await createThreadHost(settings, onRows))
}

const onWritten = (): void => {
  answer({ kind: 'rows', rows: untold })
  untold = 0
  answer({ kind: 'written' })
}

const make = async (id: number, part: Part): Promise<void> => {
  try {
    const makePart = (await ready) ?? fail('internal', 'a part came before what it is for')
    answer({ kind: 'done', id, result: await makePart(part, onWritten) })
  } catch (error) {
    answer({ kind: 'failed', id, error: plainError(error) })
  }
}

port.on('message', (request: WorkerRequest) => {
  if (request.kind === 'make') return void make(request.id, request.part)
  ready = begin(request.data)
  // Each part tells why it failed.
  ready.catch(() => undefined)
})
