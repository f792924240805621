import type { TypedPlan } from '../../core/plan/typed.ts'
import { landedTables } from '../../core/run/landed.ts'
import { describeStage, type StageInputs, stagesOf } from '../../core/run/stages.ts'
import { describeWarehouseStage, warehouseStages } from '../../core/warehouse/stages.ts'
import { WAREHOUSES } from '../../core/warehouse/warehouse.ts'
import { warehouseParts } from '../warehouse/begin.ts'
import { partsAsked } from './cutting.ts'
import { type OptionValues, textValue } from './option.ts'
import { volumeAsked } from './warehouse-options.ts'

/** The stages of a run as data, and a line for each. */
export interface ExplainedStages {
  readonly stages: readonly object[]
  readonly lines: readonly string[]
}

/**
 * The stages of a run on the engine that was asked for. What a warehouse holds is not looked at: its tables are taken to
 * be new.
 */
export const explainedStages = (
  plan: TypedPlan,
  values: OptionValues,
  inputs: StageInputs,
): ExplainedStages => {
  const engine = textValue(values, 'engine')
  if (engine === 'dataproc') return BATCH
  if (!WAREHOUSES.some((name) => name === engine)) {
    const stages = stagesOf(inputs)
    return { stages, lines: stages.map(describeStage) }
  }
  const parts = partsAsked(values)
  const stages = warehouseStages({
    target: engine ?? '',
    parts: warehouseParts(plan, parts === undefined ? {} : { parts }),
    publications: landedTables(plan).map(({ name, landedName }) => ({
      table: name,
      landed: landedName,
      way: 'take',
      rowsBefore: 0,
      before: '',
    })),
    proof: 'digest',
    volume: volumeAsked(values),
  })
  return { stages, lines: stages.map(describeWarehouseStage) }
}

const BATCH: ExplainedStages = {
  stages: [{ kind: 'batch' }],
  lines: ['submit one batch of Spark SQL that makes every table; dataproc submit tells more'],
}
