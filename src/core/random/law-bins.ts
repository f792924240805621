import type { Lattice } from './law-arguments.ts'

/** The outcomes low, low + step, ... (`width` of them) that share `weight` evenly. */
export interface Bin {
  readonly low: number
  readonly width: number
  readonly weight: number
}

/** A law as bins in rising order of their outcomes; weights need not sum to one. */
export interface Binned {
  readonly step: number
  readonly bins: readonly Bin[]
  /** Where reports cut the outcomes, when there are natural places. */
  readonly cuts?: readonly number[]
}

/** Indices start <= i < end of a lattice. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Up to this many outcomes each have a bin of their own. */
export const EXACT_OUTCOMES = 4096

/** How many bins cover a doubling of the index beyond the exact outcomes. */
export const BINS_PER_OCTAVE = 64

/** Every index from start to end by itself. */
export const singleSpans = (start: number, end: number): Span[] => {
  const spans: Span[] = []
  for (let i = start; i < end; i++) spans.push({ start: i, end: i + 1 })
  return spans
}

/** Single indices below 4096, then 64 equal spans for each octave [2^k, 2^(k+1)). */
export const geometricSpans = (count: number): Span[] => {
  const spans = singleSpans(0, Math.min(count, EXACT_OUTCOMES))
  for (let octave = EXACT_OUTCOMES; octave < count; octave *= 2)
    for (let start = octave; start < Math.min(2 * octave, count); start += octave / BINS_PER_OCTAVE)
      spans.push({ start, end: Math.min(start + octave / BINS_PER_OCTAVE, count) })
  return spans
}

/** The indices from start to end: singly while they are few, else both ends singly and equal spans between. */
export const equalSpans = (start: number, end: number): Span[] => {
  if (end - start <= EXACT_OUTCOMES) return singleSpans(start, end)
  const inner = EXACT_OUTCOMES - 2
  const edge = (i: number): number => start + 1 + Math.floor((i * (end - start - 2)) / inner)
  const middle = Array.from({ length: inner }, (_, i) => ({ start: edge(i), end: edge(i + 1) }))
  return [{ start, end: start + 1 }, ...middle, { start: end - 1, end }]
}

/** The spans with the last index, where a clipped law heaps up, by itself. */
export const withLastAlone = (spans: readonly Span[]): Span[] => {
  const last = spans.at(-1)
  if (last === undefined || last.end - last.start === 1) return [...spans]
  const edge = last.end - 1
  return [...spans.slice(0, -1), { start: last.start, end: edge }, { start: edge, end: last.end }]
}

/**
 * Bins over spans of a lattice from the chance that an outcome lies at index i or above it. What lies below the first
 * span or above the last is clipped to them.
 */
export const binsFromTail = (
  { low, step }: Lattice,
  spans: readonly Span[],
  atOrAbove: (index: number) => number,
): Binned => {
  const bins: Bin[] = []
  let edge = 1
  for (let i = 0; i < spans.length; i++) {
    const { start, end } = spans[i]!
    const next = i + 1 < spans.length ? atOrAbove(spans[i + 1]!.start) : 0
    bins.push({ low: low + step * start, width: end - start, weight: Math.max(0, edge - next) })
    edge = next
  }
  return { step, bins }
}

/** Single outcomes of a lattice with the given weights. */
export const binsFromWeights = (low: number, weights: readonly number[]): Binned => ({
  step: 1,
  bins: weights.map((weight, i) => ({ low: low + i, width: 1, weight })),
})
