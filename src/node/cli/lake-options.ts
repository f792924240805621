import { basename, dirname, resolve } from 'node:path'
import { fail } from '../../core/errors.ts'
import { quote } from '../../core/plan/names.ts'
import { DEFAULT_CATALOG, type DatasetPlace, datasetPlace } from '../run/lake.ts'
import { type OptionDefinition, type OptionValues, textValue } from './option.ts'
import type { World } from './world.ts'

/** The option that names a lake. */
export const LAKE_OPTION: OptionDefinition = {
  name: 'to',
  kind: 'text',
  placeholder: 'folder',
  default: 'lake',
  description: 'the lake, a folder that is made when it is absent',
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

/** A dataset by the path of its folder, `<lake>/<catalog>/<dataset>`. */
export interface DatasetPath {
  readonly lake: string
  readonly place: DatasetPlace
}

/** Reads the path of a dataset's folder; fails with usage.option when it has not three levels. */
export const datasetPath = (world: World, path: string): DatasetPath => {
  const folder = resolve(world.cwd, path)
  const catalogFolder = dirname(folder)
  const lake = dirname(catalogFolder)
  if (lake === catalogFolder)
    fail('usage.option', `${quote(path)} is no dataset: expected <lake>/<catalog>/<dataset>`)
  return { lake, place: datasetPlace(basename(catalogFolder), basename(folder)) }
}
