import { law } from '../../core/expr/build-law.ts'
import type { Law } from '../../core/expr/law.ts'
import { exp, log, normalCdf, sumOf } from '../../core/random/math.ts'
import type { Vocabulary } from '../../core/plan/vocabulary.ts'
import { integers, normalise, rounded, solve } from '../calibrate.ts'
import type { Settings } from './parameters.ts'

/** Keys of a person's exposures lie so far apart, so that nobody has more. */
export const EXPOSURE_CAPACITY = 128

/** The heavy-tailed law of the number of ads a person sees: a log-normal, rounded and cut, with the asked mean. */
export const exposuresLaw = ({ exposuresMean, exposuresSpread: sigma }: Settings): Law => {
  if (exposuresMean === 0) return law.weighted([[0, 1]])
  // The mean of a count is the sum of its chances to be k or more, so to round from k - 1/2 or above.
  const logs = Array.from({ length: EXPOSURE_CAPACITY - 1 }, (_, i) => log(i + 0.5))
  const mean = (mu: number): number => sumOf(logs.map((each) => normalCdf((mu - each) / sigma)))
  const mu = solve(mean, { ...LOG_MEDIANS, value: exposuresMean })
  return law.logNormal(rounded(exp(mu)), sigma, { low: 0, high: EXPOSURE_CAPACITY - 1 })
}

/** Weights of the hours 0..23 at which people see ads, by their own clock: mornings little, evenings most. */
export const HOURS = [
  14, 8, 5, 4, 5, 10, 22, 36, 44, 46, 46, 48, 54, 52, 48, 48, 52, 60, 72, 88, 96, 88, 60, 32,
]

/** The share of ads seen before an hour of the UTC day, people living where the places are. */
export const utcShare = (before: number, places: Vocabulary): number => {
  const [weights, offsets] = ['weight', 'utc_offset'].map((name) => integers(places, name))
  const perMinute = normalise(HOURS).flatMap((share) =>
    Array.from({ length: 60 }, () => share / 60),
  )
  const minutes = Array.from({ length: before * 60 }, (_, minute) => minute)
  const shares = new Map<number, number>()
  return (
    sumOf(
      (weights ?? []).map((weight, row) => {
        const offset = offsets?.[row] ?? 0
        const share =
          shares.get(offset) ??
          sumOf(
            minutes.map((minute) => perMinute[(minute + offset + DAY_MINUTES) % DAY_MINUTES] ?? 0),
          )
        shares.set(offset, share)
        return weight * share
      }),
    ) / sumOf(weights ?? [])
  )
}

const DAY_MINUTES = 1440

/** The longest time that a response takes, in seconds. */
export const LONGEST_DELAY = 30 * 86_400

/** Seconds from an exposure to its response. */
export const delayLaw = ({ responseMinutes, responseSpread }: Settings): Law =>
  law.logNormal(rounded(responseMinutes * 60), responseSpread, { low: 1, high: LONGEST_DELAY })

/**
 * An upper bound of the share of responses that would come after the data ends: the mean delay over the shortest life.
 */
export const lateShare = ({ responseMinutes, responseSpread }: Settings, life: number): number => {
  const days = (responseMinutes * exp((responseSpread * responseSpread) / 2)) / 1440
  return Math.min(1, Math.min(days, 30) / life)
}

/** Wide enough for every mean and spread that may be asked. */
const LOG_MEDIANS = { low: -12, high: 6 }
