import { sample, when, eq, add } from '../../../core/expr/build.ts'
import { hidden } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { chance } from '../parts.ts'
import type { Recipe } from '../recipe.ts'

/** How many records of a customer each source has. */
export const recordCounts = ({ settings }: Recipe): Table['columns'] => [
  hidden(
    'crm_records',
    when(
      eq(sample(chance(settings.crmCoverage)), 1),
      add(1, sample(chance(settings.crmDuplicates), { stream: 'crm_duplicates' })),
      0,
    ),
  ),
]
