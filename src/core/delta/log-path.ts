/** The folder of a table's log, relative to the table. */
export const LOG_FOLDER = '_delta_log'

/** The small file that names the newest checkpoint; a hint, never the truth. */
export const LAST_CHECKPOINT = `${LOG_FOLDER}/_last_checkpoint`

const padded = (version: number): string => String(version).padStart(20, '0')

/** The log file of a version, relative to the table. */
export const commitPath = (version: number): string => `${LOG_FOLDER}/${padded(version)}.json`

/** The classic checkpoint of a version, relative to the table. */
export const checkpointPath = (version: number): string =>
  `${LOG_FOLDER}/${padded(version)}.checkpoint.parquet`

/** What a file of the log folder is; everything else (temporary, compacted, checksums) is left alone. */
export type LogFile =
  | { readonly kind: 'commit'; readonly version: number }
  | { readonly kind: 'checkpoint'; readonly version: number; readonly format: 'parquet' | 'json' }
  | {
      readonly kind: 'checkpointPart'
      readonly version: number
      readonly part: number
      readonly parts: number
    }

const UUID = '[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}'
const COMMIT = /^(\d{20})\.json$/
const CHECKPOINT = new RegExp(`^(\\d{20})\\.checkpoint\\.(?:${UUID}\\.)?(parquet|json)$`)
const PART = /^(\d{20})\.checkpoint\.(\d{10})\.(\d{10})\.parquet$/

/** Classifies a file by its name within the log folder; undefined for one that readers ignore. */
export const logFile = (name: string): LogFile | undefined => {
  const commit = COMMIT.exec(name)
  if (commit !== null) return { kind: 'commit', version: Number(commit[1]) }
  const part = PART.exec(name)
  if (part !== null) {
    return {
      kind: 'checkpointPart',
      version: Number(part[1]),
      part: Number(part[2]),
      parts: Number(part[3]),
    }
  }
  const checkpoint = CHECKPOINT.exec(name)
  if (checkpoint === null) return undefined
  const format = checkpoint[2] === 'json' ? 'json' : 'parquet'
  return { kind: 'checkpoint', version: Number(checkpoint[1]), format }
}

/**
 * A path as the log writes it: percent-encoded once, with `/`, `=` and the other characters a relative URI may hold
 * left alone. Absolute URIs are written as they stand.
 */
export const encodePath = (path: string): string =>
  encodeURI(path).replaceAll('?', '%3F').replaceAll('#', '%23').replaceAll(':', '%3A')

/** The reverse of `encodePath`, for any writer's encoding; undefined when the text is not valid percent-encoding. */
export const decodePath = (encoded: string): string | undefined => {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}
