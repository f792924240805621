import { logFile, LOG_FOLDER } from '../../core/delta/log-path.ts'
import type { Store } from '../../core/ports.ts'
import { safePrefix } from '../store/path.ts'

/** A complete checkpoint: its files by path within the store, several when an older writer split it. */
export interface LoggedCheckpoint {
  readonly version: number
  readonly format: 'parquet' | 'json'
  readonly paths: readonly string[]
}

/** What a log folder holds, oldest first. */
export interface Log {
  readonly commits: readonly number[]
  readonly checkpoints: readonly LoggedCheckpoint[]
}

/**
 * Lists the log of the table in folder `table`, passing over what readers ignore: temporary and compacted files,
 * checksums and incomplete checkpoints. `_last_checkpoint` is not asked, since the listing knows better.
 */
export const listLog = async (store: Store, table: string): Promise<Log> => {
  const folder = tablePath(table, LOG_FOLDER)
  const commits: number[] = []
  const checkpoints: LoggedCheckpoint[] = []
  let parts: string[] = []
  for await (const { path } of store.list(folder)) {
    const file = logFile(path.slice(folder.length + 1))
    if (file === undefined) continue
    const { version } = file
    if (file.kind === 'commit') {
      commits.push(version)
    } else if (file.kind === 'checkpoint') {
      checkpoints.push({ version, format: file.format, paths: [path] })
    } else {
      // Listed in order: a set is complete when its last part is met after all the others.
      parts = file.part === 1 ? [path] : [...parts, path]
      if (file.part === file.parts && parts.length === file.parts) {
        checkpoints.push({ version, format: 'parquet', paths: parts })
      }
    }
  }
  return { commits, checkpoints }
}

/** A path inside a table as a path of the store. */
export const tablePath = (table: string, path: string): string =>
  safePrefix(table) === '' ? path : `${table}/${path}`
