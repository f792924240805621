import { fail } from '../../core/errors.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import type { Journal, Json } from '../../core/ports.ts'
import { factsIn } from '../../core/warehouse/facts.ts'
import { recordPath } from '../../core/warehouse/record.ts'
import { warehouseStageName } from '../../core/warehouse/stages.ts'
import { stagingName } from '../../core/warehouse/target.ts'
import type { Warehouse } from '../../core/warehouse/warehouse.ts'
import { crashPoint } from '../run/crash.ts'
import { begunEvent, samePlan } from '../run/begun-run.ts'
import { executeWarehouseRun, provenOf } from './execute.ts'
import type { WarehouseHost } from './host.ts'
import { type WarehouseOutcome, type WarehouseTable, whereOf } from './outcome.ts'
import type { ReadyWarehouseRun } from './ready.ts'
import { warehouseSpecOf } from './state.ts'

/** What runs are done with. */
export interface Running {
  readonly warehouse: Warehouse
  readonly journal: Journal
  readonly host: WarehouseHost
}

/** A run to carry out; its plan is made again unless it is given. */
export interface Carried extends Running {
  readonly run: string
  readonly plan?: TypedPlan
}

/** Does what is left of a run that is in the journal. */
export const carryOut = async ({
  warehouse,
  journal,
  host,
  run,
  plan,
}: Carried): Promise<WarehouseOutcome> => {
  const record = (await journal.run(run)) ?? fail('run.missing', `there is no run "${run}"`)
  const spec = warehouseSpecOf(record)
  const began = host.now()
  let engineTime = 0
  const onTime = (milliseconds: number): void => {
    engineTime += milliseconds
  }
  const ready: ReadyWarehouseRun = {
    warehouse: timedLooks(warehouse, { now: host.now, onTime }),
    journal,
    run,
    spec,
    plan: plan ?? (await samePlan(spec)),
    statements: {
      engine: warehouse.engine,
      signal: host.signal,
      crash: crashPoint(host.crash),
      now: host.now,
      onTime,
    },
  }
  const done = new Set((await journal.steps(run)).map(({ name }) => name))
  await beginAttempt(ready, host)
  if (done.size > 0) await requireStaged(ready, done)
  host.onEvent(
    begunEvent(run, spec.parts, {
      steps: done,
      stepOf: (part) => warehouseStageName({ kind: 'fill', part }),
    }),
  )
  const results = await executeWarehouseRun(ready, host)
  await journal.end(run, 'finished', host.clock.now())
  return {
    kind: 'finished',
    ...whereOf(warehouse, spec),
    run,
    tables: await summarise(ready, results),
    ...(spec.options.volume === undefined
      ? {}
      : { manifest: recordPath(spec.options.volume, ready.plan) }),
    seconds: (host.now() - began) / 1000,
    engineSeconds: engineTime / 1000,
  }
}

/** Looking at what is there is the engine's work too. */
const timedLooks = (
  warehouse: Warehouse,
  { now, onTime }: Pick<ReadyWarehouseRun['statements'], 'now' | 'onTime'>,
): Warehouse => ({
  ...warehouse,
  look: async (target, names) => {
    const began = now()
    const found = await warehouse.look(target, names)
    onTime(now() - began)
    return found
  },
})

/** Stops what earlier attempts may have left running, and notes this one. */
const beginAttempt = async (
  { warehouse, journal, run }: ReadyWarehouseRun,
  { clock }: WarehouseHost,
): Promise<void> => {
  const earlier = (await journal.steps(run)).filter(({ name }) => name.startsWith(SESSION))
  for (const { result } of earlier) await warehouse.stopSession(result)
  const at = clock.now()
  await journal.note(run, {
    name: `${SESSION}${earlier.length + 1}`,
    startedAt: at,
    endedAt: at,
    result: warehouse.session,
  })
}

const SESSION = 'session '

/** Fails with dataset.missing when a staging table that is not published yet is no longer there. */
const requireStaged = async (
  { warehouse, run, spec }: ReadyWarehouseRun,
  done: ReadonlySet<string>,
): Promise<void> => {
  if (done.has('publish')) return
  const made = spec.publications.filter(({ table }) =>
    done.has(warehouseStageName({ kind: 'create', table })),
  )
  const names = made.flatMap(({ landed }) => [landed, stagingName(run, landed)])
  const found = await warehouse.look(spec.target, names)
  const lost = made.find(
    ({ landed }) =>
      !found.has(stagingName(run, landed)) &&
      factsIn(found.get(landed)?.properties ?? {})?.run !== run,
  )
  if (lost === undefined) return
  const name = warehouse.landing.name({ ...spec.target, table: stagingName(run, lost.landed) })
  fail('dataset.missing', `${name}, where run ${run} was building, is no longer there`, {
    hint: `A Spark that keeps its catalog in memory forgets its tables when it ends. Begin again: lakewright runs cancel ${run}`,
    details: { run, table: lost.table },
  })
}

const summarise = async (
  { warehouse, journal, run, spec }: ReadyWarehouseRun,
  results: ReadonlyMap<string, Json>,
): Promise<readonly WarehouseTable[]> => {
  const steps = await journal.steps(run)
  const proven = provenOf(results)
  return spec.publications.map(({ table, landed }) => {
    const own = steps.filter(({ name }) => isStepOf(name, table))
    const found = proven.get(table)
    return {
      name: table,
      table: warehouse.landing.name({ ...spec.target, table: landed }),
      rows: found?.rows ?? 0,
      digest: found?.digest ?? null,
      seconds: own.reduce((sum, { startedAt, endedAt }) => sum + (endedAt - startedAt), 0) / 1000,
    }
  })
}

const isStepOf = (step: string, table: string): boolean =>
  step.split(' ')[1]?.replace(/\/\d+$/, '') === table
