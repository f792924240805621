import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetMetadata } from 'hyparquet'
import { describe, expect, test } from 'vitest'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import type { Format } from '../../../src/core/run/spec.ts'
import type { FileOptions } from '../../../src/core/run/spec.ts'
import { readSnapshot } from '../../../src/node/delta/read-snapshot.ts'
import {
  generate,
  type GenerateOutcome,
  type GenerateRequest,
} from '../../../src/node/run/generate.ts'
import { readCalibration } from '../../../src/node/run/calibration.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { localStore } from '../../../src/node/store/local.ts'
import { filesBelow, hashesBelow, temporaryFolders, testHost } from '../../support/lake.ts'
import { shopPlan } from '../../support/shop-plan.ts'

const folder = temporaryFolders()

const OPTIONS: FileOptions = {
  format: 'delta',
  compression: 'none',
  checksums: true,
  engine: 'native',
}

const request = async (
  lake: string,
  parts: Partial<Omit<GenerateRequest, 'options' | 'plan'>> & {
    readonly plan?: TypedPlan
    readonly options?: Partial<FileOptions>
  } = {},
): Promise<GenerateRequest> => ({
  catalog: 'lakewright',
  mode: undefined,
  workers: 2,
  ...parts,
  lake,
  plan: parts.plan ?? (await loadPlan(shopPlan(50))),
  options: { ...OPTIONS, ...parts.options },
})

const TABLES = [
  'customers',
  'orders_landed',
  'items',
  'stores',
  'days',
  'visits',
  'events',
  'notes',
]

/** The data lines of a table's CSV files, in the order of the manifest. */
const csvLines = (lake: string, { manifest }: GenerateOutcome, table: string): readonly string[] =>
  (manifest.tables.find(({ path }) => path === table)?.parts ?? []).flatMap(({ files }) =>
    files.flatMap(({ path }) =>
      readFileSync(join(lake, 'lakewright/shop', path), 'utf8')
        .split('\r\n')
        .slice(1, -1),
    ),
  )

const asCsv = async (
  parts: Partial<FileOptions>,
  plan?: TypedPlan,
): Promise<Readonly<Record<string, readonly string[]>>> => {
  const lake = folder()
  const outcome = await generate(
    await request(lake, { options: { format: 'csv', ...parts }, ...(plan && { plan }) }),
    testHost(),
  )
  return Object.fromEntries(TABLES.map((table) => [table, csvLines(lake, outcome, table)]))
}

describe('a new dataset', () => {
  test('has a Delta table for each table of the plan, and a manifest that lists every file', async () => {
    const lake = folder()
    const { manifest, kind } = await generate(await request(lake), testHost())
    expect(kind).toBe('finished')
    expect(manifest.tables.map(({ path }) => path)).toEqual(TABLES)
    const store = localStore(lake)
    for (const table of manifest.tables) {
      const snapshot = await readSnapshot(store, `lakewright/shop/${table.path}`)
      expect(snapshot?.version).toBe(0)
      const files = table.parts.flatMap(({ files: each }) => each)
      expect([...(snapshot?.files.values() ?? [])].map(({ path, size }) => [path, size])).toEqual(
        files.map(({ path, bytes }) => [path, bytes]),
      )
      expect(table.rows).toBeGreaterThan(0)
    }
    const listed = manifest.tables.flatMap(({ path, parts }) => [
      `${path}/_delta_log/00000000000000000000.json`,
      ...parts.flatMap(({ files }) => files.map((file) => `${path}/${file.path}`)),
    ])
    expect(filesBelow(join(lake, 'lakewright/shop'))).toEqual(
      ['manifest.json', ...listed].toSorted(),
    )
  })

  test('leaves nothing beside it but the state of the lake', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    const beside = filesBelow(lake).filter((path) => !path.startsWith('lakewright/shop/'))
    const state = beside.filter((path) => !/-(wal|shm)$/.test(path))
    expect(state).toEqual(['.lakewright/calibration.json', '.lakewright/journal.db'])
  })

  test('keeps what each table and the rest of the run took, for estimates', async () => {
    const lake = folder()
    await generate(await request(lake), testHost({ processSeconds: () => 1e6 }))
    const { tables, besides } = await readCalibration({
      store: localStore(lake),
      state: '.lakewright',
    })
    expect(Object.keys(tables).length).toBeGreaterThan(1)
    for (const rate of Object.values(tables)) {
      expect(rate.rows).toBeGreaterThan(0)
      expect(rate.secondsPerRow).toBeGreaterThan(0)
      expect(rate.startSeconds).toBeGreaterThanOrEqual(0)
    }
    expect(besides['shop']).toBeGreaterThan(999_000)
    expect(besides['shop']).toBeLessThan(1e6)
  })

  test('documents keys and references as table properties', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    const snapshot = await readSnapshot(localStore(lake), 'lakewright/shop/orders_landed')
    expect(snapshot?.metadata.configuration).toMatchObject({
      'lakewright.key': '["order_id"]',
      'lakewright.references':
        '[{"columns":["customer_id"],"table":"customers","to":["customer_id"]}]',
    })
  })

  test('is the same, byte for byte, with any number of workers', async () => {
    const [one, three] = [folder(), folder()]
    await generate(await request(one, { workers: 1, options: { parts: 4 } }), testHost())
    await generate(await request(three, { workers: 3, options: { parts: 4 } }), testHost())
    const hashes = hashesBelow(join(one, 'lakewright'))
    expect(Object.keys(hashes).length).toBeGreaterThan(30)
    expect(hashesBelow(join(three, 'lakewright'))).toEqual(hashes)
  })
})

