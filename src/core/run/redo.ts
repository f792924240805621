import { fail } from '../errors.ts'

/** One step of publishing; each may be repeated after it was done, in the same order. Paths lie in the lake. */
export type RedoStep =
  /** Puts the commit at its version, or after what others put there meanwhile. */
  | {
      readonly kind: 'commit'
      readonly table: string
      readonly version: number
      readonly text: string
    }
  /** Renames a folder to a place where nothing is. */
  | { readonly kind: 'move'; readonly from: string; readonly to: string }
  /** Puts the folder `from` in place of the folder `to`, which goes by way of `trash`. */
  | { readonly kind: 'swap'; readonly from: string; readonly to: string; readonly trash: string }
  /** Puts a file in place of what is there. */
  | { readonly kind: 'put'; readonly from: string; readonly to: string }
  /** Removes a file. */
  | { readonly kind: 'remove'; readonly path: string }
  /** Replaces a small file. */
  | { readonly kind: 'write'; readonly path: string; readonly text: string }

/**
 * What a run is about to publish. Once it is on disk, anyone who opens the dataset finishes it; it is dropped, with
 * nothing published, only when a table has moved on before the first commit.
 */
export interface RedoRecord {
  readonly version: 1
  readonly run: string
  readonly dataset: string
  readonly steps: readonly RedoStep[]
}

/** The record as text. */
export const redoText = (record: RedoRecord): string => `${JSON.stringify(record)}\n`

/** Reads a record; fails with dataset.invalid when it is damaged or of a newer version. */
export const parseRedo = (text: string, path: string): RedoRecord => {
  const record = parsed(text) as Partial<RedoRecord> | undefined
  if (record?.version !== 1 || !Array.isArray(record.steps)) {
    return fail('dataset.invalid', `${path}: expected a publishing record of version 1`, {
      hint: 'A newer Lakewright wrote it, or the file is damaged; use that version, or restore it.',
    })
  }
  return record as RedoRecord
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
