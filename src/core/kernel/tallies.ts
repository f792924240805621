import { fail } from '../errors.ts'
import { crossKey } from '../plan/cross-key.ts'
import type { RowGraph } from '../plan/graph.ts'
import { tallyBeyond } from '../plan/tally.ts'
import type { Tally, TypedPlan } from '../plan/typed.ts'
import { type Chunks, type Counting, createChunks, type TallyLimits } from './chunks.ts'
import { type Dimensions, dimensionsOf, PAGE_CELLS } from './counted.ts'
import type { TallyReader, TallyReaders } from './program.ts'

/** 8 MB for each tally, and about 48 MB for all over one table. */
export const TALLY_LIMITS: TallyLimits = { pages: 128, chunks: 256, entries: 4_194_304 }

/** The tallies that graphs read, each once. */
export const talliesOf = (graphs: readonly RowGraph[]): readonly Tally[] => [
  ...new Map(
    graphs.flatMap(({ tallies }) =>
      [...tallies].map(([number, { tally }]) => [number, tally] as const),
    ),
  ).values(),
]

/**
 * Readers of tallies. A counted table is run over the roots that may count towards what is read; all tallies over a table
 * share the run. What was summed is forgotten beyond a bounded memory and counted anew when it is read again, so what is
 * read depends on the plan alone. Throws run.tally where a tally exceeds its `most`.
 */
export const createTallies = (
  plan: TypedPlan,
  tallies: readonly Tally[],
  counting: Counting,
): TallyReaders => {
  const readers = new Map<number, TallyReader>()
  const most = counting.limits.pages
  for (const group of grouped(tallies)) {
    const chunks = createChunks(plan, group, counting)
    for (const tally of group)
      readers.set(
        tally.number,
        createReader(tally, { of: dimensionsOf(plan, tally), chunks, most }),
      )
  }
  return ({ number }) => readers.get(number) ?? fail('internal', `no tally ${number}`)
}

/** Tallies over one table, those with a window apart from those without. */
const grouped = (tallies: readonly Tally[]): readonly (readonly Tally[])[] => {
  const groups = new Map<string, Tally[]>()
  for (const tally of tallies) {
    const id = `${tally.table} ${tally.window === undefined}`
    groups.set(id, [...(groups.get(id) ?? []), tally])
  }
  return [...groups.values()]
}

const NO_PAGE = new Float64Array(0)

interface Reading {
  readonly of: Dimensions
  readonly chunks: Chunks
  /** Pages to keep. */
  readonly most: number
}

const createReader = (tally: Tally, { of, chunks, most }: Reading): TallyReader => {
  const cells = of.reduce((product, { count }) => product * count, 1)
  const pages = new Map<number, Float64Array>()
  const pageOf = (number: number): Float64Array => {
    const known = pages.get(number)
    if (known !== undefined) return known
    const sums = pages.size < most ? new Float64Array(PAGE_CELLS) : recycled(pages)
    chunks(tally, number, sums)
    const beyond = firstBeyond(sums, tally.most)
    if (beyond >= 0) tallyBeyond(tally, keyAt(of, number * PAGE_CELLS + beyond))
    pages.set(number, sums)
    return sums
  }
  let last: Page = { first: 0, sums: NO_PAGE }
  return (ordinals, sums, rows) => {
    let { first, sums: page } = last
    for (let row = 0; row < rows; row++) {
      const ordinal = ordinals[row]!
      let cell = ordinal - first
      if (!(cell >= 0 && cell < page.length)) {
        if (!(ordinal >= 0 && ordinal < cells)) {
          sums[row] = 0
          continue
        }
        const number = Math.floor(ordinal / PAGE_CELLS)
        first = number * PAGE_CELLS
        page = pageOf(number)
        cell = ordinal - first
      }
      sums[row] = page[cell]!
    }
    last = { first, sums: page }
  }
}

/** Sums of cells from `first` on. */
interface Page {
  readonly first: number
  readonly sums: Float64Array
}

/** The oldest page, empty again. */
const recycled = (pages: Map<number, Float64Array>): Float64Array => {
  const [oldest = -1] = pages.keys()
  const page = pages.get(oldest) ?? fail('internal', 'no page to use again')
  pages.delete(oldest)
  return page.fill(0)
}

const firstBeyond = (sums: Float64Array, most: number): number => {
  for (let cell = 0; cell < PAGE_CELLS; cell++) if (sums[cell]! > most) return cell
  return -1
}

/** The key of the row with this number among the present ones. */
const keyAt = (of: Dimensions, ordinal: number): number => {
  let rest = ordinal
  const keys = of.toReversed().map(({ count }) => {
    const above = Math.floor(rest / count)
    const key = rest - above * count + 1
    rest = above
    return key
  })
  return crossKey(of, keys.toReversed())
}
