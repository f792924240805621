import { beforeAll, describe, expect, test } from 'vitest'
import type { ParameterValues } from '../../src/datasets/definition.ts'
import type { Manifest } from '../../src/core/report/manifest.ts'
import { digestQuery } from '../../src/core/sql/digest.ts'
import type { FileOptions } from '../../src/core/run/spec.ts'
import { generate, type GenerateRequest } from '../../src/node/run/generate.ts'
import { loadPlan } from '../../src/node/run/load-plan.ts'
import { DEFAULT_LIMITS, withDuckDb } from '../../src/node/verify/session.ts'
import { deltaSource } from '../../src/node/verify/source.ts'
import { temporaryFolders, testHost } from '../support/lake.ts'
import { buildRetail } from './retail-rows.ts'

const SMALL = {
  stores: 2,
  products: 66,
  customers: 40,
  promotions: 300,
  ordersPerYear: 3000,
  days: 5,
  withTruth: 1,
}

const TABLES = [
  'stores',
  'products',
  'product_prices',
  'customers',
  'promotions',
  'orders',
  'order_items',
  'inventory_snapshots',
]

const folder = temporaryFolders()

interface Run {
  readonly values?: ParameterValues
  readonly mode?: GenerateRequest['mode']
  readonly options?: Partial<FileOptions>
}

const make = async (lake: string, { values, mode, options }: Run = {}): Promise<Manifest> => {
  const { manifest } = await generate(
    {
      lake,
      catalog: 'c',
      plan: await loadPlan(buildRetail({ ...SMALL, ...values })),
      mode,
      options: {
        format: 'delta',
        compression: 'none',
        checksums: true,
        engine: 'native',
        ...options,
      },
      workers: 1,
    },
    testHost(),
  )
  return manifest
}

const digests = async (lake: string): Promise<Readonly<Record<string, string>>> => {
  const found: [string, string][] = []
  await withDuckDb(DEFAULT_LIMITS, async (duckDb) => {
    for (const table of TABLES) {
      const source = await deltaSource(lake, `c/retail/${table}`)
      if (source === undefined) throw new Error(`expected a table ${table}`)
      const [row] = await duckDb.rows(digestQuery('duckdb', source.columns, source.sql))
      found.push([table, String(row?.['digest'])])
    }
  })
  return Object.fromEntries(found)
}

let whole: Readonly<Record<string, string>> = {}

beforeAll(async () => {
  const lake = folder()
  await make(lake)
  whole = await digests(lake)
}, 60_000)

describe('the same digests come', () => {
  test('in five parts, and from the interpreter', { timeout: 120_000 }, async () => {
    const [parts, rows] = [folder(), folder()]
    await make(parts, { options: { parts: 5 } })
    expect(await digests(parts)).toEqual(whole)
    await make(rows, { options: { engine: 'interpreter' } })
    expect(await digests(rows)).toEqual(whole)
  })

  test('by an append of days, whose promises hold as far as they can be known', async () => {
    const lake = folder()
    await make(lake, { values: { days: 2 } })
    const { tables } = await make(lake, { mode: 'append' })
    expect(await digests(lake)).toEqual(whole)
    const findings = tables.flatMap(({ promises }) => promises)
    expect(findings.filter(({ verdict }) => verdict === 'broken')).toEqual([])
    expect(findings.length).toBeGreaterThan(60)
    // The law of days is another one with more days, so only the files can tell.
    expect(findings.find(({ name }) => name === 'days follow season and week')?.verdict).toBe(
      'unchecked',
    )
  }, 60_000)

  test('by a merge to more days and back to fewer', async () => {
    const lake = folder()
    await make(lake, { values: { days: 2 } })
    const few = await digests(lake)
    await make(lake, { mode: 'merge' })
    expect(await digests(lake)).toEqual(whole)
    await make(lake, { values: { days: 2 }, mode: 'merge' })
    expect(await digests(lake)).toEqual(few)
  }, 60_000)
})

test('an append at another rate of orders is refused, and says so', async () => {
  const lake = folder()
  await make(lake, { values: { days: 2 } })
  await expect(
    make(lake, { values: { ordersPerYear: 6000 }, mode: 'append' }),
  ).rejects.toMatchObject({ message: expect.stringContaining('ordersPerYear') })
}, 60_000)

test('every promise holds when it is measured, on one product and day too', async () => {
  const least = { stores: 1, products: 1, customers: 1, ordersPerYear: 2000, days: 1 }
  for (const values of [{}, least]) {
    const { tables } = await make(folder(), { values })
    const findings = tables.flatMap(({ promises }) => promises)
    expect(findings.length).toBeGreaterThan(60)
    expect(findings.filter(({ verdict }) => verdict === 'broken')).toEqual([])
  }
}, 60_000)
