import type { TypedPlan } from '../plan/typed.ts'
import { declaredColumns, landedTables } from '../run/landed.ts'
import type { Found } from '../run/decide.ts'
import { factsIn, type TableFacts } from './facts.ts'
import type { Landing } from './landing.ts'
import type { FoundTable } from './warehouse.ts'

/** Tables and views of a target by name. */
export type FoundTables = ReadonlyMap<string, FoundTable>

/** A table that is there but not as the plan wants it; `problem` completes the sentence that its name begins. */
export interface Misfit {
  readonly table: string
  readonly problem: string
}

/** What the target holds as the decision about a run sees it: ours only when every table that is there is of this plan's name. */
export const datasetFound = (plan: TypedPlan, found: FoundTables): Found['dataset'] => {
  const facts = factsOfTables(plan, found)
  if (facts.length === 0) return { kind: 'none' }
  const [first] = facts
  if (facts.some((each) => each?.plan !== plan.plan.name)) return { kind: 'foreign' }
  const complete = facts.every((each) => each?.fingerprint === first?.fingerprint)
  return { kind: 'ours', format: 'delta', fingerprint: complete ? (first?.fingerprint ?? '') : '' }
}

/** Facts of the tables of a plan that are there, undefined for those of others, in the plan's order. */
export const factsOfTables = (
  plan: TypedPlan,
  found: FoundTables,
): readonly (TableFacts | undefined)[] =>
  landedTables(plan).flatMap(({ landedName }) => {
    const table = found.get(landedName)
    return table === undefined ? [] : [factsIn(table.properties)]
  })

/** Views, and tables with other columns than the plan gives them, in the plan's order. */
export const misfits = (
  plan: TypedPlan,
  found: FoundTables,
  { typeName }: Landing,
): readonly Misfit[] =>
  landedTables(plan).flatMap((table): readonly Misfit[] => {
    const there = found.get(table.landedName)
    if (there === undefined) return []
    const named = (problem: string): readonly Misfit[] => [{ table: table.landedName, problem }]
    if (there.kind === 'view') return named('is a view')
    const wanted = declaredColumns(table).map((each) => `${each.name} ${typeName(each)}`)
    const has = there.columns.map(({ name, type }) => `${name} ${type}`)
    const missing = wanted.find((each) => !has.includes(each))
    if (missing !== undefined) return named(`has no column ${missing}`)
    const further = has.find((each) => !wanted.includes(each))
    if (further !== undefined) return named(`has a further column ${further}`)
    return has.join() === wanted.join() ? [] : named('has its columns in another order')
  })