describe('rows', () => {
  test('are the same from kernel and interpreter, in every row space and type', async () => {
    const native = await asCsv({})
    expect(await asCsv({ engine: 'interpreter' })).toEqual(native)
    for (const table of TABLES) expect(native[table]?.length, table).toBeGreaterThan(2)
  })

  test.each([2, 3, 7, 1000])('are the same in %i parts', async (parts) => {
    expect(await asCsv({ parts })).toEqual(await asCsv({}))
  })

  test('are the same in files of a few rows', async () => {
    const lake = folder()
    const options = { format: 'csv', fileRows: 7 } as const
    const outcome = await generate(await request(lake, { options }), testHost())
    const customers = outcome.manifest.tables[0]
    expect(customers?.parts[0]?.files.map(({ rows }) => rows)).toEqual([7, 7, 7, 7, 7, 7, 7, 1])
    expect(csvLines(lake, outcome, 'customers')).toEqual((await asCsv({}))['customers'])
  })

  test('of a dataset that grows stay what they were', async () => {
    const small = await asCsv({})
    const large = await asCsv({}, await loadPlan(shopPlan(80)))
    expect(large['customers']?.slice(0, 50)).toEqual(small['customers'])
    expect(large['items']?.slice(0, small['items']?.length)).toEqual(small['items'])
    expect(large['stores']).toEqual(small['stores'])
  })
})

describe('a dataset that is there', () => {
  test('is refused without a mode and left as it is', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    const before = hashesBelow(join(lake, 'lakewright'))
    await expect(generate(await request(lake), testHost())).rejects.toMatchObject({
      code: 'dataset.exists',
    })
    expect(hashesBelow(join(lake, 'lakewright'))).toEqual(before)
  })

  test('is complete for a resume of the same run, and refused for one of another', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    const again = await generate(await request(lake, { mode: 'resume' }), testHost())
    expect(again.kind).toBe('complete')
    const other = await request(lake, { mode: 'resume', plan: await loadPlan(shopPlan(51)) })
    await expect(generate(other, testHost())).rejects.toMatchObject({ code: 'dataset.exists' })
  })

  test('is replaced by an overwrite: old versions stay readable, the newest is the new plan', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    const plan = await loadPlan(shopPlan(20, 'other'))
    const { manifest } = await generate(
      await request(lake, { mode: 'overwrite', plan }),
      testHost(),
    )
    expect(manifest.run).toMatchObject({ number: 2, kind: 'overwrite' })
    const store = localStore(lake)
    const rows = async (version?: number): Promise<number> => {
      const snapshot = await readSnapshot(store, 'lakewright/shop/customers', version)
      return [...(snapshot?.files.values() ?? [])].reduce(
        (sum, { stats }) => sum + (JSON.parse(stats ?? '') as { numRecords: number }).numRecords,
        0,
      )
    }
    expect(await rows()).toBe(20)
    expect(await rows(0)).toBe(50)
  })

  test('of a table that the new plan lacks keeps the table, emptied', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    const shop = shopPlan(20)
    const fewer = { ...shop, tables: shop.tables.filter(({ name }) => name !== 'notes') }
    const plan = await loadPlan(fewer)
    const { manifest } = await generate(
      await request(lake, { mode: 'overwrite', plan }),
      testHost(),
    )
    expect(manifest.tables.map(({ name }) => name)).not.toContain('notes')
    const notes = await readSnapshot(localStore(lake), 'lakewright/shop/notes')
    expect(notes).toMatchObject({ version: 1, files: new Map() })
  })

  test.each<readonly [Format, Format]>([
    ['delta', 'csv'],
    ['csv', 'jsonl'],
    ['parquet', 'delta'],
  ])('of format %s is replaced as a whole by one of %s', async (before, after) => {
    const [lake, fresh] = [folder(), folder()]
    await generate(await request(lake, { options: { format: before } }), testHost())
    const options = { format: after }
    await generate(await request(lake, { mode: 'overwrite', options }), testHost())
    await generate(await request(fresh, { options }), testHost())
    const names = (root: string): readonly string[] =>
      filesBelow(join(root, 'lakewright')).map((path) => path.replace(/-[0-9a-f]{16}\./, '.'))
    expect(names(lake)).toEqual(names(fresh))
  })

  test('of someone else is refused in every mode', async () => {
    const lake = folder()
    await localStore(lake)
      .create('lakewright/shop/note.txt')
      .then((writer) => writer.commit())
    for (const mode of [undefined, 'overwrite', 'append', 'resume'] as const)
      await expect(generate(await request(lake, { mode }), testHost())).rejects.toMatchObject({
        code: 'dataset.exists',
      })
    expect(filesBelow(join(lake, 'lakewright'))).toEqual(['shop/note.txt'])
  })
})

