import { describe, expect, test } from 'vitest'
import type { CommitDraft } from '../../../src/core/delta/commit.ts'
import {
  appendDraft,
  createDraft,
  overwriteDraft,
  renderCommit,
} from '../../../src/core/delta/commit.ts'
import { replay } from '../../../src/core/delta/snapshot.ts'
import type { Store } from '../../../src/core/ports.ts'
import type { CommitOutcome, Retry } from '../../../src/node/delta/commit.ts'
import { commit, putCommit } from '../../../src/node/delta/commit.ts'
import { history } from '../../../src/node/delta/history.ts'
import { readSnapshot, refresh } from '../../../src/node/delta/read-snapshot.ts'
import { memoryStore } from '../../../src/node/store/memory.ts'
import { putIfAbsent } from '../../../src/node/store/put.ts'
import { bytes, pathsOf } from '../store/texts.ts'
import { AT, createPeople, people, peopleFile, snapshotOf } from './tables.ts'

const table = 'people'

const setUp = async () => {
  const store = memoryStore()
  const created = await createPeople(store, table, [1, 2])
  const file = async (name: string, ...ids: readonly number[]) =>
    peopleFile(store, { table, name }, ids)
  return { store, created, file }
}

const noWait: Retry = { attempts: 5, wait: async () => undefined, random: () => 0.5 }

describe('committing to a table that has moved on', () => {
  test('an append follows the appends in between, dated after them', async () => {
    const { store, created, file } = await setUp()
    const target = { store, table, snapshot: created }
    for (const name of ['b', 'c', 'd']) {
      await commit(target, appendDraft(created, [await file(name, 5)], { at: AT }))
    }
    const last = await commit(
      target,
      appendDraft(created, [await file('e', 6)], { at: AT }),
      noWait,
    )
    expect(last).toMatchObject({ kind: 'committed', version: 4, races: 1 })
    const snapshot = await snapshotOf(store, table)
    expect([...snapshot.files.keys()]).toEqual(['part-0.parquet', 'b', 'c', 'd', 'e'])
    expect(snapshot.timestamp).toBe(AT + 4)
    expect(last.kind === 'committed' && replay(created, last.commits)).toEqual(snapshot)
  })

  test('of two overwrites of one version the second is refused and changes nothing', async () => {
    const { store, created, file } = await setUp()
    const target = { store, table, snapshot: created }
    const overwrite = async (name: string): Promise<CommitOutcome> =>
      commit(target, overwriteDraft(created, { files: [await file(name, 7)] }, { at: AT }), noWait)
    expect(await overwrite('first')).toMatchObject({ kind: 'committed', version: 1 })
    expect(await overwrite('second')).toEqual({
      kind: 'conflict',
      conflict: {
        kind: 'concurrentDeleteDelete',
        version: 1,
        message: 'version 1 removed a file that this commit removes too',
      },
    })
    const snapshot = await snapshotOf(store, table)
    expect(snapshot.version).toBe(1)
    expect([...snapshot.files.keys()]).toEqual(['first'])
  })

  test('an overwrite is refused after an append, an append after an overwrite is not', async () => {
    const { store, created, file } = await setUp()
    const target = { store, table, snapshot: created }
    const append = appendDraft(created, [await file('more', 5)], { at: AT })
    const overwrite = overwriteDraft(created, { files: [await file('other', 7)] }, { at: AT })
    await commit(target, append)
    expect(await commit(target, overwrite)).toMatchObject({
      conflict: { kind: 'concurrentAppend' },
    })
    const head = await snapshotOf(store, table)
    await commit({ ...target, snapshot: head }, overwriteDraft(head, { files: [] }, { at: AT }))
    const late = appendDraft(created, [await file('late', 9)], { at: AT })
    expect(await commit(target, late)).toMatchObject({ kind: 'committed', version: 3 })
    expect([...(await snapshotOf(store, table)).files.keys()]).toEqual(['late'])
  })

  test('of concurrent creations exactly one succeeds', async () => {
    const store = memoryStore()
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, async () =>
        commit({ store, table, snapshot: undefined }, createDraft(people, [], { at: AT }), noWait),
      ),
    )
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual([
      'committed',
      'conflict',
      'conflict',
      'conflict',
      'conflict',
    ])
  })

  test('a draft that loses every try fails with a hint', async () => {
    const { store, created } = await setUp()
    const never: Store = {
      ...store,
      create: async (path) => ({ ...(await store.create(path)), commit: async () => false }),
    }
    const committing = commit(
      { store: never, table, snapshot: created },
      appendDraft(created, [], { at: AT }),
      noWait,
    )
    await expect(committing).rejects.toMatchObject({ code: 'delta.conflict', retryable: true })
  })
})

