import { fail } from '../../core/errors.ts'
import type { Manifest } from '../../core/report/manifest.ts'
import { withDataset } from '../run/generate.ts'
import type { RunHost } from '../run/host.ts'
import { type DatasetPlace, openLake } from '../run/lake.ts'
import { readManifest } from '../run/target.ts'
import { requireDataset } from '../run/vacuum-dataset.ts'
import type { DatasetAddress } from '../run/lake.ts'

/** A dataset that can be read: nothing of it is half published. */
export interface ReadableDataset {
  readonly place: DatasetPlace
  readonly manifest: Manifest
}

/** Opens a dataset for reading; what a killed run left half published is finished first. Fails with dataset.missing. */
export const openForReading = async (
  { lake: path, place }: DatasetAddress,
  host: Pick<RunHost, 'crash'>,
): Promise<ReadableDataset> => {
  const lake = openLake(path)
  await requireDataset(lake, place)
  if ((await lake.store.stat(place.redo)) !== undefined)
    await withDataset({ lake: path, place }, host, () => Promise.resolve())
  const manifest = await readManifest(lake, place)
  return manifest === undefined
    ? fail('dataset.missing', `there is no dataset in ${lake.root}/${place.folder}`)
    : { place, manifest }
}
