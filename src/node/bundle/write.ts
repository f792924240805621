import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fail, isLakewrightError, LakewrightError } from '../../core/errors.ts'
import { quote } from '../../core/plan/names.ts'
import { sha256Hex } from '../../core/sha256.ts'
import type { BundleFile } from '../../core/warehouse/bundle-files.ts'
import { failFile, isAbsent } from '../store/file-errors.ts'
import { makeFolders } from '../store/folders.ts'

/** What became of the files of a bundle. */
export interface WrittenBundle {
  readonly written: readonly string[]
  /** Files that were changed by hand, and left as they are. */
  readonly kept: readonly string[]
  /** Files of an earlier writing that no longer belong to the bundle. */
  readonly removed: readonly string[]
}

/** What names a bundle: its dataset, and what its SQL was made with besides what its folders are named by. */
export interface BundleIdentity {
  readonly dataset: string
  readonly fixed: string
  /** The folder of the rendering that is written; files of other renderings stay as long as `fixed` is the same. */
  readonly rendering: string
}

/** Names a folder as a bundle of ours, and says what we wrote there. */
export const MARKER = '.lakewright-bundle.json'

interface Marker {
  readonly version: 1
  readonly dataset: string
  readonly fixed: string
  /** SHA-256 of each file's text as it was written. */
  readonly files: Readonly<Record<string, string>>
}

/**
 * Writes a bundle into a folder that is absent, empty, or holds a bundle of the same dataset; fails with usage.option on
 * any other, before the files are rendered. Those that people may change and have changed are kept.
 */
export const writeBundle = async (
  folder: string,
  identity: BundleIdentity,
  render: () => readonly BundleFile[],
): Promise<WrittenBundle> => {
  const before = await readMarker(folder, identity)
  const files = render()
  try {
    makeFolders(folder)
    const changed = new Set<string>()
    for (const { path, text, kept } of files)
      if (kept && (await isChanged(folder, { path, text, hash: before?.files[path] })))
        changed.add(path)
    const same = before?.fixed === identity.fixed
    const stale = Object.keys(before?.files ?? {}).filter(
      (path) =>
        !files.some((file) => file.path === path) &&
        !(same && path.startsWith('sql/') && !path.startsWith(`${identity.rendering}/`)),
    )
    const left = Object.entries(before?.files ?? {}).filter(([path]) => !stale.includes(path))
    const hashes = files.map(({ path, text }) => [path, sha256Hex(text)] as const)
    const written = files.filter(({ path }) => !changed.has(path))
    // The marker comes first, so that a writing that is cut off leaves a folder that is still ours.
    await put(folder, {
      path: MARKER,
      text: markerText({ ...identity, files: Object.fromEntries([...left, ...hashes]) }),
    })
    for (const file of written) await put(folder, file)
    for (const path of stale) await rm(join(folder, path), { force: true })
    return { written: written.map(({ path }) => path), kept: [...changed], removed: stale }
  } catch (error) {
    return failFolder(error, 'writing', folder)
  }
}

const markerText = ({ dataset, fixed, files }: Omit<Marker, 'version'>): string =>
  `${JSON.stringify({ version: 1, dataset, fixed, files } satisfies Marker, null, 2)}\n`

/** The marker of a bundle that is there; undefined when nothing is. */
const readMarker = async (
  folder: string,
  { dataset }: BundleIdentity,
): Promise<Marker | undefined> => {
  const names: readonly string[] = await readdir(folder).catch((error: unknown) =>
    isAbsent(error) ? [] : failFolder(error, 'reading', folder),
  )
  if (names.length === 0) return undefined
  if (!names.includes(MARKER)) return refuse(folder, 'holds files that are not of a bundle')
  const marker = parseMarker(await readFile(join(folder, MARKER), 'utf8'))
  if (marker === undefined) return refuse(folder, `has a ${MARKER} that cannot be read`)
  return marker.dataset === dataset
    ? marker
    : refuse(folder, `holds a bundle of ${quote(marker.dataset)}, not of ${quote(dataset)}`)
}

/** Throws what the file system says, with what to do by the option of bundles. */
const failFolder = (error: unknown, doing: string, folder: string): never => {
  try {
    return failFile(error, doing, folder)
  } catch (told) {
    if (!isLakewrightError(told) || told.hint === undefined) throw told
    const { code, message, details, hint } = told
    throw new LakewrightError(code, message, {
      hint: hint.replaceAll('--to', '--out'),
      details,
      cause: error,
    })
  }
}

const refuse = (folder: string, why: string): never =>
  fail('usage.option', `--out: ${quote(folder)} ${why}`, {
    hint: 'Name another folder; nothing was written.',
  })

const parseMarker = (text: string): Marker | undefined => {
  try {
    const marker = JSON.parse(text) as Partial<Marker> | null
    const { version, dataset, fixed, files } = marker ?? {}
    if (version !== 1 || typeof dataset !== 'string' || typeof fixed !== 'string') return undefined
    if (typeof files !== 'object' || Object.keys(files).some((path) => !isWithin(path)))
      return undefined
    return { version, dataset, fixed, files }
  } catch {
    return undefined
  }
}

/** Whether a path of a marker, which anybody may have written, leads to a file below the folder. */
const isWithin = (path: string): boolean =>
  !path.includes('\\') &&
  path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')

/** Whether a file that we wrote with a hash, or did not write, now has another text than that, and than the new one. */
const isChanged = async (
  folder: string,
  {
    path,
    text,
    hash,
  }: { readonly path: string; readonly text: string; readonly hash: string | undefined },
): Promise<boolean> => {
  try {
    const found = await readFile(join(folder, path), 'utf8')
    return found !== text && sha256Hex(found) !== hash
  } catch (error) {
    return isAbsent(error) ? false : failFile(error, 'reading', path)
  }
}

const put = async (
  folder: string,
  { path, text, executable = false }: Pick<BundleFile, 'path' | 'text' | 'executable'>,
): Promise<void> => {
  const place = join(folder, path)
  makeFolders(dirname(place))
  await writeFile(`${place}.part`, text)
  if (executable) await chmod(`${place}.part`, 0o755)
  await rename(`${place}.part`, place)
}
