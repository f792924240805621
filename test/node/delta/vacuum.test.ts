import { describe, expect, test } from 'vitest'
import { overwriteDraft } from '../../../src/core/delta/commit.ts'
import type { Store } from '../../../src/core/ports.ts'
import { commit } from '../../../src/node/delta/commit.ts'
import { vacuum } from '../../../src/node/delta/vacuum.ts'
import { memoryStore } from '../../../src/node/store/memory.ts'
import { putIfAbsent } from '../../../src/node/store/put.ts'
import { bytes, pathsOf } from '../store/texts.ts'
import { AT, createPeople, peopleFile, snapshotOf } from './tables.ts'

const DAY = 86_400_000
const table = 'lake/people'

/** A table whose first file was overwritten, with an orphan beside it; files bear the time AT. */
const overwritten = async (): Promise<Store> => {
  const store = memoryStore({ now: () => AT })
  const created = await createPeople(store, table, [1])
  const file = await peopleFile(store, { table, name: 'new' }, [2])
  const draft = overwriteDraft(created, { files: [file] }, { at: AT })
  await commit({ store, table, snapshot: created }, draft)
  await putIfAbsent(store, `${table}/orphan`, bytes('x'))
  await putIfAbsent(store, 'lake/people2/part-0.parquet', bytes('x'))
  return store
}

const names = async (store: Store): Promise<readonly string[]> =>
  (await pathsOf(store, 'lake')).filter((path) => !path.includes('_delta_log'))

describe('vacuum', () => {
  test('removes what no version within the retention needs, and nothing of other tables', async () => {
    const store = await overwritten()
    const removed = await vacuum(store, table, { now: AT + 8 * DAY })
    expect(removed.map(({ path }) => path)).toEqual(['orphan', 'part-0.parquet'])
    expect(await names(store)).toEqual(['lake/people/new', 'lake/people2/part-0.parquet'])
    expect((await snapshotOf(store, table)).files.size).toBe(1)
  })

  test('only finds with dryRun', async () => {
    const store = await overwritten()
    const before = await names(store)
    expect(await vacuum(store, table, { now: AT + 8 * DAY, dryRun: true })).toHaveLength(2)
    expect(await names(store)).toEqual(before)
  })

  test('leaves young files', async () => {
    const store = await overwritten()
    expect(await vacuum(store, table, { now: AT + 6 * DAY })).toEqual([])
  })

  test('refuses a retention below a week unless it is forced', async () => {
    const store = await overwritten()
    const options = { now: AT + 2 * DAY, retention: DAY }
    await expect(vacuum(store, table, options)).rejects.toMatchObject({ code: 'usage.option' })
    expect(await vacuum(store, table, { ...options, force: true })).toHaveLength(2)
  })

  test('says when there is no table', async () => {
    const vacuuming = vacuum(memoryStore(), table, { now: AT })
    await expect(vacuuming).rejects.toMatchObject({ code: 'dataset.missing' })
  })
})
