import type { RunKind } from '../run/spec.ts'

/**
 * How the staged rows of a table become its own: the staging table takes the name, which nobody has; or takes it from
 * a table that is retired first; or its rows are inserted into the table that is there.
 */
export type PublishWay = 'take' | 'replace' | 'insert'

/**
 * The publication of a table by its logical name. `rowsBefore` are those of the table that an insert adds to, `before`
 * the run that made the table which was there when the run began, empty where there was none or of others.
 */
export type Publication = {
  readonly table: string
  readonly landed: string
  readonly way: PublishWay
  readonly rowsBefore: number
  readonly before: string
}

/** Which way a table is published, given whether one of its name is there. */
export const publicationWay = (kind: RunKind, exists: boolean): PublishWay => {
  if (!exists) return 'take'
  return kind === 'append' ? 'insert' : 'replace'
}

/** What the names of a table stand for now: whether the staged and the retired one are there, and which run made the published one. */
export interface PublishState {
  readonly staging: boolean
  readonly retired: boolean
  /** Undefined when there is no published table; empty when it is not of Lakewright. */
  readonly madeBy: string | undefined
  /** Rows of the published table and of the staging table; only for an insert. */
  readonly rows?: { readonly published: number; readonly staging: number }
}

/** What is to be done next for a table; `moved` when another writer was there since the run began. */
export type PublishMove = 'retire' | 'rename' | 'insert' | 'done' | 'moved'

/**
 * The next move of a table's publication by what is there now, so that one that was cut off at any point goes on:
 * first the old table is retired, then the new one takes its name. Nothing is dropped before all tables are published.
 */
export const nextMove = (
  run: string,
  publication: Publication,
  state: PublishState,
): PublishMove =>
  publication.way === 'insert'
    ? nextInsert(run, publication, state)
    : nextRename(run, publication, state)

/** Whether a table's publication has begun, so that the run can only go forwards. */
export const hasBegun = (
  run: string,
  { rowsBefore }: Publication,
  { retired, madeBy, rows }: PublishState,
): boolean =>
  retired ||
  madeBy === run ||
  (rows !== undefined && rows.published === rowsBefore + rows.staging && rows.staging > 0)

const nextInsert = (
  run: string,
  { rowsBefore, before }: Publication,
  { madeBy, rows }: PublishState,
): PublishMove => {
  if (rows === undefined || (madeBy !== before && madeBy !== run)) return 'moved'
  if (rows.published === rowsBefore + rows.staging) return 'done'
  return rows.published === rowsBefore ? 'insert' : 'moved'
}

const nextRename = (
  run: string,
  { way, before }: Publication,
  { staging, retired, madeBy }: PublishState,
): PublishMove => {
  if (madeBy === run) return 'done'
  if (!staging) return 'moved'
  if (madeBy === undefined) return way === 'take' || retired ? 'rename' : 'moved'
  return way === 'replace' && !retired && madeBy === before ? 'retire' : 'moved'
}
