import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { appendDraft, renderCommit } from '../../../src/core/delta/commit.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import { parseManifest } from '../../../src/core/report/manifest.ts'
import { digestQuery } from '../../../src/core/sql/digest.ts'
import type { FileOptions } from '../../../src/core/run/spec.ts'
import { putCommit } from '../../../src/node/delta/commit.ts'
import { readSnapshot } from '../../../src/node/delta/read-snapshot.ts'
import {
  generate,
  type GenerateOutcome,
  type GenerateRequest,
} from '../../../src/node/run/generate.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { localStore } from '../../../src/node/store/local.ts'
import { DEFAULT_LIMITS, withDuckDb } from '../../../src/node/verify/session.ts'
import { deltaSource, tableSource } from '../../../src/node/verify/source.ts'
import { filesBelow, hashesBelow, temporaryFolders, testHost } from '../../support/lake.ts'
import { salesPlan } from '../../support/sales-plan.ts'

const folder = temporaryFolders()

const OPTIONS: FileOptions = {
  format: 'delta',
  compression: 'none',
  checksums: true,
  engine: 'native',
}

const TABLES = ['stores', 'days', 'orders', 'items', 'stock']

type Request = Partial<Pick<GenerateRequest, 'mode' | 'foreign'>> & Partial<FileOptions>

const make = async (
  lake: string,
  plan: Plan,
  { mode, foreign, ...options }: Request = {},
): Promise<GenerateOutcome> =>
  generate(
    {
      lake,
      catalog: 'lakewright',
      plan: await loadPlan(plan),
      mode,
      ...(foreign && { foreign }),
      options: { ...OPTIONS, ...options },
      workers: 2,
    },
    testHost(),
  )

const merge = (lake: string, plan: Plan, request: Request = {}): Promise<GenerateOutcome> =>
  make(lake, plan, { mode: 'merge', ...request })

const tableOf = (lake: string, table: string): string => join(lake, 'lakewright/sales', table)

const digests = async (lake: string): Promise<Readonly<Record<string, string>>> => {
  const found: [string, string][] = []
  await withDuckDb(DEFAULT_LIMITS, async (duckDb) => {
    for (const table of TABLES) {
      const source = await deltaSource(lake, `lakewright/sales/${table}`)
      if (source === undefined) throw new Error(`expected a table ${table}`)
      const [row] = await duckDb.rows(digestQuery('duckdb', source.columns, source.sql))
      found.push([table, String(row?.['digest'])])
    }
  })
  return Object.fromEntries(found)
}

/** The live data files of all tables with what tells whether somebody touched them. */
const liveFiles = async (lake: string): Promise<Readonly<Record<string, string>>> => {
  const found: [string, string][] = []
  for (const table of TABLES) {
    const snapshot = await readSnapshot(localStore(lake), `lakewright/sales/${table}`)
    for (const { path } of snapshot?.files.values() ?? []) {
      const { ino, mtimeMs, size } = statSync(join(tableOf(lake, table), path))
      found.push([`${table}/${path}`, `${ino} ${mtimeMs} ${size}`])
    }
  }
  return Object.fromEntries(found)
}

const shared = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] =>
  Object.keys(after)
    .filter((path) => before[path] === after[path])
    .map((path) => path.split('/')[0] ?? '')

/** Adds a copy of a table's first file to it, as another writer would. */
const addForeignFile = async (lake: string, table: string): Promise<void> => {
  const store = localStore(lake)
  const path = `lakewright/sales/${table}`
  const snapshot = await readSnapshot(store, path)
  const [file] = snapshot?.files.values() ?? []
  if (snapshot === undefined || file === undefined) throw new Error('expected a file')
  cpSync(join(lake, path, file.path), join(lake, path, 'theirs.parquet'))
  const added = { path: 'theirs.parquet', size: file.size, rows: 1, sha256: '', stats: '{}' }
  const draft = appendDraft(snapshot, [added], { at: 1_700_000_000_000 })
  expect(await putCommit(store, path, renderCommit(draft, snapshot))).toBe('written')
}

const commitsOf = (lake: string, table: string): readonly Readonly<Record<string, unknown>>[] => {
  const log = join(tableOf(lake, table), '_delta_log')
  return filesBelow(log).map((name) => {
    const [first = ''] = readFileSync(join(log, name), 'utf8').split('\n')
    return (JSON.parse(first) as { commitInfo: Record<string, unknown> }).commitInfo
  })
}

