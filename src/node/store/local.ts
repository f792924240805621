import type { Dirent } from 'node:fs'
import { closeSync, fstatSync, openSync, read as readCallback, readSync, statSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { link, lstat, open, readdir, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { ObjectWriter, Store, StoredObject } from '../../core/ports.ts'
import { failFile, failLinks, isAbsent, systemCode } from './file-errors.ts'
import { makeFolders } from './folders.ts'
import { safePath, safePrefix } from './path.ts'

/**
 * A store in a folder of the local file system, which need not exist yet. A new object is a hidden file beside its
 * place until `commit` links it there; link(2) refuses a taken name, so two writers never overwrite one another.
 */
export const localStore = (root: string): Store => {
  const base = resolve(root)
  const at = (path: string): string => join(base, safePath(path))
  return {
    create: (path) => createObject(at(path)),
    read: (path, start = 0, end) => readRange(at(path), start, end),
    list: (prefix) => listFolder(base, safePrefix(prefix)),
    stat: async (path) => statObject(at(path), path),
    remove: (path) => removeObject(at(path)),
    publish: (from, to) => publishFolder(at(from), at(to)),
  }
}

/**
 * Removes the hidden files that killed writers left below the folder `prefix` of a store at `root`, and returns how
 * many. Only for a caller that holds the dataset's lock: files of a living writer would be lost.
 */
export const removeLeftovers = async (root: string, prefix: string): Promise<number> => {
  const folder = join(resolve(root), safePrefix(prefix))
  let removed = 0
  for (const entry of await entriesOf(folder)) {
    const below = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isDirectory()) {
      removed += await removeLeftovers(root, below)
    } else if (isTemporary(entry.name)) {
      await removeObject(join(folder, entry.name))
      removed++
    }
  }
  return removed
}

const temporaryName = (path: string, attempt: number): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}-${attempt}.tmp`)

const isTemporary = (name: string): boolean => name.startsWith('.') && name.endsWith('.tmp')

/** Opens the first free temporary name: threads share a process id, and a killed writer's file may still be there. */
const openTemporary = async (path: string): Promise<{ handle: FileHandle; temporary: string }> => {
  for (let attempt = 0; ; attempt++) {
    const temporary = temporaryName(path, attempt)
    try {
      return { handle: await open(temporary, 'wx'), temporary }
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') return failFile(error, 'writing', path)
    }
  }
}

const createObject = async (path: string): Promise<ObjectWriter> => {
  await makeFolder(dirname(path))
  const { handle, temporary } = await openTemporary(path)
  const discard = async (): Promise<void> => {
    await handle.close()
    await removeObject(temporary)
  }
  return {
    write: (bytes) => guarded('writing', path, () => writeAll(handle, bytes)),
    sync: () => guarded('writing', path, () => handle.sync()),
    commit: async () => {
      await guarded('writing', path, () => handle.close())
      const linked = await linkIfAbsent(temporary, path)
      await removeObject(temporary)
      if (linked) await syncFolder(dirname(path))
      return linked
    },
    abort: () => guarded('removing', temporary, discard),
  }
}

const guarded = async <T>(doing: string, path: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    return failFile(error, doing, path)
  }
}

const writeAll = async (handle: FileHandle, bytes: Uint8Array): Promise<void> => {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done)
    done += bytesWritten
  }
}

const linkIfAbsent = async (temporary: string, path: string): Promise<boolean> => {
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') return false
    await removeObject(temporary)
    return code === 'EPERM' || code === 'ENOTSUP'
      ? failLinks(error, path)
      : failFile(error, 'committing', path)
  }
}

/** Up to this many bytes are read at once: the trips through the thread pool would cost more than the read. */
const READ_AT_ONCE = 262_144

const readRange = async (
  path: string,
  start: number,
  end: number | undefined,
): Promise<Uint8Array | undefined> => {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const { size } = fstatSync(file)
    const bytes = new Uint8Array(Math.max(0, Math.min(end ?? size, size) - start))
    const read = bytes.length <= READ_AT_ONCE ? readSync : readAsync
    let done = 0
    while (done < bytes.length) {
      const count = await read(file, bytes, {
        offset: done,
        length: bytes.length - done,
        position: start + done,
      })
      if (count === 0) return bytes.subarray(0, done)
      done += count
    }
    return bytes
  } catch (error) {
    return isAbsent(error) ? undefined : failFile(error, 'reading', path)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

interface ReadPlace {
  readonly offset: number
  readonly length: number
  readonly position: number
}

const readAsync = async (file: number, bytes: Uint8Array, place: ReadPlace): Promise<number> =>
  new Promise((done, failed) => {
    readCallback(file, bytes, place, (error, count) => {
      if (error === null) done(count)
      else failed(error)
    })
  })

const entriesOf = async (folder: string): Promise<readonly Dirent[]> => {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    return isAbsent(error) ? [] : failFile(error, 'listing', folder)
  }
}

/** A folder sorts as its name with `/`, so that walking in this order yields whole paths in code-unit order. */
const sortName = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name)

async function* listFolder(base: string, prefix: string): AsyncIterable<StoredObject> {
  const entries = await entriesOf(join(base, prefix))
  const sorted = entries.toSorted((a, b) => (sortName(a) < sortName(b) ? -1 : 1))
  for (const entry of sorted) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isDirectory()) {
      yield* listFolder(base, path)
    } else if (!isTemporary(entry.name)) {
      const object = statObject(join(base, path), path)
      if (object !== undefined) yield object
    }
  }
}

const statObject = (place: string, path: string): StoredObject | undefined => {
  try {
    const found = statSync(place, { throwIfNoEntry: false })
    if (found === undefined || found.isDirectory()) return undefined
    return { path, size: found.size, modifiedAt: Math.floor(found.mtimeMs) }
  } catch (error) {
    return isAbsent(error) ? undefined : failFile(error, 'reading', place)
  }
}

const removeObject = async (path: string): Promise<void> => {
  try {
    await unlink(path)
  } catch (error) {
    if (!isAbsent(error)) failFile(error, 'removing', path)
  }
}

/** Makes a folder with its parents, each made durable in the folder above it. */
const makeFolder = async (folder: string): Promise<void> => {
  const first = await guarded('making the folder', folder, async () => makeFolders(folder))
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    await syncFolder(dirname(made))
  }
}

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await guarded('syncing the folder', folder, () => open(folder, 'r'))
  try {
    await handle.sync()
  } catch (error) {
    failFile(error, 'syncing the folder', folder)
  } finally {
    await handle.close()
  }
}

const exists = async (path: string): Promise<boolean> => {
  try {
    await lstat(path)
    return true
  } catch (error) {
    return isAbsent(error) ? false : failFile(error, 'reading', path)
  }
}

/**
 * rename(2) refuses a folder with anything in it, atomically, but replaces an empty one; the look before refuses that
 * too. What remains is an empty folder made in between, which holds nothing that could be lost. (Claiming the place
 * with mkdir first would close that gap and open a worse one: a kill in between leaves an empty folder that blocks
 * every later attempt.)
 */
const publishFolder = async (from: string, to: string): Promise<boolean> => {
  if (await exists(to)) return false
  await makeFolder(dirname(to))
  try {
    await rename(from, to)
  } catch (error) {
    const taken = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(systemCode(error) ?? '')
    if (taken && (await exists(to))) return false
    return failFile(error, `moving ${from} to`, to)
  }
  await syncFolder(dirname(to))
  if (dirname(from) !== dirname(to)) await syncFolder(dirname(from))
  return true
}
