import * as zlib from 'node:zlib'
import type { Compressors } from 'hyparquet'
import type { Action, Sidecar } from '../../core/delta/actions.ts'
import { isAbsolutePath } from '../../core/delta/actions.ts'
import { LOG_FOLDER } from '../../core/delta/log-path.ts'
import { parseAction, parseActions } from '../../core/delta/parse.ts'
import { fail } from '../../core/errors.ts'
import type { Store } from '../../core/ports.ts'
import type { LoggedCheckpoint } from './list-log.ts'
import { tablePath } from './list-log.ts'

/**
 * The actions of a checkpoint of any writer: classic, in several parts, or V2 with sidecar files. Fails with delta.log
 * when it is damaged, with engine.missing when its compression cannot be read by this version of Node.
 */
export const readCheckpoint = async (
  store: Store,
  table: string,
  { format, paths }: LoggedCheckpoint,
): Promise<readonly Action[]> => {
  const actions: Action[] = []
  for (const path of paths) append(actions, await readRows(store, path, format))
  const sidecars = actions.filter((action): action is Sidecar => action.kind === 'sidecar')
  for (const { path } of sidecars) {
    const place = isAbsolutePath(path)
      ? fail('delta.log', `${table}: sidecar ${path} lies outside the table`)
      : tablePath(table, `${LOG_FOLDER}/_sidecars/${path}`)
    append(actions, await readRows(store, place, 'parquet'))
  }
  return actions
}

/** Spreading a long list into `push` would overflow the stack. */
const append = (actions: Action[], more: readonly Action[]): void => {
  for (const action of more) actions.push(action)
}

const readRows = async (
  store: Store,
  path: string,
  format: LoggedCheckpoint['format'],
): Promise<readonly Action[]> => {
  const bytes = (await store.read(path)) ?? fail('delta.log', `checkpoint ${path} is missing`)
  if (format === 'json') return parseActions(new TextDecoder().decode(bytes), path)
  const rows = await readParquet(bytes, path)
  return rows.flatMap((row, index) => parseAction(row, `${path}, row ${index + 1}`))
}

const COLUMNS = ['protocol', 'metaData', 'txn', 'add', 'remove', 'domainMetadata', 'sidecar']

const readParquet = async (bytes: Uint8Array, path: string): Promise<readonly unknown[]> => {
  // Its many files would be loaded at every start, and few tables have checkpoints.
  const { parquetMetadata, parquetReadObjects } = await import('hyparquet')
  const file = bytes.slice().buffer
  try {
    const metadata = parquetMetadata(file)
    const present = new Set(metadata.schema.map(({ name }) => name))
    const columns = COLUMNS.filter((name) => present.has(name))
    return await parquetReadObjects({ file, metadata, columns, compressors: compressors() })
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    if (!message.includes('compression codec')) {
      return fail('delta.log', `checkpoint ${path} is damaged: ${message}`, { cause })
    }
    return fail('engine.missing', `checkpoint ${path}: ${message}`, {
      hint: 'Node 22.15 and later read zstd; older ones read snappy, gzip and uncompressed checkpoints.',
      cause,
    })
  }
}

interface MaybeZstd {
  readonly zstdDecompressSync?: (input: Uint8Array) => Uint8Array
}

/** hyparquet brings snappy; the others are Node's own, zstd only in newer ones. */
const compressors = (): Compressors => {
  const { zstdDecompressSync: zstd } = zlib as MaybeZstd
  return {
    GZIP: (input) => zlib.gunzipSync(input),
    BROTLI: (input) => zlib.brotliDecompressSync(input),
    ...(zstd === undefined ? {} : { ZSTD: (input) => zstd(input) }),
  }
}
