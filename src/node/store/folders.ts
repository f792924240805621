import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fail } from '../../core/errors.ts'
import { systemCode } from './file-errors.ts'

/**
 * Makes a folder with its parents, and returns the topmost one that it made: undefined when the folder was there.
 * Throws the system's error, or store.denied where the system denies a folder as absent, as in /proc: there Node's own
 * `recursive` never ends.
 */
export const makeFolders = (folder: string): string | undefined => {
  if (isFolder(folder)) return undefined
  const above = dirname(folder)
  const first = above === folder ? undefined : makeFolders(above)
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process may have made it in the meantime.
    if (systemCode(error) === 'EEXIST' && isFolder(folder)) return first
    if (systemCode(error) !== 'ENOENT') throw error
    fail('store.denied', `making the folder ${folder}: the file system lets none be made there`, {
      hint: 'Choose a folder you may write to with --to.',
      details: { path: folder },
      cause: error,
    })
  }
  return first ?? folder
}

/** A folder and those above it that are not there, the innermost first. */
export const absentFolders = (folder: string): readonly string[] => {
  const above = dirname(folder)
  if (existsSync(folder) || above === folder) return []
  return [folder, ...absentFolders(above)]
}

/** Removes a folder if nothing is in it; one that is used or gone is left as it is. */
export const removeIfEmpty = (folder: string): void => {
  try {
    rmdirSync(folder)
  } catch {
    // Somebody else has put something there, or has removed it.
  }
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
