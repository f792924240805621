import type { Wanted } from '../plan/lower.ts'
import { fail } from '../errors.ts'
import { keysOfRoot } from '../plan/tally.ts'
import type { Tally, TypedPlan, TypedTable } from '../plan/typed.ts'
import {
  type Collecting,
  countRows,
  dimensionsOf,
  type Entries,
  PAGE_CELLS,
  tableOf,
  wantedOfCounted,
} from './counted.ts'
import type { BlockSink } from './program.ts'
import type { KeyRange } from './runner.ts'

/** Makes rows of a counted table with the wanted values: all its variants, in no order. */
export type MakeRows = (counted: {
  readonly table: TypedTable
  readonly wanted: readonly Wanted[]
}) => (range: KeyRange, sink: BlockSink) => void

/** Adds all that counts towards a page of a tally's cross to the sums of its cells. */
export type Chunks = (tally: Tally, page: number, sums: Float64Array) => void

/** The counted rows below some roots, `from` up to but not including `to`, for every tally of a group. */
interface Chunk {
  readonly from: number
  readonly to: number
  readonly entries: ReadonlyMap<number, Entries>
  readonly size: number
}

/** How much is kept of what was counted. */
export interface TallyLimits {
  /** Pages of sums, for each tally. */
  readonly pages: number
  /** Chunks, and entries of all of them, for the tallies over one table; beyond that, what one page needs. */
  readonly chunks: number
  readonly entries: number
}

/** How counted rows are made, and how much is kept of them. */
export interface Counting {
  readonly makeRows: MakeRows
  readonly limits: TallyLimits
}

/** A chunk of fewer rows than the first is followed by a larger one, of more than the second by a smaller one. */
const FEW_ROWS = 16_384
const MANY_ROWS = 131_072

/** Runs the table that a group of tallies counts, as far as pages ask for it; all have a window or none has. */
export const createChunks = (
  plan: TypedPlan,
  group: readonly Tally[],
  { makeRows, limits }: Counting,
): Chunks => {
  const count = createCounter(plan, group, makeRows)
  const widest = Math.max(...group.map(({ window }) => window?.high ?? 0))
  const kept: Chunk[] = []
  let roots = 1
  const chunkAt = (root: number, asked: RootRange): Chunk => {
    const known = kept.find(({ from, to }) => from <= root && root < to)
    if (known !== undefined) return known
    const next = kept.reduce(
      (least, { from }) => (from > root ? Math.min(least, from) : least),
      asked.to,
    )
    const { chunk, rows } = count(root, Math.min(next, root + roots))
    if (rows < FEW_ROWS) roots *= 2
    else if (rows > MANY_ROWS) roots = Math.max(1, Math.floor(roots / 2))
    forget(kept, { asked, more: chunk.size }, limits)
    kept.push(chunk)
    return chunk
  }
  return (tally, page, sums) => {
    const { from, to } = rootsOf(plan, tally, page)
    for (let root = from; root < to;) {
      const chunk = chunkAt(root, { from: from - widest, to })
      chunk.entries.get(tally.number)?.addTo(page, sums)
      root = chunk.to
    }
  }
}

interface Room {
  /** Roots that are read now, or will be again soon. */
  readonly asked: RootRange
  readonly more: number
}

/**
 * Makes room for more entries, the oldest chunks first. What is asked for stays, and as much again, for the rows of
 * another day are read in turn with those of this one.
 */
const forget = (kept: Chunk[], { asked, more }: Room, limits: TallyLimits): void => {
  const isAsked = ({ from, to }: Chunk): boolean => from < asked.to && asked.from < to
  const needed = kept.filter(isAsked)
  const chunks = Math.max(limits.chunks, 2 * needed.length + 2)
  const entries = Math.max(limits.entries, 2 * (sizeOf(needed) + more))
  let all = sizeOf(kept) + more
  for (const chunk of kept.filter((each) => !isAsked(each))) {
    if (all <= entries && kept.length < chunks) return
    kept.splice(kept.indexOf(chunk), 1)
    all -= chunk.size
  }
}

const sizeOf = (chunks: readonly Chunk[]): number => chunks.reduce((sum, { size }) => sum + size, 0)

/** The roots whose rows may count towards a page; without a window the one that stands for all rows. */
const rootsOf = (plan: TypedPlan, tally: Tally, page: number): RootRange => {
  if (tally.window === undefined) return { from: 0, to: 1 }
  const [first, ...inner] = dimensionsOf(plan, tally)
  if (first === undefined) return fail('internal', `${tally.cross} has no dimensions`)
  const cells = inner.reduce((product, { count }) => product * count, 1)
  const { low, high } = tally.window
  const firstKey = Math.floor((page * PAGE_CELLS) / cells) + 1
  const lastKey = Math.floor(((page + 1) * PAGE_CELLS - 1) / cells) + 1
  return {
    from: Math.max(1, firstKey - high),
    to: Math.min(first.count, lastKey - low) + 1,
  }
}

interface RootRange {
  readonly from: number
  readonly to: number
}

type Counter = (from: number, to: number) => { readonly chunk: Chunk; readonly rows: number }

const createCounter = (plan: TypedPlan, group: readonly Tally[], makeRows: MakeRows): Counter => {
  const wanted = group.map((tally) => wantedOfCounted(tally))
  const table = tableOf(plan, group[0]?.table ?? '')
  const isWhole = group[0]?.window === undefined
  const width = isWhole ? 0 : keysOfRoot((name) => tableOf(plan, name), table.name)
  let make: ReturnType<MakeRows> | undefined
  return (from, to) => {
    make ??= makeRows({ table, wanted: wanted.flat() })
    let rows = 0
    let at = 0
    const countings = group.map((tally, i): readonly [number, Collecting] => {
      const counting = countRows(tally, dimensionsOf(plan, tally), at)
      at += wanted[i]?.length ?? 0
      return [tally.number, counting]
    })
    const range = isWhole ? { lo: 0, hi: table.maxKey + 1 } : { lo: from * width, hi: to * width }
    make(range, (blocks, count) => {
      rows += count
      for (const [, counting] of countings) counting.add(blocks, count)
    })
    const entries = new Map(countings.map(([number, counting]) => [number, counting.finish()]))
    const size = [...entries.values()].reduce((sum, { count }) => sum + count, 0)
    return { chunk: { from, to, entries, size }, rows }
  }
}
