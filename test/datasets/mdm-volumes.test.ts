import { describe, expect, test } from 'vitest'
import { isLakewrightError, type LakewrightError } from '../../src/core/errors.ts'
import { sumOf } from '../../src/core/random/math.ts'
import { meanOf } from '../../src/datasets/calibrate.ts'
import { type ParameterValues, resolveParameters } from '../../src/datasets/definition.ts'
import { volumeNotices } from '../../src/datasets/mdm/notices.ts'
import { PARAMETERS, type Settings } from '../../src/datasets/mdm/parameters.ts'
import { SOURCES } from '../../src/datasets/mdm/source.ts'
import { fitVolumes, type Volumes } from '../../src/datasets/mdm/volumes.ts'
import { kernelColumns, typedMdm } from './mdm-rows.ts'

const settingsOf = (values: ParameterValues): Settings =>
  resolveParameters(PARAMETERS, values) as Settings
const fitted = (values: ParameterValues = {}): Volumes => fitVolumes(settingsOf(values))
const totalOf = ({ records }: Volumes): number => sumOf(SOURCES.map((each) => records[each]))
const notices = (values: ParameterValues): readonly string[] =>
  volumeNotices(settingsOf(values), fitted(values)).map(({ level, text }) => `${level}: ${text}`)

const refused = (values: ParameterValues): LakewrightError => {
  try {
    fitted(values)
  } catch (error) {
    if (isLakewrightError(error)) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('the numbers of customers and records', () => {
  test('are 25,000 and 100,000 when nothing is asked for', () => {
    expect(fitted().customers).toBe(25_000)
    expect(totalOf(fitted())).toBeCloseTo(100_000, 3)
  })

  test('a total gives a quarter of it as customers, whose records are solved for', () => {
    const volumes = fitted({ totalRecords: 1_000_000 })
    expect(volumes.customers).toBe(250_000)
    expect(volumes.solvedFor).toBe(4)
    expect(1 + meanOf(volumes.counts.crm)).toBeCloseTo(3.3 / 1.4, 9)
    expect(volumes.counts.ecommerce).toEqual(volumes.counts.crm)
    expect(volumes.counts.crm).toHaveLength(8)
    expect(volumes.counts.erp).toEqual([1])
    expect(totalOf(volumes)).toBeCloseTo(1_000_000, 3)
  })

  test('customers alone keep the stated rates, 2.4 records each', () => {
    const volumes = fitted({ uniqueCustomers: 1000 })
    expect(volumes.solvedFor).toBeUndefined()
    expect(volumes.counts.crm).toEqual([0.85, 0.15])
    expect(volumes.counts.ecommerce).toHaveLength(3)
    expect(1 + meanOf(volumes.counts.ecommerce)).toBeCloseTo(1.3, 9)
    expect(totalOf(volumes)).toBeCloseTo(2400, 6)
  })

  test('a total may be some billions, up to a billion customers', () => {
    expect(fitted({ totalRecords: 4_000_000_000 }).customers).toBe(1_000_000_000)
    const { message, hint } = refused({ totalRecords: 5_000_000_000 })
    expect(message).toBe(
      '--total-records 5000000000 would take 1250000000 customers: expected up to 1000000000, so up to 4000000000 records',
    )
    expect(hint).toBe('or --unique-customers 1000000000, who then have more records each')
    const denser = { totalRecords: 5_000_000_000, uniqueCustomers: 1_000_000_000 }
    expect(totalOf(fitted(denser)) / 5e9).toBeCloseTo(1, 6)
  })

  test('as-stated keeps the stated rates and lets the total follow', () => {
    const volumes = fitted({ totalRecords: 100_000, rates: 'as-stated' })
    expect(volumes.customers).toBe(25_000)
    expect(volumes.counts.crm).toEqual([0.85, 0.15])
    expect(totalOf(volumes)).toBeCloseTo(60_000, 3)
  })

  test('a total that the stated rates give anyway keeps them', () => {
    expect(fitted({ totalRecords: 2400, uniqueCustomers: 1000 }).counts.crm).toEqual([0.85, 0.15])
  })

  test('every total between the ends is met', () => {
    for (const total of [2101, 2500, 4000, 7777, 11_899]) {
      const volumes = fitted({ totalRecords: total, uniqueCustomers: 1000 })
      expect(Math.abs(totalOf(volumes) - total), String(total)).toBeLessThan(0.06 + total * 0.002)
    }
  })

  test('a larger total without customers has the same laws, so that it can be appended', () => {
    for (const total of [4, 399, 100_001, 100_002, 7_654_321])
      expect(fitted({ totalRecords: total }).counts).toEqual(fitted().counts)
  })
})

describe('what cannot be', () => {
  test('more customers than records says what to change', () => {
    const error = refused({ totalRecords: 100, uniqueCustomers: 500 })
    expect(error.code).toBe('plan.infeasible')
    expect(error.message).toBe(
      '--unique-customers 500 cannot hold with --total-records 100: there are more customers than records',
    )
    expect(error.hint).toBe('ask for 500 records or more, or for 100 customers or fewer')
  })

  test.each([
    [{ totalRecords: 2000, uniqueCustomers: 1000 }, 2100, 11_900],
    [{ totalRecords: 20_000, uniqueCustomers: 1000 }, 2100, 11_900],
    [{ totalRecords: 1, uniqueCustomers: 0 }, 3, 11],
  ])('a total out of reach names the feasible range: %o', (values, from, to) => {
    const error = refused(values)
    expect(error.code).toBe('plan.infeasible')
    expect(error.message).toContain(`expected ${from} to ${to} records`)
    expect(error.hint).toContain('--rates as-stated')
    const customers = Math.max(values.uniqueCustomers, 1)
    for (const total of [from, to])
      expect(() => fitted({ totalRecords: total, uniqueCustomers: customers })).not.toThrow()
  })

  test('coverages that leave customers without a record are refused', () => {
    const error = refused({ crmCoverage: 0.3, erpCoverage: 0.3, ecommerceCoverage: 0.3 })
    expect(error.message).toContain('--crm-coverage 0.3, --erp-coverage 0.3')
    expect(error.message).toContain('a sum of at least 1')
  })

  test('a mean above the most is refused', () => {
    expect(refused({ ecommerceRecords: 4 }).message).toBe(
      '--ecommerce-records 4 cannot hold with --ecommerce-most 3: a mean is no more than the most',
    )
  })
})

describe('the sources that know a customer', () => {
  const marginal = ({ coverage }: Volumes, bit: number): number =>
    sumOf(coverage.filter((_, set) => (set >> bit) % 2 === 1))

  test.each([
    [0.8, 0.7, 0.6],
    [1, 0.7, 0.6],
    [1, 0, 0],
    [0.5, 0.5, 0.5],
    [0.4, 0.3, 0.30001],
    [1, 1, 1],
  ])('have the coverages %f, %f and %f, and nobody is unknown', (crm, erp, ecommerce) => {
    const volumes = fitted({
      uniqueCustomers: 9,
      crmCoverage: crm,
      erpCoverage: erp,
      ecommerceCoverage: ecommerce,
    })
    expect(volumes.coverage[0]).toBe(0)
    expect(sumOf(volumes.coverage)).toBeCloseTo(1, 9)
    expect(marginal(volumes, 0)).toBeCloseTo(crm, 6)
    expect(marginal(volumes, 1)).toBeCloseTo(erp, 6)
    expect(marginal(volumes, 2)).toBeCloseTo(ecommerce, 6)
  })

  test('coverages that sum to one put each customer in one source', () => {
    const { coverage } = fitted({
      uniqueCustomers: 9,
      crmCoverage: 0.5,
      erpCoverage: 0.25,
      ecommerceCoverage: 0.25,
    })
    expect(coverage).toEqual([0, 0.5, 0.25, 0, 0.25, 0, 0, 0])
  })
})

describe('notices', () => {
  test('tell the volumes and what was changed for them', () => {
    expect(notices({ totalRecords: 1_000_000, tableSuffix: '_scale' })).toEqual([
      'info: expected of 250,000 customers: raw_crm_customers_scale 471,429, raw_erp_customers_scale 175,000, raw_ecommerce_customers_scale 353,571, together 1,000,000 records',
      'info: for 4 records a customer, the CRM and the shop have 2.36 of each they know, up to 8 (stated: 1.15 and 1.3); --rates as-stated keeps these',
    ])
  })

  test('tell nothing more at the stated rates', () => {
    expect(notices({ uniqueCustomers: 10 })).toHaveLength(1)
  })

  test('warn when customers are more than half of the records', () => {
    const sparse = { crmCoverage: 0.5, erpCoverage: 0.5, ecommerceCoverage: 0.1 }
    expect(notices({ uniqueCustomers: 1000, ...sparse })[1]).toMatch(
      /^warning: customers are 83 % of the records, .* --unique-customers .* --total-records$/,
    )
    expect(notices({ uniqueCustomers: 1000, totalRecords: 2001, ...sparse }).join()).not.toContain(
      'warning',
    )
  })
})

test.each([1, 2, 'three'])(
  'a total of 100,000 is met closer than the half per cent it may be off, seed %s',
  (seed) => {
    const plan = typedMdm({ totalRecords: 100_000, withTruth: 0 }, seed)
    const customers = kernelColumns(plan, {
      name: 'customers',
      columns: SOURCES.map((source) => `${source}_records`),
    })
    expect(customers).toHaveLength(25_000)
    const counted = sumOf(
      customers.flatMap((row) => SOURCES.map((source) => Number(row[`${source}_records`]))),
    )
    expect(Math.abs(counted - 100_000)).toBeLessThan(200)
  },
)
