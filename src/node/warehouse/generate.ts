import { fail } from '../../core/errors.ts'
import type { Journal, Json, RunRecord } from '../../core/ports.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import { decide, type Mode } from '../../core/run/decide.ts'
import { landedTables } from '../../core/run/landed.ts'
import { runId } from '../../core/run/names.ts'
import type { RunKind } from '../../core/run/spec.ts'
import { factsIn } from '../../core/warehouse/facts.ts'
import { datasetFound, type FoundTables, misfits } from '../../core/warehouse/found.ts'
import {
  type WarehouseFileOptions,
  warehouseFingerprint,
  type WarehouseSpec,
} from '../../core/warehouse/spec.ts'
import { warehouseStageName } from '../../core/warehouse/stages.ts'
import { targetText } from '../../core/warehouse/target.ts'
import type { Warehouse } from '../../core/warehouse/warehouse.ts'
import { crashPoint } from '../run/crash.ts'
import { loadPlan } from '../run/load-plan.ts'
import { beginWarehouseRun } from './begin.ts'
import { executeWarehouseRun, provenOf } from './execute.ts'
import type { WarehouseHost } from './host.ts'
import type { ReadyWarehouseRun } from './ready.ts'
import { refuseTarget } from './refuse.ts'
import { placeName, warehouseSpecJson, warehouseSpecOf, withPlace } from './state.ts'

/** What to generate and where. `lake` is the folder that keeps the journal. */
export interface WarehouseRequest {
  readonly lake: string
  readonly place: Pick<WarehouseSpec, 'warehouse' | 'connection' | 'target'>
  readonly plan: TypedPlan
  readonly mode: Mode | undefined
  readonly options: WarehouseFileOptions
}

/** A table that a run made or added to. */
export interface WarehouseTable {
  /** Its logical name, and its full name where it is. */
  readonly name: string
  readonly table: string
  /** Rows that this run made, and their digest unless they were only counted. */
  readonly rows: number
  readonly digest: string | null
  /** Wall seconds of its steps. */
  readonly seconds: number
}

/** What became of a request; `complete` means that the very same run was finished before. */
export interface WarehouseOutcome {
  readonly kind: 'finished' | 'complete'
  readonly run: string
  readonly warehouse: WarehouseSpec['warehouse']
  readonly where: string
  readonly target: string
  readonly planHash: string
  readonly tables: readonly WarehouseTable[]
  /** Wall seconds of this attempt, and those of them in which the engine was at work. */
  readonly seconds: number
  readonly engineSeconds: number
}

/** Makes a dataset in a warehouse, or goes on with an unfinished run of the same plan and options. */
export const generateInWarehouse = (
  request: WarehouseRequest,
  host: WarehouseHost,
): Promise<WarehouseOutcome> => {
  const { place, plan, options } = request
  return withPlace(request.lake, { place, crash: host.crash }, async (journal) => {
    const runs = (await journal.runs()).filter(({ dataset }) => dataset === placeName(place))
    const unfinished = runs.find(({ state }) => state === 'unfinished')
    return withWarehouse(place, host, async (warehouse) => {
      const found = await checkTarget(warehouse, { place, plan, kind: request.mode, host })
      const fingerprint = warehouseFingerprint(plan.hash, place, options)
      const decision = decide(
        { mode: request.mode, fingerprint, format: 'delta' },
        {
          dataset: datasetFound(plan, found),
          unfinished: unfinished && {
            id: unfinished.id,
            fingerprint: warehouseSpecOf(unfinished).fingerprint,
          },
        },
      )
      switch (decision.kind) {
        case 'refuse':
          return refuseTarget(warehouse, { place, plan, found, decision })
        case 'complete':
          return completeOutcome(warehouse, request, found)
        case 'resume':
          return carryOut({ warehouse, journal, host, run: decision.id, plan })
        case 'begin': {
          if (decision.run === 'append') refuseMisfits(warehouse, { place, plan, found })
          const number = Math.max(0, ...runs.map((run) => run.number)) + 1
          const begun = { request, found, kind: decision.run, number }
          const run = await noteRun({ warehouse, journal, host }, begun)
          return carryOut({ warehouse, journal, host, run, plan })
        }
      }
    })
  })
}

