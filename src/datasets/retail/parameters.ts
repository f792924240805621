import { parseDate } from '../../core/expr/civil.ts'
import { declareParameters, type ParameterSpec, type SettingsOf } from '../declare.ts'
import type { ParameterDefinition } from '../definition.ts'
import { SEASON_DAYS } from './season.ts'

/** Sizes that go together, and orders of a year that make 4,000, 75,000 and 500,000 in the first 14 days of 2025. */
const SCALES = {
  small: { stores: 10, products: 200, customers: 2_000, promotions: 200, ordersPerYear: 116_055 },
  medium: {
    stores: 50,
    products: 1_000,
    customers: 25_000,
    promotions: 600,
    ordersPerYear: 2_176_022,
  },
  large: {
    stores: 200,
    products: 5_000,
    customers: 120_000,
    promotions: 2_000,
    ordersPerYear: 14_506_812,
  },
}

/** The highest rate of orders, a year. */
export const MOST_ORDERS = 1_000_000_000

const SPECS = {
  scale: {
    kind: 'choice',
    default: 'small',
    choices: SCALES,
    description: 'How large the company is; each of its sizes can be given by itself too.',
  },
  days: {
    role: 'size',
    kind: 'integer',
    default: 14,
    min: 1,
    max: SEASON_DAYS,
    description: 'Days of orders and stock; more days leave the earlier ones as they are.',
  },
  stores: {
    kind: 'integer',
    default: SCALES.small.stores,
    min: 1,
    max: 5_000,
    description: 'Stores; each also ships the web orders of its customers.',
  },
  products: {
    kind: 'integer',
    default: SCALES.small.products,
    min: 1,
    max: 100_000,
    description: 'Products, numbered by how well they sell.',
  },
  customers: {
    kind: 'integer',
    default: SCALES.small.customers,
    min: 1,
    max: 10_000_000,
    description: 'Customers, numbered by when they signed up; early ones order most.',
  },
  orders: {
    kind: 'integer',
    default: 0,
    min: 0,
    max: 100_000_000,
    description:
      'Orders in all the days together, to one; 0 means as many as --orders-per-year gives.',
  },
  ordersPerYear: {
    kind: 'integer',
    default: SCALES.small.ordersPerYear,
    min: 0,
    max: MOST_ORDERS,
    description: 'The rate of orders: how many the first 365 days would have, whatever --days is.',
  },
  promotions: {
    kind: 'integer',
    default: SCALES.small.promotions,
    min: 1,
    max: 1_000_000,
    description: 'Promotions, spread over 365 days, on categories and products in turn.',
  },
  start: {
    kind: 'date',
    default: parseDate('2025-01-01'),
    min: parseDate('1990-01-01'),
    max: parseDate('2098-01-01'),
    description: 'First day of the data.',
  },
  webShare: {
    min: 0,
    max: 1,
    default: 0.3,
    description: 'Share of orders placed on the web.',
  },
  productSkew: {
    min: 0,
    max: 2,
    default: 0.8,
    description: 'How unevenly products sell: the exponent of their Zipf law.',
  },
  customerSpread: {
    min: 0,
    max: 2,
    default: 0.9,
    description: 'How unevenly customers order: the sigma of a log-normal law.',
  },
  complementShare: {
    min: 0,
    max: 1,
    default: 0.3,
    description:
      'Share of further lines of a basket that go with its first one, like biscuits with coffee.',
  },
  withTruth: {
    kind: 'flag',
    role: 'choice',
    min: 0,
    max: 1,
    default: 0,
    description: 'Also land product_prices: what each product costs from when to when.',
  },
} satisfies Record<string, ParameterSpec>

/** A value for each parameter of the retail dataset. */
export type Settings = SettingsOf<typeof SPECS>

/** The parameters of the retail dataset, in the order of its help. */
export const PARAMETERS: readonly ParameterDefinition[] = declareParameters(SPECS)
