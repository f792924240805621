import { parquetMetadata } from 'hyparquet'
import { describe, expect, test } from 'vitest'
import type { AddFile } from '../../../src/core/delta/actions.ts'
import { appendDraft } from '../../../src/core/delta/commit.ts'
import type { Snapshot } from '../../../src/core/delta/snapshot.ts'
import type { Store } from '../../../src/core/ports.ts'
import { commit } from '../../../src/node/delta/commit.ts'
import { readCheckpoint } from '../../../src/node/delta/read-checkpoint.ts'
import { listLog } from '../../../src/node/delta/list-log.ts'
import { checkpointIfDue, writeCheckpoint } from '../../../src/node/delta/write-checkpoint.ts'
import { memoryStore } from '../../../src/node/store/memory.ts'
import { putIfAbsent } from '../../../src/node/store/put.ts'
import { bytes, textOf } from '../store/texts.ts'
import { AT, createPeople, peopleFile, snapshotOf } from './tables.ts'

const table = 'people'

const log = (name: string): string => `${table}/_delta_log/${name}`

/** A table at version `versions`, each version adding one file. */
const grown = async (versions: number): Promise<{ store: Store; snapshot: Snapshot }> => {
  const store = memoryStore()
  let snapshot = await createPeople(store, table, [1])
  for (let version = 1; version <= versions; version++) {
    const file = await peopleFile(store, { table, name: `part-${version}` }, [version])
    await commit({ store, table, snapshot }, appendDraft(snapshot, [file], { at: AT }))
    snapshot = await snapshotOf(store, table)
  }
  return { store, snapshot }
}

const paths = ({ files }: Snapshot): readonly string[] => [...files.keys()]

describe('writing a checkpoint', () => {
  test('is due at every tenth version and leaves a pointer', async () => {
    const { store, snapshot } = await grown(10)
    const target = { store, table, snapshot }
    expect(await checkpointIfDue({ ...target, snapshot: { ...snapshot, version: 9 } }, AT)).toEqual(
      {
        kind: 'notDue',
      },
    )
    expect(await checkpointIfDue(target, AT)).toEqual({ kind: 'written' })
    expect(await checkpointIfDue(target, AT)).toEqual({ kind: 'present' })
    const file = await store.stat(log('00000000000000000010.checkpoint.parquet'))
    expect(JSON.parse((await textOf(store, log('_last_checkpoint'))) ?? '')).toEqual({
      version: 10,
      size: 13,
      sizeInBytes: file?.size,
      numOfAddFiles: 11,
    })
  })

  test('replaces the pointer of an older one, and the checksum Spark may have left', async () => {
    const { store, snapshot } = await grown(1)
    await putIfAbsent(store, log('_last_checkpoint'), bytes('{"version":0}'))
    await putIfAbsent(store, log('._last_checkpoint.crc'), bytes('crc'))
    await writeCheckpoint({ store, table, snapshot }, AT)
    expect(await textOf(store, log('_last_checkpoint'))).toContain('"version":1')
    expect(await store.stat(log('._last_checkpoint.crc'))).toBeUndefined()
  })

  test('is pointed at by a second attempt when the first was killed before its pointer', async () => {
    const { store, snapshot } = await grown(1)
    await writeCheckpoint({ store, table, snapshot }, AT)
    const pointer = await textOf(store, log('_last_checkpoint'))
    await store.remove(log('_last_checkpoint'))
    expect(await writeCheckpoint({ store, table, snapshot }, AT)).toBe('present')
    expect(await textOf(store, log('_last_checkpoint'))).toBe(pointer)
  })

  test.each([
    ['of another writer for the same version', '00000000000000000001.checkpoint.parquet'],
    ['that is newer', '_last_checkpoint'],
  ])('leaves a pointer alone beside a checkpoint %s', async (_, name) => {
    const { store, snapshot } = await grown(1)
    await putIfAbsent(store, log(name), bytes('{"version":2}'))
    await writeCheckpoint({ store, table, snapshot }, AT)
    const pointer = await textOf(store, log('_last_checkpoint'))
    expect(pointer).toBe(name === '_last_checkpoint' ? '{"version":2}' : undefined)
  })

  test('gives the same bytes for the same snapshot and instant', async () => {
    const written = async (): Promise<Uint8Array | undefined> => {
      const { store, snapshot } = await grown(2)
      await writeCheckpoint({ store, table, snapshot }, AT)
      return store.read(log('00000000000000000002.checkpoint.parquet'))
    }
    expect(await written()).toEqual(await written())
  })

  test('that fails is told and does no harm', async () => {
    const { store, snapshot } = await grown(10)
    const full: Store = {
      ...store,
      create: async () => {
        throw new Error('no room')
      },
    }
    expect(await checkpointIfDue({ store: full, table, snapshot }, AT)).toMatchObject({
      kind: 'failed',
      error: { message: 'no room' },
    })
    expect((await snapshotOf(store, table)).version).toBe(10)
  })

  test('of many files stays small and is read back whole', async () => {
    const { store, snapshot } = await grown(0)
    const files = new Map<string, AddFile>()
    const [model] = snapshot.files.values()
    if (model === undefined) throw new Error('expected a file')
    for (let index = 0; index < 20_000; index++) {
      const path = `part-${String(index).padStart(6, '0')}.parquet`
      files.set(path, { ...model, path, size: index })
    }
    await writeCheckpoint({ store, table, snapshot: { ...snapshot, files } }, AT)
    const again = await snapshotOf(store, table)
    expect(again.files.size).toBe(20_000)
    expect(again.files.get('part-019999.parquet')).toEqual({
      ...model,
      path: 'part-019999.parquet',
      size: 19_999,
      dataChange: false,
    })
    const file = await store.read(log('00000000000000000000.checkpoint.parquet'))
    expect(file?.length).toBeLessThan(2_000_000)
    expect(Number(parquetMetadata(file?.slice().buffer ?? new ArrayBuffer(0)).num_rows)).toBe(
      20_002,
    )
  })
})

