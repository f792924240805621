import type { RunRecord } from '../../core/ports.ts'
import { dropView, type View } from '../../core/sql/views.ts'
import { warehouseStageName } from '../../core/warehouse/stages.ts'
import { stagingName } from '../../core/warehouse/target.ts'
import { crashPoint } from '../run/crash.ts'
import { type CancelOutcome, stopOwner } from '../run/runs.ts'
import { stagesToDo } from './execute.ts'
import { samePlan } from '../run/begun-run.ts'
import { carryOut } from './carry.ts'
import { checkTarget, withWarehouse } from './generate.ts'
import type { WarehouseOutcome } from './outcome.ts'
import type { WarehouseHost } from './host.ts'
import { isPublishing } from './publish.ts'
import { partQuery, type ReadyWarehouseRun } from './ready.ts'
import { placeLocks, warehouseSpecOf, withPlace } from './state.ts'
import { statementsOf } from './statements.ts'

/** Goes on with an unfinished run where it was begun. */
export const resumeWarehouseRun = async (
  lake: string,
  record: RunRecord,
  host: WarehouseHost,
): Promise<WarehouseOutcome> => {
  const place = warehouseSpecOf(record)
  const plan = await samePlan(place)
  return withPlace(lake, { place, crash: host.crash }, (journal) =>
    withWarehouse(place, host, async (warehouse, begins) => {
      const { volume } = place.options
      await checkTarget(warehouse, { place, plan, kind: place.kind, volume, host })
      begins()
      return carryOut({ warehouse, journal, host, run: record.id, plan })
    }),
  )
}

/**
 * Drops an unfinished run and its staging tables. A process that works on it is asked to stop first and given `patience`
 * ms. A run that has begun to publish is carried to its end instead, and counts as finished.
 */
export const cancelWarehouseRun = async (
  lake: string,
  { record, patience }: { readonly record: RunRecord; readonly patience: number },
  host: WarehouseHost,
): Promise<CancelOutcome> => {
  const place = warehouseSpecOf(record)
  await stopOwner(placeLocks(lake, place), patience)
  return withPlace(lake, { place, crash: host.crash }, (journal) =>
    withWarehouse(place, host, async (warehouse, begins) => {
      begins()
      const plan = await samePlan(place)
      const run = record.id
      const ready: ReadyWarehouseRun = {
        warehouse,
        journal,
        run,
        spec: place,
        plan,
        statements: {
          engine: warehouse.engine,
          signal: host.signal,
          crash: crashPoint(host.crash),
          now: host.now,
          onTime: () => undefined,
        },
      }
      const statements = statementsOf('cancel', ready.statements)
      const steps = new Set((await journal.steps(run)).map(({ name }) => name))
      const proven = stagesToDo(place)
        .filter(({ kind }) => kind === 'prove')
        .every((stage) => steps.has(warehouseStageName(stage)))
      if (proven && (await isPublishing({ ready, statements }))) {
        await carryOut({ warehouse, journal, host, run, plan })
        return 'published'
      }
      for (const { name, result } of await journal.steps(run))
        if (name.startsWith('session ')) await warehouse.stopSession(result)
      await statements.run(leftViews(ready, steps).map(dropView))
      for (const { landed } of place.publications)
        await statements.run([
          warehouse.landing.drop({ ...place.target, table: stagingName(run, landed) }),
        ])
      await journal.end(run, 'cancelled', host.clock.now())
      return 'cancelled'
    }),
  )
}

/** The views of the part that a run has come to, which may have been made and not dropped. */
const leftViews = (ready: ReadyWarehouseRun, done: ReadonlySet<string>): readonly View[] => {
  const next = stagesToDo(ready.spec).find((stage) => !done.has(warehouseStageName(stage)))
  return next?.kind === 'fill' ? partQuery(ready, next.part).views : []
}

/** Ends an unfinished run in the journal and leaves the warehouse alone: for one that is no more. */
export const forgetWarehouseRun = (
  lake: string,
  record: RunRecord,
  host: Pick<WarehouseHost, 'clock' | 'crash'>,
): Promise<void> =>
  withPlace(lake, { place: warehouseSpecOf(record), crash: host.crash }, async (journal) => {
    await journal.end(record.id, 'cancelled', host.clock.now())
  })
