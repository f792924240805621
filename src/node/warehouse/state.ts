import { dirname, join } from 'node:path'
import { fail } from '../../core/errors.ts'
import type { Journal, Json, RunRecord } from '../../core/ports.ts'
import type { WarehouseSpec } from '../../core/warehouse/spec.ts'
import { targetText } from '../../core/warehouse/target.ts'
import { crashPoint, type CrashSettings } from '../run/crash.ts'
import { announcedJournal } from '../run/crash-journal.ts'
import { journalPath, openLake } from '../run/lake.ts'
import { takeLock } from '../run/lock.ts'
import { absentFolders, removeIfEmpty } from '../store/folders.ts'
import { lateJournal } from '../workflow/late-journal.ts'

/** What a run in a warehouse works on. */
export type WarehousePlace = Pick<WarehouseSpec, 'warehouse' | 'target'>

/** The name of a place in the journal: `spark:main.bronze`. No dataset of a lake has a colon in its name. */
export const placeName = ({ warehouse, target }: WarehousePlace): string =>
  `${warehouse}:${targetText(target)}`

/** What the lock files of a place begin with, in the lake that keeps the journal. */
export const placeLocks = (lakePath: string, place: WarehousePlace): string => {
  const { root, state } = openLake(lakePath)
  return join(root, state, 'locks', encodeURIComponent(placeName(place)).replaceAll('.', '%2E'))
}

/**
 * Works with the journal of a lake while this process alone works on a place. Work that journals nothing leaves nothing.
 * Fails with dataset.locked when another process works on the place.
 */
export const withPlace = async <T>(
  lakePath: string,
  { place, crash }: { readonly place: WarehousePlace; readonly crash: CrashSettings },
  work: (journal: Journal) => Promise<T>,
): Promise<T> => {
  const { root, state } = openLake(lakePath)
  const locks = placeLocks(lakePath, place)
  const absent = absentFolders(dirname(locks))
  const lock = takeLock(locks)
  try {
    const journal = announcedJournal(
      lateJournal(join(root, journalPath({ state }))),
      crashPoint(crash),
    )
    try {
      return await work(journal)
    } finally {
      await journal.close()
    }
  } finally {
    lock.release()
    absent.forEach(removeIfEmpty)
  }
}

/** Whether a run is one in a warehouse. */
export const isWarehouseRun = ({ spec }: RunRecord): boolean =>
  typeof spec === 'object' && spec !== null && 'warehouse' in spec

/** What a run in a warehouse was to do; fails with dataset.invalid when a newer version wrote it. */
export const warehouseSpecOf = ({ id, spec }: RunRecord): WarehouseSpec => {
  const found = spec as Partial<WarehouseSpec> | null
  return found?.version === 1 && found.warehouse !== undefined
    ? (found as WarehouseSpec)
    : fail('dataset.invalid', `run ${id} was begun by another version of Lakewright`, {
        hint: `Go on with that version, or drop it: lakewright runs cancel ${id} --forget`,
      })
}

/** A spec as the journal keeps it. */
export const warehouseSpecJson = (spec: WarehouseSpec): Json =>
  JSON.parse(JSON.stringify(spec)) as Json
