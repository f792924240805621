import { createHash } from 'node:crypto'
import {
  closeSync,
  fsync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { failFile } from '../store/file-errors.ts'
import { makeFolders } from '../store/folders.ts'
import type { CrashPoint } from './crash.ts'

/** A file that is being written, page by page, by this thread alone. */
export interface FileSink {
  readonly write: (bytes: Uint8Array, what?: 'rows' | 'footer') => void
  /** Makes the file durable under its name; gives its size, and its SHA-256 without and with the footer. */
  readonly finish: () => FinishedFile
  /** The same, with the thread free while the disk is waited for. */
  readonly finishLater: () => Promise<FinishedFile>
  /** Removes what was written so far. */
  readonly discard: () => void
}

/** What became of a file; SHA-256 is empty without checksums. */
export interface FinishedFile {
  readonly bytes: number
  readonly sha256: string
  readonly rowsSha256: string
}

/** Where a file goes: `path` within the folder `root`, and how it is written. */
export interface FileSinkOptions {
  readonly root: string
  readonly path: string
  readonly checksums: boolean
  readonly crash: CrashPoint | undefined
}

/** Removes a finished file. */
export const removeFile = ({
  root,
  path,
  crash,
}: Pick<FileSinkOptions, 'root' | 'path' | 'crash'>): void => {
  const place = join(root, path)
  crash?.(`${path}:remove`, 'before')
  attempt(place, () => rmSync(place, { force: true }))
  crash?.(`${path}:remove`, 'after')
}

/**
 * Opens a file for writing under a hidden temporary name beside its place. Blocking calls on one descriptor cost the
 * least processor time, and worker threads have nothing else to do. Fails with the store's errors.
 */
export const openFileSink = ({ root, path, checksums, crash }: FileSinkOptions): FileSink => {
  const place = join(root, path)
  const temporary = join(dirname(place), `.${basename(place)}.tmp`)
  const guarded = <T>(step: string, work: () => T): T => {
    crash?.(`${path}:${step}`, 'before')
    const result = attempt(place, work)
    crash?.(`${path}:${step}`, 'after')
    return result
  }
  const descriptor = guarded('create', () => {
    makeFolders(dirname(place))
    return openSync(temporary, 'w')
  })
  const hash = checksums ? createHash('sha256') : undefined
  let size = 0
  let rowsSha256: string | undefined
  const settle = (): FinishedFile => {
    closeSync(descriptor)
    guarded('rename', () => renameSync(temporary, place))
    guarded('syncFolder', () => syncFolder(dirname(place)))
    const sha256 = hash?.digest('hex') ?? ''
    return { bytes: size, sha256, rowsSha256: rowsSha256 ?? sha256 }
  }
  const discard = (): void => {
    closeSync(descriptor)
    rmSync(temporary, { force: true })
  }
  return {
    write: (bytes, what = 'rows') => {
      guarded('write', () => writeAll(descriptor, bytes))
      if (what === 'footer') rowsSha256 ??= hash?.copy().digest('hex')
      hash?.update(bytes)
      size += bytes.length
    },
    finish: () => {
      guarded('sync', () => fsyncSync(descriptor))
      return settle()
    },
    finishLater: async () => {
      crash?.(`${path}:sync`, 'before')
      await syncLater(descriptor).catch((error: unknown) => {
        discard()
        return failFile(error, 'writing', place)
      })
      crash?.(`${path}:sync`, 'after')
      return settle()
    },
    discard,
  }
}

const syncLater = promisify(fsync)

/** Makes the entries of a folder durable. */
export const syncFolder = (folder: string): void => {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Removes what a killed process left half written of files named `name…` in a folder and below it; absent is fine. */
export const removeHalfWritten = (folder: string, name = '', { below = true } = {}): void => {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (below) removeHalfWritten(path, name)
    } else if (entry.name.startsWith(`.${name}`) && entry.name.endsWith('.tmp')) {
      rmSync(path, { force: true })
    }
  }
}

const entriesOf = (folder: string) => {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

const writeAll = (descriptor: number, bytes: Uint8Array): void => {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done)
}

const attempt = <T>(path: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    return failFile(error, 'writing', path)
  }
}