describe('an append', () => {
  const appended = async (format: Format) => {
    const [lake, fresh] = [folder(), folder()]
    const options = { format }
    const plan = await loadPlan(shopPlan(80))
    await generate(await request(lake, { options }), testHost())
    const before = hashesBelow(join(lake, 'lakewright'))
    const grown = await generate(await request(lake, { mode: 'append', plan, options }), testHost())
    const whole = await generate(await request(fresh, { plan, options }), testHost())
    return { lake, fresh, before, grown, whole }
  }

  test('makes the union that one larger run makes, table by table', async () => {
    const { lake, fresh, grown, whole } = await appended('csv')
    for (const table of TABLES) {
      const lines = csvLines(lake, grown, table)
      expect(lines.toSorted(), table).toEqual(csvLines(fresh, whole, table).toSorted())
    }
  })

  test('adds versions only to the tables that grow and touches no old file', async () => {
    const { lake, before, grown } = await appended('delta')
    expect(
      Object.fromEntries(grown.manifest.tables.map(({ path, version }) => [path, version])),
    ).toEqual({
      customers: 1,
      orders_landed: 1,
      items: 1,
      stores: 0,
      days: 0,
      visits: 0,
      events: 1,
      notes: 1,
    })
    const { 'shop/manifest.json': _, ...files } = before
    expect(hashesBelow(join(lake, 'lakewright'))).toMatchObject(files)
  })

  test('of other laws is refused, naming what differs', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    const plan = await loadPlan(shopPlan(80, 8))
    await expect(
      generate(await request(lake, { mode: 'append', plan }), testHost()),
    ).rejects.toMatchObject({
      code: 'plan.append',
      message: expect.stringContaining('seed') as string,
    })
  })

  test('of a smaller size is refused', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    const plan = await loadPlan(shopPlan(40))
    await expect(
      generate(await request(lake, { mode: 'append', plan }), testHost()),
    ).rejects.toMatchObject({
      code: 'plan.append',
      message: expect.stringContaining('customers falls from 50 to 40') as string,
    })
  })

  test('of another format is refused', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    await expect(
      generate(await request(lake, { mode: 'append', options: { format: 'csv' } }), testHost()),
    ).rejects.toMatchObject({ code: 'dataset.exists' })
  })
})

test('a Parquet file names the plan, the table and the part that it is of', async () => {
  const lake = folder()
  const { manifest } = await generate(await request(lake, { options: { parts: 3 } }), testHost())
  const table = manifest.tables.find(({ path }) => path === 'items')
  const files = (table?.parts ?? []).flatMap(({ number, files: some }) =>
    some.map(({ path }) => ({ number, path })),
  )
  expect(files.length).toBeGreaterThan(1)
  for (const { number, path } of files) {
    const bytes = readFileSync(join(lake, 'lakewright/shop/items', path))
    const pairs = parquetMetadata(new Uint8Array(bytes).buffer).key_value_metadata ?? []
    expect(Object.fromEntries(pairs.map(({ key, value }) => [key, value]))).toEqual({
      'lakewright.planHash': manifest.planHash,
      'lakewright.table': 'items',
      'lakewright.part': String(number),
    })
  }
})
