import { compareForAppend } from '../plan/append.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import type { ExpectedRows } from './expected-rows.ts'
import { keySpaces, type KeySpace } from './key-space.ts'
import { cutParts, type KnownFile, type Part } from './parts.ts'

/** A part that has landed; without `files` it is not there in full any more. */
export interface LandedPart {
  readonly variant: number
  readonly lo: number
  readonly hi: number
  readonly files: readonly KnownFile[] | undefined
}

/** Whether the landed rows of a table are rows of the new plan as they stand, so that at most rows behind them are missing. */
export const landedStays = (before: TypedPlan, after: TypedPlan): ((name: string) => boolean) => {
  const { laws, columns, tables } = compareForAppend(before, after)
  const changed = new Set([...columns, ...tables].map(({ table }) => table))
  return (name) => {
    const [then, now] = [before.tables.get(name), after.tables.get(name)]
    if (laws.length > 0 || changed.has(name) || then === undefined || now === undefined)
      return false
    const spaces = keySpaces(after, now)
    return keySpaces(before, then).every((space, variant) => isPrefix(space, spaces[variant]))
  }
}

const isPrefix = ({ positions, keyAt }: KeySpace, longer: KeySpace | undefined): boolean =>
  longer !== undefined &&
  longer.positions >= positions &&
  (positions === 0 || longer.keyAt(positions - 1) === keyAt(positions - 1))

/** A table to be brought to a plan: its expected rows, its landed parts, and how many parts are asked for. */
export interface MergedTable {
  readonly table: TypedTable
  readonly expected: ExpectedRows
  readonly landed: readonly LandedPart[]
  readonly parts: number | undefined
}

/**
 * The parts of a table in a merge: the landed ones as far as the plan's keys reach, and new ones for keys that no landed
 * part covers. Whole landed parts bear what is known of their files.
 */
export const mergeParts = (
  plan: TypedPlan,
  { table, expected, landed, parts }: MergedTable,
): readonly Part[] => {
  const natural = cutParts(plan, { table, expected }, parts === undefined ? {} : { parts })
  const density = densities(natural)
  const ranges = keySpaces(plan, table).flatMap((space, variant) => {
    const own = landed.filter((part) => part.variant === variant)
    const fresh = natural.filter((part) => part.variant === variant)
    return covered(space, own, fresh).map((range) => ({
      variant,
      rows: Math.round((range.hi - range.lo) * (density.get(variant) ?? 0)),
      ...range,
    }))
  })
  if (ranges.length > 0)
    return ranges.map((range, number) => ({ table: table.name, number, ...range }))
  const [empty] = landed.filter(({ lo, hi }) => lo === hi)
  return natural.map((part) => ({ ...part, ...(empty?.files && { known: empty.files }) }))
}

interface Range {
  readonly lo: number
  readonly hi: number
  readonly known?: readonly KnownFile[]
}

/** All keys of a space once: landed parts cut off at its end, and between and behind them the bounds of fresh parts. */
const covered = (
  space: KeySpace,
  landed: readonly LandedPart[],
  fresh: readonly Range[],
): readonly Range[] => {
  if (space.positions === 0) return []
  const end = space.keyAt(space.positions)
  const ranges: Range[] = []
  let next = space.keyAt(0)
  const fill = (to: number): void => {
    for (const { lo, hi } of fresh) {
      const range = { lo: Math.max(lo, next), hi: Math.min(hi, to) }
      if (range.lo < range.hi) ranges.push(range)
    }
    next = Math.max(next, to)
  }
  for (const { lo, hi, files } of landed.toSorted((a, b) => a.lo - b.lo)) {
    if (lo < next || lo >= end || hi <= lo) continue
    fill(lo)
    const whole = hi <= end && files !== undefined
    ranges.push({ lo, hi: Math.min(hi, end), ...(whole ? { known: files } : {}) })
    next = Math.min(hi, end)
  }
  fill(end)
  return ranges
}

/** Rows for each key of a variant, roughly: enough for progress. */
const densities = (parts: readonly Part[]): ReadonlyMap<number, number> => {
  const sums = new Map<number, { rows: number; keys: number }>()
  for (const { variant, rows, lo, hi } of parts) {
    const { rows: before, keys } = sums.get(variant) ?? { rows: 0, keys: 0 }
    sums.set(variant, { rows: before + rows, keys: keys + hi - lo })
  }
  return new Map(
    [...sums].map(([variant, { rows, keys }]) => [variant, keys === 0 ? 0 : rows / keys]),
  )
}
