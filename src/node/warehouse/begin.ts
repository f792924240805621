import { fail } from '../../core/errors.ts'
import type { Engine, Json } from '../../core/ports.ts'
import { appendObstacles, compareForAppend, isAppend } from '../../core/plan/append.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import { landedTables } from '../../core/run/landed.ts'
import type { Part } from '../../core/run/parts.ts'
import type { RunKind } from '../../core/run/spec.ts'
import {
  factsIn,
  lawDifferences,
  planWithSizes,
  type TableFacts,
} from '../../core/warehouse/facts.ts'
import { factsOfTables, type FoundTables } from '../../core/warehouse/found.ts'
import { type Landing, landingTable } from '../../core/warehouse/landing.ts'
import { type Publication, publicationWay } from '../../core/warehouse/publication.ts'
import {
  type WarehouseFileOptions,
  warehouseFingerprint,
  type WarehouseSpec,
} from '../../core/warehouse/spec.ts'
import type { Target } from '../../core/warehouse/target.ts'
import { byRow } from '../engine/result.ts'
import { partsOf } from '../run/begin.ts'
import { loadPlan, planJson } from '../run/load-plan.ts'
import { warehouseSpecJson } from './state.ts'

/** Rows of a statement unless the number of parts is given: engines cut within a statement, so a part is a unit of retry alone. */
export const STATEMENT_ROWS = 100_000_000

/** What a new run is made of. `found` are the plan's tables that the target has. */
export interface WarehouseBeginning {
  readonly place: Pick<WarehouseSpec, 'warehouse' | 'connection' | 'target'>
  readonly plan: TypedPlan
  readonly kind: RunKind
  readonly options: WarehouseFileOptions
  readonly found: FoundTables
  readonly number: number
  readonly at: number
}

/** Where a run asks what it must know of tables that are there. */
export interface Asking {
  readonly engine: Engine
  readonly landing: Landing
}

/** The spec of a new run. Fails with plan.append, naming what differs, when an append would do more than add rows. */
export const beginWarehouseRun = async (
  asking: Asking,
  { place, plan, kind, options, found, number, at }: WarehouseBeginning,
): Promise<WarehouseSpec> => {
  const before = kind === 'append' ? await planBefore(plan, found) : undefined
  const parts = warehouseParts(plan, options, before)
  const touched = new Set(parts.map(({ table }) => table))
  const publications: Publication[] = []
  for (const table of landedTables(plan)) {
    const { name, landedName } = table
    const there = found.get(landedName)
    const way = publicationWay(kind, there !== undefined)
    if (way === 'insert' && !touched.has(name)) continue
    publications.push({
      table: name,
      landed: landedName,
      way,
      rowsBefore: way === 'insert' ? await rowsOf(asking, place.target, landedName) : 0,
      before: (there && factsIn(there.properties)?.run) ?? '',
    })
  }
  const spec: WarehouseSpec = {
    version: 1,
    ...place,
    kind,
    plan: planJson(plan),
    planHash: plan.hash,
    parts,
    publications,
    options,
    fingerprint: warehouseFingerprint(plan.hash, place, options),
    number,
    at,
  }
  return warehouseSpecJson(spec) as unknown as WarehouseSpec
}

/** Fails with usage.option when a table cannot be arranged as asked. */
export const refuseArrangements = (
  landing: Landing,
  { plan, arrangements, target }: Arranging,
): void => {
  for (const table of landedTables(plan)) {
    const arrangement = arrangements[table.landedName]
    landing.create(
      { ...target, table: table.landedName },
      landingTable(plan, table, { arrangement, properties: {} }),
    )
  }
}

interface Arranging extends Pick<WarehouseFileOptions, 'arrangements'> {
  readonly plan: TypedPlan
  readonly target: Target
}

/** The parts of all tables that land; after an append's plan `before` only what is new. */
export const warehouseParts = (
  plan: TypedPlan,
  { parts }: Pick<WarehouseFileOptions, 'parts'>,
  before?: TypedPlan,
): readonly Part[] =>
  partsOf(
    plan,
    {
      engine: 'native',
      format: 'delta',
      partRows: STATEMENT_ROWS,
      ...(parts === undefined ? {} : { parts }),
    },
    before,
  )

/** The plan whose rows are there, as the tables' properties tell it. */
export const planBefore = async (plan: TypedPlan, found: FoundTables): Promise<TypedPlan> => {
  const facts = factsOfTables(plan, found).filter((each): each is TableFacts => each !== undefined)
  const [first] = facts
  if (first === undefined) return fail('internal', 'an append to nothing')
  const missing = landedTables(plan).find(({ landedName }) => !found.has(landedName))
  if (missing !== undefined)
    failAppend([`there is no table ${missing.landedName}`], { table: missing.landedName })
  if (facts.some(({ planHash }) => planHash !== first.planHash))
    failAppend(['the tables are not all of one run'], {})
  const differences = lawDifferences(plan.plan, first)
  if (differences.length > 0) failAppend(differences, { differences })
  const before = await loadPlan(JSON.parse(JSON.stringify(planWithSizes(plan.plan, first))) as Json)
  const comparison = compareForAppend(before, plan)
  return isAppend(comparison) ? before : failAppend(appendObstacles(comparison), { ...comparison })
}

const failAppend = (
  reasons: readonly string[],
  details: Readonly<Record<string, unknown>>,
): never =>
  fail('plan.append', `cannot append: ${reasons.slice(0, 5).join('; ')}`, {
    hint: 'An append may only raise sizes that no landed cell depends on; choose --mode overwrite to replace all tables.',
    details,
  })

const rowsOf = async (
  { engine, landing }: Asking,
  target: Target,
  table: string,
): Promise<number> => {
  const [row] = byRow(await engine.columns(countQuery(landing, { ...target, table })))
  return Number(row?.['n'] ?? 0)
}

/** A query for the number of rows of a table, as `n`. */
export const countQuery = (landing: Landing, name: Parameters<Landing['name']>[0]): string =>
  `SELECT count(*) AS n FROM ${landing.name(name)}`
