import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { isLakewrightError } from '../../core/errors.ts'
import type { Finding } from '../../core/report/finding.ts'
import type { Manifest, ManifestFile, ManifestTable } from '../../core/report/manifest.ts'
import type { Snapshot } from '../../core/delta/snapshot.ts'
import { filesFolder } from '../../core/run/layout.ts'
import { readSnapshot } from '../delta/read-snapshot.ts'
import { localStore } from '../store/local.ts'
import { isAbsent } from '../store/file-errors.ts'

/** A table's folder: `root`, and the dataset's folder below it. */
export interface DatasetFolder {
  readonly root: string
  readonly folder: string
}

/** What the bytes of a table's files say: that they are those which the run wrote, and that its log lists them. */
export const fileFindings = async (
  place: DatasetFolder,
  { format }: Pick<Manifest, 'format'>,
  table: ManifestTable,
): Promise<readonly Finding[]> => {
  const files = table.parts.flatMap((part) => part.files)
  const folder = filesFolder(place.folder, format, table.path)
  const damaged = await damagedFiles(join(place.root, folder), files)
  const unhashed = files.some(({ sha256 }) => sha256 === '')
  const contents: Finding = {
    ...described(table, 'every file is as it was written', files.length),
    asked: unhashed ? 'the size of each file' : 'the SHA-256 of each file',
    found: damaged.length === 0 ? 'the same' : damaged.slice(0, 3).join(', '),
    verdict: damaged.length === 0 ? 'holds' : 'broken',
  }
  return format === 'delta' ? [contents, await logFinding(place, table)] : [contents]
}

type Described = Pick<Finding, 'table' | 'name' | 'kind' | 'n' | 'unit' | 'tolerance' | 'proof'>

const described = (table: ManifestTable, name: string, n: number): Described => ({
  table: table.name,
  name,
  kind: 'files',
  n,
  unit: 'files',
  tolerance: 0,
  proof: 'files',
})

const damagedFiles = async (
  folder: string,
  files: readonly ManifestFile[],
): Promise<readonly string[]> => {
  const damaged: string[] = []
  for (const file of files) {
    const found = await contentOf(join(folder, file.path))
    if (found === undefined) damaged.push(`${file.path} is missing`)
    else if (found.bytes !== file.bytes) damaged.push(`${file.path} has ${found.bytes} bytes`)
    else if (file.sha256 !== '' && found.sha256 !== file.sha256)
      damaged.push(`${file.path} has other bytes`)
  }
  return damaged
}

interface Content {
  readonly bytes: number
  readonly sha256: string
}

const contentOf = async (path: string): Promise<Content | undefined> => {
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer)
      bytes += (chunk as Buffer).length
    }
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
  return { bytes, sha256: hash.digest('hex') }
}

const logFinding = async (
  { root, folder }: DatasetFolder,
  table: ManifestTable,
): Promise<Finding> => {
  const asked = `version ${table.version ?? 0} with the files of the manifest`
  const found = await readLog(root, `${folder}/${table.path}`)
  const problem = typeof found === 'string' ? found : logProblem(found, table)
  return {
    ...described(table, 'the Delta log can be read', table.parts.length),
    asked,
    found: problem ?? asked,
    verdict: problem === undefined ? 'holds' : 'broken',
  }
}

const readLog = async (root: string, folder: string): Promise<Snapshot | string> => {
  try {
    return (await readSnapshot(localStore(root), folder)) ?? 'no log'
  } catch (error) {
    if (isLakewrightError(error)) return error.message
    throw error
  }
}

const logProblem = (snapshot: Snapshot, table: ManifestTable): string | undefined => {
  if (snapshot.version !== table.version) return `version ${snapshot.version}`
  const logged = [...snapshot.files.values()].map(({ path, size }) => `${path} ${size}`)
  const listed = table.parts.flatMap(({ files }) =>
    files.map(({ path, bytes }) => `${path} ${bytes}`),
  )
  const expected = new Set(listed)
  const isSame = logged.length === expected.size && logged.every((file) => expected.has(file))
  return isSame ? undefined : 'other files'
}
