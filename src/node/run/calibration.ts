import type { TypedPlan } from '../../core/plan/typed.ts'
import { calibrate, type Calibration } from '../../core/run/estimates.ts'
import type { FileOptions } from '../../core/run/spec.ts'
import type { TableSummary } from './table-summary.ts'
import { type Lake, STATE_FOLDER } from './lake.ts'
import { readText, replaceText } from './publish.ts'

/** Where a lake keeps the rates that its runs have measured. */
export const CALIBRATION = `${STATE_FOLDER}/calibration.json`

/** The rates measured in a lake so far; none when the file is absent or cannot be read, for it is only a help. */
export const readCalibration = async (lake: Pick<Lake, 'store'>): Promise<Calibration> => {
  const text = await readText(lake.store, CALIBRATION)
  try {
    return (JSON.parse(text ?? '{}') ?? {}) as Calibration
  } catch {
    return {}
  }
}

/** Keeps the rates that a run has measured. */
export const keepCalibration = async (
  lake: Lake,
  plan: TypedPlan,
  run: { readonly options: FileOptions; readonly tables: readonly TableSummary[] },
): Promise<void> => {
  const measured = run.tables.map(({ name, ...rest }) => ({ table: name, ...rest }))
  const calibration = calibrate(await readCalibration(lake), plan, {
    options: run.options,
    measured,
  })
  await replaceText(lake.store, CALIBRATION, `${JSON.stringify(calibration, null, 2)}\n`)
}
