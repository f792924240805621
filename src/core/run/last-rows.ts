import { interpretRows } from '../plan/interpret.ts'
import type { InterpretedRow } from '../plan/interpret.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import { keySpaces, type KeySpace } from './key-space.ts'

/**
 * The last rows of a table in the order of its keys, of a union those of its last member; fewer than `limit` where the
 * table ends in many entities without rows.
 */
export const lastRows = (
  plan: TypedPlan,
  table: TypedTable,
  limit: number,
): readonly InterpretedRow['values'][] => {
  const space = keySpaces(plan, table).at(-1)
  return space === undefined ? [] : lastOf(space, { plan, table, limit }, limit)
}

/** Root entities that are looked at, at most. */
const MOST_ENTITIES = 100_000

interface Wanted {
  readonly plan: TypedPlan
  readonly table: TypedTable
  readonly limit: number
}

const lastOf = (
  space: KeySpace,
  wanted: Wanted,
  entities: number,
): readonly InterpretedRow['values'][] => {
  const { plan, table, limit } = wanted
  const from = Math.max(0, space.positions - entities)
  const rows = [...interpretRows(plan, table.name, { fromKey: space.keyAt(from) })].filter(
    ({ key }) => space.holds(key),
  )
  return rows.length >= limit || from === 0 || entities >= MOST_ENTITIES
    ? rows.slice(-limit).map(({ values }) => values)
    : lastOf(space, wanted, 8 * entities)
}
