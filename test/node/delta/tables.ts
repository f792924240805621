import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { DataFile, TableDefinition } from '../../../src/core/delta/commit.ts'
import { createDraft } from '../../../src/core/delta/commit.ts'
import { schemaOf } from '../../../src/core/delta/schema.ts'
import type { Snapshot } from '../../../src/core/delta/snapshot.ts'
import { statsText } from '../../../src/core/delta/stats.ts'
import type { LandedColumn } from '../../../src/core/plan/plan.ts'
import type { Store } from '../../../src/core/ports.ts'
import { commit } from '../../../src/node/delta/commit.ts'
import { readSnapshot } from '../../../src/node/delta/read-snapshot.ts'
import { putIfAbsent } from '../../../src/node/store/put.ts'

/** The instant of the first commit in these tests: 14 November 2023. */
export const AT = 1_700_000_000_000

const ID: LandedColumn = { name: 'id', type: { kind: 'integer' }, long: true, nullable: false }
const NAME: LandedColumn = { name: 'name', type: { kind: 'string' }, long: false, nullable: true }

/** A table of an id and a name whose ids are not negative. */
export const people: TableDefinition = {
  id: '5b0c2f0e-9d5c-8a30-b5e7-2f9d3c1a0b42',
  name: 'people',
  schema: schemaOf([ID, NAME], { name: 'the name' }),
  checks: { id_not_negative: 'id >= 0' },
}

/** Writes a Parquet file with the given ids, and names where the id is even, into the table's folder. */
export const peopleFile = async (
  store: Store,
  { table, name }: { readonly table: string; readonly name: string },
  ids: readonly number[],
): Promise<DataFile> => {
  const names = ids.map((id) => (id % 2 === 0 ? `person ${id}` : null))
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'id', data: ids.map(BigInt), type: 'INT64', nullable: false },
        { name: 'name', data: names, type: 'STRING' },
      ],
    }),
  )
  await putIfAbsent(store, `${table}/${name}`, bytes)
  const sorted = names.filter((each) => each !== null).toSorted()
  return {
    path: name,
    size: bytes.length,
    rows: ids.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    stats: statsText(ids.length, [
      { column: ID, nulls: 0, min: Math.min(...ids), max: Math.max(...ids) },
      {
        column: NAME,
        nulls: ids.length - sorted.length,
        min: sorted[0] ?? null,
        max: sorted.at(-1) ?? null,
      },
    ]),
  }
}

/** The snapshot of a table that has to be there. */
export const snapshotOf = async (
  store: Store,
  table: string,
  version?: number,
): Promise<Snapshot> => {
  const snapshot = await readSnapshot(store, table, version)
  if (snapshot === undefined) throw new Error(`there is no table ${table}`)
  return snapshot
}

/** Creates the people table with one file of the given ids. */
export const createPeople = async (
  store: Store,
  table: string,
  ids: readonly number[],
): Promise<Snapshot> => {
  const file = await peopleFile(store, { table, name: 'part-0.parquet' }, ids)
  await commit({ store, table, snapshot: undefined }, createDraft(people, [file], { at: AT }))
  return snapshotOf(store, table)
}

/** A temporary folder, gone after `use`. */
export const withFolder = async <T>(
  use: (folder: string) => Promise<T>,
  parent: string = tmpdir(),
): Promise<T> => {
  const folder = mkdtempSync(join(parent, 'lakewright-delta-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
