import { copyFileSync, cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../src/core/report/finding.ts'
import type { Manifest } from '../../../src/core/report/manifest.ts'
import type { Format } from '../../../src/core/run/spec.ts'
import { DUCKDB } from '../../../src/core/sql/duckdb.ts'
import * as e from '../../../src/core/expr/build.ts'
import * as p from '../../../src/core/plan/build.ts'
import type { Column } from '../../../src/core/plan/plan.ts'
import { generate } from '../../../src/node/run/generate.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { judgeMeasured } from '../../../src/node/run/judge.ts'
import { verifyDataset } from '../../../src/node/verify/verify.ts'
import { temporaryFolders, testHost } from '../../support/lake.ts'
import { marketPlan, soldBy, YESTERDAY } from '../../support/market-plan.ts'
import { pricePlan } from '../../support/price-plan.ts'
import { promisePlan, type PromisePlanOptions } from '../../support/promise-plan.ts'
import { shopPlan } from '../../support/shop-plan.ts'

const folder = temporaryFolders()

const LIMITS = { memoryMb: 256, threads: 1 }

interface Made {
  readonly lake: string
  readonly manifest: Manifest
}

const make = async (plan: unknown, format: Format = 'delta'): Promise<Made> => {
  const lake = folder()
  const { manifest } = await generate(
    {
      lake,
      catalog: 'c',
      plan: await loadPlan(plan),
      mode: undefined,
      options: { format, compression: 'none', checksums: true, engine: 'native', parts: 2 },
      workers: 1,
    },
    // A run refuses to publish what breaks a promise; here that is what verify must find.
    testHost({ judge: () => new Map() }),
  )
  return { lake, manifest }
}

const promises = (options: PromisePlanOptions = {}): Promise<Made> =>
  make(promisePlan({ rows: 2000, ...options }))

const verify = async ({ lake, manifest }: Made, plan?: unknown): Promise<readonly Finding[]> =>
  verifyDataset({
    place: { root: lake, folder: `c/${manifest.name}` },
    manifest,
    plan: await loadPlan(plan ?? manifest.plan),
    dialect: DUCKDB,
    limits: LIMITS,
    onTable: () => undefined,
  })

const named = (findings: readonly Finding[], verdict: Finding['verdict']): readonly string[] =>
  findings.filter((each) => each.verdict === verdict).map(({ name }) => name)

const firstFile = ({ lake, manifest }: Made, table: string): string => {
  const made = manifest.tables.find(({ name }) => name === table)!
  return join(lake, 'c', manifest.name, made.path, made.parts[0]!.files[0]!.path)
}

describe('an untouched dataset', () => {
  test('keeps every promise that its files can show, and says what they cannot', async () => {
    const findings = await verify(await promises())
    expect(named(findings, 'broken')).toEqual([])
    expect(findings.filter(({ verdict }) => verdict === 'unchecked')).toMatchObject([
      { name: 'low secrets', proof: 'none', note: expect.stringContaining('makers.secret') },
    ])
    expect(named(findings, 'holds')).toEqual([
      'every file is as it was written',
      'the Delta log can be read',
      'rows',
      'key maker_id is unique',
      'maker_id lies in 1 to 2000',
      'no nulls in maker_id, colour, shade, height, founded, goods',
      'height_positive',
      'colours',
      'heights',
      'nicks',
      'mean height',
      'mean next',
      'half of the red are low',
      'goods are as many as said',
      'colour and shade',
      'colour and height',
      'shade follows its law',
      'goods follows its law',
      'every file is as it was written',
      'the Delta log can be read',
      'rows',
      'key good_id is unique',
      'good_id lies in 4 to 8003',
      'maker_id exists as makers.maker_id',
      'no nulls',
      'goods of each of makers',
      'number in maker',
      'one good at a time',
      'makers have heights',
    ])
    expect(
      findings.every(({ proof, verdict }) => (proof === 'files') === (verdict === 'holds')),
    ).toBe(true)
  })

  test('shows in its files what was measured while they were written', async () => {
    const made = await make(promisePlan({ rows: 2000 }))
    const plan = await loadPlan(made.manifest.plan)
    const measured = judgeMeasured(
      plan,
      new Map(made.manifest.tables.map(({ name, rows, measures }) => [name, { rows, measures }])),
    )
    const before = [...measured.values()].flat().filter(({ proof }) => proof === 'measured')
    const after = await verify(made)
    const same = before.filter(({ name }) => name !== 'low secrets')
    expect(same.length).toBeGreaterThan(9)
    for (const { proof: _, ...finding } of same) {
      // Words are sorted into bins by the kernel's codes in one and by rank in the other, which moves no share.
      const { found, ...exact } = finding
      expect(after).toContainEqual({
        ...exact,
        proof: 'files',
        found: typeof found === 'number' ? expect.closeTo(found, 9) : found,
      })
    }
  })

  test.each(['delta', 'parquet', 'csv', 'jsonl'] as const)(
    'with every row space and type holds as %s',
    async (format) => {
      const findings = await verify(await make(shopPlan(40), format))
      expect(named(findings, 'broken')).toEqual([])
      expect(named(findings, 'holds').length).toBeGreaterThan(30)
      expect(findings).toContainEqual(
        expect.objectContaining({ table: 'visits', name: 'rows', asked: 15, found: 15 }),
      )
    },
  )
})

describe('a fault in a file', () => {
  test('of one flipped bit is found by its hash, and nothing is measured on the table', async () => {
    const made = await promises()
    const path = firstFile(made, 'goods')
    const bytes = readFileSync(path)
    bytes[200]! ^= 4
    writeFileSync(path, bytes)
    const findings = await verify(made)
    expect(named(findings, 'broken')).toEqual(['every file is as it was written'])
    const open = findings.filter(({ verdict }) => verdict === 'unchecked')
    expect(open.map(({ name }) => name)).toContain('goods are as many as said')
    expect(open.map(({ name }) => name)).toContain('number in maker')
    expect(named(findings, 'holds')).toContain('colours')
  })

  test('that is missing or cut short is found', async () => {
    const made = await promises()
    rmSync(firstFile(made, 'goods'))
    const path = firstFile(made, 'makers')
    writeFileSync(path, readFileSync(path).subarray(0, 100))
    const broken = (await verify(made)).filter(({ verdict }) => verdict === 'broken')
    expect(broken.map(({ found }) => found)).toEqual([
      expect.stringMatching(/has 100 bytes$/),
      expect.stringMatching(/is missing$/),
    ])
  })

  test('that a manifest without hashes lets pass is found by what the rows say', async () => {
    const made = await promises()
    const [first, second] = made.manifest.tables[0]!.parts.map(({ files }) => files[0]!.path)
    const place = (name: string): string => join(made.lake, 'c/promises/makers', name)
    copyFileSync(place(first!), place(second!))
    const { size } = statSync(place(first!))
    const tables = made.manifest.tables.map((table) => ({
      ...table,
      parts: table.parts.map((part) => ({
        ...part,
        files: part.files.map((file) => ({
          ...file,
          sha256: '',
          ...(file.path === second ? { bytes: size } : {}),
        })),
      })),
    }))
    const findings = await verify({
      ...made,
      manifest: { ...made.manifest, format: 'parquet', tables },
    })
    expect(named(findings, 'broken')).toContain('key maker_id is unique')
    expect(named(findings, 'broken')).toContain('maker_id exists as makers.maker_id')
  })
})

describe('a fault in the rows', () => {
  test('of a biased weight breaks the distribution', async () => {
    const findings = await verify(await promises({ red: 62 }))
    expect(named(findings, 'broken')).toEqual(['colours'])
  })

  test('of a copied column breaks the independence', async () => {
    const findings = await verify(await promises({ entangled: true }))
    expect(named(findings, 'broken')).toEqual(['colour and shade'])
  })

  test('of too few rows breaks the count', async () => {
    const findings = await verify(await promises({ rows: 1999 }), promisePlan({ rows: 2000 }))
    expect(named(findings, 'broken')).toEqual(['rows'])
  })

  test('of keys beyond the plan breaks the key range', async () => {
    const findings = await verify(await promises(), promisePlan({ rows: 1500 }))
    expect(named(findings, 'broken')).toEqual([
      'rows',
      'maker_id lies in 1 to 1500',
      'good_id lies in 4 to 6003',
    ])
  })

  test('of children whose parents are gone breaks the reference', async () => {
    const [made, fewer] = [await promises(), await promises({ rows: 1500 })]
    const makers = 'c/promises/makers'
    rmSync(join(made.lake, makers), { recursive: true })
    cpSync(join(fewer.lake, makers), join(made.lake, makers), { recursive: true })
    const tables = [fewer.manifest.tables[0]!, made.manifest.tables[1]!]
    const findings = await verify({ ...made, manifest: { ...made.manifest, tables } })
    expect(findings.filter(({ verdict }) => verdict === 'broken')).toMatchObject(
      [
        { table: 'makers', name: 'rows', asked: 2000, found: 1500 },
        {
          table: 'goods',
          name: 'maker_id exists as makers.maker_id',
          found: expect.stringMatching(/^\d{3,} times$/),
        },
        { table: 'goods', name: 'makers have heights' },
      ].slice(0, 2),
    )
  })

  test('of overlapping intervals, duplicates and unequal counts breaks each of these', async () => {
    const made = await promises()
    const plan = promisePlan({ rows: 2000 })
    const [makers, goods] = plan.tables
    const findings = await verify(made, {
      ...plan,
      tables: [
        {
          ...makers,
          checks: [
            {
              name: 'small',
              that: {
                kind: 'call',
                function: 'lt',
                args: [{ kind: 'column', name: 'height' }, 1000],
              },
            },
          ],
          promises: [
            { kind: 'unique', name: 'heights differ', columns: ['height'] },
            { kind: 'mean', name: 'height', of: { kind: 'column', name: 'height' }, asked: 540 },
          ],
        },
        {
          ...goods,
          promises: [
            { kind: 'disjoint', name: 'over all', by: ['number'], from: 'begins', to: 'ends' },
          ],
        },
      ],
    })
    expect(named(findings, 'broken')).toEqual(['small', 'heights differ', 'height', 'over all'])
  })
})

describe('what is valid at a time', () => {
  test('is found in the files, even where nothing is yet', async () => {
    const findings = await verify(await make(pricePlan()))
    expect(named(findings, 'broken')).toEqual([])
    expect(named(findings, 'unchecked')).toEqual([])
    expect(findings.find(({ name }) => name === 'sold at the price of the day')).toMatchObject({
      verdict: 'holds',
      found: 1,
      n: 640,
    })
  })

  test('breaks a promise when rows follow it a day late', async () => {
    const findings = await verify(await make(pricePlan({ late: 1 })))
    expect(named(findings, 'broken')).toEqual(['sold at the price of the day'])
  })
})

describe('what is counted into a cross', () => {
  const market = (where: e.Operand, landed: readonly Column[] = []): unknown => {
    const lines = e.tally.sum('items', e.col('quantity'), { by: soldBy, where, most: 1000 })
    const before = e.when(e.ge(e.dimension('days'), 2), e.lookup('stock', YESTERDAY, 'left'), 2000)
    return marketPlan({
      stock: [p.column('shown', lines), ...landed],
      parts: {
        promises: [
          { kind: 'rate', name: 'sold', of: e.eq(e.col('sold'), e.col('shown')), asked: 1 },
          { kind: 'rate', name: 'lines', of: e.eq(e.col('shown'), lines), asked: 1 },
          { kind: 'rate', name: 'yesterday', of: e.eq(e.col('before'), before), asked: 1 },
        ],
      },
    })
  }
  const kept = e.not(e.parent('cancelled'))

  test.each([
    ['by the keys of its dimensions', []],
    ['by its own key', [p.column('stock_id', e.key())]],
  ])('is counted again %s', async (_, landed) => {
    const findings = await verify(await make(market(kept, landed)))
    expect(named(findings, 'broken')).toEqual([])
    const rates = findings.filter(({ kind }) => kind === 'rate')
    expect(rates.map(({ name, found, n, proof }) => [name, found, n, proof])).toEqual([
      ['sold', 1, 90, 'files'],
      ['lines', 1, 90, 'files'],
      ['yesterday', 1, 90, 'files'],
    ])
  })

  test('breaks a promise when other rows were counted', async () => {
    const made = await make(market(kept))
    const findings = await verify(made, market(e.lit(true)))
    expect(named(findings, 'broken')).toEqual(['lines'])
  })
})

test('a table that somebody else has changed is found by its version', async () => {
  const made = await promises()
  const log = join(made.lake, 'c/promises/goods/_delta_log')
  const info = { commitInfo: { timestamp: 1_700_000_000_001, operation: 'TEST' } }
  writeFileSync(join(log, '00000000000000000001.json'), `${JSON.stringify(info)}\n`)
  const findings = await verify(made)
  expect(named(findings, 'broken')).toEqual(['the Delta log can be read'])
})
