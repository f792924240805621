import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, test } from 'vitest'
import { appendDraft } from '../../../src/core/delta/commit.ts'
import { scanSql } from '../../../src/core/delta/scan.ts'
import { replay } from '../../../src/core/delta/snapshot.ts'
import { commit } from '../../../src/node/delta/commit.ts'
import { localScan } from '../../../src/node/delta/scan.ts'
import { localStore } from '../../../src/node/store/local.ts'
import { add, METADATA, PROTOCOL, vector } from '../../core/delta/actions.ts'
import { AT, createPeople, peopleFile, snapshotOf, withFolder } from './tables.ts'

const root = fileURLToPath(new URL('../../fixtures/delta', import.meta.url))

const rowsOf = async (sql: string): Promise<readonly Record<string, unknown>[]> => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    await connection.run("SET TimeZone = 'UTC'")
    return (await connection.runAndReadAll(sql)).getRowObjectsJson()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

describe('DuckDB reads', () => {
  test.each(['spark-dml', 'spark-vectors', 'spark-v2'])(
    'every version of %s through a list of its files',
    async (table) => {
      const expected = Object.values(
        JSON.parse(readFileSync(`${root}/${table}/expected.json`, 'utf8')) as object,
      ) as readonly (readonly number[])[]
      expect(expected.length).toBeGreaterThan(3)
      for (const [version, ids] of expected.entries()) {
        const scan = await localScan(
          root,
          table,
          await snapshotOf(localStore(root), table, version),
        )
        const rows = await rowsOf(`SELECT id FROM (${scan}) ORDER BY id`)
        expect(rows.map(({ id }) => Number(id))).toEqual(ids)
      }
    },
  )

  test('partition values with their nulls and odd characters', async () => {
    const scan = await localScan(
      root,
      'spark-vectors',
      await snapshotOf(localStore(root), 'spark-vectors', 1),
    )
    expect(
      await rowsOf(`SELECT part, count(*)::INT AS n FROM (${scan}) GROUP BY part ORDER BY n, part`),
    ).toEqual([
      { part: 'a b/=%', n: 100 },
      { part: null, n: 100 },
    ])
  })

  test('our own tables', async () => {
    await withFolder(async (folder) => {
      const store = localStore(folder)
      const created = await createPeople(store, 'people', [1, 2])
      const file = await peopleFile(store, { table: 'people', name: "it's/part" }, [4])
      await commit(
        { store, table: 'people', snapshot: created },
        appendDraft(created, [file], { at: AT }),
      )
      const scan = await localScan(folder, 'people', await snapshotOf(store, 'people'))
      expect(await rowsOf(`${scan} ORDER BY id`)).toEqual([
        { id: '1', name: null },
        { id: '2', name: 'person 2' },
        { id: '4', name: 'person 4' },
      ])
    })
  })

  test('a column that the files do not have yet as null, and a table without files as empty', async () => {
    await withFolder(async (folder) => {
      const created = await createPeople(localStore(folder), 'people', [1])
      const schemaString = created.metadata.schemaString.replace(
        '"fields":[',
        '"fields":[{"name":"new","type":"decimal(9,2)","nullable":true,"metadata":{}},',
      )
      const wider = { ...created, metadata: { ...created.metadata, schemaString } }
      expect(await rowsOf(await localScan(folder, 'people', wider))).toEqual([
        { new: null, id: '1', name: null },
      ])
      expect(
        await rowsOf(await localScan(folder, 'people', { ...wider, files: new Map() })),
      ).toEqual([])
    })
  })
})

describe('a scan is refused', () => {
  const snapshot = (...actions: Parameters<typeof replay>[1][number]['actions']) =>
    replay(undefined, [{ version: 0, actions: [PROTOCOL, METADATA, ...actions] }])
  const files = { place: (path: string) => path, deleted: new Map<string, readonly number[]>() }

  test.each([
    ['of a file outside the table', snapshot(add('s3://elsewhere/x')), /outside the table/],
    [
      'of a file whose deleted rows are not known',
      snapshot({ ...add('x'), deletionVector: vector('v', 1) }),
      /was not read/,
    ],
    [
      'of a type we do not know',
      snapshot({ ...METADATA, schemaString: METADATA.schemaString.replace('long', 'variant') }),
      /unknown type "variant"/,
    ],
  ])('%s', (_, of, message) => {
    expect(() => scanSql(of, files)).toThrow(message)
  })
})