describe('a merge from some days to other days', { timeout: 180_000 }, () => {
  test.each([
    { from: 6, to: 10, options: {} },
    { from: 6, to: 10, options: { parts: 3 } },
    { from: 10, to: 6, options: {} },
    { from: 10, to: 6, options: { parts: 3 } },
    { from: 6, to: 6, options: {} },
    { from: 0, to: 4, options: {} },
    { from: 4, to: 0, options: {} },
  ])('($from to $to, $options) equals making them at once', async ({ from, to, options }) => {
    const [merged, whole] = [folder(), folder()]
    await make(merged, salesPlan({ days: from }), options)
    await merge(merged, salesPlan({ days: to }))
    const { manifest } = await make(whole, salesPlan({ days: to }))
    expect(await digests(merged)).toEqual(await digests(whole))
    const now = JSON.parse(
      readFileSync(join(merged, 'lakewright/sales/manifest.json'), 'utf8'),
    ) as typeof manifest
    for (const [i, table] of manifest.tables.entries()) {
      expect(now.tables[i]?.rows).toBe(table.rows)
      expect(now.tables[i]?.measures).toEqual(table.measures)
    }
  })

  test('up leaves every file that was there as it is', async () => {
    const lake = folder()
    await make(lake, salesPlan({ days: 6 }), { parts: 2 })
    const before = await liveFiles(lake)
    const { merged } = await merge(lake, salesPlan({ days: 10 }))
    const after = await liveFiles(lake)
    expect(after).toMatchObject(before)
    expect(Object.keys(after).length).toBeGreaterThan(Object.keys(before).length)
    expect(merged?.find(({ table }) => table === 'stores')).toEqual({
      table: 'stores',
      kept: 2,
      added: 0,
      removed: 0,
      foreign: [],
    })
    expect(commitsOf(lake, 'stores')).toHaveLength(1)
  })

  test('down removes the days that are gone and leaves whole parts as they are', async () => {
    const lake = folder()
    await make(lake, salesPlan({ days: 12 }), { parts: 4 })
    const before = await liveFiles(lake)
    await merge(lake, salesPlan({ days: 7 }))
    const kept = shared(before, await liveFiles(lake))
    for (const table of ['orders', 'items', 'stock', 'days'])
      expect(kept.filter((each) => each === table)).toHaveLength(2)
  })

  test('and back again equals what was there first', async () => {
    const lake = folder()
    await make(lake, salesPlan({ days: 5 }))
    const before = await digests(lake)
    await merge(lake, salesPlan({ days: 9 }))
    await merge(lake, salesPlan({ days: 5 }))
    expect(await digests(lake)).toEqual(before)
  })

  test('is a commit that says so', async () => {
    const lake = folder()
    await make(lake, salesPlan({ days: 4 }))
    await merge(lake, salesPlan({ days: 6 }))
    const [, info] = commitsOf(lake, 'stock')
    expect(info).toMatchObject({
      operation: 'MERGE',
      isBlindAppend: false,
      operationMetrics: {
        numOutputRows: '6',
        numTargetFilesAdded: '1',
        numTargetFilesRemoved: '0',
      },
    })
  })

  test('writes nothing when nothing differs', async () => {
    const lake = folder()
    await make(lake, salesPlan({ days: 4 }))
    const before = hashesBelow(join(lake, 'lakewright'))
    expect((await merge(lake, salesPlan({ days: 4 }))).kind).toBe('complete')
    expect(hashesBelow(join(lake, 'lakewright'))).toEqual(before)
  })
})

