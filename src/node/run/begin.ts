import { availableParallelism } from 'node:os'
import { fail } from '../../core/errors.ts'
import type { Snapshot } from '../../core/delta/snapshot.ts'
import { appendObstacles, compareForAppend, isAppend } from '../../core/plan/append.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import { readSnapshot } from '../delta/read-snapshot.ts'
import type { Manifest } from '../../core/report/manifest.ts'
import { createRowSource } from '../../core/run/engines.ts'
import type { ForeignRule } from '../../core/run/decide.ts'
import { type CountRows, expectedRows, PART_SAMPLE } from '../../core/run/expected-rows.ts'
import { keySpaces } from '../../core/run/key-space.ts'
import { landedTables } from '../../core/run/landed.ts'
import { cutParts, type Part } from '../../core/run/parts.ts'
import type { RowSource } from '../../core/run/row-source.ts'
import {
  type EngineName,
  type FileOptions,
  fingerprintOf,
  publishWay,
  type RunKind,
  type RunSpec,
  isFlat,
} from '../../core/run/spec.ts'
import { kernelHost } from './kernel-host.ts'
import type { DatasetPlace, Lake } from './lake.ts'
import { loadPlan, planJson } from './load-plan.ts'
import { liveDeltaTables, livePlainTables } from './live-tables.ts'
import { beginMerge, type MergeInputs, type MergeStart } from './merge.ts'

/** What a new run is made of. `base` is the manifest of the dataset there, `at` the instant of the run. */
export interface Beginning {
  readonly plan: TypedPlan
  readonly kind: RunKind
  readonly options: FileOptions
  readonly base: Manifest | undefined
  readonly foreign: ForeignRule
  readonly number: number
  readonly at: number
}

/** The spec of a new run: all that it depends on, the heads of the tables it builds on included. */
export const beginRun = async (
  lake: Lake,
  place: DatasetPlace,
  { plan, kind, options, base, foreign, number, at }: Beginning,
): Promise<RunSpec> => {
  const way = publishWay(kind, options.format, base?.format)
  const before = kind === 'append' && base !== undefined ? await appendable(plan, base) : undefined
  const folders = way === 'commits' ? tableFolders(plan, base) : []
  const snapshots = await snapshotsOf(lake, place, folders)
  const start = { plan, options, base, foreign, count: rowCounter(plan, options.engine) }
  const merge = kind === 'merge' ? await mergeStart({ lake, place, snapshots }, start) : undefined
  return {
    version: 1,
    catalog: place.catalog,
    schema: place.schema,
    kind,
    way,
    plan: planJson(plan),
    planHash: plan.hash,
    parts: merge?.parts ?? partsOf(plan, options, before),
    options,
    fingerprint: fingerprintOf(plan.hash, place.name, options),
    number,
    at,
    heads: Object.fromEntries(
      [...snapshots].map(([folder, snapshot]) => [folder, snapshot?.version ?? -1]),
    ),
    base: base ?? null,
    ...(merge && { merge: { keeps: merge.keeps, foreign: merge.foreign } }),
  }
}

/** How many workers a run has unless it is told: one a core, at most one a part; one for DuckDB, which has threads of its own. */
export const defaultWorkers = (parts: readonly Part[], engine: EngineName): number =>
  engine === 'duckdb' ? 1 : Math.max(1, Math.min(availableParallelism(), parts.length))

interface Landed {
  readonly lake: Lake
  readonly place: DatasetPlace
  /** Of Delta tables; empty for other formats. */
  readonly snapshots: ReadonlyMap<string, Snapshot | undefined>
}

const mergeStart = async (
  { lake, place, snapshots }: Landed,
  {
    base,
    ...asked
  }: Pick<MergeInputs, 'plan' | 'options' | 'foreign' | 'count'> & Pick<Beginning, 'base'>,
): Promise<MergeStart> => {
  if (base === undefined) return fail('internal', 'a merge without a dataset')
  const found =
    base.format === 'delta' ? liveDeltaTables(snapshots) : await livePlainTables(lake, place, base)
  return beginMerge({ ...found, ...asked, base })
}

