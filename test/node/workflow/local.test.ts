import { expect, test } from 'vitest'
import { localWorkflow } from '../../../src/node/workflow/local.ts'
import { memoryJournal } from '../../../src/node/workflow/memory-journal.ts'
import { runRecord } from '../../contract/journal.ts'
import { workflowContract } from '../../contract/workflow.ts'

workflowContract('the local workflow', async () => {
  const journal = memoryJournal()
  return { journal, workflow: localWorkflow(journal, { now: () => 0 }) }
})

test('the journal holds when each step began and ended, by the clock', async () => {
  const journal = memoryJournal()
  await journal.add(runRecord())
  let now = 10
  const workflow = localWorkflow(journal, { now: () => now++ })
  await workflow.run({
    run: 'r1',
    phases: [[{ name: 'a', input: null }]],
    parallel: 4,
    execute: async () => 'done',
  })
  expect(await journal.steps('r1')).toEqual([
    { name: 'a', startedAt: 10, endedAt: 11, result: 'done' },
  ])
})
