import { fail } from '../../core/errors.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import type { Json, StopSignal } from '../../core/ports.ts'
import { landedTables } from '../../core/run/landed.ts'
import { isRecordOf, recordPath, recordText } from '../../core/warehouse/record.ts'
import type { Target } from '../../core/warehouse/target.ts'
import type { Warehouse } from '../../core/warehouse/warehouse.ts'
import type { ReadyWarehouseRun } from './ready.ts'

/** Fails with dataset.exists when a run's record would take the place of a file that is not its own. */
export const checkRecord = async (
  warehouse: Warehouse,
  plan: TypedPlan,
  {
    volume,
    target,
    signal,
  }: { readonly volume: string; readonly target: Target; readonly signal: StopSignal },
): Promise<void> => {
  const path = recordPath(volume, plan)
  const there = await filesOf(warehouse).get(path, signal)
  if (there === undefined || isRecordOf(new TextDecoder().decode(there), plan, target)) return
  fail('dataset.exists', `${path} is there and is not of this dataset at this target`, {
    hint: 'Name another folder of the volume with --volume.',
    details: { path },
  })
}

/** Writes the record of a run's tables, in place of an earlier one, and gives its path. */
export const writeRecord = async (
  { warehouse, run, spec, plan }: ReadyWarehouseRun,
  volume: string,
  signal: StopSignal,
): Promise<Json> => {
  const names = landedTables(plan).map(({ landedName }) => landedName)
  const found = await warehouse.look(spec.target, names)
  const path = recordPath(volume, plan)
  const text = recordText({ run, spec, plan, found })
  await filesOf(warehouse).put(path, new TextEncoder().encode(text), signal)
  return path
}

const filesOf = ({ files, name }: Warehouse): NonNullable<Warehouse['files']> =>
  files ?? fail('internal', `${name} has no volumes`)
