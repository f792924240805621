import type { Store } from '../../core/ports.ts'

/** Writes a small object durably at once; false, leaving what is there, when the path is taken. */
export const putIfAbsent = async (
  store: Store,
  path: string,
  bytes: Uint8Array,
): Promise<boolean> => {
  if ((await store.stat(path)) !== undefined) return false
  const writer = await store.create(path)
  try {
    await writer.write(bytes)
    await writer.sync()
  } catch (error) {
    await writer.abort()
    throw error
  }
  return writer.commit()
}
