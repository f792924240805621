import { fail } from '../../core/errors.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import { expectedRows, PART_SAMPLE } from '../../core/run/expected-rows.ts'
import { landedTables } from '../../core/run/landed.ts'
import { BIGQUERY_LANDING } from '../../core/warehouse/bigquery-landing.ts'
import type { BatchMode, BatchPiece } from '../../core/warehouse/dataproc.ts'
import { type FoundTables, misfits } from '../../core/warehouse/found.ts'
import type { Arrangement } from '../../core/warehouse/landing.ts'
import type { FoundTable } from '../../core/warehouse/warehouse.ts'
import { rowCounter } from '../run/begin.ts'
import { warehouseParts } from '../warehouse/begin.ts'
import { batchOfTable, planBeforeBatch, planInTables } from './append.ts'
import type { BatchPlace } from './batches.ts'
import type { BatchLanding } from './permissions.ts'

/** What a batch is to do, as it was asked for. */
export interface Submission extends BatchLanding {
  readonly plan: TypedPlan
  /** What becomes of tables that are there; without it they are left alone and nothing is submitted. */
  readonly mode: BatchMode | undefined
  readonly batchId: string | undefined
  readonly subnet: string | undefined
  readonly runtime: string
  readonly connector: string
  readonly partitions: number | undefined
  /** By landed name of a table: how its rows are to lie. */
  readonly arrangements: Readonly<Record<string, Arrangement>>
}

/** What a batch writes, and the plan whose rows stay; `rows` of all tables, `most` of the largest. */
export interface BatchWork {
  readonly before: TypedPlan | undefined
  readonly pieces: readonly BatchPiece[]
  readonly rows: number
  readonly most: number
}

/** What a batch has to write: all rows of the plan, or what an append adds to those that are there. */
export const batchWork = async (
  place: BatchPlace,
  submission: Submission,
  found: FoundTables,
): Promise<BatchWork> => {
  const { plan } = submission
  const tables = landedTables(plan)
  const before = await rowsThere(place, submission, found)
  const parts = before === undefined ? undefined : warehouseParts(plan, {}, before)
  if (parts?.length === 0)
    fail('plan.append', 'cannot append: the tables have all rows of the plan already')
  const pieces =
    parts === undefined
      ? tables.map((table): BatchPiece => ({ table }))
      : tables.flatMap((table) =>
          parts
            .filter((part) => part.table === table.name)
            .map((part): BatchPiece => ({ table, part })),
        )
  const rows = tables.map((table) =>
    parts === undefined
      ? rowsOf(plan, table)
      : parts.reduce((sum, part) => sum + (part.table === table.name ? part.rows : 0), 0),
  )
  return {
    before,
    pieces,
    rows: rows.reduce((sum, each) => sum + each, 0),
    most: Math.max(...rows),
  }
}

/** Fails with dataset.exists when tables are there that a batch is not to write into: nobody said how, others' columns, the same rows. */
export const checkTables = (
  { plan, dataset, mode, batchId }: Submission,
  found: FoundTables,
): void => {
  const where = `${dataset.project}.${dataset.dataset}`
  // Submitted before: Dataproc knows the request, or refuses another one of that id.
  if (found.size === 0 || isOwn(batchId, found)) return
  if (mode === undefined)
    fail('dataset.exists', `${where} has ${[...found.keys()].join(', ')} already`, {
      hint: 'Say what becomes of their rows: --write-mode overwrite or append.',
    })
  const twice = [...found].find(
    ([, table]) => mode === 'append' && table.properties['lakewright.planHash'] === plan.hash,
  )
  if (twice !== undefined)
    fail('dataset.exists', `${where}.${twice[0]} was given the rows of this very plan before`, {
      hint: `${madeBy(twice[1])}Appending would bring every key twice: raise a size, or --write-mode overwrite.`,
    })
  const [misfit] = misfits(plan, found, BIGQUERY_LANDING)
  if (misfit !== undefined)
    fail('dataset.exists', `${where}.${misfit.table} ${misfit.problem}`, {
      hint: 'A batch writes rows and changes no columns: give another --table-suffix or --dataset-id, or drop the table.',
    })
}

/** The plan whose rows stay and are added to; undefined when all rows are made. */
const rowsThere = async (
  place: BatchPlace,
  { plan, mode, batchId }: Submission,
  found: FoundTables,
): Promise<TypedPlan | undefined> => {
  const [table] = found.values()
  if (table === undefined) return undefined
  if (isOwn(batchId, found)) return planBeforeBatch(plan, table)
  return mode === 'append' ? planInTables(place, plan, found) : undefined
}

const isOwn = (batchId: string | undefined, found: FoundTables): boolean =>
  batchId !== undefined && [...found.values()].every((table) => batchOfTable(table) === batchId)

const madeBy = (table: FoundTable): string => {
  const batch = batchOfTable(table)
  return batch === undefined ? '' : `It was batch ${batch}. `
}

const rowsOf = (plan: TypedPlan, table: TypedTable): number =>
  expectedRows(plan, table, { count: rowCounter(plan, 'native'), sample: PART_SAMPLE }).rows
