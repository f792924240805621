import { createPartRunner } from './part.ts'
import { createThreadHost } from './thread-host.ts'
import { failCancelled, type StartWorkers } from './workers.ts'

/** Workers on the calling thread, one part after another: for sources that were not compiled, and for tests. */
export const inlineWorkers: StartWorkers = ({ setup, settings, count, onRows, signal }) => {
  const ready = createThreadHost(settings, onRows).then((host) => createPartRunner(setup, host))
  let turn: Promise<unknown> = ready.catch(() => undefined)
  return {
    atOnce: count,
    run: (part) => {
      const result = turn.then(async () => {
        if (signal.aborted) failCancelled()
        return (await ready)(part)
      })
      turn = result.catch(() => undefined)
      return result
    },
    close: async () => {
      await turn
    },
  }
}
