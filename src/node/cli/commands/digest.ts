import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fail, isLakewrightError } from '../../../core/errors.ts'
import { quote, suggestion } from '../../../core/plan/names.ts'
import { MANIFEST_FILE, type ManifestTable, manifestText } from '../../../core/report/manifest.ts'
import { readSnapshot } from '../../delta/read-snapshot.ts'
import { crashSettings } from '../../run/crash.ts'
import { withDataset } from '../../run/generate.ts'
import type { RunHost } from '../../run/host.ts'
import type { DatasetAddress } from '../../run/lake.ts'
import { publishRecord } from '../../run/publish.ts'
import { readManifest } from '../../run/target.ts'
import { localStore } from '../../store/local.ts'
import { type DigestOutcome, digestSource } from '../../verify/digest.ts'
import { DEFAULT_LIMITS, type SessionLimits } from '../../verify/session.ts'
import { deltaSource, tableSource } from '../../verify/source.ts'
import type { Command } from '../command.ts'
import { openForReading, type ReadableDataset } from '../dataset-reading.ts'
import { CATALOG_OPTION, datasetPath, JSON_OPTION, LAKE_OPTION, lakePath } from '../lake-options.ts'
import { flagValue, numberValue, type OptionValues, textValue } from '../option.ts'
import type { World } from '../world.ts'
import { MEMORY_OPTION } from './read-options.ts'

/** `lakewright digest`: the portable digest of a table's rows. */
export const digestCommand: Command = {
  name: 'digest',
  summary: 'print the portable digest of a table',
  usage: '<table folder | dataset/table>',
  positionals: [1, 1],
  options: [LAKE_OPTION, CATALOG_OPTION, MEMORY_OPTION, JSON_OPTION],
  examples: [
    { line: 'lakewright digest lake/lakewright/identity/households', says: 'by its folder' },
    { line: 'lakewright digest identity/households --json', says: 'by its name in the lake' },
    { line: 'lakewright digest sample_data/households.csv', says: 'by its file' },
  ],
  run: async (world, { positionals, values }) => {
    const folder = tableFolder(world, positionals[0] ?? '', values)
    const memoryMb = numberValue(values, 'memory') ?? DEFAULT_LIMITS.memoryMb
    const limits = { ...DEFAULT_LIMITS, memoryMb }
    const host = { crash: crashSettings(world.env) }
    const { rows, digest } = existsSync(join(dirname(folder), MANIFEST_FILE))
      ? await datasetDigest(datasetPath(world, dirname(folder)), tableName(folder), {
          limits,
          host,
        })
      : await foreignDigest(folder, limits)
    world.stdout(
      flagValue(values, 'json')
        ? `${JSON.stringify({ table: basename(folder), rows, digest }, null, 2)}\n`
        : `${digest}\n`,
    )
    return 0
  },
}

/** A folder as it is named, else `dataset/table` in the lake. */
const tableFolder = (world: World, name: string, values: OptionValues): string => {
  const folder = resolve(world.cwd, name)
  if (isTable(folder)) return folder
  const catalog = textValue(values, 'catalog') ?? ''
  const inLake = join(lakePath(world, values), catalog, name)
  return isTable(inLake)
    ? inLake
    : fail('dataset.missing', `there is no table ${quote(name)}`, {
        hint: 'Name the folder of a table, or <dataset>/<table> of the lake that --to names.',
      })
}

/** Flat files of a table have no folder. */
const isTable = (folder: string): boolean =>
  existsSync(folder) || existsSync(join(dirname(folder), MANIFEST_FILE))

/** The table that a folder or a flat file holds. */
const tableName = (path: string): string => basename(path).replace(/\.(?:csv|jsonl)$/, '')

interface DigestOptions {
  readonly limits: SessionLimits
  readonly host: Pick<RunHost, 'crash'>
}

/** The digest that the manifest knows, or else a new one, which is noted there. */
const datasetDigest = async (
  path: DatasetAddress,
  name: string,
  { limits, host }: DigestOptions,
): Promise<DigestOutcome> => {
  const dataset = await openForReading(path, host)
  const { manifest, place } = dataset
  const table = manifest.tables.find((each) => each.path === name) ?? failTable(dataset, name)
  const isCurrent = await isUnchanged(path, dataset, table)
  if (table.digest !== undefined && isCurrent) return { rows: table.rows, digest: table.digest }
  const source = await tableSource({ root: path.lake, folder: place.folder }, manifest, table)
  const outcome = await digestSource(source, limits)
  if (isCurrent) await noteDigest(path, host, { dataset, name, digest: outcome.digest })
  return outcome
}

const failTable = ({ manifest, place }: ReadableDataset, name: string): never =>
  fail(
    'dataset.missing',
    `${place.folder} has no table ${quote(name)}${suggestion(
      name,
      manifest.tables.map((table) => table.path),
    )}`,
  )

/** Whether a Delta table is still at the version of the manifest; other formats are never changed by others. */
const isUnchanged = async (
  { lake }: DatasetAddress,
  { manifest, place }: ReadableDataset,
  table: ManifestTable,
): Promise<boolean> => {
  if (manifest.format !== 'delta') return true
  const snapshot = await readSnapshot(localStore(lake), `${place.folder}/${table.path}`)
  return snapshot?.version === table.version
}

interface Noted {
  readonly dataset: ReadableDataset
  readonly name: string
  readonly digest: string
}

/** A digest that cannot be noted, in a folder that is read-only or in use, is no loss. */
const noteDigest = async (
  { lake, place }: DatasetAddress,
  host: Pick<RunHost, 'crash'>,
  { dataset, name, digest }: Noted,
): Promise<void> => {
  try {
    await withDataset({ lake, place }, host, async (open) => {
      const manifest = await readManifest(open.lake, place)
      if (manifest === undefined || manifest.run.id !== dataset.manifest.run.id) return
      const tables = manifest.tables.map((table) =>
        table.path === name ? { ...table, digest } : table,
      )
      await publishRecord(open.lake, place, {
        version: 1,
        run: manifest.run.id,
        dataset: place.folder,
        steps: [
          {
            kind: 'write',
            path: `${place.folder}/${MANIFEST_FILE}`,
            text: manifestText({ ...manifest, tables }),
          },
        ],
      })
    })
  } catch (error) {
    if (!isLakewrightError(error)) throw error
  }
}

const foreignDigest = async (folder: string, limits: SessionLimits): Promise<DigestOutcome> => {
  const source = await deltaSource(dirname(folder), basename(folder))
  return source === undefined
    ? fail('dataset.missing', `${folder} is neither a Delta table nor a table of a dataset`)
    : digestSource(source, limits)
}
