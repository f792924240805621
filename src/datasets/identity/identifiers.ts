import { fail } from '../../core/errors.ts'
import { sumOf } from '../../core/random/math.ts'
import { meanOf, power, rounded, tilted } from '../calibrate.ts'
import { optionOf, type Settings } from './parameters.ts'

/** Identifiers in the order in which a person's slots hold them. */
export const IDENTIFIER_TYPES = [
  'email_hash',
  'mobile_ad_id',
  'ctv_id',
  'hashed_phone',
  'device_id',
  'cookie_id',
] as const

/** The fewest identifiers of a person, the most beyond those that coverage and the fewest ask for, and the most. */
export const FEWEST_IDENTIFIERS = 2
export const MOST_FURTHER = 12
export const MOST_IDENTIFIERS = 15

/** The chance that a further slot is a phone, of which a person has one at most. */
export const PHONE = 0.15

/** Of ten further slots that are no phone, so many are devices and the others cookies. */
export const DEVICES_OF_TEN = 3

/**
 * The probabilities of 0..12 identifiers beyond the fewest and the covered ones that give the asked mean number together
 * with the asked coverage; plan.infeasible with the means that the coverage allows.
 */
export const fitFurther = (settings: Settings): readonly number[] => {
  const least = sumOf(
    coverage(settings).map(
      ({ probability, email, mobile, ctv }) =>
        probability * Math.max(FEWEST_IDENTIFIERS, email + mobile + ctv),
    ),
  )
  const further = settings.identifiersMean - least
  if (further < -TOLERANCE || further > MOST_FURTHER + TOLERANCE) refuse(settings, least)
  return tilted(MOST_FURTHER, Math.min(MOST_FURTHER, Math.max(0, further)))
}

/** The shares of the identifier types when one of a person's identifiers is picked evenly, in their order. */
export const pickShares = (settings: Settings, further: readonly number[]): readonly number[] => {
  const shares = IDENTIFIER_TYPES.map(() => 0)
  for (const { probability, counts } of people(settings, further)) {
    const all = sumOf(counts)
    counts.forEach(
      (count, type) => (shares[type] = (shares[type] ?? 0) + (probability * count) / all),
    )
  }
  return shares
}

const TOLERANCE = 1e-9

const refuse = (settings: Settings, least: number): never => {
  const { identifiersMean, emailRate, mobileRate, ctvRate } = settings
  // Rounded inwards, so that both ends are feasible themselves.
  const from = Math.ceil((least - TOLERANCE) * 1000) / 1000
  const to = Math.floor((least + MOST_FURTHER + TOLERANCE) * 1000) / 1000
  return fail(
    'plan.infeasible',
    `${optionOf('identifiersMean')} ${identifiersMean} cannot hold with ${optionOf('emailRate')} ${emailRate}, ${optionOf('mobileRate')} ${mobileRate} and ${optionOf('ctvRate')} ${ctvRate}: expected ${from} to ${to}`,
    {
      hint: `everybody has ${FEWEST_IDENTIFIERS} to ${MOST_IDENTIFIERS} identifiers, those of the rates among them`,
      details: { parameter: 'identifiersMean', from, to },
    },
  )
}

interface Coverage {
  readonly probability: number
  readonly email: number
  readonly mobile: number
  readonly ctv: number
}

const YES_OR_NO = [0, 1] as const

const coverage = ({ emailRate, mobileRate, ctvRate }: Settings): readonly Coverage[] =>
  YES_OR_NO.flatMap((email) =>
    YES_OR_NO.flatMap((mobile) =>
      YES_OR_NO.map((ctv) => ({
        email,
        mobile,
        ctv,
        probability: chance(emailRate, email) * chance(mobileRate, mobile) * chance(ctvRate, ctv),
      })),
    ),
  )

const chance = (rate: number, happens: 0 | 1): number => (happens === 1 ? rate : 1 - rate)

interface Kind {
  readonly probability: number
  /** Identifiers by type. */
  readonly counts: readonly number[]
}

/** Every combination of identifiers that a person may have. */
const people = (settings: Settings, further: readonly number[]): readonly Kind[] =>
  coverage(settings).flatMap(({ probability, email, mobile, ctv }) => {
    const covered = email + mobile + ctv
    return further.flatMap((more, y) =>
      furtherKinds(Math.max(FEWEST_IDENTIFIERS - covered, 0) + y).map((kind) => ({
        probability: probability * more * kind.probability,
        counts: [email, mobile, ctv, ...kind.counts],
      })),
    )
  })

const furtherKinds = (slots: number): readonly Kind[] => {
  const none = power(1 - PHONE, slots)
  return YES_OR_NO.filter((phone) => phone <= slots).flatMap((phone) => {
    const rest = slots - phone
    const fewer = Math.floor((rest * DEVICES_OF_TEN) / 10)
    const upwards = (rest * DEVICES_OF_TEN) / 10 - fewer
    return YES_OR_NO.map((more) => ({
      probability: (phone === 1 ? 1 - none : none) * chance(upwards, more),
      counts: [phone, fewer + more, rest - fewer - more],
    }))
  })
}

/** The expected number of identifiers, for messages and promises. */
export const expectedIdentifiers = (settings: Settings, further: readonly number[]): number =>
  rounded(
    meanOf(further) +
      sumOf(
        coverage(settings).map(
          ({ probability, email, mobile, ctv }) =>
            probability * Math.max(FEWEST_IDENTIFIERS, email + mobile + ctv),
        ),
      ),
  )
