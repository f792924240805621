import {
  SAFE_RETENTION,
  deletedFileRetention,
  vacuumCandidates,
} from '../../core/delta/retention.ts'
import { fail } from '../../core/errors.ts'
import type { Store, StoredObject } from '../../core/ports.ts'
import { listAll } from '../store/list-all.ts'
import { refuseUnwritable } from './commit.ts'
import { tablePath } from './list-log.ts'
import { readSnapshot } from './read-snapshot.ts'

/** `now` in ms since 1970; `retention` in ms, by default the table's own; below a week only with `force`. */
export interface VacuumOptions {
  readonly now: number
  readonly retention?: number
  readonly force?: boolean
  readonly dryRun?: boolean
}

/**
 * Removes, or with `dryRun` only finds, the files of a table that no version within the retention needs; paths are
 * relative to the table. Fails with usage.option on a retention that is too short, with delta.protocol when the table
 * may not be written, with dataset.missing when there is none.
 */
export const vacuum = async (
  store: Store,
  table: string,
  options: VacuumOptions,
): Promise<readonly StoredObject[]> => {
  const snapshot =
    (await readSnapshot(store, table)) ??
    fail('dataset.missing', `${table}: there is no Delta table`)
  refuseUnwritable(table, snapshot)
  const retention = options.retention ?? deletedFileRetention(snapshot.metadata)
  if (retention < SAFE_RETENTION && options.force !== true) {
    return fail(
      'usage.option',
      `a retention of ${retention / 3_600_000} hours, expected at least 168`,
      {
        hint: 'Running queries and time travel may need younger files; --force removes them all the same.',
      },
    )
  }
  const objects = (await listAll(store, table)).map((object) => ({
    ...object,
    path: table === '' ? object.path : object.path.slice(table.length + 1),
  }))
  const unneeded = vacuumCandidates(snapshot, objects, { now: options.now, retention })
  if (options.dryRun !== true) {
    for (const { path } of unneeded) await store.remove(tablePath(table, path))
  }
  return unneeded
}
