import { describe, expect, test } from 'vitest'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { manifestText, parseManifest, type Manifest } from '../../../src/core/report/manifest.ts'
import {
  calibrate,
  type Calibration,
  estimateBesides,
  estimateTables,
  type Measured,
  type MeasuredRun,
  NO_CALIBRATION,
  type TableRate,
} from '../../../src/core/run/estimates.ts'
import type { Pace } from '../../../src/core/run/part-result.ts'
import { dataFileName, runId, tableId } from '../../../src/core/run/names.ts'
import { parseRedo, redoText } from '../../../src/core/run/redo.ts'
import { fingerprintOf, publishWay, type FileOptions } from '../../../src/core/run/spec.ts'
import { describeStage, stageName, stagesOf } from '../../../src/core/run/stages.ts'
import { hello } from '../../support/hello.ts'

const IDENTITY = { planHash: 'abc', dataset: 'lakewright/shop', number: 3 }
const OPTIONS: FileOptions = {
  format: 'delta',
  compression: 'none',
  checksums: true,
  engine: 'native',
}

describe('names', () => {
  test('of one run, table and file are always the same', () => {
    const place = { table: 'items', part: 12, file: 0, extension: 'parquet' }
    expect(runId(IDENTITY)).toMatch(/^[0-9a-f]{12}$/)
    expect(tableId(IDENTITY, 'items')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(dataFileName(IDENTITY, place)).toMatch(/^part-00012-0-[0-9a-f]{16}\.parquet$/)
    expect(dataFileName(IDENTITY, place)).toBe(dataFileName({ ...IDENTITY }, { ...place }))
  })

  test('differ between runs, plans, datasets, tables, parts and files', () => {
    const place = { table: 'items', part: 1, file: 0, extension: 'csv' }
    const identities = [
      IDENTITY,
      { ...IDENTITY, number: 4 },
      { ...IDENTITY, planHash: 'abd' },
      { ...IDENTITY, dataset: 'lakewright/other' },
    ]
    const places = [
      place,
      { ...place, table: 'item' },
      { ...place, part: 2 },
      { ...place, file: 1 },
    ]
    const names = identities.flatMap((identity) =>
      places.map((each) => dataFileName(identity, each)),
    )
    expect(new Set(names).size).toBe(16)
    expect(new Set(identities.map((identity) => tableId(identity, 'items'))).size).toBe(4)
  })
})

describe('a fingerprint', () => {
  const fingerprint = (options: Partial<FileOptions>, hash = 'abc'): string =>
    fingerprintOf(hash, 'lakewright/shop', { ...OPTIONS, ...options })

  test('changes with everything that shapes the files', () => {
    const all = [
      fingerprint({}),
      fingerprint({}, 'abd'),
      fingerprint({ format: 'csv' }),
      fingerprint({ compression: 'snappy' }),
      fingerprint({ parts: 2 }),
      fingerprint({ fileRows: 2 }),
      fingerprint({ checksums: false }),
      fingerprint({ engine: 'interpreter' }),
    ]
    expect(new Set(all).size).toBe(all.length)
    expect(fingerprint({})).toBe(fingerprint({}))
  })
})

describe('stages', () => {
  const part = { table: 'a', number: 0, variant: 0, lo: 1, hi: 5, rows: 4 }
  const stages = (format: FileOptions['format'], way = publishWay('create', format, undefined)) =>
    stagesOf({
      target: 'lake',
      dataset: 'lakewright/shop',
      way,
      options: { format },
      parts: [part, { ...part, number: 1 }, { ...part, table: 'b' }],
    })

  test('have names of their own and a line for people', () => {
    const all = stages('delta')
    expect(all.map(stageName)).toEqual([
      'check',
      'lock',
      'journal',
      'generate a/0',
      'generate a/1',
      'generate b/0',
      'commit',
      'manifest',
      'report',
      'publish',
    ])
    for (const stage of all) expect(describeStage(stage)).toMatch(/^[a-z].{10,}/)
  })

  test('of plain files have no commits', () => {
    expect(stages('csv').map(stageName)).not.toContain('commit')
  })

  test.each([
    ['create', 'delta', undefined, 'rename'],
    ['overwrite', 'delta', 'delta', 'commits'],
    ['append', 'delta', 'delta', 'commits'],
    ['overwrite', 'delta', 'csv', 'swap'],
    ['overwrite', 'csv', 'delta', 'swap'],
    ['append', 'parquet', 'parquet', 'add'],
    ['create', 'csv', undefined, 'files'],
    ['overwrite', 'csv', 'jsonl', 'files'],
    ['append', 'csv', 'csv', 'files'],
    ['merge', 'delta', 'delta', 'commits'],
    ['merge', 'parquet', 'parquet', 'files'],
  ] as const)('to %s %s over %s publish by %s', (...[kind, after, before, way]) => {
    expect(publishWay(kind, after, before)).toBe(way)
    const line = describeStage({ kind: 'publish', way })
    expect(line).toContain(way === 'rename' ? 'one rename' : 'redo record')
  })
})

describe('a redo record', () => {
  test('reads back as it was written', () => {
    const record = {
      version: 1,
      run: 'r',
      dataset: 'd',
      steps: [{ kind: 'write', path: 'p', text: 'ä\n' }],
    } as const
    expect(parseRedo(redoText(record), 'redo.json')).toEqual(record)
  })

  test.each(['', '{', 'null', '[]', '{"version":2,"steps":[]}', '{"version":1}'])(
    'that is %o is refused by its path',
    (text) => {
      expect(() => parseRedo(text, 'redo.json')).toThrow(/^redo\.json: expected/)
    },
  )
})

describe('a manifest', () => {
  const manifest: Manifest = {
    lakewright: 1,
    name: 'shop',
    generatorVersion: 1,
    createdAt: '2024-01-01T00:00:00.000Z',
    run: { id: 'r', number: 1, kind: 'create' },
    fingerprint: 'f',
    format: 'delta',
    compression: 'none',
    planHash: 'h',
    plan: {},
    tables: [],
  }

  test('reads back as it was written', () => {
    expect(parseManifest(manifestText(manifest), 'manifest.json')).toEqual(manifest)
  })

  test('has a column of its plan on a line of its own, and reads back with all its parts', () => {
    const column = { name: 'n', expr: { kind: 'key' }, hidden: undefined }
    const plan = { tables: [{ name: 't', rows: {}, columns: [column, { name: 'm', expr: 1 }] }] }
    const text = manifestText({ ...manifest, plan })
    expect(text.split('\n')).toContain('          {"name":"n","expr":{"kind":"key"}},')
    expect(JSON.parse(text)).toEqual({ ...manifest, plan })
    expect(text).toBe(manifestText(JSON.parse(text) as Manifest))
  })

  test.each(['', '7', 'null', '{}', '{"lakewright":1}', manifestText(manifest).slice(0, 99)])(
    'that is %o is refused',
    (text) => {
      expect(() => parseManifest(text, 'a/manifest.json')).toThrow(/a\/manifest\.json: expected/)
    },
  )

  test('of a newer version says so', () => {
    const newer = manifestText({ ...manifest, lakewright: 2 })
    expect(() => parseManifest(newer, 'm')).toThrow(/of version 2, this knows 1/)
  })
})

describe('an estimate', () => {
  const plan = resolvePlan(hello, new Map())
  const count = (): number => 0
  const estimate = (calibration: Calibration, threads = 1) =>
    estimateTables(plan, { options: OPTIONS, count, calibration, threads: () => threads })
  /** Blocks beside which a guess weighs nothing. */
  const MANY = 1e9
  const pace = (parts: Partial<Pace>): Pace => ({
    starts: true,
    flowRows: 0,
    flowBlocks: MANY,
    flowSeconds: 0,
    finishSeconds: 0,
    probes: { count: 0, seconds: 0, least: 0 },
    ...parts,
  })
  const table = (parts: Partial<MeasuredRun>): MeasuredRun => ({
    table: 'greetings',
    rows: 100,
    bytes: 700,
    cpuSeconds: 0.5,
    paces: [pace({})],
    ...parts,
  })
  const run = (parts: Partial<MeasuredRun>, besides?: number) => ({
    options: OPTIONS,
    measured: [table(parts)],
    besides,
  })
  const rateOf = (measured: Measured): TableRate | undefined =>
    Object.values(calibrate(NO_CALIBRATION, plan, measured).tables)[0]

  test('is a guess before any run and scales with rows after one', () => {
    expect(estimate(NO_CALIBRATION)).toMatchObject([{ rows: 1000, exact: true, measured: false }])
    const paces = [pace({ flowRows: 50, flowSeconds: 0.25 })]
    const calibration = calibrate(NO_CALIBRATION, plan, run({ paces }))
    expect(estimate(calibration)).toMatchObject([{ bytes: 7000, measured: true }])
    expect(estimate(calibration)[0]?.cpuSeconds).toBeCloseTo(5)
    const other = estimateTables(plan, {
      options: { ...OPTIONS, format: 'csv' },
      count,
      calibration,
      threads: () => 1,
    })
    expect(other).toMatchObject([{ measured: false }])
  })

  test('counts what it takes to begin once a thread, and the rest by rows', () => {
    // As recorded of households: 100,000 took 56.9 ms, 300,000 then took 86.4 ms.
    const recorded = { flowRows: 34_464, flowBlocks: 3, flowSeconds: 0.0038, finishSeconds: 0.0043 }
    const households = table({ rows: 100_000, cpuSeconds: 0.0569, paces: [pace(recorded)] })
    const measured = { options: OPTIONS, measured: [households], besides: undefined }
    const rate = rateOf(measured)
    const { secondsPerRow = 0, startSeconds = 0 } = rate ?? {}
    expect(startSeconds + 300_000 * secondsPerRow).toBeGreaterThan(0.8 * 0.0864)
    expect(startSeconds + 300_000 * secondsPerRow).toBeLessThan(1.2 * 0.0864)
    expect(startSeconds + 100_000 * secondsPerRow).toBeCloseTo(0.0569, 6)
    const calibration = calibrate(NO_CALIBRATION, plan, measured)
    const [one, two] = [1, 2].map((threads) => estimate(calibration, threads)[0]?.cpuSeconds ?? 0)
    expect(two! - one!).toBeCloseTo(startSeconds, 10)
  })

  test('of several threads takes the mean of their beginnings', () => {
    const flow = { flowRows: 20, flowSeconds: 0.2 }
    const paces = [pace(flow), pace(flow), pace({ ...flow, starts: false })]
    const rate = rateOf(run({ cpuSeconds: 1.2, paces }))
    expect(rate?.secondsPerRow).toBeCloseTo(0.01)
    expect(rate?.startSeconds).toBeCloseTo(0.1)
  })

  test('of a table with a single block takes its time for the beginning', () => {
    const rate = rateOf(run({ paces: [pace({ flowBlocks: 0 })] }))
    expect(rate?.secondsPerRow).toBeGreaterThan(0)
    expect(rate?.secondsPerRow).toBeLessThan(1e-6)
    expect(rate?.startSeconds).toBeCloseTo(0.5, 3)
  })

  test('trusts the later rows the more, the more blocks they came in', () => {
    const slow = { flowRows: 50, flowSeconds: 0.05 }
    const [none = 0, some = 0, many = 0] = [0, 3, MANY].map(
      (flowBlocks) => rateOf(run({ paces: [pace({ ...slow, flowBlocks })] }))?.secondsPerRow,
    )
    expect(many).toBeCloseTo(0.001)
    expect(some).toBeCloseTo(many / 2, 6)
    expect(none).toBeLessThan(1e-6)
  })

  test('tells how many rows it rests on', () => {
    expect(estimate(NO_CALIBRATION)).toMatchObject([{ measuredRows: 0 }])
    expect(estimate(calibrate(NO_CALIBRATION, plan, run({})))).toMatchObject([
      { measuredRows: 100 },
    ])
  })

  test('of a table whose core was slow is drawn to what cores usually are', () => {
    const probes = (slowness: number) => ({ count: 10, seconds: 10 * slowness, least: 1 })
    const flow = { flowRows: 50, flowSeconds: 0.25 }
    const rateAt = (slowness: number): number => {
      const seconds = 0.25 * slowness
      const paces = [pace({ ...flow, flowSeconds: seconds, probes: probes(slowness) })]
      return rateOf(run({ cpuSeconds: 2 * seconds, paces }))?.secondsPerRow ?? 0
    }
    expect(rateAt(1)).toBeGreaterThan(0.005)
    expect(rateAt(1.5) / rateAt(1)).toBeGreaterThan(1.05)
    // Whatever the speed of this run and of the next, the error stays below 30 %.
    for (const now of [1, 1.25, 1.5])
      for (const next of [1, 1.25, 1.5])
        expect(Math.abs(rateAt(now) / (0.005 * next) - 1)).toBeLessThan(0.3)
  })

  test('never takes a table for slower a row than all of its time allows', () => {
    const paces = [pace({ flowRows: 50, flowSeconds: 0.4, finishSeconds: 0.3 })]
    expect(rateOf(run({ paces }))).toMatchObject({ secondsPerRow: 0.005, startSeconds: 0 })
  })

  test('of what a run takes beside its tables is the last one measured', () => {
    expect(estimateBesides(plan, NO_CALIBRATION)).toBeGreaterThan(0)
    const first = calibrate(NO_CALIBRATION, plan, run({}, 0.75))
    expect(estimateBesides(plan, first)).toBe(0.75)
    expect(estimateBesides(plan, calibrate(first, plan, run({})))).toBe(0.75)
    expect(estimateBesides(plan, calibrate(first, plan, run({}, 0.5)))).toBe(0.5)
  })

  test('is not spoilt by a run that is much smaller', () => {
    const large = calibrate(NO_CALIBRATION, plan, run({ rows: 1_000_000, bytes: 7_000_000 }))
    expect(calibrate(large, plan, run({ rows: 10, bytes: 900 }))).toEqual(large)
    expect(calibrate(large, plan, run({ rows: 500_000, bytes: 4_000_000 }))).not.toEqual(large)
    expect(calibrate(large, plan, run({ rows: 0, bytes: 0 }))).toEqual(large)
  })
})
