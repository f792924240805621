import type { TypedPlan } from '../../core/plan/typed.ts'
import {
  calibrate,
  type Calibration,
  type Measured,
  NO_CALIBRATION,
} from '../../core/run/estimates.ts'
import type { TableSummary } from './table-summary.ts'
import type { Lake } from './lake.ts'
import { readText, replaceText } from './publish.ts'

/** Where a lake keeps the rates that its runs have measured. */
const calibrationPath = ({ state }: Pick<Lake, 'state'>): string => `${state}/calibration.json`

/** The rates measured in a lake so far; none when the file is absent or cannot be read, for it is only a help. */
export const readCalibration = async (
  lake: Pick<Lake, 'store' | 'state'>,
): Promise<Calibration> => {
  const text = await readText(lake.store, calibrationPath(lake))
  try {
    return { ...NO_CALIBRATION, ...(JSON.parse(text ?? '{}') as Partial<Calibration>) }
  } catch {
    return NO_CALIBRATION
  }
}

/** Keeps the rates that a run has measured; `besides` are its processor seconds beside its tables. */
export const keepCalibration = async (
  lake: Lake,
  plan: TypedPlan,
  { options, tables, besides }: RunCosts,
): Promise<void> => {
  const measured = tables.map(({ name, ...rest }) => ({ table: name, ...rest }))
  const calibration = calibrate(await readCalibration(lake), plan, { options, measured, besides })
  await replaceText(lake.store, calibrationPath(lake), `${JSON.stringify(calibration, null, 2)}\n`)
}

interface RunCosts extends Pick<Measured, 'options' | 'besides'> {
  readonly tables: readonly TableSummary[]
}
