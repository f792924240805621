import { describe, expect, test } from 'vitest'
import { appendDraft, overwriteDraft } from '../../../src/core/delta/commit.ts'
import { snapshotRows } from '../../../src/core/delta/snapshot.ts'
import { commit } from '../../../src/node/delta/commit.ts'
import { writeCheckpoint } from '../../../src/node/delta/write-checkpoint.ts'
import { localStore } from '../../../src/node/store/local.ts'
import { runPython } from '../../support/python.ts'
import { requireService, servicePath } from '../../support/services.ts'
import { AT, createPeople, peopleFile, snapshotOf, withFolder } from './tables.ts'

const service = requireService('python')

const python = (program: string, ...args: readonly string[]): unknown =>
  JSON.parse(runPython(servicePath(service), program, { args }) || 'null')

const READ = `
import json, sys
from deltalake import DeltaTable
version = int(sys.argv[2]) if len(sys.argv) > 2 else None
t = DeltaTable(sys.argv[1], version=version)
rows = t.to_pyarrow_table().sort_by('id').to_pylist()
p = t.protocol()
print(json.dumps({'version': t.version(), 'ids': [r['id'] for r in rows], 'names': [r['name'] for r in rows],
  'protocol': [p.min_reader_version, p.min_writer_version], 'configuration': t.metadata().configuration,
  'id': t.metadata().id, 'history': [h.get('operation') for h in t.history()]}))
`

describe.skipIf(service.kind === 'missing')('delta-rs reads what we write', () => {
  test('a created table with a CHECK constraint, rows and history', async () => {
    await withFolder(async (folder) => {
      await createPeople(localStore(folder), 'people', [1, 2, 3])
      expect(python(READ, `${folder}/people`)).toEqual({
        version: 0,
        ids: [1, 2, 3],
        names: [null, 'person 2', null],
        protocol: [1, 3],
        configuration: { 'delta.constraints.id_not_negative': 'id >= 0' },
        id: '5b0c2f0e-9d5c-8a30-b5e7-2f9d3c1a0b42',
        history: ['CREATE TABLE AS SELECT'],
      })
    })
  })

  test('an append and an overwrite, and the versions before them', async () => {
    await withFolder(async (folder) => {
      const store = localStore(folder)
      const created = await createPeople(store, 'people', [1, 2])
      const more = await peopleFile(store, { table: 'people', name: 'part-1.parquet' }, [3])
      await commit(
        { store, table: 'people', snapshot: created },
        appendDraft(created, [more], { at: AT + 5 }),
      )
      const appended = await snapshotOf(store, 'people')
      const other = await peopleFile(store, { table: 'people', name: 'x y%z/part-2.parquet' }, [9])
      await commit(
        { store, table: 'people', snapshot: appended },
        overwriteDraft(appended, { files: [other] }, { at: AT + 9 }),
      )
      const idsAt = (version: number): unknown => python(READ, `${folder}/people`, String(version))
      expect(idsAt(0)).toMatchObject({ ids: [1, 2] })
      expect(idsAt(1)).toMatchObject({ ids: [1, 2, 3] })
      expect(idsAt(2)).toMatchObject({ ids: [9], history: expect.arrayContaining(['WRITE']) })
    })
  })

  test('a checkpoint, with the log before it gone', async () => {
    await withFolder(async (folder) => {
      const store = localStore(folder)
      const created = await createPeople(store, 'people', [1, 2])
      const other = await peopleFile(store, { table: 'people', name: 'part-1.parquet' }, [7, 8])
      await commit(
        { store, table: 'people', snapshot: created },
        overwriteDraft(
          created,
          { files: [other] },
          { at: AT, transaction: { appId: 'app', version: 4 } },
        ),
      )
      const snapshot = await snapshotOf(store, 'people')
      expect(await writeCheckpoint({ store, table: 'people', snapshot }, AT)).toBe('written')
      expect(await writeCheckpoint({ store, table: 'people', snapshot }, AT)).toBe('present')
      await store.remove('people/_delta_log/00000000000000000000.json')
      expect(python(READ, `${folder}/people`)).toMatchObject({ version: 1, ids: [7, 8] })
      const again = await snapshotOf(store, 'people')
      expect(again).toMatchObject({
        version: 1,
        timestamp: AT + 1,
        protocol: snapshot.protocol,
        metadata: snapshot.metadata,
        transactions: snapshot.transactions,
      })
      const [file] = snapshot.files.values()
      expect([...again.files.values()]).toEqual([{ ...file, dataChange: false }])
      expect([...again.tombstones.keys()]).toEqual(['part-0.parquet'])
    })
  })

  test('an append of delta-rs to our table is checked against our constraint', async () => {
    await withFolder(async (folder) => {
      const store = localStore(folder)
      await createPeople(store, 'people', [1])
      const outcome = python(
        `
import json, sys, pyarrow as pa
from deltalake import write_deltalake
def add(id):
    try:
        write_deltalake(sys.argv[1], pa.table({'id': pa.array([id], pa.int64()), 'name': ['x']}), mode='append')
        return 'written'
    except Exception as e:
        return 'refused'
print(json.dumps([add(5), add(-5)]))
`,
        `${folder}/people`,
      )
      expect(outcome).toEqual(['written', 'refused'])
      const snapshot = await snapshotOf(store, 'people')
      expect(snapshot.version).toBe(1)
      expect(snapshotRows(snapshot)).toBe(2)
    })
  })
})

