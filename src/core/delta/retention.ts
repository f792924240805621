import { fail } from '../errors.ts'
import type { Metadata } from './actions.ts'
import { isAbsolutePath } from './actions.ts'
import { vectorPath } from './deletion-vector.ts'
import { logFile } from './log-path.ts'
import { property } from './protocol.ts'
import type { Snapshot } from './snapshot.ts'
import type { StoredObject } from '../ports.ts'

const HOUR = 3_600_000

const UNIT_MILLISECONDS: Readonly<Record<string, number>> = {
  week: 168 * HOUR,
  day: 24 * HOUR,
  hour: HOUR,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
}

/** The shortest retention that `vacuumCandidates` takes without being told to: one week, in ms. */
export const SAFE_RETENTION = 168 * HOUR

/** A duration in the form of Spark's properties (`interval 1 week 2 days`) in ms; undefined when it is something else. */
export const durationOf = (text: string): number | undefined => {
  const words = text.trim().toLowerCase().split(/\s+/)
  const pairs = words[0] === 'interval' ? words.slice(1) : words
  if (pairs.length === 0 || pairs.length % 2 === 1) return undefined
  let sum = 0
  for (let index = 0; index < pairs.length; index += 2) {
    const unit = (pairs[index + 1] ?? '').replace(/s$/, '')
    const count = Number(pairs[index])
    if (!Object.hasOwn(UNIT_MILLISECONDS, unit) || !Number.isSafeInteger(count)) return undefined
    sum += count * (UNIT_MILLISECONDS[unit] ?? 0)
  }
  return sum
}

/** How long a removed file is kept, in ms: `delta.deletedFileRetentionDuration`, by default a week. */
export const deletedFileRetention = (metadata: Metadata): number =>
  retentionOf(metadata, 'delta.deletedFileRetentionDuration') ?? SAFE_RETENTION

/** How long the log is kept, in ms: `delta.logRetentionDuration`, by default 30 days. */
export const logRetention = (metadata: Metadata): number =>
  retentionOf(metadata, 'delta.logRetentionDuration') ?? 30 * 24 * HOUR

const retentionOf = (metadata: Metadata, name: string): number | undefined => {
  const text = property(metadata, name)
  if (text === undefined) return undefined
  return (
    durationOf(text) ??
    fail(
      'delta.log',
      `table property ${name} is "${text}", expected a duration such as "interval 1 week"`,
    )
  )
}

/**
 * The files of a table's folder that no version younger than `retention` ms needs at `now`: not in the snapshot, not a
 * tombstone that is younger, and not changed since. Paths are relative to the table; hidden files and folders
 * (`_` and `.`, but for partition folders and `_change_data`) are left alone.
 */
export const vacuumCandidates = (
  snapshot: Snapshot,
  objects: Iterable<StoredObject>,
  { now, retention }: { readonly now: number; readonly retention: number },
): readonly StoredObject[] => {
  const before = now - retention
  const needed = neededPaths(snapshot, before)
  return [...objects].filter(
    ({ path, modifiedAt }) => modifiedAt < before && !needed.has(path) && !isHidden(path),
  )
}

/** A log as clean-up sees it: its complete checkpoints, the version its pointer names, and the folder's objects by name. */
export interface ListedLog {
  readonly checkpoints: readonly number[]
  readonly pointer: number | undefined
  readonly objects: readonly StoredObject[]
}

/**
 * The files of a log that no version since `before` (ms since 1970) needs: those below the newest checkpoint that is
 * not younger than the version of that instant. The newest checkpoint and what follows it always stay, and so does
 * everything when `delta.enableExpiredLogCleanup` is false.
 */
export const expiredLogFiles = (
  metadata: Metadata,
  { checkpoints, pointer, objects }: ListedLog,
  before: number,
): readonly StoredObject[] => {
  if (property(metadata, 'delta.enableExpiredLogCleanup') === 'false') return []
  const versions = objects
    .flatMap(({ path, modifiedAt }) => {
      const file = logFile(path)
      return file?.kind === 'commit' ? [{ version: file.version, modifiedAt }] : []
    })
    .toSorted((a, b) => a.version - b.version)
  const firstYoung = versions.find(({ modifiedAt }) => modifiedAt > before)
  const newestOld = Math.min((firstYoung?.version ?? Infinity) - 1, pointer ?? Infinity)
  const kept = checkpoints.findLast((version) => version <= newestOld) ?? 0
  return objects.filter(({ path }) => Number(LOG_NAME.exec(path)?.[1] ?? Infinity) < kept)
}

/** Commits, checkpoints and their checksums, hidden or not. */
const LOG_NAME = /^\.?(\d{20})\.(?:json|crc|checkpoint\.[^/]+)(?:\.crc)?$/

const neededPaths = (snapshot: Snapshot, before: number): ReadonlySet<string> => {
  const young = [...snapshot.tombstones.values()].filter(
    ({ deletionTimestamp }) => (deletionTimestamp ?? 0) >= before,
  )
  const needed = new Set<string>()
  for (const file of [...snapshot.files.values(), ...young]) {
    if (!isAbsolutePath(file.path)) needed.add(file.path)
    const vector = file.deletionVector && vectorPath(file.deletionVector)
    if (vector?.kind === 'table') needed.add(vector.path)
  }
  return needed
}

const isHidden = (path: string): boolean =>
  path.split('/').some((name) => {
    if (name === '_change_data') return false
    return name.startsWith('.') || (name.startsWith('_') && !name.includes('='))
  })
