import { LAST_CHECKPOINT, LOG_FOLDER } from '../../core/delta/log-path.ts'
import {
  SAFE_RETENTION,
  deletedFileRetention,
  expiredLogFiles,
  logRetention,
  vacuumCandidates,
} from '../../core/delta/retention.ts'
import type { Snapshot } from '../../core/delta/snapshot.ts'
import { fail } from '../../core/errors.ts'
import type { Store, StoredObject } from '../../core/ports.ts'
import { listAll } from '../store/list-all.ts'
import { refuseUnwritable } from './commit.ts'
import { pointedVersion } from './last-checkpoint.ts'
import { listLog, tablePath } from './list-log.ts'
import { readSnapshot } from './read-snapshot.ts'

/** `now` in ms since 1970; `retention` in ms, by default the table's own; below a week only with `force`. */
export interface VacuumOptions {
  readonly now: number
  readonly retention?: number
  readonly force?: boolean
  readonly dryRun?: boolean
}

/**
 * Removes, or with `dryRun` only finds, the files of a table that no version within the retention needs, and what the
 * log no longer keeps by its own duration; paths are relative to the table. Fails with usage.option on a retention that is too short, with delta.protocol when the table
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
  const expired = await expiredLog(store, { table, snapshot, objects }, options.now)
  const files = vacuumCandidates(snapshot, objects, { now: options.now, retention })
  const unneeded = [...expired, ...files]
  if (options.dryRun !== true) {
    for (const { path } of unneeded) await store.remove(tablePath(table, path))
  }
  return unneeded
}

interface TableObjects {
  readonly table: string
  readonly snapshot: Snapshot
  readonly objects: readonly StoredObject[]
}

const expiredLog = async (
  store: Store,
  { table, snapshot, objects }: TableObjects,
  now: number,
): Promise<readonly StoredObject[]> => {
  const folder = `${LOG_FOLDER}/`
  const { checkpoints } = await listLog(store, table)
  const pointer = await store.read(tablePath(table, LAST_CHECKPOINT))
  const log = {
    checkpoints: checkpoints.map(({ version }) => version),
    pointer: pointer && pointedVersion(new TextDecoder().decode(pointer)),
    objects: objects
      .filter(({ path }) => path.startsWith(folder))
      .map((object) => ({ ...object, path: object.path.slice(folder.length) })),
  }
  const expired = expiredLogFiles(snapshot.metadata, log, now - logRetention(snapshot.metadata))
  return expired.map((object) => ({ ...object, path: folder + object.path }))
}
