import { fail, unreachable } from '../../core/errors.ts'
import type { Json, WorkflowStep } from '../../core/ports.ts'
import { exactRows } from '../../core/run/expected-rows.ts'
import { declaredColumns } from '../../core/run/landed.ts'
import type { Part } from '../../core/run/parts.ts'
import { digestQuery } from '../../core/sql/digest.ts'
import { dropView, makeView } from '../../core/sql/views.ts'
import { factProperties } from '../../core/warehouse/facts.ts'
import type { WarehouseSpec } from '../../core/warehouse/spec.ts'
import {
  type Proof,
  type WarehouseStage,
  warehouseStageName,
  warehouseStages,
} from '../../core/warehouse/stages.ts'
import { targetText } from '../../core/warehouse/target.ts'
import { localWorkflow } from '../workflow/local.ts'
import { countQuery } from './begin.ts'
import type { WarehouseHost } from './host.ts'
import { cleanTables, describeTables, publishTables } from './publish.ts'
import { writeRecord } from './record.ts'
import {
  landedAs,
  partQuery,
  type Proven,
  type ReadyWarehouseRun,
  stagingOf,
  tableNamed,
} from './ready.ts'
import { type Statements, statementsOf } from './statements.ts'

/** Does all stages of a run that are not done yet, and gives the results of all by name. */
export const executeWarehouseRun = async (
  ready: ReadyWarehouseRun,
  host: WarehouseHost,
): Promise<ReadonlyMap<string, Json>> =>
  localWorkflow(ready.journal, host.clock).run({
    run: ready.run,
    phases: stagesToDo(ready.spec).map((stage) => [stepOf(stage)]),
    parallel: 1,
    execute: (step, done) => {
      host.signal.throwIfAborted()
      host.onEvent({ kind: 'stage', name: step.name })
      const statements = statementsOf(step.name, ready.statements)
      return executeStage(
        { ready, host, done, statements },
        step.input as unknown as WarehouseStage,
      )
    },
  })

/** The stages of a run that the journal keeps; the check comes before them each time. */
export const stagesToDo = ({
  target,
  parts,
  publications,
  options,
}: WarehouseSpec): readonly WarehouseStage[] =>
  warehouseStages({
    target: targetText(target),
    parts,
    publications,
    proof: options.proof,
    volume: options.volume,
  }).filter(({ kind }) => kind !== 'check')

/** The step's name of a table's proof. */
export const proofStep = (table: string): string =>
  warehouseStageName({ kind: 'prove', table, by: 'digest' })

const stepOf = (stage: WarehouseStage): WorkflowStep => ({
  name: warehouseStageName(stage),
  input: stage,
})

interface Executing {
  readonly ready: ReadyWarehouseRun
  readonly host: WarehouseHost
  readonly statements: Statements
  readonly done: ReadonlyMap<string, Json>
}

const executeStage = async (executing: Executing, stage: WarehouseStage): Promise<Json> => {
  const { ready, statements, done } = executing
  switch (stage.kind) {
    case 'create':
      return createStaging(executing, stage.table)
    case 'fill':
      return fillPart(executing, stage.part)
    case 'arrange': {
      const table = landedAs(ready, stage.table)
      await statements.run(ready.warehouse.landing.arrange(stagingOf(ready, stage.table), table))
      return null
    }
    case 'prove':
      return proveTable(executing, stage)
    case 'publish':
      return publishTables({ ready, statements })
    case 'describe':
      return describeTables({ ready, statements }, provenOf(done))
    case 'clean':
      return cleanTables({ ready, statements })
    case 'record':
      return writeRecord(ready, stage.volume, executing.host.signal)
    case 'check':
      return fail('internal', 'the check is not done by the workflow')
    default:
      return unreachable(stage)
  }
}

/** What the tables of a run have been proven to hold, by logical name. */
export const provenOf = (done: ReadonlyMap<string, Json>): ReadonlyMap<string, Proven> => {
  const prefix = proofStep('')
  return new Map(
    [...done].flatMap(([name, result]) =>
      name.startsWith(prefix)
        ? [[name.slice(prefix.length), result as unknown as Proven] as const]
        : [],
    ),
  )
}

