import { unreachable } from '../errors.ts'
import type { LawTable } from './compiled-law.ts'
import { uniform, uniform48 } from './mixer.ts'

/** The widest range that one 32-bit lane serves; wider ones, up to 2^37, take 48 bits of two. */
export const ONE_LANE_WIDTH = 2 ** 20

/** The outcome of a law's table for the first three lanes of a draw: the meaning that every engine must reproduce. */
export const outcome = (
  table: LawTable,
  [first, second, third]: readonly [number, number, number],
): number => {
  switch (table.kind) {
    case 'uniform':
      return table.low + table.step * place(table, [first, second])
    case 'steps':
      return at(table.values, table.thresholds.filter((threshold) => threshold <= first).length)
    case 'alias': {
      const bin = chooseBin(table, first)
      const { low, width, step, widest } = table
      return at(low, bin) + step * place({ count: at(width, bin), widest }, [second, third])
    }
    default:
      return unreachable(table)
  }
}

type Alias = Extract<LawTable, { kind: 'alias' }>

const chooseBin = ({ bits, threshold, alias }: Alias, lane: number): number => {
  const slotSize = 2 ** 32 / (1 << bits)
  const slot = Math.floor(lane / slotSize)
  return lane % slotSize < at(threshold, slot) ? slot : at(alias, slot)
}

const place = (
  { count, widest = count }: { readonly count: number; readonly widest?: number },
  [a, b]: readonly [number, number],
): number => {
  if (widest === 1) return 0
  return widest <= ONE_LANE_WIDTH ? uniform(a, count) : uniform48(a, b, count)
}

const at = (values: ArrayLike<number>, i: number): number => values[i] ?? NaN
