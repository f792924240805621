import type { Store, StoredObject } from '../../core/ports.ts'

/** Every object below the folder `prefix` of a store, as one list in code-unit order of path. */
export const listAll = async (store: Store, prefix: string): Promise<readonly StoredObject[]> => {
  const objects: StoredObject[] = []
  for await (const object of store.list(prefix)) objects.push(object)
  return objects
}