const createStaging = async ({ ready, statements }: Executing, name: string): Promise<Json> => {
  const { landing } = ready.warehouse
  await statements.run([landing.create(stagingOf(ready, name), landedAs(ready, name))])
  return null
}

/** The rows that are staged once a part is in. */
type Filled = { readonly rows: number }

/** Inserts a part, unless an attempt before has done so, and counts what is there then. */
const fillPart = async (
  { ready, host, statements, done }: Executing,
  part: Part,
): Promise<Json> => {
  const { warehouse, plan, run, spec } = ready
  const { landing } = warehouse
  const table = tableNamed(plan, part.table)
  const staging = stagingOf(ready, part.table)
  const rowsBefore = rowsStaged(spec, done, part.table)
  const progress = partProgress(part, host)
  const columns = declaredColumns(table).map(({ name }) => name)
  const token = `lakewright-${run}-${part.table}-${part.number}`
  if (part.hi > part.lo) {
    const { text: query, views } = partQuery(ready, part)
    await statements.run(views.map((view) => makeView(landing.views.kind, view)))
    await statements.run(landing.insert(staging, { columns, query, rowsBefore, token }), {
      onProgress: progress.at,
    })
    await statements.run(views.map(dropView))
  }
  const rows = Number((await statements.row(countQuery(landing, staging)))['n'])
  progress.end(rows - rowsBefore)
  return { rows } satisfies Filled
}

/** Rows of a table that the parts which are done have staged. */
const rowsStaged = (
  { parts }: WarehouseSpec,
  done: ReadonlyMap<string, Json>,
  table: string,
): number => {
  const counts = parts
    .filter((part) => part.table === table)
    .map((part) => done.get(warehouseStageName({ kind: 'fill', part })) as Filled | undefined)
  return Math.max(0, ...counts.map((each) => each?.rows ?? 0))
}

/** Tells rows as the engine says how much of a statement is done, and in the end as many as there were. */
const partProgress = ({ rows: expected }: Part, { onEvent }: WarehouseHost) => {
  let told = 0
  const tell = (rows: number): void => {
    if (rows !== told) onEvent({ kind: 'rows', rows: rows - told })
    told = rows
  }
  return {
    at: (done: number, known: number): void =>
      tell(Math.max(told, known > 0 ? Math.floor((expected * Math.min(done, known)) / known) : 0)),
    end: tell,
  }
}

const proveTable = async (
  { ready, statements, done }: Executing,
  { table: name, by }: { readonly table: string; readonly by: Proof },
): Promise<Json> => {
  const { warehouse, plan, spec } = ready
  const { landing } = warehouse
  const table = tableNamed(plan, name)
  const staging = stagingOf(ready, name)
  const found = await statements.row(
    by === 'counts'
      ? countQuery(landing, staging)
      : digestQuery(
          landing.dialectName,
          declaredColumns(table),
          `SELECT * FROM ${landing.name(staging)}`,
        ),
  )
  const rows = Number(found['n'] ?? found['rows'])
  const digest = by === 'counts' ? null : String(found['digest'])
  const staged = rowsStaged(spec, done, name)
  const exact = (spec.kind === 'append' ? undefined : exactRows(plan, table)) ?? staged
  if (rows !== staged || rows !== exact)
    fail(
      'run.promise',
      `${name}: ${rows} rows are staged, expected ${rows === staged ? exact : staged}`,
      {
        hint: `Nothing was published; another writer was at ${landing.name(staging)}. Drop the run with lakewright runs cancel.`,
        details: { table: name, rows, staged, exact },
      },
    )
  const facts = { rows, ...(digest === null ? {} : { digest }) }
  const properties = { ...landedAs(ready, name).properties, ...factProperties(facts) }
  await statements.run(landing.setProperties(staging, properties))
  return { rows, digest } satisfies Proven
}
