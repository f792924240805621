import type { ColumnBlock } from '../columns/block.ts'
import { fail } from '../errors.ts'
import type { Wanted } from '../plan/lower.ts'
import type { Tally, TypedPlan, TypedTable } from '../plan/typed.ts'

/** Cells in a page: a run of ordinals of a cross that tallies are summed and read by. */
export const PAGE_CELLS = 8192

/** The dimensions of a cross. */
export type Dimensions = readonly { readonly capacity: number; readonly count: number }[]

/** What some counted rows come to, by the pages of the cross that they name. */
export interface Entries {
  readonly count: number
  /** Adds what names cells of a page to its sums. */
  readonly addTo: (page: number, sums: Float64Array) => void
}

/** Collects what rows count, block after block. */
export interface Collecting {
  readonly add: (blocks: readonly ColumnBlock[], rows: number) => void
  readonly finish: () => Entries
}

/** What is wanted of a tally's counted rows, in the order in which `countRows` reads it. */
export const wantedOfCounted = ({ number, key, value, where }: Tally): readonly Wanted[] =>
  Object.entries({ key, value, where }).flatMap(([name, expr]) =>
    expr === undefined ? [] : [{ name: `${name} of tally ${number}`, expr }],
  )

/** A table that resolution has proven to exist. */
export const tableOf = (plan: TypedPlan, name: string): TypedTable =>
  plan.tables.get(name) ?? fail('internal', `table ${name} is not in the plan`)

/** The dimensions of a tally's cross. */
export const dimensionsOf = (plan: TypedPlan, { cross }: Tally): Dimensions => {
  const { rows } = tableOf(plan, cross)
  return rows.kind === 'cross' ? rows.of : fail('internal', `${cross} is not a cross`)
}

/** Collects the entries of one tally from blocks of what is wanted of its rows, the first at `at`. */
export const countRows = (tally: Tally, of: Dimensions, at: number): Collecting => {
  const ordinals = createGrowing()
  const amounts = createGrowing()
  const rank = rankIn(of)
  const whereAt = at + (tally.value === undefined ? 1 : 2)
  return {
    add: (blocks, rows) => {
      const keys = numbersOf(blocks[at])
      const values = tally.value === undefined ? undefined : numbersOf(blocks[at + 1])
      const where = tally.where === undefined ? undefined : numbersOf(blocks[whereAt])
      for (let row = 0; row < rows; row++) {
        if (where !== undefined && (where.values[row] !== 1 || isNull(where, row))) continue
        if (isNull(keys, row) || (values !== undefined && isNull(values, row))) continue
        const ordinal = rank(keys.values[row]!)
        if (ordinal < 0) continue
        ordinals.push(ordinal)
        amounts.push(values === undefined ? 1 : values.values[row]!)
      }
    },
    finish: () => byPage(ordinals.all(), amounts.all()),
  }
}

interface Numbers {
  readonly values: Int32Array | Float64Array
  readonly nulls: Uint8Array | undefined
}

const numbersOf = (block: ColumnBlock | undefined): Numbers =>
  block?.kind === 'int32' || block?.kind === 'float64'
    ? block
    : fail('internal', 'a tally counts numbers')

const isNull = ({ nulls }: Numbers, row: number): boolean => nulls !== undefined && nulls[row] !== 0

/** The number of a cross's row among those that are present, by its key; -1 where there is none. */
const rankIn = (of: Dimensions): ((key: number) => number) => {
  const inner = of.slice(1).toReversed()
  const [first] = of
  const rows = inner.reduce((product, { count }) => product * count, 1)
  return (key) => {
    let rest = key
    let radix = 1
    let ordinal = 0
    for (const { capacity, count } of inner) {
      const above = Math.floor(rest / capacity)
      ordinal += (rest - above * capacity - 1) * radix
      radix *= count
      rest = above
    }
    return first === undefined || rest > first.count ? -1 : ordinal + (rest - 1) * rows
  }
}

/** Numbers that are added one at a time. */
const createGrowing = () => {
  let values = new Float64Array(1024)
  let length = 0
  return {
    push: (value: number): void => {
      if (length === values.length) {
        const larger = new Float64Array(length * 2)
        larger.set(values)
        values = larger
      }
      values[length++] = value
    },
    all: (): Float64Array => values.subarray(0, length),
  }
}

/** Entries in the order of their pages, by counting how many each has. */
const byPage = (ordinals: Float64Array, amounts: Float64Array): Entries => {
  let [first, last] = [Infinity, -1]
  for (const ordinal of ordinals) {
    const page = Math.floor(ordinal / PAGE_CELLS)
    if (page < first) first = page
    if (page > last) last = page
  }
  const pages = Math.max(0, last - first + 1)
  const starts = new Int32Array(pages + 1)
  for (const ordinal of ordinals) starts[Math.floor(ordinal / PAGE_CELLS) - first + 1]! += 1
  for (let page = 0; page < pages; page++) starts[page + 1]! += starts[page]!
  const next = starts.slice()
  const cells = new Int32Array(ordinals.length)
  const values = new Float64Array(ordinals.length)
  ordinals.forEach((ordinal, i) => {
    const page = Math.floor(ordinal / PAGE_CELLS)
    const at = next[page - first]!++
    cells[at] = ordinal - page * PAGE_CELLS
    values[at] = amounts[i]!
  })
  return {
    count: ordinals.length,
    addTo: (page, sums) => {
      if (page < first || page > last) return
      const end = starts[page - first + 1]!
      for (let at = starts[page - first]!; at < end; at++) sums[cells[at]!]! += values[at]!
    },
  }
}
