import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LakewrightError } from '../../../src/core/errors.ts'
import { type EstimatedRun, estimateEngines } from '../../../src/core/warehouse/estimates.ts'
import {
  type EngineSetup,
  ESTIMATED_ENGINES,
  type MeasuredRate,
  parsePrices,
  type Prices,
} from '../../../src/core/warehouse/prices.ts'
import { assetUrl } from '../../../src/node/store/assets.ts'

const shipped = readFileSync(assetUrl('prices.json'), 'utf8')

const setup = (changes: Partial<EngineSetup> = {}): EngineSetup => ({
  setup: 'a machine',
  cores: 4,
  startSeconds: 10,
  leastSeconds: 60,
  pricePerHour: 36,
  storagePerGiBMonth: 0.02,
  source: 'a list',
  ...changes,
})

const prices = (measured: Prices['measured'], own: Partial<EngineSetup> = {}): Prices => ({
  date: '2026-01-31',
  currency: 'USD',
  engines: {
    native: setup({ cores: 8, startSeconds: 0 }),
    duckdb: setup(),
    spark: setup(own),
    databricks: setup(own),
    bigquery: setup(),
    dataproc: setup(),
  },
  measured,
})

const run: EstimatedRun = {
  plan: 'shop',
  tables: 3,
  rows: 8_000_000,
  bytes: 2 ** 30,
  nativeSeconds: 20,
  nativeMeasured: false,
  pieces: {
    native: { count: 2, of: 'parts' },
    duckdb: { count: 1, of: 'parts' },
    spark: { count: 3, of: 'statements' },
    databricks: { count: 3, of: 'statements' },
    bigquery: { count: 1, of: 'statements' },
    dataproc: { count: 100, of: 'partitions a table' },
  },
}

const estimate = (
  engine: (typeof ESTIMATED_ENGINES)[number],
  { measured = [], own = {}, of = {} }: Given = {},
) => {
  const found = estimateEngines({ ...run, ...of }, prices(measured, own)).find(
    (each) => each.engine === engine,
  )
  if (found === undefined) throw new Error(engine)
  return found
}

interface Given {
  readonly measured?: Prices['measured']
  readonly own?: Partial<EngineSetup>
  readonly of?: Partial<EstimatedRun>
}

const rate = (
  plan: string,
  engine: MeasuredRate['engine'],
  more: Pick<MeasuredRate, 'rowsPerCoreSecond'> & Partial<MeasuredRate>,
): MeasuredRate => ({
  plan,
  engine,
  tables: undefined,
  startSeconds: 0,
  from: 'a bench',
  ...more,
})

const MEASURED = [
  rate('shop', 'native', { rowsPerCoreSecond: 4_000_000 }),
  rate('shop', 'spark', { rowsPerCoreSecond: 100_000 }),
  ...['a', 'b', 'c'].map((plan) => rate(plan, 'native', { rowsPerCoreSecond: 10 })),
  rate('a', 'duckdb', { rowsPerCoreSecond: 5, startSeconds: 1 }),
  rate('b', 'duckdb', { rowsPerCoreSecond: 2, startSeconds: 3 }),
  rate('c', 'duckdb', { rowsPerCoreSecond: 1, startSeconds: 7 }),
]

