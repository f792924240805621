import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import type { ExpectedRows } from './expected-rows.ts'
import { keySpaces, type KeySpace } from './key-space.ts'

/**
 * A contiguous range of one variant's own keys, lo <= key < hi: the unit of parallel work, retry, resume and progress.
 * Its bytes depend on the plan and these bounds alone.
 */
export type Part = {
  readonly table: string
  /** Numbers the parts of a table from 0, in the order of variants and keys. */
  readonly number: number
  readonly variant: number
  readonly lo: number
  readonly hi: number
  /** Rows expected, for progress and scheduling. */
  readonly rows: number
  /** The files of the same keys that are there already: equal ones stay, and no others are made. */
  readonly known?: readonly KnownFile[]
}

/** What tells whether a file is the one that a part would make. */
export type KnownFile = { readonly rows: number; readonly rowsSha256: string }

/** Rows that a part aims at unless the number of parts is given: just below one Parquet row group. */
export const PART_ROWS = 1_000_000

/** How to cut: `parts` a table instead of as many as its rows ask for, at `partRows` a part (PART_ROWS by default); `from` skips the first root positions of each variant. */
export interface CutOptions {
  readonly parts?: number
  readonly partRows?: number
  readonly from?: readonly number[]
}

/**
 * The parts of a table. They depend on the plan and its expected rows, never on the machine. Cuts fall between root
 * entities, so that families stay together, and between those of a cross's first table, so that a part is a range of
 * days where days come first; unless there are fewer of these than parts.
 */
export const cutParts = (
  plan: TypedPlan,
  { table, expected }: { readonly table: TypedTable; readonly expected: ExpectedRows },
  options: CutOptions = {},
): readonly Part[] => {
  const spaces = keySpaces(plan, table)
  const ranges = spaces.flatMap((space, variant) => {
    const first = Math.min(options.from?.[variant] ?? 0, space.positions)
    const share = space.positions === 0 ? 0 : (space.positions - first) / space.positions
    const rows = Math.round((expected.variants[variant] ?? 0) * share)
    const wanted =
      options.parts === undefined
        ? Math.ceil(rows / (options.partRows ?? PART_ROWS))
        : wantedParts(options.parts, spaces.length)
    return cutSpace(space, first, Math.max(1, wanted)).map((range, _, all) => ({
      variant,
      ...range,
      rows: Math.round(rows / all.length),
    }))
  })
  const all = ranges.length > 0 ? ranges : [{ variant: 0, lo: 0, hi: 0, rows: 0 }]
  return all.map((range, number) => ({ table: table.name, number, ...range }))
}

const wantedParts = (parts: number, variants: number): number => Math.ceil(parts / variants)

interface Bounds {
  readonly lo: number
  readonly hi: number
}

const cutSpace = (space: KeySpace, first: number, parts: number): readonly Bounds[] => {
  const positions = space.positions - first
  if (positions <= 0) return []
  const groups = positions / space.group
  const unit = Number.isInteger(groups) && groups >= parts ? space.group : 1
  if (positions >= parts) {
    return cutEvenly(positions / unit, parts).map(([from, to]) => ({
      lo: space.keyAt(first + from * unit),
      hi: space.keyAt(first + to * unit),
    }))
  }
  const lo = space.keyAt(first)
  const keys = space.keyAt(space.positions) - lo
  return cutEvenly(keys, Math.min(parts, keys)).map(([from, to]) => ({
    lo: lo + from,
    hi: lo + to,
  }))
}

const cutEvenly = (length: number, parts: number): readonly (readonly [number, number])[] =>
  Array.from({ length: parts }, (_, i) => [
    Math.floor((length * i) / parts),
    Math.floor((length * (i + 1)) / parts),
  ])
