import type { LawTable } from '../../../src/core/random/compiled-law.ts'

/** A bin of a compiled table with the number of first lanes, of 2^32, that lead to it. */
export interface MeasuredBin {
  readonly low: number
  readonly width: number
  readonly lanes: number
}

/** Counts without sampling how many values of the first lane choose each bin of a table. */
export const measure = (table: LawTable): MeasuredBin[] => {
  if (table.kind === 'uniform') return [{ low: table.low, width: table.count, lanes: 2 ** 32 }]
  if (table.kind === 'steps') {
    const cuts = [0, ...table.thresholds, 2 ** 32]
    return table.values.map((low, i) => ({
      low,
      width: 1,
      lanes: (cuts[i + 1] ?? NaN) - (cuts[i] ?? NaN),
    }))
  }
  const lanes = Array.from(table.low, () => 0)
  const room = 2 ** 32 / 2 ** table.bits
  const give = (bin: number, count: number): void => {
    if (count > 0) lanes[bin] = (lanes[bin] ?? NaN) + count
  }
  table.threshold.forEach((threshold, slot) => {
    give(slot, threshold)
    give(table.alias[slot] ?? NaN, room - threshold)
  })
  return lanes.map((count, i) => ({
    low: table.low[i] ?? NaN,
    width: table.width[i] ?? NaN,
    lanes: count,
  }))
}

/** Half the sum of absolute differences between measured bins and the asked chance of each of them. */
export const variation = (
  bins: readonly MeasuredBin[],
  asked: (bin: MeasuredBin) => number,
): number => {
  const common = bins.map((bin) => ({ got: bin.lanes / 2 ** 32, want: asked(bin) }))
  const missing = 1 - common.reduce((sum, { want }) => sum + want, 0)
  const differences = common.reduce((sum, { got, want }) => sum + Math.abs(got - want), 0)
  return (differences + Math.max(0, missing)) / 2
}
