import { fail } from '../errors.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'

/**
 * Where the rows of one variant of a table lie: `positions` root entities in order, and the least own key of the rows
 * that come from the one at a position. `keyAt(positions)` is one past the last key. Variants number the members of
 * the unions a table rests on, as generators do; other tables have one.
 */
export interface KeySpace {
  readonly positions: number
  readonly keyAt: (position: number) => number
  /** Positions that belong together, such as all of one day in a cross that begins with days. */
  readonly group: number
  /** Whether a key can belong to the variant: below a union, only those that end in its member's number. */
  readonly holds: (key: number) => boolean
}

/** The key spaces of a table's variants. */
export const keySpaces = (plan: TypedPlan, table: TypedTable): readonly KeySpace[] => {
  const { rows } = table
  switch (rows.kind) {
    case 'range':
      return [rootSpace(rows.count, (position) => position + 1)]
    case 'cross':
      return [crossSpace(rows.of)]
    case 'children':
      return keySpaces(plan, tableOf(plan, rows.of)).map((space) =>
        childSpace(space, rows.capacity),
      )
    case 'union':
      return rows.of.flatMap(({ table: member, number }) =>
        keySpaces(plan, tableOf(plan, member)).map((space) =>
          memberSpace(space, rows.capacity, number),
        ),
      )
  }
}

/** The table of a name that resolution has proven to exist. */
export const tableOf = (plan: TypedPlan, name: string): TypedTable =>
  plan.tables.get(name) ?? fail('internal', `table ${name} is not in the plan`)

const rootSpace = (
  positions: number,
  keyAt: (position: number) => number,
  group = 1,
): KeySpace => ({
  positions,
  keyAt,
  group,
  holds: () => true,
})

const childSpace = (parent: KeySpace, capacity: number): KeySpace => ({
  positions: parent.positions,
  group: parent.group,
  keyAt: (position) => parent.keyAt(position) * capacity,
  holds: (key) => parent.holds(Math.floor(key / capacity)),
})

const memberSpace = (member: KeySpace, capacity: number, number: number): KeySpace => ({
  positions: member.positions,
  group: member.group,
  keyAt: (position) => member.keyAt(position) * capacity,
  holds: (key) => key % capacity === number && member.holds(Math.floor(key / capacity)),
})

interface Dimension {
  readonly capacity: number
  readonly count: number
}

const crossSpace = (of: readonly Dimension[]): KeySpace => {
  const positions = of.reduce((product, { count }) => product * count, 1)
  const keyAt = (position: number): number => {
    if (position >= positions) return positions === 0 ? 0 : keyAt(positions - 1) + 1
    let key = 0
    let rest = position
    let radix = 1
    for (const { capacity, count } of of.toReversed()) {
      key += ((rest % count) + 1) * radix
      rest = Math.floor(rest / count)
      radix *= capacity
    }
    return key
  }
  return rootSpace(positions, keyAt, positions / Math.max(1, of[0]?.count ?? 1))
}