describe('a transaction is committed once', () => {
  const draftOf = async (
    version: number,
    { created, file }: Awaited<ReturnType<typeof setUp>>,
  ): Promise<CommitDraft> =>
    appendDraft(created, [await file(`batch-${version}`, version)], {
      at: AT,
      transaction: { appId: 'stream', version },
    })

  test('when the snapshot knows it already', async () => {
    const given = await setUp()
    const { store, created } = given
    const draft = await draftOf(1, given)
    await commit({ store, table, snapshot: created }, draft)
    const snapshot = await snapshotOf(store, table)
    expect(await commit({ store, table, snapshot }, draft)).toEqual({
      kind: 'repeated',
      version: 1,
    })
    expect((await snapshotOf(store, table)).version).toBe(1)
  })

  test('when the earlier attempt is found only on losing the race', async () => {
    const given = await setUp()
    const { store, created } = given
    await commit({ store, table, snapshot: created }, await draftOf(2, given))
    const again = await commit({ store, table, snapshot: created }, await draftOf(2, given))
    expect(again).toEqual({ kind: 'repeated', version: 1 })
    const other = await commit({ store, table, snapshot: created }, await draftOf(3, given))
    expect(other).toMatchObject({ conflict: { kind: 'concurrentTransaction' } })
  })
})

test('putting a rendered commit tells a replay from a lost race', async () => {
  const { store, created } = await setUp()
  const ours = renderCommit(appendDraft(created, [], { at: AT }), created)
  const theirs = renderCommit(appendDraft(created, [], { at: AT + 99 }), created)
  expect(await putCommit(store, table, ours)).toBe('written')
  expect(await putCommit(store, table, ours)).toBe('present')
  expect(await putCommit(store, table, theirs)).toBe('taken')
})

describe('reading a snapshot', () => {
  test('is undefined where there is no log', async () => {
    expect(await readSnapshot(memoryStore(), table)).toBeUndefined()
  })

  test('of an earlier version, and brought up to date again', async () => {
    const { store, created, file } = await setUp()
    const more = appendDraft(created, [await file('b', 5)], { at: AT })
    await commit({ store, table, snapshot: created }, more)
    const first = await snapshotOf(store, table, 0)
    expect(first).toEqual(created)
    const newest = await refresh(store, table, first)
    expect(newest).toEqual(await snapshotOf(store, table))
    expect(await refresh(store, table, newest)).toBe(newest)
  })

  test.each([[1], [-1], [0.5], [Number.NaN]])(
    'of version %s fails and names the newest',
    async (version) => {
      const { store } = await setUp()
      await expect(readSnapshot(store, table, version)).rejects.toMatchObject({
        code: 'delta.log',
        message: expect.stringContaining('the newest is 0'),
      })
    },
  )

  test('fails when a version in the middle is gone', async () => {
    const { store, created, file } = await setUp()
    const target = { store, table, snapshot: created }
    for (const name of ['b', 'c']) {
      await commit(target, appendDraft(created, [await file(name, 5)], { at: AT }))
    }
    await store.remove(`${table}/_delta_log/00000000000000000001.json`)
    await expect(readSnapshot(store, table)).rejects.toMatchObject({
      code: 'delta.log',
      message: expect.stringContaining('version 1 of the log is missing'),
    })
  })

  test('fails on features we do not know, for reading and for writing', async () => {
    const { store, created } = await setUp()
    const log = `${table}/_delta_log/0000000000000000000`
    const put = async (version: number, features: object): Promise<boolean> =>
      putIfAbsent(store, `${log}${version}.json`, bytes(JSON.stringify({ protocol: features })))
    await put(1, { minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ['rowTracking'] })
    const snapshot = await refresh(store, table, created)
    await expect(
      commit({ store, table, snapshot }, appendDraft(snapshot, [], { at: AT })),
    ).rejects.toMatchObject({ code: 'delta.protocol', details: { features: ['rowTracking'] } })
    const features = ['catalogManaged']
    await put(2, {
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: features,
      writerFeatures: features,
    })
    await expect(readSnapshot(store, table)).rejects.toMatchObject({ code: 'delta.protocol' })
  })
})

test('history tells the newest versions first, also of a writer that says nothing', async () => {
  const { store, created } = await setUp()
  await commit({ store, table, snapshot: created }, appendDraft(created, [], { at: AT }))
  await putIfAbsent(
    store,
    `${table}/_delta_log/00000000000000000002.json`,
    bytes('{"txn":{"appId":"a","version":1}}'),
  )
  const entries = await history(store, table)
  expect(entries.map(({ version, info }) => [version, info.operation])).toEqual([
    [2, undefined],
    [1, 'WRITE'],
    [0, 'CREATE TABLE AS SELECT'],
  ])
  expect(await history(store, table, 1)).toHaveLength(1)
})

test('a commit survives a power loss the moment it returns', async () => {
  const { store, created, file } = await setUp()
  await commit(
    { store, table, snapshot: created },
    appendDraft(created, [await file('b', 5)], { at: AT }),
  )
  const after = store.crash()
  expect(await pathsOf(after, '')).toEqual(await pathsOf(store, ''))
  expect(await snapshotOf(after, table)).toEqual(await snapshotOf(store, table))
})
