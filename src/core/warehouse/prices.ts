import { fail } from '../errors.ts'

/** The engines that a run can be estimated for. */
export const ESTIMATED_ENGINES = [
  'native',
  'duckdb',
  'spark',
  'databricks',
  'bigquery',
  'dataproc',
] as const
export type EstimatedEngine = (typeof ESTIMATED_ENGINES)[number]

/** What an engine runs on in an estimate, and what that costs. */
export interface EngineSetup {
  /** In words: `SQL warehouse, serverless, size Small`. */
  readonly setup: string
  readonly cores: number
  /** Seconds until it begins, and the least that is paid for. */
  readonly startSeconds: number
  readonly leastSeconds: number
  /** Of the whole setup. */
  readonly pricePerHour: number
  readonly storagePerGiBMonth: number
  /** Where the price is from, in words. */
  readonly source: string
}

/** What was measured of one plan: rows of all its tables a second of one core, by engine. */
export interface MeasuredRates {
  /** The plan's name. */
  readonly plan: string
  /** How and when. */
  readonly from: string
  readonly rowsPerCoreSecond: Readonly<Partial<Record<EstimatedEngine, number>>>
}

/** Everything that an estimate takes from a file; dated, since prices change. */
export interface Prices {
  readonly date: string
  readonly currency: string
  readonly engines: Readonly<Record<EstimatedEngine, EngineSetup>>
  readonly measured: readonly MeasuredRates[]
}

/** Reads a price table; fails with usage.option naming `what` and the first member that is not as it should be. */
export const parsePrices = (text: string, what: string): Prices => {
  const root = member(parseJson(text, what), what)
  const prices = {
    date: root.text('date'),
    currency: root.text('currency'),
    engines: Object.fromEntries(
      ESTIMATED_ENGINES.map((name) => [name, setupOf(root.member('engines').member(name))]),
    ) as Record<EstimatedEngine, EngineSetup>,
    measured: root.list('measured').map((each) => ({
      plan: each.text('plan'),
      from: each.text('from'),
      rowsPerCoreSecond: Object.fromEntries(
        ESTIMATED_ENGINES.flatMap((name) => {
          const rates = each.member('rowsPerCoreSecond')
          return rates.has(name) ? [[name, rates.number(name, Number.MIN_VALUE)]] : []
        }),
      ),
    })),
  }
  if (/^\d{4}-\d\d-\d\d$/.test(prices.date)) return prices
  return fail('usage.option', `${what}: date: expected a day such as 2026-01-31`)
}

const setupOf = (of: Member): EngineSetup => ({
  setup: of.text('setup'),
  cores: of.number('cores', 1),
  startSeconds: of.number('startSeconds', 0),
  leastSeconds: of.number('leastSeconds', 0),
  pricePerHour: of.number('pricePerHour', 0),
  storagePerGiBMonth: of.number('storagePerGiBMonth', 0),
  source: of.text('source'),
})

const parseJson = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    return fail('usage.option', `${what} is not JSON`, { cause })
  }
}

/** An object of the file, which knows where it stands. */
interface Member {
  readonly has: (name: string) => boolean
  readonly text: (name: string) => string
  readonly number: (name: string, least: number) => number
  readonly member: (name: string) => Member
  readonly list: (name: string) => readonly Member[]
}

const member = (value: unknown, path: string): Member => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fail('usage.option', `${path}: expected an object`)
  const at = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  const refuse = (name: string, expected: string): never =>
    fail('usage.option', `${path}: ${name}: expected ${expected}`)
  return {
    has: (name) => at(name) !== undefined,
    text: (name) => {
      const found = at(name)
      return typeof found === 'string' ? found : refuse(name, 'a text')
    },
    number: (name, least) => {
      const found = at(name)
      return typeof found === 'number' && found >= least && Number.isFinite(found)
        ? found
        : refuse(name, least === 0 ? 'a number of at least 0' : 'a number above 0')
    },
    member: (name) => member(at(name), `${path}: ${name}`),
    list: (name) => {
      const found = at(name)
      return Array.isArray(found)
        ? found.map((each: unknown, i) => member(each, `${path}: ${name}[${i}]`))
        : refuse(name, 'a list')
    },
  }
}
