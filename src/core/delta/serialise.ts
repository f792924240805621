import { unreachable } from '../errors.ts'
import type { Action, AddFile, Metadata, RemoveFile } from './actions.ts'
import { isAbsolutePath } from './actions.ts'
import { encodePath } from './log-path.ts'

/** The NDJSON text of a commit, one action a line, each line ended by a newline. */
export const serialiseActions = (actions: readonly Action[]): string =>
  actions.map((action) => `${JSON.stringify(actionJson(action))}\n`).join('')

/** An action as the log's JSON spells it: one property named by the action; absent fields are left out. */
export const actionJson = (action: Action): Readonly<Record<string, object>> => {
  switch (action.kind) {
    case 'metaData':
      return { metaData: metadataJson(action) }
    case 'add':
      return { add: addJson(action) }
    case 'remove':
      return { remove: removeJson(action) }
    case 'protocol':
    case 'commitInfo':
    case 'txn':
    case 'domainMetadata':
    case 'sidecar':
      return { [action.kind]: withoutKind(action) }
    default:
      return unreachable(action)
  }
}

const written = (path: string): string => (isAbsolutePath(path) ? path : encodePath(path))

/** JSON leaves out what is undefined. */
const withoutKind = (action: Action): object => ({ ...action, kind: undefined })

const metadataJson = (metadata: Metadata): object => ({
  id: metadata.id,
  name: metadata.name,
  description: metadata.description,
  format: { provider: 'parquet', options: {} },
  schemaString: metadata.schemaString,
  partitionColumns: metadata.partitionColumns,
  configuration: metadata.configuration,
  createdTime: metadata.createdTime,
})

const addJson = (add: AddFile): object => ({
  path: written(add.path),
  partitionValues: add.partitionValues,
  size: add.size,
  modificationTime: add.modificationTime,
  dataChange: add.dataChange,
  stats: add.stats,
  tags: add.tags,
  deletionVector: add.deletionVector,
})

const removeJson = (remove: RemoveFile): object => ({
  path: written(remove.path),
  deletionTimestamp: remove.deletionTimestamp,
  dataChange: remove.dataChange,
  extendedFileMetadata: remove.partitionValues === undefined ? undefined : true,
  partitionValues: remove.partitionValues,
  size: remove.size,
  deletionVector: remove.deletionVector,
})
