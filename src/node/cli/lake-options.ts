import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fail } from '../../core/errors.ts'
import { quote } from '../../core/plan/names.ts'
import { isFlat, type Format } from '../../core/run/spec.ts'
import {
  DEFAULT_CATALOG,
  type DatasetAddress,
  datasetPlace,
  folderAddress,
  STATE_FOLDER,
} from '../run/lake.ts'
import type { CommandInput } from './command.ts'
import { type OptionDefinition, type OptionValues, textValue } from './option.ts'
import type { World } from './world.ts'

/** The option that names a lake. */
export const LAKE_OPTION: OptionDefinition = {
  name: 'to',
  kind: 'text',
  placeholder: 'folder',
  default: 'lake',
  description:
    'the lake, or for CSV and JSON Lines the folder of the files; made when it is absent',
}

/** The option that names a catalog of a lake. */
export const CATALOG_OPTION: OptionDefinition = {
  name: 'catalog',
  kind: 'text',
  placeholder: 'name',
  default: DEFAULT_CATALOG,
  description: 'the first of the three levels <catalog>/<dataset>/<table>',
}

/** The option that prints one JSON document on stdout. */
export const JSON_OPTION: OptionDefinition = {
  name: 'json',
  kind: 'flag',
  description: 'print the result as one JSON document on stdout',
}

/** The absolute path of the lake that `--to` names. */
export const lakePath = (world: World, values: OptionValues): string =>
  resolve(world.cwd, textValue(values, 'to') ?? 'lake')

/** What names the place of a dataset that a plan makes. */
export interface PlaceInput extends Pick<CommandInput, 'values' | 'given'> {
  readonly format: Format
  /** The plan's name. */
  readonly name: string
}

/** Where a dataset goes: to `<to>/<catalog>/<name>`, or, as plain text files and without a catalog, to the folder itself. */
export const datasetPlaceOf = (
  world: World,
  { values, given, format, name }: PlaceInput,
): DatasetAddress => {
  const to = lakePath(world, values)
  if (isFlat(format) && !given.has('catalog')) return folderAddress(to)
  return { lake: to, place: datasetPlace(textValue(values, 'catalog') ?? '', name) }
}

/**
 * Reads the path of a dataset's folder: one that holds its own state, or else one with three levels. Fails with
 * usage.option when it has not as many.
 */
export const datasetPath = (world: World, path: string): DatasetAddress => {
  const folder = resolve(world.cwd, path)
  const catalogFolder = dirname(folder)
  if (existsSync(join(folder, STATE_FOLDER))) return folderAddress(folder)
  const lake = dirname(catalogFolder)
  if (lake === catalogFolder)
    fail('usage.option', `${quote(path)} is no dataset: expected <lake>/<catalog>/<dataset>`)
  return { lake, place: datasetPlace(basename(catalogFolder), basename(folder)) }
}
