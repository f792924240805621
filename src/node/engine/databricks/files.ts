import { fail } from '../../../core/errors.ts'
import type { StopSignal } from '../../../core/ports.ts'
import { ask, type RestService } from '../../http/rest.ts'
import { fieldsOf, listOf, textOf } from './protocol.ts'

/** A file or folder of a volume. */
export interface VolumeEntry {
  /** From /Volumes/ on. */
  readonly path: string
  readonly isFolder: boolean
  /** Bytes; 0 for a folder. */
  readonly size: number
}

/** Files of Unity Catalog's volumes by their paths, /Volumes/<catalog>/<schema>/<volume>/… */
export interface VolumeFiles {
  /** Writes a whole file; with `overwrite` in place of one that is there, else false when there is one. */
  readonly put: (path: string, bytes: Uint8Array, overwrite?: boolean) => Promise<boolean>
  /** Undefined when it is absent. */
  readonly get: (path: string) => Promise<Uint8Array | undefined>
  /** Absent is fine. */
  readonly remove: (path: string) => Promise<void>
  /** What a folder has, in the order of paths; none when it is absent. */
  readonly list: (folder: string) => Promise<readonly VolumeEntry[]>
  /** Makes a folder and those it lies in; one that is there is fine. */
  readonly makeFolder: (folder: string) => Promise<void>
  /** Removes an empty folder; absent is fine. */
  readonly removeFolder: (folder: string) => Promise<void>
}

/** Bytes that one request may put. */
const LARGEST = 5_000 * 2 ** 20

/** The files of a workspace's volumes, over the Files API. */
export const volumeFiles = (workspace: RestService, signal?: StopSignal): VolumeFiles => {
  const send = (request: Omit<Parameters<typeof ask>[1], 'signal'>) =>
    ask(workspace, { ...request, signal })
  return {
    put: async (path, bytes, overwrite = false) => {
      if (bytes.length > LARGEST) fail('service.failed', `${path} is larger than 5,000 MiB`)
      const query = { overwrite: String(overwrite) }
      const { status } = await send({
        method: 'PUT',
        path: addressOf('files', path),
        query,
        bytes,
        accept: [409],
        // A file that is there may be the one that was put before the connection was lost.
        repeatable: overwrite,
      })
      return status !== 409
    },
    get: async (path) => {
      const answer = await send({ method: 'GET', path: addressOf('files', path), accept: [404] })
      return answer.status === 404 ? undefined : answer.bytes
    },
    remove: async (path) => {
      await send({ method: 'DELETE', path: addressOf('files', path), accept: [404] })
    },
    list: async (folder) => {
      const found: VolumeEntry[] = []
      for (let page: string | undefined; ;) {
        const query = { page_token: page }
        const path = addressOf('directories', folder)
        const { status, json } = await send({ method: 'GET', path, query, accept: [404] })
        if (status === 404) return []
        const answer = fieldsOf(json)
        found.push(...listOf(answer['contents']).map(entryOf))
        page = textOf(answer['next_page_token'])
        if (page === '') return found.toSorted((a, b) => (a.path < b.path ? -1 : 1))
      }
    },
    makeFolder: async (folder) => {
      await send({ method: 'PUT', path: addressOf('directories', folder) })
    },
    removeFolder: async (folder) => {
      await send({ method: 'DELETE', path: addressOf('directories', folder), accept: [404] })
    },
  }
}

/** Paths reach the service segment by segment; none may lead elsewhere. */
const addressOf = (kind: 'files' | 'directories', path: string): string => {
  const segments = path.split('/').slice(1)
  const isVolume = path.startsWith('/Volumes/') && segments.length >= 4
  if (!isVolume || segments.some((each) => each === '' || each === '.' || each === '..')) {
    return fail('usage.option', `${JSON.stringify(path)} is no path in a volume`, {
      hint: 'such as /Volumes/<catalog>/<schema>/<volume>/<path>',
    })
  }
  return `/api/2.0/fs/${kind}/${segments.map(encodeURIComponent).join('/')}`
}

const entryOf = (json: Parameters<typeof fieldsOf>[0]): VolumeEntry => {
  const entry = fieldsOf(json)
  const path = textOf(entry['path'])
  return {
    path: path.endsWith('/') ? path.slice(0, -1) : path,
    isFolder: entry['is_directory'] === true,
    size: Number(entry['file_size'] ?? 0),
  }
}
