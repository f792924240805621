import { fail } from '../../../core/errors.ts'
import { parseVolume } from '../../../core/warehouse/volume.ts'
import type { VolumeFiles } from '../../../core/warehouse/warehouse.ts'
import { ask, type RestService } from '../../http/rest.ts'

/** Bytes that one request may put. (docs.databricks.com/api/files/v2/upload-file) */
const LARGEST = 5 * 2 ** 30

/** The files of a workspace's volumes, over the Files API, which makes the folders that a file lies in. */
export const volumeFiles = (workspace: RestService): VolumeFiles => ({
  get: async (path, signal) => {
    const answer = await ask(workspace, {
      method: 'GET',
      path: addressOf(path),
      headers: { accept: 'application/octet-stream' },
      accept: [404],
      signal,
    })
    return answer.status === 404 ? undefined : answer.bytes
  },
  put: async (path, bytes, signal) => {
    if (bytes.length > LARGEST) fail('service.failed', `${path} is larger than 5 GiB`)
    // What happens without `overwrite` has changed over time.
    const query = { overwrite: 'true' }
    await ask(workspace, { method: 'PUT', path: addressOf(path), query, bytes, signal })
  },
})

/** Paths reach the service segment by segment; none may lead elsewhere. */
const addressOf = (path: string): string => {
  const segments = parseVolume(path).path.split('/').slice(1)
  return `/api/2.0/fs/files/${segments.map(encodeURIComponent).join('/')}`
}
