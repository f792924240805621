import type { ErrorCode, LakewrightError } from '../../core/errors.ts'
import { fail, isLakewrightError } from '../../core/errors.ts'

/** The system's error code of an exception (`ENOENT`), or undefined. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

/** True when the exception says that a path does not exist, or that a parent of it is a file. */
export const isAbsent = (error: unknown): boolean =>
  systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR'

/** Throws the catalogue's error for a failure of the file system while `doing` (a verb with -ing) something at `path`. */
export const failFile = (error: unknown, doing: string, path: string): never => {
  if (isLakewrightError(error)) throw error satisfies LakewrightError
  const code = systemCode(error)
  const known = code === undefined ? undefined : FAILURES[code]
  const [catalogued, reason, hint] = known ?? OTHER
  return fail(
    catalogued,
    `${doing} ${path}: ${reason}${known === undefined ? ` (${code ?? String(error)})` : ''}`,
    {
      hint,
      details: { path, code },
      cause: error,
    },
  )
}

/** Throws store.noLinks for a link(2) that the file system refused as such (Linux answers EPERM, others ENOTSUP). */
export const failLinks = (error: unknown, path: string): never =>
  fail(
    'store.noLinks',
    `committing ${path}: the file system has no hard links, and a commit is one`,
    {
      hint: 'Choose a folder on a local disk with --to; exFAT and some network mounts cannot hold a lake.',
      details: { path },
      cause: error,
    },
  )

type Failure = readonly [ErrorCode, reason: string, hint: string]

const OTHER: Failure = [
  'store.io',
  'the file system failed',
  'Check the disk, then run the command again.',
]

const NO_ROOM: Failure = [
  'store.full',
  'no room left on the file system',
  'Free some space or choose another folder with --to, then resume the run.',
]

const NO_PERMISSION: Failure = [
  'store.denied',
  'permission denied',
  'Choose a folder you may write to with --to, or change its owner or mode.',
]

const NOT_A_FOLDER: Failure = [
  'store.notFolder',
  'a part of the path is not a folder',
  'Choose another folder with --to, or move the file that is in the way.',
]

const FAILURES: Readonly<Record<string, Failure>> = {
  ENOSPC: NO_ROOM,
  EDQUOT: NO_ROOM,
  EFBIG: [
    'store.full',
    'the file is larger than the file system allows',
    'Make smaller files with --file-rows.',
  ],
  EACCES: NO_PERMISSION,
  EROFS: ['store.denied', 'the file system is read-only', NO_PERMISSION[2]],
  EPERM: ['store.denied', 'operation not permitted', NO_PERMISSION[2]],
  EXDEV: [
    'store.crossDevice',
    'the two places lie on different file systems',
    'Keep a dataset and its staging folder on one file system, without mounts inside.',
  ],
  EBUSY: [
    'store.crossDevice',
    'the folder is in use, or a mount point',
    'Unmount it, or choose another folder.',
  ],
  ENOTDIR: NOT_A_FOLDER,
  EISDIR: [
    'store.notFolder',
    'a folder is where a file should be',
    'Move the folder that is in the way.',
  ],
  EEXIST: NOT_A_FOLDER,
  ENAMETOOLONG: ['store.denied', 'the path is too long', 'Use shorter names.'],
  EMFILE: [
    'store.io',
    'too many open files',
    'Raise the limit with ulimit -n, or use fewer workers.',
  ],
}
