import type { Journal, RunRecord, StepRecord } from '../../core/ports.ts'

/** A journal in memory, empty at first. */
export const memoryJournal = (): Journal => {
  const runs = new Map<string, RunRecord>()
  const steps = new Map<string, StepRecord[]>()
  const taken = ({ id, dataset, number }: RunRecord): boolean =>
    runs.has(id) ||
    [...runs.values()].some((run) => run.dataset === dataset && run.number === number)
  return {
    add: async (run) => {
      if (taken(run)) return false
      runs.set(run.id, structuredClone(run))
      return true
    },
    run: async (id) => runs.get(id),
    runs: async () => [...runs.values()],
    end: async (id, state, at) => {
      const run = runs.get(id)
      if (run?.state !== 'unfinished') return false
      runs.set(id, { ...run, state, endedAt: at })
      return true
    },
    steps: async (run) => [...(steps.get(run) ?? [])],
    note: async (run, step) => {
      const known = steps.get(run) ?? []
      if (known.some(({ name }) => name === step.name)) return
      steps.set(run, [...known, structuredClone(step)])
    },
    close: async () => undefined,
  }
}
