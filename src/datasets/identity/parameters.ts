import { parseDate } from '../../core/expr/civil.ts'
import { declareParameters, optionNames, type ParameterSpec, type SettingsOf } from '../declare.ts'
import type { ParameterDefinition } from '../definition.ts'

const RATE = { min: 0, max: 1 }
const EARLIEST = parseDate('1950-01-01')
const LATEST = parseDate('2100-01-01')

const SPECS = {
  households: {
    role: 'size',
    kind: 'integer',
    default: 10_000,
    min: 1,
    max: 1_000_000_000,
    description: 'Households to make; every other table follows from them.',
  },
  start: {
    kind: 'date',
    default: parseDate('2023-01-01'),
    min: EARLIEST,
    max: LATEST,
    description: 'First day of the data (UTC).',
  },
  asOf: {
    kind: 'date',
    default: parseDate('2025-01-01'),
    min: EARLIEST,
    max: LATEST,
    description: 'The day the data ends before (UTC), at least 92 days after the start.',
  },
  sizeMean: {
    default: 2.5,
    min: 1,
    max: 6,
    description: 'Mean of the normal law of household sizes, before it is rounded and cut to 1..6.',
  },
  sizeDeviation: {
    default: 1.2,
    min: 0.1,
    max: 5,
    description: 'Standard deviation of the normal law of household sizes.',
  },
  incomeUnder30k: {
    flag: 'income-under-30k',
    ...RATE,
    default: 0.2,
    description: 'Share of households with an income below 30,000 a year.',
  },
  income30To60k: {
    flag: 'income-30-60k',
    ...RATE,
    default: 0.3,
    description: 'Share of households with an income of 30,000 to 60,000 a year.',
  },
  income60To100k: {
    flag: 'income-60-100k',
    ...RATE,
    default: 0.3,
    description: 'Share of households with an income of 60,000 to 100,000 a year.',
  },
  incomeOver100k: {
    flag: 'income-over-100k',
    ...RATE,
    default: 0.2,
    description: 'Share of households with an income above 100,000 a year.',
  },
  emailRate: { ...RATE, default: 0.6, description: 'Share of people with an e-mail address.' },
  mobileRate: { ...RATE, default: 0.8, description: 'Share of people with a mobile ad id.' },
  ctvRate: {
    ...RATE,
    default: 0.4,
    description: 'Share of people with a connected-TV id, which their household owns.',
  },
  sharedCookieRate: {
    ...RATE,
    default: 0.3,
    description: 'Share of households whose members share a browser, and so a cookie.',
  },
  identifiersMean: {
    default: 4,
    min: 2,
    max: 15,
    description: 'Mean number of identifiers a person has, who has 2 to 15 of them.',
  },
  campaigns: {
    kind: 'integer',
    default: 200,
    min: 5,
    max: 20_000,
    description: 'Advertising campaigns, spread over five channels and the whole time.',
  },
  exposuresMean: {
    default: 4,
    min: 0,
    max: 40,
    description: 'Mean number of ads a person sees, heavy-tailed, at most 127 each.',
  },
  exposuresSpread: {
    default: 1.2,
    min: 0.2,
    max: 2,
    description: 'Spread of the number of ads a person sees: the sigma of its log-normal law.',
  },
  responseRate: {
    ...RATE,
    default: 0.02,
    description: 'Share of exposures that are answered sooner or later.',
  },
  responseDisplay: {
    min: 0,
    max: 100,
    default: 0.5,
    description: 'How readily people answer display ads, relative to the other channels.',
  },
  responseMobile: {
    min: 0,
    max: 100,
    default: 1,
    description: 'How readily people answer mobile ads, relative to the other channels.',
  },
  responseCtv: {
    min: 0,
    max: 100,
    default: 0.3,
    description: 'How readily people answer TV ads, relative to the other channels.',
  },
  responseEmail: {
    min: 0,
    max: 100,
    default: 3,
    description: 'How readily people answer e-mails, relative to the other channels.',
  },
  responseSms: {
    min: 0,
    max: 100,
    default: 4,
    description: 'How readily people answer text messages, relative to the other channels.',
  },
  responseMinutes: {
    default: 45,
    min: 1,
    max: 10_080,
    description: 'Median minutes from exposure to response.',
  },
  responseSpread: {
    default: 1.5,
    min: 0.1,
    max: 4,
    description: 'Spread of the delay of a response: the sigma of its log-normal law.',
  },
  withTruth: {
    kind: 'flag',
    role: 'choice',
    ...RATE,
    default: 0,
    description: 'Also land identity_edges: who is behind every identifier.',
  },
  withContacts: {
    kind: 'flag',
    role: 'choice',
    ...RATE,
    default: 0,
    description: 'Also land contacts: the e-mail addresses and phone numbers that were hashed.',
  },
} satisfies Record<string, ParameterSpec>

/** A parameter of the identity dataset. */
export type SettingName = keyof typeof SPECS

/** A value for each parameter of the identity dataset. */
export type Settings = SettingsOf<typeof SPECS>

/** The parameters of the identity dataset, in the order of its help. */
export const PARAMETERS: readonly ParameterDefinition[] = declareParameters(SPECS)

/** The option of a parameter, as a user types it. */
export const optionOf: (name: SettingName) => string = optionNames(PARAMETERS)