describe.skipIf(service.kind === 'missing')('we read what delta-rs writes', () => {
  const WRITE = `
import json, sys, pyarrow as pa
from deltalake import DeltaTable, write_deltalake
path = sys.argv[1]
def batch(a, b):
    return pa.table({'id': pa.array(range(a, b), pa.int64()), 'part': pa.array(['p ' + str(i % 2) + '/=%' for i in range(a, b)])})
write_deltalake(path, batch(0, 10), partition_by=['part'], configuration={'delta.checkpointInterval': '3'})
for i in range(1, 5):
    write_deltalake(path, batch(10 * i, 10 * i + 10), mode='append')
t = DeltaTable(path)
t.delete('id < 5')
t.optimize.compact()
t.create_checkpoint()
t.update(updates={'id': 'id + 1000'}, predicate='id = 42')
t = DeltaTable(path)
print(json.dumps({'version': t.version(), 'files': sorted(t.get_add_actions(flatten=True).to_pydict()['path']) if hasattr(t.get_add_actions(flatten=True), 'to_pydict') else sorted(pa.table(t.get_add_actions(flatten=True)).to_pydict()['path']), 'rows': t.to_pyarrow_table().num_rows}))
`

  test('a partitioned table after appends, delete, optimize, checkpoint and update', async () => {
    await withFolder(async (folder) => {
      const theirs = python(WRITE, `${folder}/t`) as {
        readonly version: number
        readonly files: readonly string[]
        readonly rows: number
      }
      const store = localStore(folder)
      const snapshot = await snapshotOf(store, 't')
      expect(snapshot.version).toBe(theirs.version)
      expect(snapshotRows(snapshot)).toBe(theirs.rows)
      expect(theirs.rows).toBe(45)
      expect([...snapshot.files.keys()].toSorted()).toEqual(
        theirs.files.map((path) => decodeURIComponent(path)).toSorted(),
      )
      for (const { path, size, partitionValues } of snapshot.files.values()) {
        expect(await store.stat(`t/${path}`)).toMatchObject({ size })
        expect(partitionValues['part']).toMatch(/^p [01]\/=%$/)
      }
    })
  })

  test('every version gives the same files from its checkpoint and from the commits alone', async () => {
    await withFolder(async (folder) => {
      python(WRITE, `${folder}/t`)
      const store = localStore(folder)
      const newest = await snapshotOf(store, 't')
      const withCheckpoints: (readonly string[])[] = []
      for (let version = 0; version <= newest.version; version++) {
        withCheckpoints.push([...(await snapshotOf(store, 't', version)).files.keys()].toSorted())
      }
      let removed = 0
      for await (const { path } of store.list('t/_delta_log')) {
        if (!path.includes('.checkpoint.')) continue
        await store.remove(path)
        removed++
      }
      expect(removed).toBeGreaterThan(0)
      for (let version = 0; version <= newest.version; version++) {
        const files = [...(await snapshotOf(store, 't', version)).files.keys()].toSorted()
        expect(files).toEqual(withCheckpoints[version])
      }
    })
  })
})