describe('reading checkpoints', () => {
  test('takes the newest one that is not beyond the wanted version', async () => {
    const { store } = await grown(6)
    for (const version of [2, 4]) {
      const snapshot = await snapshotOf(store, table, version)
      await writeCheckpoint({ store, table, snapshot }, AT)
    }
    for (const version of [0, 1]) await store.remove(log(`0000000000000000000${version}.json`))
    expect(paths(await snapshotOf(store, table, 3))).toHaveLength(4)
    expect(paths(await snapshotOf(store, table, 2))).toHaveLength(3)
    expect(paths(await snapshotOf(store, table))).toHaveLength(7)
    expect((await snapshotOf(store, table, 2)).timestamp).toBe(AT + 2)
    await expect(snapshotOf(store, table, 1)).rejects.toThrow(/version 0 of the log is missing/)
  })

  test('is enough without any commit', async () => {
    const { store, snapshot } = await grown(1)
    await writeCheckpoint({ store, table, snapshot }, AT)
    for (const version of [0, 1]) await store.remove(log(`0000000000000000000${version}.json`))
    const again = await snapshotOf(store, table)
    expect(again.version).toBe(1)
    expect(again.timestamp).toBeUndefined()
    expect(paths(again)).toEqual(paths(snapshot))
  })

  test('passes over a checkpoint in parts while one of them is missing', async () => {
    const { store, snapshot } = await grown(2)
    await writeCheckpoint({ store, table, snapshot }, AT)
    const whole = await store.read(log('00000000000000000002.checkpoint.parquet'))
    if (whole === undefined) throw new Error('expected a checkpoint')
    await store.remove(log('00000000000000000002.checkpoint.parquet'))
    const part = (number: number): string =>
      log(`00000000000000000002.checkpoint.000000000${number}.0000000002.parquet`)
    await putIfAbsent(store, part(2), whole)
    expect((await listLog(store, table)).checkpoints).toEqual([])
    await putIfAbsent(store, part(1), whole)
    expect((await listLog(store, table)).checkpoints).toEqual([
      { version: 2, format: 'parquet', paths: [part(1), part(2)] },
    ])
    for (const version of [0, 1]) await store.remove(log(`0000000000000000000${version}.json`))
    expect(paths(await snapshotOf(store, table))).toEqual(paths(snapshot))
  })

  test('fails on one that is damaged, naming it', async () => {
    const { store } = await grown(1)
    const name = log('00000000000000000001.checkpoint.parquet')
    await putIfAbsent(store, name, bytes('PAR1 this is not a checkpoint PAR1'))
    await expect(snapshotOf(store, table)).rejects.toMatchObject({
      code: 'delta.log',
      message: expect.stringContaining(name),
    })
  })

  test('fails on one whose file or sidecar is missing', async () => {
    const store = memoryStore()
    const missing = { version: 1, format: 'parquet', paths: [log('x.parquet')] } as const
    await expect(readCheckpoint(store, table, missing)).rejects.toThrow(/x\.parquet is missing/)
    await putIfAbsent(
      store,
      log('v2.json'),
      bytes('{"sidecar":{"path":"s.parquet","sizeInBytes":1}}'),
    )
    const v2 = { version: 1, format: 'json', paths: [log('v2.json')] } as const
    await expect(readCheckpoint(store, table, v2)).rejects.toThrow(
      /_sidecars\/s\.parquet is missing/,
    )
  })
})
