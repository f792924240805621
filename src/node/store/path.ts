import { fail } from '../../core/errors.ts'

/** The path itself when it is relative, `/`-separated and stays below the root; fails with store.denied otherwise. */
export const safePath = (path: string): string => {
  const parts = path.split('/')
  if (parts.every((part) => part !== '' && part !== '.' && part !== '..') && !path.includes('\0')) {
    return path
  }
  return fail(
    'store.denied',
    `path ${JSON.stringify(path)} does not stay below the folder of the store`,
    {
      hint: 'Use a relative path without empty, "." or ".." segments.',
    },
  )
}

/** Like `safePath`, with the empty text for the root itself. */
export const safePrefix = (prefix: string): string => (prefix === '' ? '' : safePath(prefix))

/** The folder part of a path; the empty text for a path in the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
