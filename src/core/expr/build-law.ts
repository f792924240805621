import type { Law, Quantity } from './law.ts'

type Clip = { readonly low: Quantity; readonly high: Quantity; readonly step?: Quantity }
type Of<K extends Law['kind']> = Omit<Extract<Law, { readonly kind: K }>, 'kind'>

/** Laws by name; the doc comments of `Law` say what each means. */
export const law = {
  uniform: (low: Quantity, high: Quantity, step?: Quantity): Law =>
    step === undefined ? { kind: 'uniform', low, high } : { kind: 'uniform', low, high, step },
  /** Outcomes with their weights; an object's keys are strings in the order written. */
  weighted: (
    outcomes:
      readonly (readonly [string | number, Quantity])[] | Readonly<Record<string, Quantity>>,
  ): Law => {
    const pairs = Array.isArray(outcomes)
      ? (outcomes as readonly (readonly [string | number, Quantity])[])
      : Object.entries(outcomes)
    return {
      kind: 'weighted',
      values: pairs.map(([value]) => value),
      weights: pairs.map(([, weight]) => weight as Quantity),
    }
  },
  /** True with the given probability, as 1 and 0. */
  chance: (probability: number): Law => ({
    kind: 'weighted',
    values: [0, 1],
    weights: [1 - probability, probability],
  }),
  vocabulary: (vocabulary: string, weight: string): Law => ({
    kind: 'vocabulary',
    vocabulary,
    weight,
  }),
  normal: (mean: Quantity, deviation: Quantity, clip: Clip): Law => ({
    kind: 'normal',
    mean,
    deviation,
    ...clip,
  }),
  logNormal: (median: Quantity, sigma: Quantity, clip: Clip): Law => ({
    kind: 'logNormal',
    median,
    sigma,
    ...clip,
  }),
  exponential: (mean: Quantity, clip: Clip): Law => ({ kind: 'exponential', mean, ...clip }),
  poisson: (mean: Quantity, high: Quantity): Law => ({ kind: 'poisson', mean, high }),
  geometric: (mean: Quantity, high: Quantity): Law => ({ kind: 'geometric', mean, high }),
  zipf: (exponent: Quantity, count: Quantity): Law => ({ kind: 'zipf', exponent, count }),
  histogram: (edges: readonly number[], weights: readonly Quantity[]): Law => ({
    kind: 'histogram',
    edges,
    weights,
  }),
  calendar: (spec: Of<'calendar'>): Law => ({ kind: 'calendar', ...spec }),
  timeOfDay: (hours: readonly number[]): Law => ({ kind: 'timeOfDay', hours }),
} as const
