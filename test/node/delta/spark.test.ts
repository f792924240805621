import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, test } from 'vitest'
import type { AddFile } from '../../../src/core/delta/actions.ts'
import { snapshotRows } from '../../../src/core/delta/snapshot.ts'
import type { Store } from '../../../src/core/ports.ts'
import { deletedRowsOf } from '../../../src/node/delta/deletion-vectors.ts'
import { history } from '../../../src/node/delta/history.ts'
import { localStore } from '../../../src/node/store/local.ts'
import { memoryStore } from '../../../src/node/store/memory.ts'
import { putIfAbsent } from '../../../src/node/store/put.ts'
import { listAll } from '../../../src/node/store/list-all.ts'
import { snapshotOf } from './tables.ts'

const root = fileURLToPath(new URL('../../fixtures/delta', import.meta.url))

const fixtures = localStore(root)

/** What Spark read of each version of a table when the fixture was made: the sorted ids. */
const expectedOf = (table: string): readonly (readonly number[])[] =>
  Object.values(
    JSON.parse(readFileSync(`${root}/${table}/expected.json`, 'utf8')) as Record<string, number[]>,
  )

const liveIds = async (store: Store, table: string, file: AddFile): Promise<readonly number[]> => {
  const bytes = await store.read(`${table}/${file.path}`)
  if (bytes === undefined) throw new Error(`${file.path} is missing`)
  const rows = await parquetReadObjects({ file: bytes.slice().buffer, columns: ['id'] })
  const deleted = new Set(await deletedRowsOf(store, table, file))
  return rows.filter((_, index) => !deleted.has(index)).map(({ id }) => Number(id))
}

const idsOf = async (store: Store, table: string, version?: number): Promise<readonly number[]> => {
  const snapshot = await snapshotOf(store, table, version)
  const files = [...snapshot.files.values()]
  const ids = await Promise.all(files.map(async (file) => liveIds(store, table, file)))
  expect(snapshotRows(snapshot)).toBe(ids.flat().length)
  return ids.flat().toSorted((a, b) => a - b)
}

const TABLES = ['spark-dml', 'spark-vectors', 'spark-v2']

/** A copy of a fixture in memory, without the files whose path matches. */
const copyWithout = async (table: string, left: RegExp): Promise<Store> => {
  const store = memoryStore()
  let count = 0
  for (const { path } of await listAll(fixtures, table)) {
    const bytes = await fixtures.read(path)
    if (bytes === undefined || left.test(path)) count++
    else await putIfAbsent(store, path, bytes)
  }
  expect(count).toBeGreaterThan(0)
  return store
}

describe('tables made by Spark', () => {
  test.each(TABLES)('%s holds the rows Spark reads, at every version', async (table) => {
    const expected = expectedOf(table)
    expect(expected.length).toBeGreaterThan(3)
    for (const [version, ids] of expected.entries()) {
      expect(await idsOf(fixtures, table, version)).toEqual(ids)
    }
    expect(await idsOf(fixtures, table)).toEqual(expected.at(-1))
  })

  test.each(TABLES)('%s reads the same without its checkpoints', async (table) => {
    const store = await copyWithout(table, /checkpoint/)
    for (const [version, ids] of expectedOf(table).entries()) {
      expect(await idsOf(store, table, version)).toEqual(ids)
    }
  })

  test.each(TABLES)(
    '%s reads from its newest checkpoint without the commits before',
    async (table) => {
      const paths = (await listAll(fixtures, table)).map(({ path }) => path)
      const newest =
        paths.flatMap((path) => /\/(\d{20})\.checkpoint/.exec(path)?.[1] ?? []).at(-1) ?? ''
      const older = paths.filter((path) => (/\/(\d{20})\.json$/.exec(path)?.[1] ?? newest) < newest)
      expect(older.length).toBeGreaterThan(1)
      const store = await copyWithout(table, new RegExp(older.join('|')))
      expect(await idsOf(store, table)).toEqual(expectedOf(table).at(-1))
      await expect(snapshotOf(store, table, 0)).rejects.toMatchObject({ code: 'delta.log' })
    },
  )

  test('went through UPDATE, DELETE, OPTIMIZE and RESTORE', async () => {
    const operations = (await history(fixtures, 'spark-dml')).map(({ info }) => info.operation)
    expect(operations).toEqual([
      'WRITE',
      'RESTORE',
      'OPTIMIZE',
      'DELETE',
      'UPDATE',
      'WRITE',
      'WRITE',
      'CREATE TABLE',
    ])
  })

  test('have partition values and deletion vectors where Spark made them', async () => {
    const { files } = await snapshotOf(fixtures, 'spark-vectors', 3)
    const found = [...files.values()].map(({ partitionValues, deletionVector }) => [
      partitionValues['part'],
      deletionVector?.cardinality,
    ])
    expect(found).toEqual(
      expect.arrayContaining([
        [null, 27],
        ['a b/=%', 23],
      ]),
    )
  })
})

describe('a deletion vector that is not as it was written', () => {
  const vectored = async (store: Store): Promise<AddFile> => {
    const { files } = await snapshotOf(store, 'spark-vectors', 3)
    const file = [...files.values()].find(({ deletionVector }) => deletionVector?.offset === 1)
    if (file === undefined) throw new Error('no file has a deletion vector')
    return file
  }

  test('is refused when its file is missing', async () => {
    const store = await copyWithout('spark-vectors', /deletion_vector/)
    const reading = deletedRowsOf(store, 'spark-vectors', await vectored(store))
    await expect(reading).rejects.toThrow(/deletion_vector_.*\.bin is missing/)
  })

  test('is refused when a bit of it has changed', async () => {
    const store = await copyWithout('spark-vectors', /deletion_vector/)
    for (const { path } of await listAll(fixtures, 'spark-vectors')) {
      const bytes = await fixtures.read(path)
      if (bytes === undefined || !path.includes('deletion_vector')) continue
      // Behind the format byte come blocks of length, bitmap and checksum; this is within the first bitmap.
      const changed = Uint8Array.from(bytes, (byte, index) => (index === 20 ? byte ^ 1 : byte))
      await putIfAbsent(store, path, changed)
    }
    const reading = deletedRowsOf(store, 'spark-vectors', await vectored(store))
    await expect(reading).rejects.toThrow(/its checksum differs/)
  })

  test('is refused when it lies outside the table', async () => {
    const file = await vectored(fixtures)
    const descriptor = file.deletionVector
    if (descriptor === undefined) throw new Error('expected a deletion vector')
    const outside: AddFile = { ...file, deletionVector: { ...descriptor, storageType: 'p' } }
    await expect(deletedRowsOf(fixtures, 'spark-vectors', outside)).rejects.toThrow(
      /outside the table/,
    )
  })
})