/** What decides how tables are cut; `partRows` are the rows that a part aims at where their number is not given. */
export interface PartOptions extends Pick<FileOptions, 'parts' | 'engine' | 'format'> {
  readonly partRows?: number
}

/** The parts of all tables that land; after an append's plan `before` only what is new. */
export const partsOf = (
  plan: TypedPlan,
  options: PartOptions,
  before?: TypedPlan,
): readonly Part[] => {
  const count = rowCounter(plan, options.engine)
  return landedTables(plan).flatMap((table) => {
    const from = before === undefined ? undefined : firstPositions(before, plan, table)
    if (from === 'unchanged') return []
    const expected = expectedRows(plan, table, { count, sample: PART_SAMPLE })
    const parts = partsWanted(options)
    const cut = {
      ...(parts === undefined ? {} : { parts }),
      ...(options.partRows === undefined ? {} : { partRows: options.partRows }),
      ...(from === undefined ? {} : { from }),
    }
    return cutParts(plan, { table, expected }, cut)
  })
}

/** How many parts a table is to have; undefined leaves it to its rows. Where a table is one file, a part is a table. */
const partsWanted = ({
  parts,
  format,
}: Pick<FileOptions, 'parts' | 'format'>): number | undefined =>
  parts ?? (isFlat(format) ? 1 : undefined)

/** Counts rows with an engine of this thread. */
export const rowCounter = (plan: TypedPlan, engine: EngineName): CountRows => {
  let last: { readonly table: TypedTable; readonly source: RowSource } | undefined
  const known = new Map<string, number>()
  return (table, range) => {
    const name = `${table.name} ${range.variant} ${range.lo} ${range.hi}`
    const before = known.get(name)
    if (before !== undefined) return before
    if (last?.table !== table)
      last = { table, source: createRowSource(plan, { table, wanted: [], engine }, kernelHost) }
    let rows = 0
    last.source.generate(range, (_, more) => {
      rows += more
    })
    known.set(name, rows)
    return rows
  }
}

/** Folders of the tables that a run writes or, being no longer in the plan, empties. */
export const tableFolders = (plan: TypedPlan, base: Manifest | undefined): readonly string[] => [
  ...new Set([
    ...landedTables(plan).map(({ landedName }) => landedName),
    ...(base?.tables ?? []).map(({ path }) => path),
  ]),
]

const snapshotsOf = async (
  { store }: Lake,
  place: DatasetPlace,
  folders: readonly string[],
): Promise<ReadonlyMap<string, Snapshot | undefined>> => {
  const snapshots = folders.map(
    async (folder) => [folder, await readSnapshot(store, `${place.folder}/${folder}`)] as const,
  )
  return new Map(await Promise.all(snapshots))
}

/** The plan that an append adds to; fails with plan.append, naming what differs, when the new one does more than add rows. */
const appendable = async (plan: TypedPlan, base: Manifest): Promise<TypedPlan> => {
  const before = await loadPlan(base.plan)
  const comparison = compareForAppend(before, plan)
  if (isAppend(comparison)) return before
  return fail('plan.append', `cannot append: ${appendObstacles(comparison).join('; ')}`, {
    hint: 'An append may only raise sizes that no landed cell depends on; choose --mode merge to replace what differs, or --mode overwrite.',
    details: { ...comparison },
  })
}

/** For each variant the first root position that is new; `unchanged` when there is none. */
const firstPositions = (
  before: TypedPlan,
  after: TypedPlan,
  table: TypedTable,
): readonly number[] | 'unchanged' => {
  const old = before.tables.get(table.name)
  if (old === undefined) return fail('internal', `table ${table.name} is new in an append`)
  const now = keySpaces(after, table)
  const then = keySpaces(before, old)
  const first = now.map((space, variant) => {
    const positions = then[variant]?.positions ?? 0
    const last = then[variant]?.keyAt(positions - 1)
    if (positions > 0 && space.keyAt(positions - 1) !== last) {
      fail(
        'plan.append',
        `cannot append: new keys of ${table.name} lie between those that are there`,
        {
          hint: 'Only the first dimension of a cross can grow; choose --mode merge or --mode overwrite.',
        },
      )
    }
    return positions
  })
  return first.every((position, variant) => position === now[variant]?.positions)
    ? 'unchanged'
    : first
}
