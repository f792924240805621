import { fail } from '../../core/errors.ts'
import type { Clock, ObjectWriter, Store, StoredObject } from '../../core/ports.ts'
import { folderOf, safePath, safePrefix } from './path.ts'

/** What a power loss may or may not have spared: unsynced bytes of an object, or a change to a folder's entries. */
export interface Unsynced {
  readonly kind: 'bytes' | 'removal'
  readonly path: string
}

/**
 * A store in memory. `crash` gives the store as it is after a power loss at this moment: what was synced is there; of
 * everything else exactly what `survives` names, by default nothing, as a real disk may keep any part of it.
 */
export interface MemoryStore extends Store {
  readonly crash: (survives?: (what: Unsynced) => boolean) => MemoryStore
}

/** An empty store in memory; `clock` dates its objects. */
export const memoryStore = (clock: Clock = { now: () => 0 }): MemoryStore =>
  storeOver({ entries: new Map(), removed: new Map() }, clock)

interface Content {
  bytes: Uint8Array
  /** How many of the bytes a power loss cannot take. */
  synced: number
  modifiedAt: number
}

interface Disk {
  readonly entries: Map<string, Content>
  /** Removed entries whose folder was not synced since: a power loss may bring them back. */
  readonly removed: Map<string, Content>
}

const storeOver = (disk: Disk, clock: Clock): MemoryStore => ({
  create: async (path) => createObject({ disk, clock, path: placeFor(disk, path) }),
  read: async (path, start = 0, end) => disk.entries.get(safePath(path))?.bytes.slice(start, end),
  list: (prefix) => listFolder(disk, safePrefix(prefix)),
  stat: async (path) => {
    const content = disk.entries.get(safePath(path))
    return content && described(path, content)
  },
  remove: async (path) => {
    const content = disk.entries.get(safePath(path))
    if (content === undefined) return
    disk.entries.delete(path)
    disk.removed.set(path, content)
  },
  publish: async (from, to) => publishFolder(disk, safePath(from), safePath(to)),
  crash: (survives = () => false) => storeOver(afterPowerLoss(disk, survives), clock),
})

const described = (path: string, { bytes, modifiedAt }: Content): StoredObject => ({
  path,
  size: bytes.length,
  modifiedAt,
})

const isWithin = (path: string, folder: string): boolean =>
  folder === '' || path.startsWith(`${folder}/`)

/** A path for a new object; fails as a file system does when an object stands where a folder has to be. */
const placeFor = ({ entries }: Disk, path: string): string => {
  for (let folder = folderOf(safePath(path)); folder !== ''; folder = folderOf(folder)) {
    if (entries.has(folder)) fail('store.notFolder', `writing ${path}: ${folder} is not a folder`)
  }
  return path
}

/** What stands at a path: the object, or a folder with objects in it. */
const isTaken = ({ entries }: Disk, path: string): boolean =>
  entries.has(path) || [...entries.keys()].some((each) => isWithin(each, path))

interface Creation {
  readonly disk: Disk
  readonly clock: Clock
  readonly path: string
}

const createObject = ({ disk, clock, path }: Creation): ObjectWriter => {
  const chunks: Uint8Array[] = []
  let length = 0
  let synced = 0
  return {
    write: async (bytes) => {
      chunks.push(bytes.slice())
      length += bytes.length
    },
    sync: async () => {
      synced = length
    },
    commit: async () => {
      if (isTaken(disk, path)) return false
      const bytes = joined(chunks, length)
      disk.entries.set(path, { bytes, synced, modifiedAt: clock.now() })
      syncFolder(disk, folderOf(path))
      return true
    },
    abort: async () => {
      chunks.length = 0
    },
  }
}

const joined = (chunks: readonly Uint8Array[], length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

const syncFolder = ({ removed }: Disk, folder: string): void => {
  for (const path of removed.keys()) if (folderOf(path) === folder) removed.delete(path)
}

async function* listFolder({ entries }: Disk, prefix: string): AsyncIterable<StoredObject> {
  const within = [...entries].filter(([path]) => isWithin(path, prefix))
  within.sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [path, content] of within) yield described(path, content)
}

const publishFolder = (disk: Disk, from: string, to: string): boolean => {
  if (isTaken(disk, to)) return false
  if (!isTaken(disk, from))
    return fail('store.io', `moving ${from} to ${to}: there is no such folder`)
  for (const map of [disk.entries, disk.removed]) {
    for (const [path, content] of map) {
      if (!isWithin(path, from)) continue
      map.delete(path)
      map.set(to + path.slice(from.length), content)
    }
  }
  return true
}

const afterPowerLoss = (disk: Disk, survives: (what: Unsynced) => boolean): Disk => {
  const entries = new Map<string, Content>()
  for (const [path, content] of disk.removed) {
    if (!survives({ kind: 'removal', path })) entries.set(path, keptBytes(content, path, survives))
  }
  for (const [path, content] of disk.entries) {
    entries.set(path, keptBytes(content, path, survives))
  }
  return { entries, removed: new Map() }
}

const keptBytes = (
  { bytes, synced, modifiedAt }: Content,
  path: string,
  survives: (what: Unsynced) => boolean,
): Content => {
  const whole = synced === bytes.length || survives({ kind: 'bytes', path })
  const kept = whole ? bytes : bytes.slice(0, synced)
  return { bytes: kept, synced: kept.length, modifiedAt }
}