describe('an estimate of a run', () => {
  test('takes the rate measured of the plan on the engine, and the cores and price of its setup', () => {
    expect(estimate('spark', { measured: MEASURED })).toEqual({
      engine: 'spark',
      setup: 'a machine',
      rows: 8_000_000,
      bytes: 2 ** 30,
      partitions: 3,
      partitionsOf: 'statements',
      cpuSeconds: 80,
      minutes: 0.5,
      money: 0.6,
      storageMonth: 0.02,
      basis: { kind: 'measured', says: 'a bench' },
    })
  })

  test('counts what an engine takes whatever the size once, so that small runs say nothing of large ones', () => {
    const measured = [rate('shop', 'spark', { rowsPerCoreSecond: 100_000, startSeconds: 30 })]
    expect(estimate('spark', { measured }).cpuSeconds).toBe(110)
    expect(estimate('spark', { measured, of: { rows: 8000 } }).cpuSeconds).toBe(30.08)
    expect(estimate('bigquery', { measured, of: { rows: 80_000_000 } }).cpuSeconds).toBe(830)
  })

  test('prefers what was measured with as many tables, and says when there were others', () => {
    const measured = [
      rate('shop', 'spark', { rowsPerCoreSecond: 100_000, tables: 9 }),
      rate('shop', 'spark', { rowsPerCoreSecond: 200_000, tables: 3 }),
    ]
    expect(estimate('spark', { measured })).toMatchObject({
      cpuSeconds: 40,
      basis: { kind: 'measured', says: 'a bench' },
    })
    expect(estimate('spark', { measured, of: { tables: 4 } })).toMatchObject({
      cpuSeconds: 80,
      basis: { kind: 'computed', says: 'with 9 tables, a bench' },
    })
  })

  test('pays for the least time that is paid for', () => {
    const { money } = estimate('spark', { measured: MEASURED, own: { leastSeconds: 360 } })
    expect(money).toBeCloseTo(3.6, 12)
  })

  test('computes an engine that nobody could measure from the one whose SQL it runs, and says so', () => {
    const { cpuSeconds, basis } = estimate('databricks', { measured: MEASURED })
    expect(cpuSeconds).toBe(80)
    expect(basis).toEqual({ kind: 'computed', says: "spark's rate, a bench" })
  })

  test('computes a plan that was not measured by the median of its engine beside the native one', () => {
    const given = { measured: MEASURED, of: { nativeMeasured: true } }
    const { cpuSeconds, basis } = estimate('duckdb', given)
    expect(cpuSeconds).toBe(103)
    expect(basis).toEqual({
      kind: 'computed',
      says: '5.0 times the native engine, as with other plans',
    })
    const other = { measured: MEASURED, of: { plan: 'unknown' } }
    expect(estimate('duckdb', other)).toMatchObject({ cpuSeconds: 103, basis: { kind: 'guessed' } })
    expect(estimate('duckdb', { measured: MEASURED }).cpuSeconds).toBe(13)
  })

  test('of the native engine takes what earlier runs measured before any bench, on as many cores as parts', () => {
    const { cpuSeconds, minutes, basis } = estimate('native', {
      measured: MEASURED,
      of: { nativeMeasured: true },
    })
    expect([cpuSeconds, minutes * 60]).toEqual([20, 10])
    expect(basis.kind).toBe('measured')
    expect(estimate('native', { measured: MEASURED }).cpuSeconds).toBe(2)
  })

  describe('on an engine that adds executors by itself', () => {
    const autoscaling = {
      executorCores: 2,
      mostExecutors: 1000,
      share: 0.5,
      addSeconds: 5,
      pricePerCoreHour: 9,
    }
    const pieces = { ...run.pieces, spark: { count: 79, of: 'partitions a table' as const } }
    const scaled = (change: Partial<typeof autoscaling> = {}, of: Partial<EstimatedRun> = {}) =>
      estimate('spark', {
        measured: MEASURED,
        own: { autoscaling: { ...autoscaling, ...change } },
        of: { pieces, ...of },
      })

    test('is told for the least and for all executors that its partitions ask for', () => {
      // 20 executors for half of 79 partitions: 20 of the 80 CPU seconds on 4 cores, then 60 on 40.
      const found = scaled()
      expect(found).toMatchObject({ minutes: 0.5, money: 0.6 })
      expect(found.scaled?.executors).toBe(20)
      expect(found.scaled?.minutes).toBeCloseTo((10 + 5 + 1.5) / 60, 12)
      expect(found.scaled?.money).toBeCloseTo((36 * 60 + 9 * 36 * 1.5) / 3600, 12)
    })

    test('asks for no more than it may have', () => {
      expect(scaled({ mostExecutors: 7 }).scaled?.executors).toBe(7)
    })

    test('stays as it is where that is enough, or the run has ended before they come', () => {
      expect(scaled({ mostExecutors: 2 }).scaled).toBeUndefined()
      expect(scaled({ addSeconds: 20 }).scaled).toBeUndefined()
      expect(scaled({}, { rows: 100_000 }).scaled).toBeUndefined()
    })
  })

  test('without any measurement is a guess', () => {
    for (const engine of ESTIMATED_ENGINES) expect(estimate(engine).basis.kind).toBe('guessed')
  })
})

describe('a price table', () => {
  test('ships with every engine, a date and rates of each dataset', () => {
    const { date, measured, engines } = parsePrices(shipped, 'prices.json')
    expect(date).toMatch(/^20\d\d-/)
    expect(measured.map(({ plan }) => plan)).toEqual(
      expect.arrayContaining(['identity', 'retail', 'mdm']),
    )
    expect(Object.keys(engines)).toEqual([...ESTIMATED_ENGINES])
  })

  const changed = (change: (prices: Record<string, unknown>) => void): string => {
    const root = JSON.parse(shipped) as Record<string, unknown>
    change(root)
    return JSON.stringify(root)
  }
  test.each([
    ['{', 'mine.json is not JSON'],
    ['[]', 'mine.json: expected an object'],
    [changed((root) => delete root['date']), 'mine.json: date: expected a text'],
    [changed((root) => (root['date'] = 'today')), 'mine.json: date: expected a day'],
    [
      changed((root) => delete (root['engines'] as Record<string, unknown>)['spark']),
      'mine.json: engines: spark: expected an object',
    ],
    [
      changed((root) => (root['engines'] = { native: { setup: 'a', cores: -1 } })),
      'mine.json: engines: native: cores: expected a number above 0',
    ],
    [
      changed((root) => {
        const { dataproc } = root['engines'] as { dataproc: Record<string, unknown> }
        dataproc['autoscaling'] = { executorCores: 4, mostExecutors: 0 }
      }),
      'mine.json: engines: dataproc: autoscaling: mostExecutors: expected a number above 0',
    ],
    [changed((root) => (root['measured'] = {})), 'mine.json: measured: expected a list'],
    [
      changed((root) => {
        const known = { plan: 'a', from: 'b', engine: 'spark', startSeconds: 0 }
        root['measured'] = [{ ...known, rowsPerCoreSecond: 0 }]
      }),
      'mine.json: measured[0]: rowsPerCoreSecond: expected a number above 0',
    ],
    [
      changed((root) => {
        root['measured'] = [{ plan: 'a', engine: 'sparc' }]
      }),
      'mine.json: measured[0]: engine: expected one of native, duckdb, spark, databricks, bigquery, dataproc',
    ],
  ])('that is not one is refused in a line: %#', (text, says) => {
    const read = (): Prices => parsePrices(text, 'mine.json')
    expect(read).toThrow(LakewrightError)
    expect(read).toThrow(says)
  })
})
