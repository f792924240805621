import {
  appendDraft,
  type CommitContext,
  type CommitDraft,
  createDraft,
  type DataFile,
  mergeDraft,
  overwriteDraft,
  renderCommit,
} from '../../core/delta/commit.ts'
import type { Snapshot } from '../../core/delta/snapshot.ts'
import { fail } from '../../core/errors.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import { type CheckSql, landedTables, tableDefinition } from '../../core/run/landed.ts'
import type { RunIdentity } from '../../core/run/names.ts'
import type { PartFile } from '../../core/run/part-result.ts'
import type { RunSpec } from '../../core/run/spec.ts'
import { refuseUnwritable } from '../delta/commit.ts'
import { readSnapshot } from '../delta/read-snapshot.ts'
import type { DatasetPlace, Lake } from './lake.ts'

/** The commit of one table, ready to be put in place; `folder` is the table's folder in its dataset. */
export type PlannedCommit = {
  readonly folder: string
  readonly version: number
  readonly text: string
}

/** What commits are made from. `files` are the finished files by table, `removed` the paths that go by table folder. */
export interface CommitInputs {
  readonly lake: Lake
  readonly place: DatasetPlace
  readonly spec: RunSpec
  readonly plan: TypedPlan
  readonly identity: RunIdentity
  readonly checkSql: CheckSql
  readonly files: ReadonlyMap<string, readonly PartFile[]>
  readonly removed: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * The commits of a run's tables, in the plan's order; with an overwrite or a merge, tables that the plan no longer has are emptied.
 * Fails with delta.conflict when a table has moved on since the run began.
 */
export const planCommits = async (inputs: CommitInputs): Promise<readonly PlannedCommit[]> => {
  const { plan, spec } = inputs
  const landed = landedTables(plan)
  const commits: PlannedCommit[] = []
  for (const table of landed) commits.push(...(await commitOf(inputs, table.landedName, table)))
  const known = new Set(landed.map(({ landedName }) => landedName))
  for (const folder of Object.keys(spec.heads))
    if (!known.has(folder)) commits.push(...(await commitOf(inputs, folder, undefined)))
  return commits
}

const commitOf = async (
  inputs: CommitInputs,
  folder: string,
  table: TypedTable | undefined,
): Promise<readonly PlannedCommit[]> => {
  const { spec, files } = inputs
  const snapshot = spec.way === 'commits' ? await expectedHead(inputs, folder) : undefined
  const added = (table && files.get(table.name)) ?? []
  if (spec.kind === 'append' && added.length === 0) return []
  const removed = inputs.removed.get(folder) ?? new Set()
  const draft = draftOf(inputs, { snapshot, table, files: added.map(dataFile), removed })
  if (draft === undefined) return []
  const { version, text } = renderCommit(draft, snapshot)
  return [{ folder, version, text }]
}

interface Change {
  readonly snapshot: Snapshot | undefined
  readonly table: TypedTable | undefined
  readonly files: readonly DataFile[]
  readonly removed: ReadonlySet<string>
}

const draftOf = (
  inputs: CommitInputs,
  { snapshot, table, files, removed }: Change,
): CommitDraft | undefined => {
  const context = contextOf(inputs)
  const definition = table && tableDefinition(inputs, table)
  if (snapshot === undefined) return definition && createDraft(definition, files, context)
  if (inputs.spec.kind === 'append') return appendDraft(snapshot, files, context)
  if (inputs.spec.kind === 'merge')
    return mergeDraft(snapshot, { added: files, removed, definition }, context)
  return overwriteDraft(snapshot, { files, ...(definition && { definition }) }, context)
}

const contextOf = ({ spec, place }: CommitInputs): CommitContext => ({
  at: spec.at,
  transaction: { appId: `lakewright:${place.folder}`, version: spec.number },
  parameters: { planHash: JSON.stringify(spec.planHash) },
})

const dataFile = ({ path, bytes, rows, sha256, stats }: PartFile): DataFile => ({
  path,
  size: bytes,
  rows,
  sha256,
  stats,
})

const expectedHead = async (
  { lake, place, spec }: CommitInputs,
  folder: string,
): Promise<Snapshot | undefined> => {
  const path = `${place.folder}/${folder}`
  const snapshot = await readSnapshot(lake.store, path)
  const expected = spec.heads[folder] ?? -1
  if ((snapshot?.version ?? -1) !== expected) return failMoved(path)
  if (snapshot !== undefined) refuseUnwritable(path, snapshot)
  return snapshot
}

/** Fails with delta.conflict: the table has a version that the run does not know. */
export const failMoved = (table: string): never =>
  fail('delta.conflict', `${table} was changed by another writer while the run worked`, {
    hint: 'Nothing was published; drop the run with lakewright runs cancel and begin again.',
    details: { table },
  })