/** Opens the warehouse of a place and closes it after the work. */
export const withWarehouse = async <T>(
  place: WarehouseRequest['place'],
  { open }: Pick<WarehouseHost, 'open'>,
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> => {
  const warehouse = await open(place)
  try {
    return await work(warehouse)
  } finally {
    await warehouse.close()
  }
}

interface Checked {
  readonly place: WarehouseRequest['place']
  readonly plan: TypedPlan
  readonly kind: Mode | RunKind | undefined
  readonly host: WarehouseHost
}

/** Checks privileges, catalog and schema before anything is made, and gives the plan's tables that are there. */
export const checkTarget = async (
  warehouse: Warehouse,
  { place, plan, kind, host }: Checked,
): Promise<FoundTables> => {
  const names = landedTables(plan).map(({ landedName }) => landedName)
  const findings = await warehouse.privileges(place.target, {
    existing: kind === 'append' || kind === 'overwrite' ? names : [],
    replaces: kind === 'overwrite',
  })
  const lacking = findings.filter(({ held }) => held === false)
  if (lacking.length > 0) {
    host.onPrivileges(findings)
    const list = lacking.map(({ privilege, on }) => `${privilege} on ${on}`).join(', ')
    fail('service.denied', `${warehouse.place} does not grant ${list}`, {
      hint: lacking.map(({ mend }) => mend).join('; '),
      details: { findings },
    })
  }
  await warehouse.prepare(place.target)
  return warehouse.look(place.target, names)
}

/** Fails with dataset.columns when a table that is there does not have the plan's columns. */
const refuseMisfits = (
  warehouse: Warehouse,
  { place, plan, found }: Pick<Checked, 'place' | 'plan'> & { readonly found: FoundTables },
): void => {
  const [first] = misfits(plan, found, warehouse.landing)
  if (first === undefined) return
  const name = warehouse.landing.name({ ...place.target, table: first.table })
  fail('dataset.columns', `${name} does not fit the plan: it ${first.problem}`, {
    hint: 'Choose another --target, or move the table away.',
    details: { table: first.table },
  })
}

interface Running {
  readonly warehouse: Warehouse
  readonly journal: Journal
  readonly host: WarehouseHost
}

interface Begun {
  readonly request: WarehouseRequest
  readonly found: FoundTables
  readonly kind: RunKind
  readonly number: number
}

const noteRun = async (
  { warehouse, journal, host }: Running,
  { request, found, kind, number }: Begun,
): Promise<string> => {
  const at = host.clock.now()
  const { place, plan, options } = request
  const spec = await beginWarehouseRun(warehouse, { place, plan, kind, options, found, number, at })
  // Staging tables bear the run's id, and runs of other machines may have the same number.
  const identity = { planHash: plan.hash, dataset: `${placeName(place)} ${at}`, number }
  const id = runId(identity)
  const record: RunRecord = {
    id,
    dataset: placeName(place),
    number,
    state: 'unfinished',
    createdAt: at,
    endedAt: undefined,
    spec: warehouseSpecJson(spec),
  }
  if (!(await journal.add(record))) fail('internal', `run ${id} is in the journal already`)
  return id
}

interface Carried extends Running {
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
  const before = await journal.steps(run)
  await beginAttempt(ready, host)
  host.onEvent(begunEvent(ready, new Set(before.map(({ name }) => name))))
  const results = await executeWarehouseRun(ready, host)
  await journal.end(run, 'finished', host.clock.now())
  return {
    kind: 'finished',
    ...whereOf(warehouse, spec),
    run,
    tables: await summarise(ready, results),
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

/** The plan of a run, made again; its hash must not have changed with the package's vocabularies. */
export const samePlan = async (spec: WarehouseSpec): Promise<TypedPlan> => {
  const plan = await loadPlan(spec.plan)
  return plan.hash === spec.planHash
    ? plan
    : fail('plan.invalid', 'the plan of the run now resolves to another one', {
        hint: 'Another version of Lakewright began the run; go on with that, or cancel the run.',
      })
}

const begunEvent = ({ run, spec }: ReadyWarehouseRun, names: ReadonlySet<string>) => {
  const done = spec.parts.filter((part) => names.has(warehouseStageName({ kind: 'fill', part })))
  return {
    kind: 'begun',
    run,
    resumed: names.size > 0,
    expected: rowsOf(spec.parts),
    done: rowsOf(done),
  } as const
}

const rowsOf = (parts: WarehouseSpec['parts']): number =>
  parts.reduce((sum, part) => sum + part.rows, 0)

const whereOf = (
  warehouse: Warehouse,
  { target, planHash }: Pick<WarehouseSpec, 'target' | 'planHash'>,
) => ({
  warehouse: warehouse.name,
  where: warehouse.place,
  target: targetText(target),
  planHash,
})

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

const completeOutcome = (
  warehouse: Warehouse,
  { plan, place }: WarehouseRequest,
  found: FoundTables,
): WarehouseOutcome => {
  const tables = landedTables(plan).map(({ name, landedName }): WarehouseTable => {
    const facts = factsIn(found.get(landedName)?.properties ?? {})
    return {
      name,
      table: warehouse.landing.name({ ...place.target, table: landedName }),
      rows: facts?.rows ?? 0,
      digest: facts?.digest ?? null,
      seconds: 0,
    }
  })
  const [first] = landedTables(plan)
  return {
    kind: 'complete',
    ...whereOf(warehouse, { target: place.target, planHash: plan.hash }),
    run: factsIn(found.get(first?.landedName ?? '')?.properties ?? {})?.run ?? '',
    tables,
    seconds: 0,
    engineSeconds: 0,
  }
}
