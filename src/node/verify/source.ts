import { join } from 'node:path'
import { parseSchema } from '../../core/delta/schema.ts'
import { fail } from '../../core/errors.ts'
import { type LandedName, parseTypeName, plainFilesSql } from '../../core/report/physical-sql.ts'
import type { Manifest, ManifestTable } from '../../core/report/manifest.ts'
import { readSnapshot } from '../delta/read-snapshot.ts'
import { localScan } from '../delta/scan.ts'
import { filesFolder } from '../../core/run/layout.ts'
import { localStore } from '../store/local.ts'

/** The rows of a table as a DuckDB query, with its columns in order. */
export interface TableSource {
  readonly columns: readonly LandedName[]
  readonly sql: string
}

/** The newest rows of the Delta table in a folder below `root`; undefined when there is no log. */
export const deltaSource = async (
  root: string,
  folder: string,
): Promise<TableSource | undefined> => {
  const snapshot = await readSnapshot(localStore(root), folder)
  if (snapshot === undefined) return undefined
  const columns = parseSchema(snapshot.metadata.schemaString).fields.map(({ name, type }) => ({
    name,
    type: parseTypeName(typeof type === 'string' ? type : 'nested'),
  }))
  return { columns, sql: await localScan(root, folder, snapshot) }
}

/** The rows of a table of a dataset, whatever its format; `folder` is the dataset's below `root`. */
export const tableSource = async (
  { root, folder }: { readonly root: string; readonly folder: string },
  { format }: Pick<Manifest, 'format'>,
  table: ManifestTable,
): Promise<TableSource> => {
  if (format === 'delta') {
    const source = await deltaSource(root, `${folder}/${table.path}`)
    return source ?? fail('delta.log', `${folder}/${table.path}: there is no Delta log`)
  }
  const columns = table.columns.map(({ name, type }) => ({ name, type: parseTypeName(type) }))
  const paths = table.parts.flatMap(({ files }) =>
    files.map(({ path }) => join(root, filesFolder(folder, format, table.path), path)),
  )
  return { columns, sql: plainFilesSql(format, columns, paths) }
}
