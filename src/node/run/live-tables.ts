import { isFlat } from '../../core/run/spec.ts'
import { checksOf } from '../../core/delta/commit.ts'
import { deltaTypeOf, parseSchema } from '../../core/delta/schema.ts'
import type { Snapshot } from '../../core/delta/snapshot.ts'
import { typeName } from '../../core/expr/types.ts'
import { MANIFEST_FILE, type Manifest } from '../../core/report/manifest.ts'
import { listAll } from '../store/list-all.ts'
import { type DatasetPlace, type Lake, REPORT_FILE } from './lake.ts'
import type { LiveTable, MergeInputs } from './merge.ts'

/** What a merge finds in a dataset's folder, and how it writes types. */
export type Found = Pick<MergeInputs, 'live' | 'strangers' | 'typeOf'>

/** Delta tables as a merge sees them; `snapshots` by folder. */
export const liveDeltaTables = (snapshots: ReadonlyMap<string, Snapshot | undefined>): Found => ({
  live: new Map(
    [...snapshots].flatMap(([folder, snapshot]) =>
      snapshot === undefined ? [] : [[folder, liveDelta(snapshot)] as const],
    ),
  ),
  strangers: [],
  typeOf: ({ type, long }) => deltaTypeOf(type, long),
})

const liveDelta = ({ metadata, files }: Snapshot): LiveTable => ({
  columns: parseSchema(metadata.schemaString).fields.map(({ name, type, nullable }) => ({
    name,
    type: typeof type === 'string' ? type : type.type,
    nullable,
  })),
  files: new Map(
    [...files.values()].map(({ path, size, deletionVector }) => [
      path,
      { size, touched: deletionVector !== undefined },
    ]),
  ),
  constraints: Object.keys(checksOf(metadata)),
})

/** Tables of plain files as a merge sees them, and the files of the dataset's folder that belong to none. */
export const livePlainTables = async (
  { store }: Lake,
  place: DatasetPlace,
  base: Manifest,
): Promise<Found> => {
  const objects = await listAll(store, place.folder)
  const sizes = new Map(
    objects.map(({ path, size }) => [path.slice(place.folder.length + 1), size]),
  )
  const flat = isFlat(base.format)
  const listed = new Set([MANIFEST_FILE, REPORT_FILE])
  const live = base.tables.map(({ path: folder, columns, parts }) => {
    const files = parts.flatMap((part) => part.files.map(({ path }) => path))
    const there = files.flatMap((path) => {
      const name = flat ? path : `${folder}/${path}`
      listed.add(name)
      const size = sizes.get(name)
      return size === undefined ? [] : [[path, { size, touched: false }] as const]
    })
    return [folder, { columns, files: new Map(there), constraints: [] }] as const
  })
  const strangers = [...sizes.keys()].filter(
    (path) => !listed.has(path) && !`${place.folder}/${path}`.startsWith(`${place.state}/`),
  )
  return { live: new Map(live), strangers, typeOf: ({ type }) => typeName(type) }
}
