import { fail, unreachable } from '../../core/errors.ts'
import type { TypedPlan } from '../../core/plan/typed.ts'
import type { Decision } from '../../core/run/decide.ts'
import { landedTables } from '../../core/run/landed.ts'
import { factsIn } from '../../core/warehouse/facts.ts'
import { type FoundTables, misfits } from '../../core/warehouse/found.ts'
import type { WarehouseSpec } from '../../core/warehouse/spec.ts'
import { targetText } from '../../core/warehouse/target.ts'
import type { Warehouse } from '../../core/warehouse/warehouse.ts'
import { refuseUnfinished } from '../run/target.ts'

/** A refusal and what it is about. */
export interface Refused {
  readonly place: Pick<WarehouseSpec, 'target'>
  readonly plan: TypedPlan
  readonly found: FoundTables
  readonly decision: Extract<Decision, { readonly kind: 'refuse' }>
}

/** Throws what a refusal means to the user. */
export const refuseTarget = (warehouse: Warehouse, refused: Refused): never => {
  const { place, decision } = refused
  const { id = '' } = decision
  const target = targetText(place.target)
  switch (decision.reason) {
    case 'exists':
      return fail('dataset.exists', `${target} holds the dataset already`, {
        hint: 'Choose --mode append, --mode overwrite or --mode resume, or another --target.',
      })
    case 'foreign':
      return failForeign(warehouse, refused)
    case 'differs':
      return fail(
        'dataset.exists',
        `${target} is finished, but with another plan or other options`,
        {
          hint: 'There is nothing to resume; choose --mode append or --mode overwrite.',
        },
      )
    case 'unfinished':
    case 'otherUnfinished':
      return refuseUnfinished(target, decision.reason, id)
    case 'format':
      return fail('internal', 'tables of a warehouse have one format')
    default:
      return unreachable(decision.reason)
  }
}

const failForeign = (warehouse: Warehouse, { place, plan, found }: Refused): never => {
  const { landing } = warehouse
  const foreign = landedTables(plan).find(({ landedName }) => {
    const table = found.get(landedName)
    return table !== undefined && factsIn(table.properties)?.plan !== plan.plan.name
  })
  const table = foreign?.landedName ?? ''
  const name = landing.name({ ...place.target, table })
  const misfit = misfits(plan, found, landing).find((each) => each.table === table)
  const hint = 'Choose another --target, or move the table away.'
  if (misfit !== undefined)
    return fail(
      'dataset.columns',
      `${name} is there and is not of this dataset: it ${misfit.problem}`,
      {
        hint,
        details: { table },
      },
    )
  return fail('dataset.exists', `${name} is there and is not of this dataset`, {
    hint,
    details: { table },
  })
}
