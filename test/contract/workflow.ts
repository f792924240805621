import { describe, expect, test } from 'vitest'
import type { Journal, Json, Workflow, WorkflowStep } from '../../src/core/ports.ts'
import { runRecord } from './journal.ts'

const steps = (...names: readonly string[]): readonly WorkflowStep[] =>
  names.map((name) => ({ name, input: { name } }))

/** What every Workflow promises; `make` gives one over a journal. */
export const workflowContract = (
  title: string,
  make: () => Promise<{ workflow: Workflow; journal: Journal }>,
): void => {
  const started = async () => {
    const made = await make()
    await made.journal.add(runRecord({ id: 'job' }))
    return made
  }

  describe(`${title} keeps the contract of a workflow`, () => {
    test('phases run one after another, and a step sees the results of earlier ones', async () => {
      const { workflow } = await started()
      const seen: string[] = []
      const results = await workflow.run({
        run: 'job',
        phases: [steps('a', 'b'), steps('c')],
        parallel: 2,
        execute: async ({ name }, done) => {
          seen.push(`${name} after ${[...done.keys()].toSorted().join('')}`)
          return name.toUpperCase()
        },
      })
      expect(seen.toSorted()).toEqual(['a after ', 'b after ', 'c after ab'])
      expect(Object.fromEntries(results)).toEqual({ a: 'A', b: 'B', c: 'C' })
    })

    test('a step that was done before is not done again, its result stands', async () => {
      const { workflow } = await started()
      const executed: string[] = []
      const run = (broken: string): Promise<ReadonlyMap<string, Json>> =>
        workflow.run({
          run: 'job',
          phases: [steps('a'), steps('b'), steps('c')],
          parallel: 1,
          execute: async ({ name }) => {
            executed.push(name)
            if (name === broken) throw new Error(`${name} broke`)
            return executed.length
          },
        })
      await expect(run('b')).rejects.toThrow('b broke')
      expect(Object.fromEntries(await run(''))).toEqual({ a: 1, b: 3, c: 4 })
      expect(executed).toEqual(['a', 'b', 'b', 'c'])
    })

    test('no more steps run at a time than asked for', async () => {
      const { workflow } = await started()
      let now = 0
      let most = 0
      await workflow.run({
        run: 'job',
        phases: [steps('a', 'b', 'c', 'd', 'e')],
        parallel: 2,
        execute: async () => {
          most = Math.max(most, ++now)
          await new Promise((go) => setTimeout(go, 5))
          now--
          return null
        },
      })
      expect(most).toBe(2)
    })

    test('a failure lets steps under way end and begins no others', async () => {
      const { workflow, journal } = await started()
      const begun: string[] = []
      const run = workflow.run({
        run: 'job',
        phases: [steps('slow', 'broken', 'never'), steps('later')],
        parallel: 2,
        execute: async ({ name }) => {
          begun.push(name)
          if (name === 'broken') throw new Error('broke')
          await new Promise((go) => setTimeout(go, 20))
          return name
        },
      })
      await expect(run).rejects.toThrow('broke')
      expect(begun).toEqual(['slow', 'broken'])
      expect((await journal.steps('job')).map(({ name }) => name)).toEqual(['slow'])
    })
  })
}
