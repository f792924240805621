import { fail } from '../../core/errors.ts'
import { law } from '../../core/expr/build-law.ts'
import type { Law } from '../../core/expr/law.ts'
import { sumOf } from '../../core/random/math.ts'
import { rounded } from '../calibrate.ts'
import { optionOf, type SettingName, type Settings } from './parameters.ts'

/** Where ads run; campaign i runs in channel i mod 5. */
export const CHANNELS = ['display', 'mobile', 'ctv', 'email', 'sms'] as const

/** The number of a channel by its name. */
export const CHANNEL_CODE = { display: 0, mobile: 1, ctv: 2, email: 3, sms: 4 } as const

/** What people do about an ad, by channel. */
export const RESPONSE_LAWS: readonly Law[] = [
  law.weighted({ click: 70, site_visit: 20, sign_up: 6, purchase: 4 }),
  law.weighted({ click: 60, app_install: 20, sign_up: 10, purchase: 10 }),
  law.weighted({ site_visit: 70, app_install: 10, purchase: 20 }),
  law.weighted({ click: 75, sign_up: 10, purchase: 15 }),
  law.weighted({ click: 70, sign_up: 10, purchase: 20 }),
]

/** Every response there is. */
export const RESPONSES = ['click', 'site_visit', 'app_install', 'sign_up', 'purchase'] as const

/** The shares of the channels among exposures, from those of identifier types; a device shows display and mobile ads. */
export const channelShares = ([
  email = 0,
  mobile = 0,
  tv = 0,
  phone = 0,
  device = 0,
  cookie = 0,
]: readonly number[]): readonly number[] => [
  cookie + device / 2,
  mobile + device / 2,
  tv,
  email,
  phone,
]

/**
 * The chance of a response by channel: in the asked proportion, and of the asked rate over all exposures. Throws
 * plan.infeasible with the largest rate when a channel would have to answer more than always.
 */
export const responseRates = (settings: Settings, shares: readonly number[]): readonly number[] => {
  const { responseRate } = settings
  const readiness = READINESS.map((name) => settings[name])
  const mean = sumOf(readiness.map((each, i) => each * (shares[i] ?? 0)))
  if (responseRate === 0) return readiness.map(() => 0)
  if (mean === 0) return refuse(settings, 0)
  const rates = readiness.map((each) => (responseRate * each) / mean)
  const highest = Math.max(...rates)
  return highest <= 1 + TOLERANCE
    ? rates.map((rate) => Math.min(1, rate))
    : refuse(settings, responseRate / highest)
}

const READINESS = [
  'responseDisplay',
  'responseMobile',
  'responseCtv',
  'responseEmail',
  'responseSms',
] as const satisfies readonly SettingName[]

const TOLERANCE = 1e-9

const refuse = ({ responseRate }: Settings, largest: number): never => {
  const to = Math.floor(rounded(largest) * 10_000) / 10_000
  return fail(
    'plan.infeasible',
    `${optionOf('responseRate')} ${responseRate} cannot hold with how readily the channels answer: expected 0 to ${to}`,
    {
      hint: `lower it, or bring ${READINESS.map(optionOf).join(', ')} closer together`,
      details: { parameter: 'responseRate', from: 0, to },
    },
  )
}
