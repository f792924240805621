import { sample } from '../../../core/expr/build.ts'
import { hidden, range, virtualTable } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { patternLaw } from '../households.ts'

/** groups: four customers each, and how they are cut into households. */
export const groupTable = (): Table =>
  virtualTable('groups', {
    description: 'Groups of four customers; there are fewer than rows, the others are not used.',
    rows: range({ parameter: 'uniqueCustomers' }),
    columns: [hidden('pattern', sample(patternLaw))],
  })
