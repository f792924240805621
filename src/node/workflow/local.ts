import type { Clock, Journal, Json, Workflow, WorkflowJob, WorkflowStep } from '../../core/ports.ts'

/** Runs jobs in this process; the journal remembers the steps that are done. */
export const localWorkflow = (journal: Journal, clock: Clock): Workflow => ({
  run: async (job) => {
    const done = new Map<string, Json>()
    for (const { name, result } of await journal.steps(job.run)) done.set(name, result)
    for (const phase of job.phases) {
      const before: ReadonlyMap<string, Json> = new Map(done)
      const left = phase.filter(({ name }) => !done.has(name))
      await runPhase(left, job.parallel, async (step) => {
        done.set(step.name, await runStep({ job, journal, clock }, step, before))
      })
    }
    return done
  },
})

interface Running {
  readonly job: WorkflowJob
  readonly journal: Journal
  readonly clock: Clock
}

const runStep = async (
  { job, journal, clock }: Running,
  step: WorkflowStep,
  done: ReadonlyMap<string, Json>,
): Promise<Json> => {
  const startedAt = clock.now()
  const result = await job.execute(step, done)
  await journal.note(job.run, { name: step.name, startedAt, endedAt: clock.now(), result })
  return result
}

/** Takes the steps in order, some at a time; after a failure begins no more, waits for the others and throws. */
const runPhase = async (
  steps: readonly WorkflowStep[],
  parallel: number,
  run: (step: WorkflowStep) => Promise<void>,
): Promise<void> => {
  const queue = steps.values()
  const failures: unknown[] = []
  const lane = async (): Promise<void> => {
    for (const step of queue) {
      if (failures.length > 0) return
      try {
        await run(step)
      } catch (error) {
        failures.push(error)
        return
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, steps.length)) }, lane))
  if (failures.length > 0) throw failures[0]
}
