import type { Odds } from '../../../core/noise/odds.ts'
import type { RateOf } from './rates.ts'

/** What the steps of a source are made from. */
export interface Steps {
  readonly rate: RateOf
  /** Attributes on which slips depend; the second list holds for names too. */
  readonly slips: readonly Odds[]
  readonly nameSlips: readonly Odds[]
  /** Providers of e-mail addresses, and the day (since 1970) from which ages count. */
  readonly providers: number
  readonly asOf: number
}
