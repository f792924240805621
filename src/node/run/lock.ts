import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, basename, join } from 'node:path'
import { fail } from '../../core/errors.ts'
import { failFile, isAbsent, systemCode } from '../store/file-errors.ts'
import { makeFolders } from '../store/folders.ts'

/** A process that can be told from any other, also from a later one of the same number. */
export interface Owner {
  readonly pid: number
  /** When the process began, in the system's own units; empty where that is not known. */
  readonly started: string
  /** The boot of the system; empty where that is not known. */
  readonly boot: string
}

/** A lock that is held until `release`. */
export interface Lock {
  readonly release: () => void
}

/**
 * Takes the lock whose files' paths begin with `prefix`. Every process has a lock file of its own name, made with
 * O_EXCL; who finds a living owner's beside its own steps back. A dead owner's file is removed by anyone, which is safe
 * because its name can never come back to life. Fails with dataset.locked, naming the owner.
 */
export const takeLock = (prefix: string, self: Owner = thisProcess()): Lock => {
  const own = `${prefix}.${self.boot.slice(0, 8)}-${self.pid}-${self.started}.lock`
  makeLockFile(own, self)
  const other = livingOwners(prefix).find((each) => each.path !== own)
  if (other !== undefined) {
    rmSync(own, { force: true })
    failLocked(other.owner)
  }
  return { release: () => rmSync(own, { force: true }) }
}

/** The process that holds a lock now, if any. */
export const lockOwner = (prefix: string): Owner | undefined => livingOwners(prefix)[0]?.owner

/** This process. */
export const thisProcess = (): Owner => ({
  pid: process.pid,
  started: startTime(process.pid) ?? '',
  boot: bootId(),
})

const failLocked = (owner: Owner): never =>
  fail('dataset.locked', `another lakewright (process ${owner.pid}) works on this dataset`, {
    hint: 'Wait for it, or stop it with Ctrl-C or lakewright runs cancel.',
    details: { pid: owner.pid },
  })

const makeLockFile = (path: string, owner: Owner, attempt = 1): void => {
  try {
    makeFolders(dirname(path))
    const descriptor = openSync(path, 'wx')
    try {
      writeSync(descriptor, JSON.stringify(owner))
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (systemCode(error) === 'EEXIST') failLocked(owner)
    // Another process that made the folders has found nothing to do, and removed them again.
    if (isAbsent(error) && attempt < 3) return makeLockFile(path, owner, attempt + 1)
    failFile(error, 'writing', path)
  }
}

interface FoundLock {
  readonly path: string
  readonly owner: Owner
}

/** The lock files of living owners; those of dead ones are removed on the way. */
const livingOwners = (prefix: string): readonly FoundLock[] => {
  const found: FoundLock[] = []
  for (const path of lockFiles(prefix)) {
    const owner = ownerOf(path, prefix)
    if (owner === undefined) continue
    if (isAlive(owner)) found.push({ path, owner })
    else rmSync(path, { force: true })
  }
  return found
}

const lockFiles = (prefix: string): readonly string[] => {
  const folder = dirname(prefix)
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith(`${basename(prefix)}.`))
      .map((name) => join(folder, name))
  } catch (error) {
    return isAbsent(error) ? [] : failFile(error, 'listing', folder)
  }
}

/** The name says who owns the file, so that it can be read before its content is written. */
const NAME = /^\.([^-]*)-(\d+)-(\d*)\.lock$/

const ownerOf = (path: string, prefix: string): Owner | undefined => {
  const match = NAME.exec(path.slice(prefix.length))
  if (match === null) return undefined
  const [, boot = '', pid = '', started = ''] = match
  return { boot, pid: Number(pid), started }
}

const isAlive = ({ boot, pid, started }: Owner): boolean => {
  if (boot !== bootId().slice(0, 8)) return false
  if (!exists(pid)) return false
  const now = startTime(pid)
  return now === undefined || started === '' || now === started
}

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}

const bootId = (): string =>
  readText('/proc/sys/kernel/random/boot_id')?.trim().replaceAll('-', '') ?? ''

/** Field 22 of /proc/<pid>/stat; the command in parentheses before it may hold blanks. */
const startTime = (pid: number): string | undefined =>
  readText(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[19]

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
