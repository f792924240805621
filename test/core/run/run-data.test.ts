import { describe, expect, test } from 'vitest'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { manifestText, parseManifest, type Manifest } from '../../../src/core/report/manifest.ts'
import { calibrate, estimateTables } from '../../../src/core/run/estimates.ts'
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
    ['append', 'csv', 'csv', 'add'],
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
  const estimate = (calibration: Parameters<typeof estimateTables>[1]['calibration']) =>
    estimateTables(plan, { options: OPTIONS, count, calibration })

  test('is a guess before any run and scales with rows after one', () => {
    expect(estimate({})).toMatchObject([{ rows: 1000, exact: true, measured: false }])
    const measured = [{ table: 'greetings', rows: 100, bytes: 700, cpuSeconds: 0.5 }]
    const calibration = calibrate({}, plan, { options: OPTIONS, measured })
    expect(estimate(calibration)).toMatchObject([{ bytes: 7000, cpuSeconds: 5, measured: true }])
    const other = estimateTables(plan, {
      options: { ...OPTIONS, format: 'csv' },
      count,
      calibration,
    })
    expect(other).toMatchObject([{ measured: false }])
  })

  test('is not spoilt by a run that is much smaller', () => {
    const run = (rows: number, bytes: number) => ({
      options: OPTIONS,
      measured: [{ table: 'greetings', rows, bytes, cpuSeconds: 1 }],
    })
    const large = calibrate({}, plan, run(1_000_000, 7_000_000))
    expect(calibrate(large, plan, run(10, 900))).toEqual(large)
    expect(calibrate(large, plan, run(500_000, 4_000_000))).not.toEqual(large)
    expect(calibrate(large, plan, run(0, 0))).toEqual(large)
  })
})
