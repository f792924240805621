import { fail } from '../errors.ts'
import type { CompiledLaw, LawTable } from './compiled-law.ts'
import type { Lattice } from './law-arguments.ts'
import type { Bin, Binned } from './law-bins.ts'
import { sumOf } from './math.ts'
import { ONE_LANE_WIDTH } from './outcome.ts'

/** The number of values of a lane, and the sum of all integer weights. */
export const LANE = 2 ** 32

/** Most bins of the asked law in reports. */
export const REPORTED_BINS = 64

/** Most bins of an alias table. */
export const MAX_BINS = 2 ** 16

/** Compiles bins to the smallest fitting table and measures how far it is from the asked weights. */
export const compileBins = (asked: Binned): CompiledLaw => {
  if (asked.bins.length > MAX_BINS)
    fail('plan.infeasible', `a law has ${asked.bins.length} bins, at most ${MAX_BINS} can be drawn`)
  const weights = asked.bins.map((bin) => bin.weight)
  const shares = integerShares(weights)
  const total = sumOf(weights)
  const expected: number[] = []
  const kept: Bin[] = []
  const drawn: number[] = []
  let distance = 0
  let mean = 0
  for (let i = 0; i < shares.length; i++) {
    const share = shares[i]!
    const probability = weights[i]! / total
    expected.push(probability)
    distance += Math.abs(probability - share / LANE)
    if (share === 0) continue
    const bin = asked.bins[i]!
    kept.push(bin)
    drawn.push(share)
    mean += (share / LANE) * middleOf(bin, asked.step)
  }
  return {
    table: tableOf(asked.step, kept, drawn),
    min: kept[0]?.low ?? NaN,
    max: lastOf(kept.at(-1), asked.step),
    distance: distance / 2,
    asked: reportingBins(asked, expected),
    mean,
  }
}

/** Compiles equally likely outcomes. */
export const compileLattice = ({ low, step, count }: Lattice): CompiledLaw => {
  const bins = Math.min(count, REPORTED_BINS)
  const edges = Array.from({ length: bins + 1 }, (_, i) => Math.floor((i * count) / bins))
  const widths = edges.slice(1).map((edge, i) => edge - (edges[i] ?? 0))
  return {
    table: { kind: 'uniform', low, step, count },
    min: low,
    max: low + step * (count - 1),
    distance: uniformDistance(count),
    asked: {
      from: edges.slice(0, -1).map((edge) => low + step * edge),
      probability: widths.map((width) => width / count),
    },
    mean: low + (step * (count - 1)) / 2,
  }
}

/**
 * Integers in the proportion of the weights that sum to 2^32 exactly: the differences of the rounded cumulative
 * probabilities. Weights are not negative and not all zero.
 */
export const integerShares = (weights: readonly number[]): number[] => {
  const total = sumOf(weights)
  const shares: number[] = []
  let cumulative = 0
  let before = 0
  for (const weight of weights) {
    cumulative += weight
    const cut = Math.floor((cumulative / total) * LANE + 0.5)
    shares.push(cut - before)
    before = cut
  }
  return shares
}

const MAX_STEPS = 33

/** A bin by what is in it. */
type Outcomes = Pick<Bin, 'low' | 'width'>

/** The smallest table for outcomes and their integer weights. */
const tableOf = (step: number, bins: readonly Outcomes[], weights: readonly number[]): LawTable => {
  const [first] = bins
  if (bins.length === 1 && first !== undefined)
    return { kind: 'uniform', low: first.low, step, count: first.width }
  const single = bins.every((bin) => bin.width === 1)
  return single && bins.length <= MAX_STEPS
    ? stepsTable(bins, weights)
    : aliasTable(step, bins, weights)
}

const stepsTable = (bins: readonly Outcomes[], weights: readonly number[]): LawTable => {
  let cumulative = 0
  const cuts = weights.map((weight) => (cumulative += weight))
  return { kind: 'steps', thresholds: cuts.slice(0, -1), values: bins.map((bin) => bin.low) }
}

