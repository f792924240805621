import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Google,
  type GoogleHost,
  openGoogle,
} from '../../../src/node/catalog/google/google.ts'
import { stubHttp, worldPause } from './stub.ts'
import { type GoogleWorld, keyFile } from './world.ts'

/** A folder with a credentials file; `text` is what stands in it. */
export const credentialsFolder = async (
  text: string,
): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'lakewright-google-'))
  const path = join(folder, 'credentials.json')
  await writeFile(path, text)
  return { path, remove: async () => rm(folder, { recursive: true, force: true }) }
}

/** What a session over a world depends on; the credentials come from a file at `path`. */
export const stubHost = (world: GoogleWorld, path: string): GoogleHost => ({
  env: { GOOGLE_APPLICATION_CREDENTIALS: path },
  http: stubHttp(world),
  pause: worldPause(world),
})

/** A session over a world as its service account. */
export const stubGoogle = async (world: GoogleWorld): Promise<Google> => {
  const file = await credentialsFolder(keyFile(world))
  try {
    return await openGoogle(stubHost(world, file.path), undefined)
  } finally {
    await file.remove()
  }
}
