import { fail, unreachable } from '../../core/errors.ts'
import type { Json } from '../../core/ports.ts'
import { declaredColumns, landedTables } from '../../core/run/landed.ts'
import { factProperties, factsIn, factsOf, joinedDigest } from '../../core/warehouse/facts.ts'
import { digestQuery } from '../../core/sql/digest.ts'
import type { FoundTables } from '../../core/warehouse/found.ts'
import {
  hasBegun,
  nextMove,
  type Publication,
  type PublishMove,
  type PublishState,
} from '../../core/warehouse/publication.ts'
import { isCompared } from '../../core/warehouse/stages.ts'
import { retiredName, stagingName, type TableName } from '../../core/warehouse/target.ts'
import { countQuery } from './begin.ts'
import { landedAs, type Proven, type ReadyWarehouseRun, tableNamed } from './ready.ts'
import type { Statements } from './statements.ts'

/** A step of a run at the end, over all of its tables. */
export interface Ending {
  readonly ready: ReadyWarehouseRun
  readonly statements: Statements
}

/**
 * Publishes all tables in the plan's order, by what is there: after an attempt that was cut off it goes on. Fails with
 * delta.conflict before the first move when another writer has been at one of them.
 */
export const publishTables = async (ending: Ending): Promise<Json> => {
  const { publications } = ending.ready.spec
  const found = await lookAtAll(ending)
  const moves = await movesOf(ending, found)
  const moved = publications.find((_, i) => moves[i] === 'moved')
  if (moved !== undefined) failMoved(ending.ready, moved)
  for (const [i, publication] of publications.entries())
    if (moves[i] === 'insert') await requireSame(ending, publication, found)
  for (const [i, publication] of publications.entries())
    await publishTable(ending, publication, moves[i] ?? 'done')
  return null
}

/** The next move of each table's publication. */
const movesOf = async (ending: Ending, found: FoundTables): Promise<readonly PublishMove[]> => {
  const states = await statesOf(ending, found)
  const { run, spec } = ending.ready
  return spec.publications.map((each, i) => nextMove(run, each, states[i] ?? NOTHING_THERE))
}

const NOTHING_THERE: PublishState = { staging: false, retired: false, madeBy: undefined }

/** Whether any table of a run has begun to be published. */
export const isPublishing = async (ending: Ending): Promise<boolean> => {
  const states = await statesOf(ending, await lookAtAll(ending))
  const { run, spec } = ending.ready
  return spec.publications.some((each, i) => hasBegun(run, each, states[i] ?? NOTHING_THERE))
}

const statesOf = async (ending: Ending, found: FoundTables): Promise<readonly PublishState[]> => {
  const states: PublishState[] = []
  for (const each of ending.ready.spec.publications) states.push(await stateOf(ending, each, found))
  return states
}

/** What is there of the names that a run uses. */
const lookAtAll = ({ ready: { warehouse, spec, run, plan } }: Ending): Promise<FoundTables> =>
  warehouse.look(
    spec.target,
    landedTables(plan).flatMap(({ landedName }) => [
      landedName,
      stagingName(run, landedName),
      retiredName(run, landedName),
    ]),
  )

const stateOf = async (
  { ready: { warehouse, spec, run }, statements }: Ending,
  { landed, way }: Publication,
  found: FoundTables,
): Promise<PublishState> => {
  const published = found.get(landed)
  const staging = stagingName(run, landed)
  const state: PublishState = {
    staging: found.has(staging),
    retired: found.has(retiredName(run, landed)),
    madeBy: published && (factsIn(published.properties)?.run ?? ''),
  }
  if (way !== 'insert' || published === undefined || !state.staging) return state
  const count = async (table: string): Promise<number> =>
    Number((await statements.row(countQuery(warehouse.landing, { ...spec.target, table })))['n'])
  return { ...state, rows: { published: await count(landed), staging: await count(staging) } }
}

/** Fails with delta.conflict when a table that is added to no longer has the rows of its digest, where that is read. */
const requireSame = async (
  { ready, statements }: Ending,
  publication: Publication,
  found: FoundTables,
): Promise<void> => {
  const { landing } = ready.warehouse
  const facts = factsIn(found.get(publication.landed)?.properties ?? {})
  if (facts === undefined || !isCompared(facts, ready.spec.options.proof)) return
  const columns = declaredColumns(tableNamed(ready.plan, publication.table))
  const all = `SELECT * FROM ${landing.name(nameOf(ready, publication.landed))}`
  const row = await statements.row(digestQuery(landing.dialectName, columns, all))
  if (row['digest'] === facts.digest) return
  failMoved(ready, publication, 'no longer has the rows of its digest: another writer changed it')
}

