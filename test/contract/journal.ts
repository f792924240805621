import { describe, expect, test } from 'vitest'
import type { Journal, RunRecord, StepRecord } from '../../src/core/ports.ts'

/** A run record that differs from others only in what is given. */
export const runRecord = (parts: Partial<RunRecord> = {}): RunRecord => ({
  id: 'r1',
  dataset: 'lakewright/people',
  number: 1,
  state: 'unfinished',
  createdAt: 1_700_000_000_000,
  endedAt: undefined,
  spec: { planHash: 'abc', nested: { list: [1, null, 'ä'] } },
  ...parts,
})

const step = (name: string, result: StepRecord['result'] = null): StepRecord => ({
  name,
  startedAt: 5,
  endedAt: 9,
  result,
})

/** What every Journal promises; `make` gives an empty one. */
export const journalContract = (name: string, make: () => Promise<Journal>): void => {
  describe(`${name} keeps the contract of a journal`, () => {
    test('a run that was added is found with all that it says', async () => {
      const journal = await make()
      expect(await journal.add(runRecord())).toBe(true)
      expect(await journal.run('r1')).toEqual(runRecord())
      expect(await journal.run('r2')).toBeUndefined()
    })

    test('neither an id nor a number of one dataset is given twice', async () => {
      const journal = await make()
      await journal.add(runRecord())
      expect(await journal.add(runRecord({ number: 2, spec: null }))).toBe(false)
      expect(await journal.add(runRecord({ id: 'r2' }))).toBe(false)
      expect(await journal.add(runRecord({ id: 'r2', dataset: 'lakewright/other' }))).toBe(true)
      expect(await journal.run('r1')).toEqual(runRecord())
    })

    test('runs come oldest first', async () => {
      const journal = await make()
      for (const number of [1, 2, 3]) await journal.add(runRecord({ id: `z${9 - number}`, number }))
      expect((await journal.runs()).map(({ number }) => number)).toEqual([1, 2, 3])
    })

    test('a run ends once', async () => {
      const journal = await make()
      await journal.add(runRecord())
      expect(await journal.end('r1', 'finished', 77)).toBe(true)
      expect(await journal.end('r1', 'cancelled', 78)).toBe(false)
      expect(await journal.end('r2', 'finished', 78)).toBe(false)
      expect(await journal.run('r1')).toEqual(runRecord({ state: 'finished', endedAt: 77 }))
    })

    test('steps come in the order in which they were noted, with their results', async () => {
      const journal = await make()
      await journal.add(runRecord())
      await journal.note('r1', step('b', { rows: 3, files: ['x'] }))
      await journal.note('r1', step('a'))
      expect(await journal.steps('r1')).toEqual([step('b', { rows: 3, files: ['x'] }), step('a')])
    })

    test('a step that is noted again keeps its first result', async () => {
      const journal = await make()
      await journal.add(runRecord())
      await journal.note('r1', step('a', 1))
      await journal.note('r1', step('a', 2))
      expect(await journal.steps('r1')).toEqual([step('a', 1)])
    })
  })
}
