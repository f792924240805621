import { fail } from '../../core/errors.ts'
import { sumOf } from '../../core/random/math.ts'
import { meanOf, tilted } from '../calibrate.ts'
import { jointCoverage } from './coverage.ts'
import { optionOf, type SettingName, type Settings } from './parameters.ts'
import { MOST_CUSTOMERS, MOST_RECORDS } from './record-keys.ts'
import { type SourceName, SOURCES } from './source.ts'

/** How many customers there are, and how their records are spread over the sources. */
export interface Volumes {
  readonly customers: number
  /** Records expected of each source. */
  readonly records: Readonly<Record<SourceName, number>>
  /** Probabilities of the sets of sources that know a customer, by their bits: 1 CRM, 2 ERP, 4 shop. */
  readonly coverage: readonly number[]
  /** Probabilities of 1, 2, 3 ... records of a customer that the source knows. */
  readonly counts: Readonly<Record<SourceName, readonly number[]>>
  /** Records a customer for which the numbers of records were solved; undefined at the stated rates. */
  readonly solvedFor: number | undefined
}

/** Customers that are made when neither customers nor records are asked for, and records a customer. */
const DEFAULT_CUSTOMERS = 25_000
const USUAL_RATIO = 4

/**
 * Fits coverage and numbers of records; plan.infeasible where the asked total cannot be reached. Every customer has a
 * record somewhere. Where the total asks for it, the CRM and the shop have a geometric number of records of a customer,
 * up to 8, with one mean.
 */
export const fitVolumes = (settings: Settings): Volumes => {
  const customers = customersOf(settings)
  const coverages = [settings.crmCoverage, settings.erpCoverage, settings.ecommerceCoverage]
  const coverage = jointCoverage(coverages)
  const stated = statedCounts(settings)
  const ratio = ratioOf(settings, customers)
  const keeps =
    ratio === undefined || Math.abs(recordsOf(coverages, stated) / ratio - 1) < CLOSE_ENOUGH
  const counts = keeps ? stated : solvedCounts(settings, { customers, coverages, ratio })
  const expected = (coverageOf = 0, law: readonly number[]): number =>
    customers * coverageOf * (1 + meanOf(law))
  return {
    customers,
    coverage,
    counts,
    records: {
      crm: expected(coverages[0], counts.crm),
      erp: expected(coverages[1], counts.erp),
      ecommerce: expected(coverages[2], counts.ecommerce),
    },
    solvedFor: keeps ? undefined : ratio,
  }
}

/** The probabilities of 0, 1, 2 ... records of a customer in some of the sources together. */
export const clusterSizes = (
  { coverage, counts }: Volumes,
  sources: readonly SourceName[],
): readonly number[] => {
  const sizes: number[] = []
  coverage.forEach((probability, set) => {
    const laws = sources
      .filter((source) => (set >> SOURCES.indexOf(source)) % 2 === 1)
      .map((source) => [0, ...counts[source]])
    laws.reduce(sumLaw, [1]).forEach((p, size) => {
      sizes[size] = (sizes[size] ?? 0) + probability * p
    })
  })
  return sizes
}

const sumLaw = (a: readonly number[], b: readonly number[]): readonly number[] => {
  const sums = Array.from({ length: a.length + b.length - 1 }, () => 0)
  a.forEach((p, i) => b.forEach((q, j) => (sums[i + j] = (sums[i + j] ?? 0) + p * q)))
  return sums
}

/** The stated rates count as giving a total when they come so near. */
const CLOSE_ENOUGH = 0.002
const TOLERANCE = 1e-9

const customersOf = ({ totalRecords, uniqueCustomers }: Settings): number => {
  if (uniqueCustomers === 0)
    return totalRecords === 0 ? DEFAULT_CUSTOMERS : customersFor(totalRecords)
  if (totalRecords === 0 || uniqueCustomers <= totalRecords) return uniqueCustomers
  const [customers, total] = [
    option('uniqueCustomers', uniqueCustomers),
    option('totalRecords', totalRecords),
  ]
  return fail(
    'plan.infeasible',
    `${customers} cannot hold with ${total}: there are more customers than records`,
    {
      hint: `ask for ${uniqueCustomers} records or more, or for ${totalRecords} customers or fewer`,
      details: { parameter: 'totalRecords', from: uniqueCustomers },
    },
  )
}

