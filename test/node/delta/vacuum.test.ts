import { describe, expect, test } from 'vitest'
import { appendDraft, overwriteDraft } from '../../../src/core/delta/commit.ts'
import type { Store } from '../../../src/core/ports.ts'
import { commit } from '../../../src/node/delta/commit.ts'
import { vacuum, type VacuumOptions } from '../../../src/node/delta/vacuum.ts'
import { writeCheckpoint } from '../../../src/node/delta/write-checkpoint.ts'
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

describe('log clean-up in vacuum', () => {
  const LOG = `${table}/_delta_log/`

  /** A table with a version a day from AT on, and checkpoints of some versions. */
  const daily = async (versions: number, checkpoints: readonly number[]): Promise<Store> => {
    let now = AT
    const store = memoryStore({ now: () => now })
    let snapshot = await createPeople(store, table, [0])
    for (let version = 1; version <= versions; version++) {
      now = AT + version * DAY
      const file = await peopleFile(store, { table, name: `part-${version}` }, [version])
      await commit({ store, table, snapshot }, appendDraft(snapshot, [file], { at: now }))
      snapshot = await snapshotOf(store, table)
      if (checkpoints.includes(version)) await writeCheckpoint({ store, table, snapshot }, now)
    }
    return store
  }

  const logged = async (store: Store): Promise<readonly string[]> =>
    (await pathsOf(store, LOG.slice(0, -1))).map((path) =>
      path.slice(LOG.length).replace(/^0+(?=\d)/, ''),
    )

  const vacuumLog = async (store: Store, options: VacuumOptions): Promise<readonly string[]> => {
    await vacuum(store, table, options)
    return logged(store)
  }

  test('keeps 30 days: every version since then, and the checkpoint below the first', async () => {
    const store = await daily(6, [2, 4])
    const left = await vacuumLog(store, { now: AT + 33 * DAY })
    expect(left).toEqual([
      '2.checkpoint.parquet',
      '2.json',
      '3.json',
      '4.checkpoint.parquet',
      '4.json',
      '5.json',
      '6.json',
      '_last_checkpoint',
    ])
    for (const version of [2, 3, 6]) {
      expect((await snapshotOf(store, table, version)).files.size).toBe(version + 1)
    }
  })

  test('never goes below the newest checkpoint, however old the log is', async () => {
    const store = await daily(6, [2, 4])
    await putIfAbsent(store, `${LOG}00000000000000000001.crc`, bytes('{}'))
    await putIfAbsent(store, `${LOG}.00000000000000000001.json.crc`, bytes('crc'))
    const left = await vacuumLog(store, { now: AT + 1000 * DAY })
    expect(left).toEqual(['4.checkpoint.parquet', '4.json', '5.json', '6.json', '_last_checkpoint'])
    expect((await snapshotOf(store, table)).files.size).toBe(7)
  })

  test('keeps the checkpoint that the pointer names, and all of a log without checkpoints', async () => {
    const store = await daily(4, [2, 4])
    await store.remove(`${LOG}_last_checkpoint`)
    await putIfAbsent(store, `${LOG}_last_checkpoint`, bytes('{"version":2}'))
    expect(await vacuumLog(store, { now: AT + 1000 * DAY })).toContain('2.checkpoint.parquet')
    expect(await vacuumLog(await daily(2, []), { now: AT + 1000 * DAY })).toHaveLength(3)
  })

  test('is told with dryRun and removes nothing', async () => {
    const store = await daily(3, [2])
    const before = await logged(store)
    const found = await vacuum(store, table, { now: AT + 1000 * DAY, dryRun: true })
    expect(found.map(({ path }) => path)).toEqual([
      '_delta_log/00000000000000000000.json',
      '_delta_log/00000000000000000001.json',
    ])
    expect(await logged(store)).toEqual(before)
  })

  test.each([
    ['delta.logRetentionDuration', 'interval 2000 days'],
    ['delta.enableExpiredLogCleanup', 'false'],
  ])('heeds the table property %s', async (name, value) => {
    const store = await daily(2, [])
    const snapshot = await snapshotOf(store, table)
    const metaData = {
      ...snapshot.metadata,
      configuration: { ...snapshot.metadata.configuration, [name]: value },
    }
    const draft = { ...appendDraft(snapshot, [], { at: AT + 3 * DAY }), actions: [metaData] }
    await commit({ store, table, snapshot }, draft)
    const changed = await snapshotOf(store, table)
    await writeCheckpoint({ store, table, snapshot: changed }, AT + 3 * DAY)
    expect(await vacuumLog(store, { now: AT + 1000 * DAY })).toContain('0.json')
  })
})
