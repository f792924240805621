import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { LOG_FOLDER } from '../../core/delta/log-path.ts'
import { fail } from '../../core/errors.ts'
import type { Store } from '../../core/ports.ts'
import { type CrashHook, withCrashPoints } from '../store/crash-points.ts'
import { failFile, isAbsent } from '../store/file-errors.ts'
import { makeFolders } from '../store/folders.ts'
import { localStore } from '../store/local.ts'
import { syncFolder } from './file-sink.ts'

/** A folder of datasets. Paths within it are `/`-separated and relative to `root`, an absolute path. */
export interface Lake {
  readonly root: string
  readonly store: Store
  /** Removes a file or folder with all that is in it; absent is fine. */
  readonly removeTree: (path: string) => Promise<void>
  /** Puts a file in place of what is there, for which folders are made; a file that is gone already is fine. */
  readonly rename: (from: string, to: string) => Promise<void>
  /** The folder of journal, locks and redo records. */
  readonly state: string
}

/** Where the parts of a dataset lie in a lake. */
export interface DatasetPlace {
  /** Empty for a dataset that fills a folder of its own. */
  readonly catalog: string
  readonly schema: string
  /** What tells the dataset from others of its lake: `catalog/schema`, or `.` for the only one. */
  readonly name: string
  /** `catalog/schema`, or the name alone where there is no catalog. */
  readonly folder: string
  /** The folder of journal, locks and redo records. */
  readonly state: string
  /** The redo record. */
  readonly redo: string
  /** The folder of lock files, and what their names begin with. */
  readonly locks: string
}

/** The catalog that datasets land in unless another is asked for. */
export const DEFAULT_CATALOG = 'lakewright'

/** The folder of a lake that holds journal, locks and redo records. */
export const STATE_FOLDER = '.lakewright'

/** The place of the report in a dataset's folder. */
export const REPORT_FILE = 'report.html'

/** The journal's place in a lake. */
export const journalPath = ({ state }: Pick<Lake, 'state'>): string => `${state}/journal.db`

/** A lake in a local folder, which need not exist yet; `crash` hears of every step that changes it. */
export const openLake = (root: string, crash?: CrashHook, state = STATE_FOLDER): Lake => {
  const base = resolve(root)
  const store = localStore(base)
  return {
    root: base,
    state,
    store: crash === undefined ? store : withCrashPoints(store, crash),
    removeTree: async (path) => {
      await crash?.(`${path}:removeTree`, 'before')
      try {
        await rm(join(base, path), { recursive: true, force: true })
      } catch (error) {
        failFile(error, 'removing', join(base, path))
      }
      await crash?.(`${path}:removeTree`, 'after')
    },
    rename: async (from, to) => {
      await crash?.(`${to}:replace`, 'before')
      await renameFile(join(base, from), join(base, to))
      await crash?.(`${to}:replace`, 'after')
    },
  }
}

const renameFile = async (from: string, to: string): Promise<void> => {
  try {
    makeFolders(dirname(to))
    await rename(from, to)
    syncFolder(dirname(to))
    syncFolder(dirname(from))
  } catch (error) {
    if (!isAbsent(error)) failFile(error, 'writing', to)
  }
}

/** The place of a dataset; fails with usage.option on names that are no plain folder names. */
export const datasetPlace = (catalog: string, schema: string): DatasetPlace => {
  for (const name of [catalog, schema]) {
    if (!PLAIN_NAME.test(name)) {
      fail(
        'usage.option',
        `"${name}" cannot name a catalog or schema: expected letters, digits, "_" and "-"`,
        { hint: 'Choose another --catalog, or another name for the plan.' },
      )
    }
  }
  return {
    catalog,
    schema,
    name: `${catalog}/${schema}`,
    folder: `${catalog}/${schema}`,
    state: STATE_FOLDER,
    redo: `${STATE_FOLDER}/redo/${catalog}.${schema}.json`,
    locks: `${STATE_FOLDER}/locks/${catalog}.${schema}`,
  }
}

/** A dataset by the path of its lake and its place there. */
export interface DatasetAddress {
  readonly lake: string
  readonly place: DatasetPlace
}

/**
 * The address of a dataset that fills a folder of its own, which also holds its state, in the folder around it. Fails
 * with usage.option when the folder has no name or a hidden one.
 */
export const folderAddress = (folder: string): DatasetAddress => {
  const path = resolve(folder)
  const name = basename(path)
  if (name === '' || name.startsWith('.'))
    fail('usage.option', `"${folder}" cannot hold a dataset: expected a folder that is not hidden`)
  const state = `${name}/${STATE_FOLDER}`
  return {
    lake: dirname(path),
    place: {
      catalog: '',
      schema: name,
      name: '.',
      folder: name,
      state,
      redo: `${state}/redo.json`,
      locks: `${state}/locks/dataset`,
    },
  }
}

/** The folder in which a run builds what it publishes: beside the dataset, or within the state of a folder of its own. */
export const stagingFolder = (place: DatasetPlace, run: string): string =>
  place.catalog === '' ? `${place.state}/staging/${run}` : beside(place, `${run}.staging`)

/** The folder beside a dataset to which a run moves what it replaces. */
export const trashFolder = (place: DatasetPlace, run: string): string =>
  beside(place, `${run}.trash`)

const beside = ({ catalog, schema }: DatasetPlace, suffix: string): string =>
  `${catalog}/.${schema}.${suffix}`

/**
 * Fails unless the lake can hold the dataset: every existing folder on the way, and in the dataset, must be a folder,
 * and all must lie on one file system. Writes nothing.
 */
export const checkTarget = async (lake: Lake, place: DatasetPlace): Promise<void> => {
  const dataset = join(lake.root, place.folder)
  const above =
    place.catalog === ''
      ? []
      : [lake.root, join(lake.root, place.state), join(lake.root, place.catalog)]
  let device: number | undefined
  for (const path of [...above, dataset, ...(await tableFolders(dataset))]) {
    const found = await statFolder(path)
    if (found === undefined) continue
    if (device !== undefined && found.dev !== device) {
      fail('store.crossDevice', `${path} lies on another file system than ${lake.root}`, {
        hint: 'Keep a lake on one file system, without mounts or links inside.',
        details: { path },
      })
    }
    device = found.dev
  }
}

/** The folders of a dataset's tables and of their logs, as far as they exist. */
const tableFolders = async (dataset: string): Promise<readonly string[]> => {
  try {
    const entries = await readdir(dataset, { withFileTypes: true })
    return entries
      .filter((entry) => !entry.isFile())
      .flatMap(({ name }) => [join(dataset, name), join(dataset, name, LOG_FOLDER)])
  } catch (error) {
    return isAbsent(error) ? [] : failFile(error, 'listing', dataset)
  }
}

const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,127}$/

const statFolder = async (path: string): Promise<{ readonly dev: number } | undefined> => {
  try {
    const found = await stat(path)
    if (found.isDirectory()) return found
    return fail('store.notFolder', `${path} is a file, expected a folder`, {
      hint: 'Choose another folder with --to.',
      details: { path },
    })
  } catch (error) {
    if (!isAbsent(error)) return failFile(error, 'looking at', path)
    // A missing folder below a file is not merely missing.
    if (path !== dirname(path)) await statFolder(dirname(path))
    return undefined
  }
}
