/** A number of the plan, or the value of one of its parameters. */
export type Quantity = number | { readonly parameter: string }

/**
 * A probability law over integers (or over listed words). `low` and `high` are inclusive and clip the law; `step`
 * (default 1) is the distance of neighbouring outcomes, and outcomes are `low + step·i`.
 */
export type Law =
  | {
      readonly kind: 'uniform'
      readonly low: Quantity
      readonly high: Quantity
      readonly step?: Quantity
    }
  /** Listed outcomes, all strings or all integers, with weights that need not sum to one. */
  | {
      readonly kind: 'weighted'
      readonly values: readonly (string | number)[]
      readonly weights: readonly Quantity[]
    }
  /** The row number (from 0) of a vocabulary, by one of its integer columns. */
  | { readonly kind: 'vocabulary'; readonly vocabulary: string; readonly weight: string }
  /** Rounded to the nearest step, then clipped. */
  | {
      readonly kind: 'normal'
      readonly mean: Quantity
      readonly deviation: Quantity
      readonly low: Quantity
      readonly high: Quantity
      readonly step?: Quantity
    }
  /** exp of a normal; `median` = exp(mu), `sigma` the deviation of the logarithm. */
  | {
      readonly kind: 'logNormal'
      readonly median: Quantity
      readonly sigma: Quantity
      readonly low: Quantity
      readonly high: Quantity
      readonly step?: Quantity
    }
  | {
      readonly kind: 'exponential'
      readonly mean: Quantity
      readonly low: Quantity
      readonly high: Quantity
      readonly step?: Quantity
    }
  | { readonly kind: 'poisson'; readonly mean: Quantity; readonly high: Quantity }
  /** Failures before the first success: 0, 1, 2 … with the given mean. */
  | { readonly kind: 'geometric'; readonly mean: Quantity; readonly high: Quantity }
  /** Ranks 1..count with probability proportional to rank^-exponent; exponent 0..3, count up to 2^31. */
  | { readonly kind: 'zipf'; readonly exponent: Quantity; readonly count: Quantity }
  /** Outcome uniform in edges[i] <= x < edges[i+1] with probability proportional to weights[i]. */
  | {
      readonly kind: 'histogram'
      readonly edges: readonly number[]
      readonly weights: readonly Quantity[]
    }
  /** A date (days since 1970) of `days` days from `start`, by ISO weekday (Monday first) and month weights. */
  | {
      readonly kind: 'calendar'
      readonly start: string
      readonly days: Quantity
      readonly weekdays?: readonly number[]
      readonly months?: readonly number[]
    }
  /** A second of the day, 0..86399, by weights of the 24 hours. */
  | { readonly kind: 'timeOfDay'; readonly hours: readonly number[] }
