import type { Store } from '../../../src/core/ports.ts'
import { listAll } from '../../../src/node/store/list-all.ts'

/** A text as UTF-8. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The text of an object, or undefined when it is absent. */
export const textOf = async (store: Store, path: string): Promise<string | undefined> => {
  const found = await store.read(path)
  return found && new TextDecoder().decode(found)
}

/** The paths of all objects below a folder. */
export const pathsOf = async (store: Store, prefix: string): Promise<readonly string[]> =>
  (await listAll(store, prefix)).map(({ path }) => path)
