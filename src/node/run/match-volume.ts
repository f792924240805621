import { fail } from '../../core/errors.ts'
import type { TypedPlan, TypedTable } from '../../core/plan/typed.ts'
import { expectedRows, PART_SAMPLE } from '../../core/run/expected-rows.ts'
import { tableOf } from '../../core/run/key-space.ts'
import {
  cutAtRows,
  rootCounter,
  type VolumeCut,
  type VolumeLever,
  volumeLever,
  withParameter,
} from '../../core/run/volume.ts'
import { rowCounter } from './begin.ts'
import { loadPlan } from './load-plan.ts'

/** How many rows a landed table is to have. */
export interface WantedVolume {
  readonly table: TypedTable
  readonly rows: number
}

/** The name and value of the parameter that gives a table the wanted rows, and the rows that it does give. */
export interface MatchedVolume {
  readonly name: string
  readonly value: number
  readonly rows: number
}

/**
 * Finds the size at which a table has the wanted rows: exactly for a range, else the number of root entities that come
 * nearest. Fails with plan.infeasible when no size moves the table, or not as far.
 */
export const matchVolume = async (
  plan: TypedPlan,
  { table, rows }: WantedVolume,
): Promise<MatchedVolume> => {
  const lever =
    volumeLever(plan, table) ??
    refuse(
      `no size of the plan moves ${table.landedName}`,
      'Name a table whose rows grow with a size.',
    )
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = lever.parameter
  if (lever.direct) {
    if (rows < min || rows > max) refuse(`${table.landedName} takes ${min} to ${max} rows`)
    return { name: lever.name, value: rows, rows }
  }
  const cut = await cutOf(plan, { table, rows }, lever)
  if (cut.roots < min) refuse(`${lever.name} ${min}, the least, gives more than ${rows} rows`)
  return { name: lever.name, value: cut.roots, rows: cut.rows }
}

const refuse = (message: string, hint = 'Ask for another number of rows.'): never =>
  fail('plan.infeasible', `--match-volume: ${message}`, { hint })

const cutOf = async (
  plan: TypedPlan,
  { table, rows: wish }: WantedVolume,
  { name, parameter }: VolumeLever,
): Promise<VolumeCut> => {
  const { max = Number.MAX_SAFE_INTEGER } = parameter
  const count = rowCounter(plan, 'native')
  const sampled = expectedRows(plan, table, { count, sample: PART_SAMPLE })
  const mean = parameter.value === 0 ? 0 : sampled.rows / parameter.value
  let roots = Math.min(max, Math.ceil(mean === 0 ? PART_SAMPLE : (wish / mean) * 1.02) + MARGIN)
  for (;;) {
    const large = await loadPlan(withParameter(plan.plan, name, roots))
    const rooted = { plan: large, table: tableOf(large, table.name), roots }
    const counter =
      rootCounter({ ...rooted, count: rowCounter(large, 'native') }) ??
      refuse(`${table.landedName} does not grow by whole entities of ${name}`)
    const cut = cutAtRows(counter, roots, wish)
    if (cut !== undefined && cut.roots === 1 && cut.rows > wish)
      refuse(`one of ${name} gives ${cut.rows} rows of ${table.landedName} already`)
    if (cut !== undefined) return cut
    if (roots === max || counter(0, roots) === 0)
      refuse(`${table.landedName} has ${counter(0, roots)} rows at ${name} ${roots}, no more`)
    roots = Math.min(max, roots * 2)
  }
}

/** Roots beyond the estimate, so that one try mostly does. */
const MARGIN = 64
