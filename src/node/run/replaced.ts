import { fail } from '../../core/errors.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import type { Manifest, ManifestPart } from '../../core/report/manifest.ts'

import type { PartResult } from '../../core/run/part-result.ts'
import type { RedoStep } from '../../core/run/redo.ts'
import { type Format, isFlat, type RunSpec } from '../../core/run/spec.ts'
import { stageName } from '../../core/run/stages.ts'
import { type DatasetPlace, type Lake, stagingFolder } from './lake.ts'

/** A run whose parts are made, and where. */
export interface MadeRun {
  readonly lake: Lake
  readonly place: DatasetPlace
  readonly run: string
  readonly spec: RunSpec
  readonly plan: TypedPlan
}

/** The results of parts by stage name. */
export type PartResults = ReadonlyMap<string, PartResult>

/** The files of the dataset that a merge leaves out, by table folder: those of parts that it made anew or has no more. */
export const removedFiles = (
  { spec, plan }: Pick<MadeRun, 'spec' | 'plan'>,
  results: PartResults,
): ReadonlyMap<string, ReadonlySet<string>> => {
  if (spec.merge === undefined) return new Map()
  const { keeps } = spec.merge
  const names = new Map([...plan.tables.values()].map((table) => [table.landedName, table.name]))
  const stays = (table: string | undefined, landed: ManifestPart): boolean =>
    table !== undefined &&
    (keeps.includes(table) ||
      spec.parts.some(
        (part) =>
          part.table === table &&
          part.variant === landed.variant &&
          part.lo === landed.lo &&
          part.hi === landed.hi &&
          results.get(stageName({ kind: 'generate', part }))?.unchanged === true,
      ))
  return new Map(
    baseTables(spec).map(({ path, parts }) => {
      const gone = parts.filter((part) => !stays(names.get(path), part))
      return [path, new Set(gone.flatMap(({ files }) => files.map((file) => file.path)))]
    }),
  )
}

/**
 * The steps that put a run's plain files in their places and remove those that they replace. Fails with dataset.exists,
 * before there is a redo record, when a file that is not ours has the name of a new one.
 */
export const fileSteps = async (
  made: MadeRun,
  results: PartResults,
): Promise<readonly RedoStep[]> => {
  const { lake, place, run, spec, plan } = made
  const { format } = spec.options
  const fresh = spec.parts.flatMap((part) => {
    const table = plan.tables.get(part.table)?.landedName ?? part.table
    const files = results.get(stageName({ kind: 'generate', part }))?.files ?? []
    return files.map(({ path }) => placed(format, table, path))
  })
  const old = oldFiles(spec)
  const ours = new Set(old.map(({ path }) => path))
  for (const path of fresh) {
    if (ours.has(path) || (await lake.store.stat(`${place.folder}/${path}`)) === undefined) continue
    fail('dataset.exists', `${place.folder}/${path} is there already and is not ours`, {
      hint: 'Nothing was published; move it away, then resume the run.',
    })
  }
  const gone = goneFiles(made, old, results).filter((path) => !fresh.includes(path))
  const staging = stagingFolder(place, run)
  return [
    ...fresh.map((path): RedoStep => {
      return { kind: 'put', from: `${staging}/${path}`, to: `${place.folder}/${path}` }
    }),
    ...gone.map((path): RedoStep => ({ kind: 'remove', path: `${place.folder}/${path}` })),
  ]
}

const baseTables = ({ base }: RunSpec): Manifest['tables'] =>
  (base as unknown as Manifest | null)?.tables ?? []

interface OldFile {
  readonly table: string
  readonly file: string
  /** Its path in the dataset's folder. */
  readonly path: string
}

const oldFiles = (spec: RunSpec): readonly OldFile[] => {
  const format = (spec.base as unknown as Manifest | null)?.format ?? spec.options.format
  return baseTables(spec).flatMap(({ path: table, parts }) =>
    parts.flatMap(({ files }) =>
      files.map(({ path: file }) => ({ table, file, path: placed(format, table, file) })),
    ),
  )
}

const goneFiles = (
  made: MadeRun,
  old: readonly OldFile[],
  results: PartResults,
): readonly string[] => {
  switch (made.spec.kind) {
    case 'create':
    case 'append':
      return []
    case 'overwrite':
      return old.map(({ path }) => path)
    case 'merge': {
      const removed = removedFiles(made, results)
      return old
        .filter(({ table, file }) => removed.get(table)?.has(file) === true)
        .map(({ path }) => path)
    }
  }
}

const placed = (format: Format, table: string, file: string): string =>
  isFlat(format) ? file : `${table}/${file}`
