import { commitPath } from '../../core/delta/log-path.ts'
import type { Store } from '../../core/ports.ts'
import { parseRedo, type RedoRecord, type RedoStep, redoText } from '../../core/run/redo.ts'
import { putCommit } from '../delta/commit.ts'
import { tablePath } from '../delta/list-log.ts'
import { putIfAbsent } from '../store/put.ts'
import type { DatasetPlace, Lake } from './lake.ts'

/** What became of a redo record: everything was published, or nothing because a table has moved on. */
export type PublishOutcome =
  { readonly kind: 'published' } | { readonly kind: 'conflict'; readonly table: string }

/** Publishes a record: writes it down, does its steps, removes it. From the first commit on there is no way back. */
export const publishRecord = async (
  lake: Lake,
  place: DatasetPlace,
  record: RedoRecord,
): Promise<PublishOutcome> => {
  await replaceText(lake.store, place.redo, redoText(record))
  return finishRecord(lake, place, record)
}

/**
 * Finishes what a killed run began to publish on a dataset; undefined when nothing was under way. Every command calls
 * it, with the lock held, before it reads or writes a dataset.
 */
export const recover = async (
  lake: Lake,
  place: DatasetPlace,
): Promise<PublishOutcome | undefined> => {
  const text = await readText(lake.store, place.redo)
  if (text === undefined) return undefined
  return finishRecord(lake, place, parseRedo(text, place.redo))
}

/** The text of a small file; undefined when it is absent. */
export const readText = async (store: Store, path: string): Promise<string | undefined> => {
  const bytes = await store.read(path)
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}

/** Puts a small file in place of what is there, if it differs. Not atomic: for what a redo record or staging covers. */
export const replaceText = async (store: Store, path: string, text: string): Promise<void> => {
  const there = await readText(store, path)
  if (there === text) return
  if (there !== undefined) await store.remove(path)
  await putIfAbsent(store, path, new TextEncoder().encode(text))
}

/** True when a folder holds any object; what lies in the folder `except` does not count. */
export const isOccupied = async (
  store: Store,
  folder: string,
  except?: string,
): Promise<boolean> => {
  for await (const { path } of store.list(folder))
    if (except === undefined || !path.startsWith(`${except}/`)) return true
  return false
}

const finishRecord = async (
  lake: Lake,
  place: DatasetPlace,
  record: RedoRecord,
): Promise<PublishOutcome> => {
  const moved = await movedTable(lake.store, record)
  if (moved === undefined) for (const step of record.steps) await redo(lake, step)
  await lake.store.remove(place.redo)
  return moved === undefined ? { kind: 'published' } : { kind: 'conflict', table: moved }
}

type CommitStep = Extract<RedoStep, { readonly kind: 'commit' }>

/** The first table whose head is no longer the expected one; none once a commit of the record is in place. */
const movedTable = async (store: Store, { steps }: RedoRecord): Promise<string | undefined> => {
  let moved: string | undefined
  for (const step of steps) {
    if (step.kind !== 'commit') continue
    for (let version = step.version; ; version++) {
      const there = await readText(store, tablePath(step.table, commitPath(version)))
      if (there === step.text) return undefined
      if (there === undefined) break
      moved ??= step.table
    }
  }
  return moved
}

const redo = async (lake: Lake, step: RedoStep): Promise<void> => {
  switch (step.kind) {
    case 'commit':
      return putAtFreeVersion(lake.store, step)
    case 'write':
      return replaceText(lake.store, step.path, step.text)
    case 'put':
      return lake.rename(step.from, step.to)
    case 'remove':
      return lake.store.remove(step.path)
    case 'move':
      if (await isOccupied(lake.store, step.from)) await lake.store.publish?.(step.from, step.to)
      return
    case 'swap': {
      if (await isOccupied(lake.store, step.from)) {
        await lake.store.publish?.(step.to, step.trash)
        await lake.store.publish?.(step.from, step.to)
      }
      return lake.removeTree(step.trash)
    }
  }
}

/** Commits of others between the check and now cannot stop us any more: ours goes after theirs. */
const putAtFreeVersion = async (
  store: Store,
  { table, version, text }: CommitStep,
): Promise<void> => {
  for (let at = version; ; at++) {
    const commit = { version: at, timestamp: 0, actions: [], text }
    if ((await putCommit(store, table, commit)) !== 'taken') return
  }
}
