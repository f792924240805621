import { parseDate } from '../../core/expr/civil.ts'
import { declareParameters, optionNames, type ParameterSpec, type SettingsOf } from '../declare.ts'
import type { ParameterDefinition } from '../definition.ts'
import { NOISE_PARAMETERS } from './noise/rates.ts'
import { MOST_CUSTOMERS, MOST_RECORDS } from './record-keys.ts'

const RATE = { min: 0, max: 1 }
const EARLIEST = parseDate('1970-01-01')
const LATEST = parseDate('2040-01-01')

const SPECS = {
  totalRecords: {
    role: 'size',
    kind: 'integer',
    default: 0,
    min: 0,
    max: MOST_RECORDS * MOST_CUSTOMERS,
    description:
      'Records of the three sources together; 0 lets them follow from the customers, or makes 100,000 when these are not given either.',
  },
  uniqueCustomers: {
    role: 'size',
    kind: 'integer',
    default: 0,
    min: 0,
    max: MOST_CUSTOMERS,
    description: 'Customers behind the records; 0 makes a quarter of the records.',
  },
  rates: {
    kind: 'choice',
    default: 'solved',
    choices: { solved: {}, 'as-stated': {} },
    description:
      'Whether the numbers of records of a customer are solved for the total that is asked for, or keep the stated rates and let the total follow.',
  },
  tableSuffix: {
    kind: 'text',
    default: '',
    pattern: '[A-Za-z0-9_-]*',
    maxLength: 40,
    expects: 'letters, digits, _ and -',
    description: 'Put behind the names of the landed tables, as in _scale.',
  },
  start: {
    kind: 'date',
    default: parseDate('2020-01-01'),
    min: EARLIEST,
    max: LATEST,
    description: 'The day from which customers are known (UTC).',
  },
  asOf: {
    kind: 'date',
    default: parseDate('2025-01-01'),
    min: EARLIEST,
    max: LATEST,
    description: 'The day the data ends before (UTC), at least 180 days after the start.',
  },
  crmCoverage: { ...RATE, default: 0.8, description: 'Share of customers in the CRM.' },
  erpCoverage: { ...RATE, default: 0.7, description: 'Share of customers in the ERP.' },
  ecommerceCoverage: {
    ...RATE,
    default: 0.6,
    description: 'Share of customers in the web shop.',
  },
  crmDuplicates: {
    ...RATE,
    default: 0.15,
    description: 'Chance that a customer of the CRM stands there twice, at the stated rates.',
  },
  ecommerceRecords: {
    default: 1.3,
    min: 1,
    max: 8,
    description: 'Mean records of a customer of the web shop, at the stated rates.',
  },
  ecommerceMost: {
    kind: 'integer',
    default: 3,
    min: 1,
    max: 8,
    description: 'Most records of a customer of the web shop, at the stated rates.',
  },
  moves: {
    default: 0.1,
    min: 0,
    max: 0.6,
    description: 'Moves of a household a year; at most three between start and end.',
  },
  emailChanges: {
    default: 0.06,
    min: 0,
    max: 0.4,
    description: 'Changes of a person\u2019s e-mail address a year; at most two.',
  },
  marriages: {
    ...RATE,
    default: 0.1,
    description: 'Share of couples who marry between start and end, by which a surname changes.',
  },
  twins: {
    ...RATE,
    default: 0.1,
    description: 'Share of pairs of grown siblings in one household who are twins.',
  },
  namesakes: {
    ...RATE,
    default: 0.15,
    description: 'Share of fathers and sons in one household who have one name.',
  },
  doubles: {
    ...RATE,
    default: 0.02,
    description:
      'Share of every second group of four customers whose first, unless living with a grown child, has the name, sex and date of birth of a stranger.',
  },
  landlines: {
    ...RATE,
    default: 0.25,
    description: 'Share of households with a landline, whose number some of its members give.',
  },
  ...NOISE_PARAMETERS,
  withTruth: {
    kind: 'flag',
    role: 'choice',
    ...RATE,
    default: 1,
    description: 'Land the truth too: who is behind every record, and pairs that are hard to tell.',
  },
} satisfies Record<string, ParameterSpec>

/** A parameter of the mdm dataset. */
export type SettingName = keyof typeof SPECS

/** A value for each parameter of the mdm dataset. */
export type Settings = SettingsOf<typeof SPECS>

/** The parameters of the mdm dataset, in the order of its help. */
export const PARAMETERS: readonly ParameterDefinition[] = declareParameters(SPECS)

/** The option of a parameter, as a user types it. */
export const optionOf: (name: SettingName) => string = optionNames(PARAMETERS)