describe('a merge to other laws and sizes', { timeout: 180_000 }, () => {
  test('replaces the tables whose rows change, and those alone', async () => {
    const [merged, whole] = [folder(), folder()]
    await make(merged, salesPlan({ days: 8 }), { parts: 2 })
    const before = await liveFiles(merged)
    await merge(merged, salesPlan({ days: 8, dearest: 500 }))
    await make(whole, salesPlan({ days: 8, dearest: 500 }))
    expect(await digests(merged)).toEqual(await digests(whole))
    const kept = new Set(shared(before, await liveFiles(merged)))
    expect([...kept].toSorted()).toEqual(['days', 'stock', 'stores'])
    expect(commitsOf(merged, 'items')).toHaveLength(2)
    expect(commitsOf(merged, 'stock')).toHaveLength(1)
    // Files that turned out to be equal were not left behind.
    expect(
      filesBelow(tableOf(merged, 'stock')).filter((path) => path.endsWith('.parquet')),
    ).toHaveLength(2)
  })

  test('makes rows that come between the ones that are there', async () => {
    const [merged, whole] = [folder(), folder()]
    await make(merged, salesPlan({ days: 5, stores: 2 }))
    await merge(merged, salesPlan({ days: 7, stores: 4 }))
    await make(whole, salesPlan({ days: 7, stores: 4 }))
    expect(await digests(merged)).toEqual(await digests(whole))
  })

  test('brings back a file that another writer removed', async () => {
    const lake = folder()
    await make(lake, salesPlan({ days: 4 }))
    const before = await digests(lake)
    const store = localStore(lake)
    const snapshot = await readSnapshot(store, 'lakewright/sales/orders')
    if (snapshot === undefined) throw new Error('expected a table')
    const [file] = snapshot.files.values()
    const draft = {
      ...appendDraft(snapshot, [], { at: 1_700_000_000_000 }),
      actions: [
        { kind: 'remove', path: file?.path ?? '', deletionTimestamp: 1, dataChange: true } as const,
      ],
    }
    await putCommit(store, 'lakewright/sales/orders', renderCommit(draft, snapshot))
    await merge(lake, salesPlan({ days: 4 }))
    expect(await digests(lake)).toEqual(before)
  })

  test('empties a table that the plan no longer has and makes one that is new', async () => {
    const lake = folder()
    const plan = salesPlan({ days: 4 })
    const without = { ...plan, tables: plan.tables.filter(({ name }) => name !== 'stock') }
    await make(lake, plan)
    const before = await digests(lake)
    await merge(lake, without)
    expect((await readSnapshot(localStore(lake), 'lakewright/sales/stock'))?.files.size).toBe(0)
    await merge(lake, plan)
    expect(await digests(lake)).toEqual(before)
  })
})

describe('files of another writer', { timeout: 180_000 }, () => {
  test('keep a merge from beginning, and nothing is written', async () => {
    const lake = folder()
    await make(lake, salesPlan({ days: 4 }))
    await addForeignFile(lake, 'orders')
    const before = hashesBelow(join(lake, 'lakewright'))
    await expect(merge(lake, salesPlan({ days: 6 }))).rejects.toMatchObject({
      code: 'dataset.foreign',
      message: 'sales/orders holds 1 file of another writer: theirs.parquet',
    })
    expect(hashesBelow(join(lake, 'lakewright'))).toEqual(before)
  })

  test('stay live and are told with keep', async () => {
    const lake = folder()
    await make(lake, salesPlan({ days: 6 }))
    await addForeignFile(lake, 'orders')
    const { merged } = await merge(lake, salesPlan({ days: 4 }), { foreign: 'keep' })
    expect(merged?.find(({ table }) => table === 'orders')?.foreign).toEqual(['theirs.parquet'])
    const snapshot = await readSnapshot(localStore(lake), 'lakewright/sales/orders')
    expect([...(snapshot?.files.keys() ?? [])]).toContain('theirs.parquet')
    expect(snapshot?.files.size).toBe(2)
  })

  test('that come while a merge works are a conflict, and nothing is lost', async () => {
    const lake = folder()
    await make(lake, salesPlan({ days: 6 }))
    let before: Readonly<Record<string, string>> = {}
    const host = testHost({
      onEvent: (event) => {
        if (event.kind !== 'stage' || event.name !== 'manifest') return
        const log = join(tableOf(lake, 'items'), '_delta_log')
        const theirs = '{"commitInfo":{"timestamp":1700000000001,"operation":"WRITE"}}\n'
        writeFileSync(join(log, `${'1'.padStart(20, '0')}.json`), theirs)
        before = hashesBelow(join(lake, 'lakewright/sales'))
      },
    })
    const request = {
      lake,
      catalog: 'lakewright',
      plan: await loadPlan(salesPlan({ days: 4 })),
      mode: 'merge',
      options: OPTIONS,
      workers: 1,
    } as const
    await expect(generate(request, host)).rejects.toMatchObject({ code: 'delta.conflict' })
    expect(hashesBelow(join(lake, 'lakewright/sales'))).toEqual(before)
  })
})

