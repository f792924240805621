import { describe, expect, test } from 'vitest'
import { commitPath } from '../../../src/core/delta/log-path.ts'
import type { Store } from '../../../src/core/ports.ts'
import type { RedoRecord } from '../../../src/core/run/redo.ts'
import { datasetPlace, type Lake } from '../../../src/node/run/lake.ts'
import { publishRecord, readText, recover, replaceText } from '../../../src/node/run/publish.ts'
import { withCrashPoints } from '../../../src/node/store/crash-points.ts'
import { listAll } from '../../../src/node/store/list-all.ts'
import { memoryStore, type MemoryStore, type Unsynced } from '../../../src/node/store/memory.ts'

const PLACE = datasetPlace('lakewright', 'shop')
const TABLES = ['customers', 'orders', 'items']

const lakeOver = (store: Store): Lake => ({
  root: '/lake',
  store,
  rename: () => Promise.reject(new Error('no renaming in memory')),
  state: '.lakewright',
  removeTree: async (path) => {
    for (const object of await listAll(store, path)) await store.remove(object.path)
  },
})

const commitOf = (table: string, version: number): string =>
  `${PLACE.folder}/${table}/${commitPath(version)}`

/** A dataset with one version of three tables and a manifest, all of it durable. */
const oldDataset = async (): Promise<MemoryStore> => {
  const store = memoryStore()
  for (const table of TABLES) await replaceText(store, commitOf(table, 0), `${table} 0`)
  await replaceText(store, `${PLACE.folder}/manifest.json`, 'old')
  return store
}

const RECORD: RedoRecord = {
  version: 1,
  run: 'r2',
  dataset: PLACE.folder,
  steps: [
    ...TABLES.map((table) => ({
      kind: 'commit' as const,
      table: `${PLACE.folder}/${table}`,
      version: 1,
      text: `${table} 1`,
    })),
    { kind: 'write', path: `${PLACE.folder}/manifest.json`, text: 'new' },
  ],
}

/** Everything there is, as text by path. */
const contents = async (store: Store): Promise<Readonly<Record<string, string | undefined>>> => {
  const entries: [string, string | undefined][] = []
  for (const { path } of await listAll(store, '')) entries.push([path, await readText(store, path)])
  return Object.fromEntries(entries)
}

const newDataset = async (): Promise<Readonly<Record<string, string | undefined>>> => {
  const store = await oldDataset()
  expect(await publishRecord(lakeOver(store), PLACE, RECORD)).toEqual({ kind: 'published' })
  return contents(store)
}

/** The names of all steps that publishing takes. */
const steps = async (): Promise<readonly string[]> => {
  const seen: string[] = []
  const store = withCrashPoints(await oldDataset(), (point, moment) => {
    seen.push(`${point} ${moment}`)
  })
  await publishRecord(lakeOver(store), PLACE, RECORD)
  return seen
}

/** What is on the disk when the power fails at a step. */
const powerLoss = async (
  step: number,
  survives: (what: Unsynced) => boolean,
): Promise<MemoryStore> => {
  const memory = await oldDataset()
  let passed = 0
  const store = withCrashPoints(memory, () => {
    if (passed++ === step) throw new Error('power')
  })
  await expect(publishRecord(lakeOver(store), PLACE, RECORD)).rejects.toThrow('power')
  return memory.crash(survives)
}

describe('publishing through a record', () => {
  test('passes a step for every write, sync, link and removal', async () => {
    expect((await steps()).length).toBeGreaterThan(40)
  })

  test.each([
    ['nothing that was not synced', () => false],
    ['everything', () => true],
    ['bytes but no removals', ({ kind }: Unsynced) => kind === 'bytes'],
    ['removals but no bytes', ({ kind }: Unsynced) => kind === 'removal'],
  ])('survives a power loss at any step that spares %s', async (_, survives) => {
    const old = await contents(await oldDataset())
    const fresh = await newDataset()
    const ends = { old: 0, fresh: 0 }
    for (let step = 0; step < (await steps()).length; step++) {
      const lake = lakeOver(await powerLoss(step, survives))
      await recover(lake, PLACE)
      const found = await contents(lake.store)
      const isOld = JSON.stringify(found) === JSON.stringify(old)
      expect(isOld ? old : fresh, `step ${step}`).toEqual(found)
      ends[isOld ? 'old' : 'fresh']++
    }
    expect(Math.min(ends.old, ends.fresh)).toBeGreaterThan(2)
  })

  test('survives a second power loss while recovering from the first', async () => {
    const fresh = await newDataset()
    for (let step = 0; step < 20; step++) {
      const memory = await powerLoss(20, () => false)
      let passed = 0
      const failing = withCrashPoints(memory, () => {
        if (passed++ === step) throw new Error('power')
      })
      await recover(lakeOver(failing), PLACE).catch(() => undefined)
      const lake = lakeOver(memory.crash())
      await recover(lake, PLACE)
      expect(await contents(lake.store)).toEqual(fresh)
    }
  })
})

describe('a table that another writer has changed', () => {
  test('before the first commit stops everything', async () => {
    const store = await oldDataset()
    await replaceText(store, commitOf('orders', 1), 'theirs')
    const before = await contents(store)
    expect(await publishRecord(lakeOver(store), PLACE, RECORD)).toEqual({
      kind: 'conflict',
      table: `${PLACE.folder}/orders`,
    })
    expect(await contents(store)).toEqual(before)
  })

  test('after it is followed, since there is no way back', async () => {
    const memory = await oldDataset()
    const store = withCrashPoints(memory, async (point, moment) => {
      if (moment === 'after' && point === `${commitOf('customers', 1)}:link`)
        await replaceText(memory, commitOf('orders', 1), 'theirs')
    })
    expect(await publishRecord(lakeOver(store), PLACE, RECORD)).toEqual({ kind: 'published' })
    const found = await contents(memory)
    expect(found[commitOf('orders', 1)]).toBe('theirs')
    expect(found[commitOf('orders', 2)]).toBe('orders 1')
    expect(found[commitOf('items', 1)]).toBe('items 1')
  })
})

test('without a record there is nothing to recover', async () => {
  expect(await recover(lakeOver(await oldDataset()), PLACE)).toBeUndefined()
})

test('a damaged record is refused, not passed over', async () => {
  const store = await oldDataset()
  await replaceText(store, PLACE.redo, '{"version":1')
  await expect(recover(lakeOver(store), PLACE)).rejects.toMatchObject({ code: 'dataset.invalid' })
})
