import type { RowRange } from '../kernel/generator.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import { keySpaces, type KeySpace, tableOf } from './key-space.ts'

/** Counts the rows of a table in a range by making them, with any engine: all give the same. */
export type CountRows = (table: TypedTable, range: RowRange) => number

/** How many rows a table is expected to have; `exact` when it is more than an estimate. */
export interface ExpectedRows {
  readonly rows: number
  readonly exact: boolean
  /** The rows of each variant; they sum to `rows`. */
  readonly variants: readonly number[]
}

interface Counting {
  readonly count: CountRows
  readonly sample: number
}

/**
 * The expected rows of a table. Ranges and crosses are exact; fan-outs are what the plan says of them, else measured on
 * `sample` root entities, spread evenly, and exactly when there are no more of them. The same plan and sample give the
 * same answer everywhere.
 */
export const expectedRows = (
  plan: TypedPlan,
  table: TypedTable,
  { count, sample }: Counting,
): ExpectedRows => {
  const declared = declaredRows(plan, table, { count, sample })
  if (declared !== undefined) return { rows: sum(declared), exact: false, variants: declared }
  const spaces = keySpaces(plan, table)
  if (isCounted(plan, table)) {
    const variants = spaces.map((space) => space.positions)
    return { rows: sum(variants), exact: true, variants }
  }
  const share = Math.max(1, Math.ceil(sample / spaces.length))
  const exact = spaces.every((each) => each.positions <= share)
  if (exact && table.rows.kind === 'union') {
    // A union has the rows of its members, which are mostly counted for themselves as well.
    const members = table.rows.of.map((member) => tableOf(plan, member.table))
    const found = members.flatMap((each) => expectedRows(plan, each, { count, sample }).variants)
    return { rows: sum(found), exact, variants: found }
  }
  const variants = spaces.map((space, variant) => {
    const inRange = (range: Omit<RowRange, 'variant'>): number =>
      count(table, { variant, ...range })
    return space.positions <= share
      ? inRange({ lo: space.keyAt(0), hi: space.keyAt(space.positions) })
      : sampled(space, share, inRange)
  })
  return { rows: sum(variants), exact, variants }
}

/** The rows that sizes alone give a table; undefined where fan-outs decide. */
export const exactRows = (plan: TypedPlan, table: TypedTable): number | undefined =>
  isCounted(plan, table) ? sum(keySpaces(plan, table).map(({ positions }) => positions)) : undefined

/** The rows of each variant where the plan says how many children there are, of the table's or of a member's parents. */
const declaredRows = (
  plan: TypedPlan,
  { rows }: TypedTable,
  counting: Counting,
): readonly number[] | undefined => {
  if (rows.kind === 'children' && rows.mean !== undefined) {
    const { mean } = rows
    const parents = expectedRows(plan, tableOf(plan, rows.of), counting)
    return parents.variants.map((each) => Math.round(each * mean))
  }
  if (rows.kind !== 'union') return undefined
  const members = rows.of.map((member) => tableOf(plan, member.table))
  if (!members.some((member) => declaredRows(plan, member, counting) !== undefined))
    return undefined
  return members.flatMap((member) => expectedRows(plan, member, counting).variants)
}

/** Root entities whose fan-out is measured to cut a table into parts. */
export const PART_SAMPLE = 2048

const WINDOWS = 8

/** True when the rows of a table follow from sizes alone, without any fan-out. */
export const isCounted = (plan: TypedPlan, { rows }: TypedTable): boolean => {
  switch (rows.kind) {
    case 'range':
    case 'cross':
      return true
    case 'children':
      return false
    case 'union':
      return rows.of.every(({ table }) => {
        const member = plan.tables.get(table)
        return member !== undefined && isCounted(plan, member)
      })
  }
}

const sampled = (
  space: KeySpace,
  sample: number,
  count: (range: Omit<RowRange, 'variant'>) => number,
): number => {
  const each = Math.ceil(sample / WINDOWS)
  let rows = 0
  for (let window = 0; window < WINDOWS; window++) {
    const first = Math.floor(((space.positions - each) * window) / (WINDOWS - 1))
    rows += count({ lo: space.keyAt(first), hi: space.keyAt(first + each) })
  }
  return Math.round((rows / (each * WINDOWS)) * space.positions)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