describe.each(['parquet', 'csv', 'jsonl'] as const)(
  'a merge of %s',
  { timeout: 180_000 },
  (format) => {
    const plainDigests = async (lake: string): Promise<Readonly<Record<string, string>>> => {
      const place = { root: lake, folder: 'lakewright/sales' }
      const manifest = parseManifest(
        readFileSync(join(lake, place.folder, 'manifest.json'), 'utf8'),
        'manifest.json',
      )
      const found: [string, string][] = []
      await withDuckDb(DEFAULT_LIMITS, async (duckDb) => {
        for (const table of manifest.tables) {
          const { columns, sql } = await tableSource(place, manifest, table)
          const [row] = await duckDb.rows(digestQuery('duckdb', columns, sql))
          found.push([table.name, String(row?.['digest'])])
        }
      })
      return Object.fromEntries(found)
    }

    const touched = (lake: string): Readonly<Record<string, string>> =>
      Object.fromEntries(
        filesBelow(join(lake, 'lakewright/sales')).map((path) => {
          const { ino, mtimeMs } = statSync(join(lake, 'lakewright/sales', path))
          return [path, `${ino} ${mtimeMs}`]
        }),
      )

    test.each([
      { from: 4, to: 7 },
      { from: 7, to: 4 },
    ])('from $from to $to days equals making them at once', async ({ from, to }) => {
      const [merged, whole] = [folder(), folder()]
      await make(merged, salesPlan({ days: from }), { format })
      const before = touched(merged)
      await merge(merged, salesPlan({ days: to }), { format })
      await make(whole, salesPlan({ days: to }), { format })
      expect(await plainDigests(merged)).toEqual(await plainDigests(whole))
      const kept = Object.entries(touched(merged)).filter(([path, facts]) => before[path] === facts)
      expect(kept.some(([path]) => path.startsWith('stores'))).toBe(true)
      const names = (lake: string): readonly string[] => filesBelow(join(lake, 'lakewright/sales'))
      if (format !== 'parquet') expect(names(merged)).toEqual(names(whole))
    })

    test('leaves files of others alone, or is refused because of them', async () => {
      const lake = folder()
      await make(lake, salesPlan({ days: 4 }), { format })
      const note = join(lake, 'lakewright/sales/note.txt')
      writeFileSync(note, 'theirs')
      await expect(merge(lake, salesPlan({ days: 5 }), { format })).rejects.toMatchObject({
        code: 'dataset.foreign',
        message: 'sales holds 1 file of another writer: note.txt',
      })
      await merge(lake, salesPlan({ days: 5 }), { format, foreign: 'keep' })
      expect(readFileSync(note, 'utf8')).toBe('theirs')
    })
  },
)

describe('a merge is refused in one line', { timeout: 180_000 }, () => {
  const refused = async (
    plan: Plan,
    { merging = {}, making = {} }: { merging?: Request; making?: Request } = {},
  ): Promise<unknown> => {
    const lake = folder()
    await make(lake, salesPlan({ days: 3 }), making)
    const before = hashesBelow(join(lake, 'lakewright'))
    const error: unknown = await merge(lake, plan, merging).catch((caught: unknown) => caught)
    expect(hashesBelow(join(lake, 'lakewright'))).toEqual(before)
    return error
  }

  test('onto another seed', async () => {
    expect(await refused(salesPlan({ days: 5, seed: 8 }))).toMatchObject({
      code: 'plan.merge',
      message: 'cannot merge: the dataset has seed 7, the plan has seed 8',
    })
  })

  test('onto other columns, naming them', async () => {
    const plan = salesPlan({ days: 5 })
    const tables = plan.tables.map((table) =>
      table.name === 'stores'
        ? { ...table, columns: table.columns.map((each) => ({ ...each, as: `the_${each.name}` })) }
        : table,
    )
    expect(await refused({ ...plan, tables })).toMatchObject({
      code: 'plan.merge',
      message:
        'cannot merge into another schema: stores.the_store_id is new; stores.the_area is new; ' +
        'stores.store_id is not in the plan; stores.area is not in the plan',
    })
  })

  test('with another compression, and without checksums', async () => {
    const plan = salesPlan({ days: 5 })
    expect(await refused(plan, { merging: { compression: 'snappy' } })).toMatchObject({
      code: 'plan.merge',
    })
    expect(await refused(plan, { merging: { checksums: false } })).toMatchObject({
      code: 'plan.merge',
    })
  })

  test('onto a dataset whose manifest is missing', async () => {
    const lake = folder()
    await make(lake, salesPlan({ days: 3 }))
    rmSync(join(lake, 'lakewright/sales/manifest.json'))
    await expect(merge(lake, salesPlan({ days: 5 }))).rejects.toMatchObject({
      code: 'dataset.exists',
      message: expect.stringContaining('holds no dataset of Lakewright'),
    })
  })
})
