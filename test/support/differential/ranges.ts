import { keySpaces } from '../../../src/core/run/key-space.ts'
import type { KeyRange } from '../../../src/core/sql/ranges.ts'
import type { Subject } from './digests.ts'

/** So many ranges of keys, side by side, that hold every key of a table; cut between roots where there are enough. */
export const keyRanges = ({ plan, table }: Subject, parts: number): readonly KeyRange[] => {
  const [space] = keySpaces(plan, table).toSorted((a, b) => b.positions - a.positions)
  const end = table.maxKey + 1
  const cut = (i: number): number =>
    space === undefined || space.positions < parts
      ? Math.floor((end * i) / parts)
      : space.keyAt(Math.floor((space.positions * i) / parts))
  const bounds = Array.from({ length: parts - 1 }, (_, i) => Math.min(end, cut(i + 1)))
  return [0, ...bounds].map((from, i) => ({ from, to: bounds[i] ?? end }))
}

/** The ranges with keys in them, and between these one for all that are empty side by side. */
export const joinedWhereEmpty = (
  ranges: readonly KeyRange[],
  keys: readonly number[],
): readonly KeyRange[] => {
  const joined: (KeyRange & { readonly empty: boolean })[] = []
  for (const { from, to } of ranges) {
    const empty = !keys.some((key) => key >= from && key < to)
    const last = joined.at(-1)
    if (empty && last?.empty === true) joined[joined.length - 1] = { from: last.from, to, empty }
    else joined.push({ from, to, empty })
  }
  return joined.map(({ from, to }) => ({ from, to }))
}
