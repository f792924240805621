import type { InstructionName } from '../../../../src/core/kernel/instructions/names.ts'
import { drawCases } from './draws.ts'
import { numberCases } from './numbers.ts'
import { rowCases } from './rows.ts'
import { stringCases } from './strings.ts'
import type { Case, Trial } from './trial.ts'

/** For each instruction a maker of random cases, with what plain arithmetic, dates and node:crypto expect. */
export const CASES: Partial<Record<InstructionName, (t: Trial) => Case>> = {
  ...numberCases,
  ...rowCases,
  ...drawCases,
  ...stringCases,
}
