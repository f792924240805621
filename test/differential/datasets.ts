import type { TypedPlan } from '../../src/core/plan/typed.ts'
import { landedTables } from '../../src/core/run/landed.ts'
import { typedIdentity } from '../datasets/identity-rows.ts'
import { typedMdm } from '../datasets/mdm-rows.ts'
import { typedRetail } from '../datasets/retail-rows.ts'
import type { Subject } from '../support/differential/digests.ts'

/** Households and customers of the proof; scripts/differential --rows asks for others. */
export const ROOTS = Number(process.env['LAKEWRIGHT_ROOTS'] ?? 20_000)

const PLANS: Readonly<Record<string, () => TypedPlan>> = {
  identity: () => typedIdentity({ households: ROOTS, withTruth: 1, withContacts: 1 }),
  retail: () => typedRetail({ days: 14 }),
  // As dirty as it is by default, with the ledger of what was done.
  mdm: () => typedMdm({ uniqueCustomers: ROOTS }),
}

/** The landed tables of a dataset at the size of the proof, by name. */
export const subjectsOf = (dataset: string): readonly (readonly [string, Subject])[] => {
  const plan = PLANS[dataset]?.()
  if (plan === undefined) throw new Error(`no dataset ${dataset}`)
  return landedTables(plan).map((table) => [table.name, { plan, table }])
}