const customersFor = (totalRecords: number): number => {
  const customers = Math.max(1, Math.round(totalRecords / USUAL_RATIO))
  if (customers <= MOST_CUSTOMERS) return customers
  const to = USUAL_RATIO * MOST_CUSTOMERS
  return fail(
    'plan.infeasible',
    `${option('totalRecords', totalRecords)} would take ${customers} customers: expected up to ${MOST_CUSTOMERS}, so up to ${to} records`,
    {
      hint: `or ${option('uniqueCustomers', MOST_CUSTOMERS)}, who then have more records each`,
      details: { parameter: 'totalRecords', from: USUAL_RATIO, to },
    },
  )
}

/**
 * Records a customer that the total asks for; undefined where the stated rates decide. It is the same for every total
 * without a number of customers, so that an append can raise it.
 */
const ratioOf = (settings: Settings, customers: number): number | undefined => {
  const { totalRecords, uniqueCustomers, rates } = settings
  if (rates === 'as-stated' || (totalRecords === 0 && uniqueCustomers > 0)) return undefined
  if (uniqueCustomers === 0 && (totalRecords === 0 || totalRecords >= USUAL_RATIO))
    return USUAL_RATIO
  return Math.round((totalRecords / customers) * 10_000) / 10_000
}

type Counts = Volumes['counts']

const statedCounts = (settings: Settings): Counts => {
  const { crmDuplicates, ecommerceRecords, ecommerceMost } = settings
  if (ecommerceRecords > ecommerceMost)
    fail(
      'plan.infeasible',
      `${option('ecommerceRecords', ecommerceRecords)} cannot hold with ${option('ecommerceMost', ecommerceMost)}: a mean is no more than the most`,
      { details: { parameter: 'ecommerceRecords', from: 1, to: ecommerceMost } },
    )
  return {
    crm: [1 - crmDuplicates, crmDuplicates],
    erp: [1],
    ecommerce: tilted(ecommerceMost - 1, ecommerceRecords - 1),
  }
}

const recordsOf = (coverages: readonly number[], { crm, erp, ecommerce }: Counts): number =>
  sumOf([crm, erp, ecommerce].map((law, i) => (coverages[i] ?? 0) * (1 + meanOf(law))))

interface Wanted {
  readonly customers: number
  readonly coverages: readonly number[]
  readonly ratio: number
}

const solvedCounts = (settings: Settings, wanted: Wanted): Counts => {
  const [crm = 0, erp = 0, ecommerce = 0] = wanted.coverages
  const elastic = crm + ecommerce
  const least = elastic + erp
  const most = MOST_RECORDS * elastic + erp
  const { ratio } = wanted
  if (ratio < least - TOLERANCE || ratio > most + TOLERANCE)
    refuseTotal(settings, { customers: wanted.customers, least, most })
  const mean = elastic > 0 ? Math.min(Math.max((ratio - erp) / elastic, 1), MOST_RECORDS) : 1
  const law = tilted(MOST_RECORDS - 1, mean - 1)
  return { crm: law, erp: [1], ecommerce: law }
}

interface Feasible {
  readonly customers: number
  readonly least: number
  readonly most: number
}

const refuseTotal = (settings: Settings, { customers, least, most }: Feasible): never => {
  const total = settings.totalRecords === 0 ? USUAL_RATIO * customers : settings.totalRecords
  const [from, to] = [
    Math.ceil(customers * least - TOLERANCE),
    Math.floor(customers * most + TOLERANCE),
  ]
  const fewest = Math.ceil(total / most - TOLERANCE)
  const largest = Math.floor(total / least + TOLERANCE)
  const others = fewest <= largest ? [option('uniqueCustomers', `${fewest} to ${largest}`)] : []
  return fail(
    'plan.infeasible',
    `${option('totalRecords', total)} cannot hold with ${option('uniqueCustomers', customers)} at these coverages: expected ${from} to ${to} records`,
    {
      hint: ['or', [...others, 'other coverages', '--rates as-stated'].join(', or ')].join(' '),
      details: { parameter: 'totalRecords', from, to },
    },
  )
}

const option = (name: SettingName, value: number | string): string => `${optionOf(name)} ${value}`
