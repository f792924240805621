import { fail } from '../../core/errors.ts'
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
import type { Warehouse } from '../../core/warehouse/warehouse.ts'
import { follow } from '../http/fetch.ts'
import { addRun } from '../run/begun-run.ts'
import { beginWarehouseRun, refuseArrangements } from './begin.ts'
import { carryOut, type Running } from './carry.ts'
import type { WarehouseHost } from './host.ts'
import { type WarehouseOutcome, type WarehouseTable, whereOf } from './outcome.ts'
import { checkRecord } from './record.ts'
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

/** Makes a dataset in a warehouse, or goes on with an unfinished run of the same plan and options. */
export const generateInWarehouse = (
  request: WarehouseRequest,
  host: WarehouseHost,
): Promise<WarehouseOutcome> => {
  const { place, plan, options } = request
  return withPlace(request.lake, { place, crash: host.crash }, async (journal) => {
    const runs = (await journal.runs()).filter(({ dataset }) => dataset === placeName(place))
    const unfinished = runs.find(({ state }) => state === 'unfinished')
    return withWarehouse(place, host, async (warehouse, begins) => {
      refuseArrangements(warehouse.landing, { plan, ...options, target: place.target })
      const found = await checkTarget(warehouse, {
        place,
        plan,
        kind: request.mode,
        volume: options.volume,
        host,
      })
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
          begins()
          return carryOut({ warehouse, journal, host, run: decision.id, plan })
        case 'begin': {
          if (decision.run === 'append') refuseMisfits(warehouse, { place, plan, found })
          const number = Math.max(0, ...runs.map((run) => run.number)) + 1
          const begun = { request, found, kind: decision.run, number }
          const run = await noteRun({ warehouse, journal, host }, begun)
          begins()
          return carryOut({ warehouse, journal, host, run, plan })
        }
      }
    })
  })
}

/**
 * Opens the warehouse of a place and closes it after the work. Until the work calls `begins`, whatever is asked ends at
 * once when the signal aborts; from then on each statement is stopped where it runs, and others have their time.
 */
export const withWarehouse = async <T>(
  place: WarehouseRequest['place'],
  { open, signal }: Pick<WarehouseHost, 'open' | 'signal'>,
  work: (warehouse: Warehouse, begins: () => void) => Promise<T>,
): Promise<T> => {
  const { abort, release } = follow(signal)
  try {
    const warehouse = await open(place, abort.signal)
    try {
      return await work(warehouse, release)
    } finally {
      release()
      await warehouse.close()
    }
  } finally {
    release()
  }
}

interface Checked {
  readonly place: WarehouseRequest['place']
  readonly plan: TypedPlan
  readonly kind: Mode | RunKind | undefined
  /** The folder of a volume that the run's record is to go to. */
  readonly volume?: string | undefined
  readonly host: WarehouseHost
}

/** Checks privileges, catalog and schema before anything is made, and gives the plan's tables that are there. */
export const checkTarget = async (
  warehouse: Warehouse,
  { place, plan, kind, volume, host }: Checked,
): Promise<FoundTables> => {
  const names = landedTables(plan).map(({ landedName }) => landedName)
  const findings = await warehouse.privileges(place.target, {
    existing: kind === 'append' || kind === 'overwrite' ? names : [],
    replaces: kind === 'overwrite',
    volume,
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
  const { target } = place
  const { signal } = host
  if (volume !== undefined) await checkRecord(warehouse, plan, { volume, target, signal })
  signal.throwIfAborted()
  await warehouse.prepare(target)
  const found = await warehouse.look(target, names)
  signal.throwIfAborted()
  return found
}

/** Fails with dataset.columns when a table that is there does not have the plan's columns. */
export const refuseMisfits = (
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
  return addRun(journal, {
    id,
    dataset: placeName(place),
    number,
    at,
    spec: warehouseSpecJson(spec),
  })
}

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