/**
 * Vose's alias method (M. D. Vose, "A linear algorithm for generating random numbers with a given distribution",
 * 1991) on integer weights: all slots end exactly full. Slots beyond the bins start empty.
 */
const aliasTable = (
  step: number,
  bins: readonly Outcomes[],
  weights: readonly number[],
): LawTable => {
  const bits = bitsFor(bins.length)
  const slots = 1 << bits
  const room = LANE / slots
  const rest = new Float64Array(slots)
  rest.set(weights)
  const threshold = new Uint32Array(slots).fill(room)
  const alias = new Uint32Array(slots)
  // Both stacks in one array, which the poor slots fill from the left and the rich ones from the right.
  const stacks = new Uint32Array(slots)
  let poor = 0
  let rich = slots
  for (let slot = 0; slot < slots; slot++) {
    alias[slot] = slot
    if (rest[slot]! < room) stacks[poor++] = slot
    else stacks[--rich] = slot
  }
  while (poor > 0) {
    if (rich === slots) fail('internal', 'an alias table ran out of weight')
    const slot = stacks[--poor]!
    const donor = stacks[rich]!
    threshold[slot] = rest[slot]!
    alias[slot] = donor
    const left = rest[donor]! - (room - rest[slot]!)
    rest[donor] = left
    if (left >= room) continue
    rich += 1
    stacks[poor++] = donor
  }
  return { kind: 'alias', bits, threshold, alias, step, ...outcomesOf(bins) }
}

const outcomesOf = (bins: readonly Outcomes[]) => {
  const low = new Float64Array(bins.length)
  const width = new Float64Array(bins.length)
  let widest = 0
  for (let i = 0; i < bins.length; i++) {
    const bin = bins[i]!
    low[i] = bin.low
    width[i] = bin.width
    widest = Math.max(widest, bin.width)
  }
  return { low, width, widest }
}

const bitsFor = (bins: number): number => {
  let bits = 1
  while (1 << bits < bins) bits += 1
  return bits
}

const lastOf = (bin: Outcomes | undefined, step: number): number =>
  bin === undefined ? NaN : bin.low + step * (bin.width - 1)

const middleOf = (bin: Outcomes, step: number): number => bin.low + (step * (bin.width - 1)) / 2

/** Of `count` outcomes, `extra` have one more of the draws than the others. */
const uniformDistance = (count: number): number => {
  const draws = count <= ONE_LANE_WIDTH ? LANE : 2 ** 48
  const extra = draws % count
  return (extra * ((count - extra) / count)) / draws
}

const reportingBins = (
  { bins, cuts }: Binned,
  expected: readonly number[],
): CompiledLaw['asked'] => {
  const starts = new Set(cuts ?? naturalCuts(bins, expected))
  const from: number[] = []
  const probability: number[] = []
  for (let i = 0; i < bins.length; i++) {
    const { low } = bins[i]!
    if (i === 0 || starts.has(low)) {
      from.push(low)
      probability.push(0)
    }
    probability[from.length - 1]! += expected[i]!
  }
  return { from, probability }
}

/** Each bin while they are few, else about every 32nd of the probability and outcomes heavier than that: at most 64. */
const naturalCuts = (bins: readonly Bin[], expected: readonly number[]): number[] => {
  if (bins.length <= REPORTED_BINS) return bins.map((bin) => bin.low)
  const slices = REPORTED_BINS / 2
  const cuts: number[] = []
  let before = 0
  let slice = -1
  for (let i = 0; i < bins.length; i++) {
    const p = expected[i]!
    const here = Math.min(slices - 1, Math.floor(before * slices))
    before += p
    if (here === slice && p * slices < 1) continue
    slice = here
    cuts.push(bins[i]!.low)
  }
  return cuts
}
