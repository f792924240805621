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
  /** How it grows while there is work; without it, it stays as it is. */
  readonly autoscaling?: Autoscaling
  /** Where the price is from, in words. */
  readonly source: string
}

/** How an engine adds executors while partitions wait, beyond the cores of its setup. */
export interface Autoscaling {
  readonly executorCores: number
  readonly mostExecutors: number
  /** Of the executors that would take all partitions at once, the share that it asks for. */
  readonly share: number
  /** Seconds from the beginning of the work until they are there. */
  readonly addSeconds: number
  /** Of a core that was added. */
  readonly pricePerCoreHour: number
}

/** What was measured of one plan on one engine: processor seconds are `startSeconds` and then a second for so many rows of all its tables. */
export interface MeasuredRate {
  /** The plan's name, and the engine's. */
  readonly plan: string
  readonly engine: EstimatedEngine
  /** Tables that landed, where a plan may have more or fewer. */
  readonly tables: number | undefined
  /** Whatever the size: what begins, plans and commits. */
  readonly startSeconds: number
  readonly rowsPerCoreSecond: number
  /** How and when. */
  readonly from: string
}

/** Everything that an estimate takes from a file; dated, since prices change. */
export interface Prices {
  readonly date: string
  readonly currency: string
  readonly engines: Readonly<Record<EstimatedEngine, EngineSetup>>
  readonly measured: readonly MeasuredRate[]
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
    measured: root.list('measured').map(rateOf),
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
  ...(of.has('autoscaling') ? { autoscaling: scalingOf(of.member('autoscaling')) } : {}),
  source: of.text('source'),
})

const scalingOf = (of: Member): Autoscaling => ({
  executorCores: of.number('executorCores', 1),
  mostExecutors: of.number('mostExecutors', 1),
  share: of.number('share', 0),
  addSeconds: of.number('addSeconds', 0),
  pricePerCoreHour: of.number('pricePerCoreHour', 0),
})

const rateOf = (of: Member): MeasuredRate => ({
  plan: of.text('plan'),
  engine: of.oneOf('engine', ESTIMATED_ENGINES),
  tables: of.has('tables') ? of.number('tables', 1) : undefined,
  startSeconds: of.number('startSeconds', 0),
  rowsPerCoreSecond: of.number('rowsPerCoreSecond', Number.MIN_VALUE),
  from: of.text('from'),
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
  readonly oneOf: <T extends string>(name: string, known: readonly T[]) => T
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
    oneOf: (name, known) =>
      known.find((each) => each === at(name)) ?? refuse(name, `one of ${known.join(', ')}`),
    member: (name) => member(at(name), `${path}: ${name}`),
    list: (name) => {
      const found = at(name)
      return Array.isArray(found)
        ? found.map((each: unknown, i) => member(each, `${path}: ${name}[${i}]`))
        : refuse(name, 'a list')
    },
  }
}
