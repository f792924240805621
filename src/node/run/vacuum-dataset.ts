import { isFlat } from '../../core/run/spec.ts'
import { fail } from '../../core/errors.ts'
import { MANIFEST_FILE, type Manifest, type ManifestTable } from '../../core/report/manifest.ts'
import { vacuum, type VacuumOptions } from '../delta/vacuum.ts'
import { listAll } from '../store/list-all.ts'
import { removeHalfWritten } from './file-sink.ts'
import { type OpenDataset, withDataset } from './generate.ts'
import type { RunHost } from './host.ts'
import { type DatasetPlace, type Lake, openLake } from './lake.ts'
import { readTarget } from './target.ts'

/** A file that no version needs; its path lies in the lake. */
export interface Unneeded {
  readonly path: string
  readonly bytes: number
}

/**
 * Removes what no version of a dataset needs (with `dryRun` only finds it): files out of every Delta log's retention,
 * files that a manifest of plain files does not list, and what killed runs left half written. Fails with
 * dataset.missing, and with run.unfinished while a run on the dataset could still need its files.
 */
export const vacuumDataset = async (
  lakePath: string,
  { place, options }: { readonly place: DatasetPlace; readonly options: VacuumOptions },
  host: Pick<RunHost, 'crash'>,
): Promise<readonly Unneeded[]> => {
  await requireDataset(openLake(lakePath), place)
  return withDataset({ lake: lakePath, place }, host, async (dataset) => {
    const { lake, journal } = dataset
    const { manifest, unfinished } = await readTarget(lake, place, journal)
    if (manifest === undefined) return failMissing(lake, place)
    if (unfinished !== undefined)
      return fail('run.unfinished', `run ${unfinished.id} on ${place.folder} is unfinished`, {
        hint: `Resume or cancel it first: lakewright runs resume ${unfinished.id}`,
      })
    if (options.dryRun !== true) removeHalfWritten(`${lake.root}/${place.folder}`)
    const unneeded: Unneeded[] = []
    for (const table of manifest.tables)
      unneeded.push(...(await vacuumTable(dataset, { manifest, table, options })))
    return unneeded
  })
}

/** Fails with dataset.missing, before anything is written, when there is neither a dataset nor one half published. */
export const requireDataset = async (lake: Lake, place: DatasetPlace): Promise<void> => {
  const known = [`${place.folder}/${MANIFEST_FILE}`, place.redo].map((path) =>
    lake.store.stat(path),
  )
  if ((await Promise.all(known)).every((found) => found === undefined)) failMissing(lake, place)
}

const failMissing = (lake: Lake, place: DatasetPlace): never =>
  fail('dataset.missing', `there is no dataset in ${lake.root}/${place.folder}`, {
    hint: 'Name the folder <lake>/<catalog>/<dataset> that lakewright generate has made.',
  })

interface TableJob {
  readonly manifest: Manifest
  readonly table: ManifestTable
  readonly options: VacuumOptions
}

const vacuumTable = async (
  { lake, place }: OpenDataset,
  { manifest, table, options }: TableJob,
): Promise<readonly Unneeded[]> => {
  const folder = `${place.folder}/${table.path}`
  if (manifest.format === 'delta') {
    const removed = await vacuum(lake.store, folder, options)
    return removed.map(({ path, size }) => ({ path: `${folder}/${path}`, bytes: size }))
  }
  // Among the files of a folder that is the user's own, an unlisted one is theirs.
  if (isFlat(manifest.format)) return []
  const listed = new Set(
    table.parts.flatMap(({ files }) => files.map(({ path }) => `${folder}/${path}`)),
  )
  const unlisted = (await listAll(lake.store, folder)).filter(({ path }) => !listed.has(path))
  if (options.dryRun !== true) for (const { path } of unlisted) await lake.store.remove(path)
  return unlisted.map(({ path, size }) => ({ path, bytes: size }))
}
