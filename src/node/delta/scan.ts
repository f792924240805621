import { join } from 'node:path'
import { scanSql } from '../../core/delta/scan.ts'
import type { Snapshot } from '../../core/delta/snapshot.ts'
import { localStore } from '../store/local.ts'
import { deletedRowsOf } from './deletion-vectors.ts'

/**
 * A DuckDB query for the rows of a snapshot of the table in folder `table` below the local folder `root`, its deletion
 * vectors applied. Fails as `scanSql` and `deletedRowsOf` do.
 */
export const localScan = async (
  root: string,
  table: string,
  snapshot: Snapshot,
): Promise<string> => {
  const store = localStore(root)
  const deleted = new Map<string, readonly number[]>()
  for (const [key, file] of snapshot.files) {
    if (file.deletionVector !== undefined) deleted.set(key, await deletedRowsOf(store, table, file))
  }
  return scanSql(snapshot, { place: (path) => join(root, table, path), deleted })
}