const publishTable = async (
  ending: Ending,
  publication: Publication,
  move: PublishMove,
): Promise<void> => {
  const { ready, statements } = ending
  const { landing } = ready.warehouse
  const { landed } = publication
  const published = nameOf(ready, landed)
  const staging = nameOf(ready, stagingName(ready.run, landed))
  switch (move) {
    case 'retire':
      await statements.run([
        landing.rename(published, nameOf(ready, retiredName(ready.run, landed))),
        landing.rename(staging, published),
      ])
      return
    case 'rename':
      return statements.run([landing.rename(staging, published)])
    case 'insert':
      return insertStaged(ending, publication)
    case 'done':
      return
    case 'moved':
      return failMoved(ready, publication)
    default:
      return unreachable(move)
  }
}

const insertStaged = async (ending: Ending, publication: Publication): Promise<void> => {
  const { ready, statements } = ending
  const { landing } = ready.warehouse
  const { table: name, landed, rowsBefore } = publication
  const columns = declaredColumns(tableNamed(ready.plan, name)).map((column) => column.name)
  const staging = nameOf(ready, stagingName(ready.run, landed))
  const quoted = columns.map(landing.dialect.quoteIdentifier).join(', ')
  await statements.run(
    landing.insert(nameOf(ready, landed), {
      columns,
      query: `SELECT ${quoted} FROM ${landing.name(staging)}`,
      rowsBefore,
      token: `lakewright-${ready.run}-${name}-publish`,
    }),
  )
  const found = await lookAtAll(ending)
  const move = nextMove(ready.run, publication, await stateOf(ending, publication, found))
  if (move !== 'done') failMoved(ready, publication)
}

/** Fails with delta.conflict: a table has changed since the run began, or as the reason says. */
const failMoved = (
  { warehouse, spec, run }: ReadyWarehouseRun,
  { landed }: Publication,
  reason = 'was changed by another writer while the run worked',
): never => {
  const table = warehouse.landing.name({ ...spec.target, table: landed })
  return fail('delta.conflict', `${table} ${reason}`, {
    hint: `Put it back as it was and go on: lakewright runs resume ${run}; or drop the run: lakewright runs cancel ${run}`,
    details: { table, run },
  })
}

const nameOf = ({ spec }: ReadyWarehouseRun, table: string): TableName => ({
  ...spec.target,
  table,
})

/** Sets what the published tables say of themselves, and what refers from one to another. */
export const describeTables = async (
  { ready, statements }: Ending,
  proven: ReadonlyMap<string, Proven>,
): Promise<Json> => {
  const { warehouse, spec, plan, run } = ready
  const { landing } = warehouse
  const { fingerprint, number } = spec
  const tables = landedTables(plan)
  if (spec.kind === 'append') {
    const facts = factsOf(plan, { fingerprint, run, number })
    const found = await warehouse.look(
      spec.target,
      tables.map(({ landedName }) => landedName),
    )
    for (const { name, landedName } of tables) {
      const before = factsIn(found.get(landedName)?.properties ?? {})
      const added = proven.get(name)
      // Described by an attempt before, which was cut off.
      if (before?.run === run) continue
      const rows = (before?.rows ?? 0) + (added?.rows ?? 0)
      const digest =
        added === undefined
          ? before?.digest
          : joinedDigest(before?.digest, added.digest ?? undefined)
      await statements.run(
        landing.setProperties(
          nameOf(ready, landedName),
          factProperties({ ...facts, rows, digest: digest ?? '' }),
        ),
      )
    }
  }
  for (const { name, landedName } of tables)
    await statements.run(landing.relate(nameOf(ready, landedName), landedAs(ready, name)))
  return null
}

/** Removes what a run no longer needs: its staging tables, and the tables that it has replaced. */
export const cleanTables = async (ending: Ending): Promise<Json> => {
  const { ready, statements } = ending
  const { warehouse, spec, run } = ready
  const found = await lookAtAll(ending)
  for (const publication of spec.publications) requireNamed(ready, publication, found)
  for (const { landed } of spec.publications)
    for (const name of [stagingName(run, landed), retiredName(run, landed)])
      await statements.run([warehouse.landing.drop(nameOf(ready, name))])
  return null
}

/** Fails while rows lie under their staging name: an engine may say yes to a new name and do nothing. */
const requireNamed = (
  ready: ReadyWarehouseRun,
  { landed, way }: Publication,
  found: FoundTables,
): void => {
  const { warehouse, run } = ready
  const staging = stagingName(run, landed)
  if (way === 'insert' || (found.has(landed) && !found.has(staging))) return
  const [table, rows] = [landed, staging].map((name) => warehouse.landing.name(nameOf(ready, name)))
  fail('engine.failed', `${table} has not got its name, though ${warehouse.place} took it`, {
    hint: `Its rows are in ${rows}. Nothing is dropped: name it by hand, then lakewright runs resume ${run}.`,
    details: { table, run },
  })
}
