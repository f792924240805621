import { key, quantity, sample } from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import {
  column,
  plan as buildPlan,
  range,
  size,
  table as tableOf,
} from '../../../src/core/plan/build.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LakewrightError } from '../../../src/core/errors.ts'
import { isLakewrightError } from '../../../src/core/errors.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import type { Mode } from '../../../src/core/run/decide.ts'
import { cancelWarehouseRun, resumeWarehouseRun } from '../../../src/node/warehouse/runs.ts'
import { generateInWarehouse } from '../../../src/node/warehouse/generate.ts'
import type { WarehouseOutcome } from '../../../src/node/warehouse/outcome.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { listRuns, showRun } from '../../../src/node/run/runs.ts'
import {
  type OnStatement,
  TARGET,
  type TestWarehouse,
  testWarehouse,
} from '../../support/duckdb-warehouse.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { type Sales, salesPlan } from '../../support/sales-plan.ts'

const folder = temporaryFolders()
let lake: string
let there: TestWarehouse
beforeEach(async () => {
  lake = folder()
  there = await testWarehouse()
})
afterEach(() => there.close())

const sales = (parts: Sales): Promise<TypedPlan> => loadPlan(salesPlan(parts))

interface Going {
  readonly mode?: Mode
  readonly parts?: number
  readonly onStatement?: OnStatement
}

const generate = (
  plan: TypedPlan,
  { mode, parts, onStatement }: Going = {},
): Promise<WarehouseOutcome> =>
  generateInWarehouse(
    {
      lake,
      place: { warehouse: 'spark', connection: null, target: TARGET },
      plan,
      mode,
      options: { proof: 'digest', arrangements: {}, ...(parts === undefined ? {} : { parts }) },
    },
    there.host(onStatement && { onStatement }),
  )

const TABLES = ['days', 'items', 'orders', 'stock', 'stores']

const digests = ({ tables }: WarehouseOutcome): Readonly<Record<string, string | null>> =>
  Object.fromEntries(tables.map(({ name, digest }) => [name, digest]))

/** Digests of what the tables hold now, by their properties and by their rows. */
const held = async (): Promise<readonly unknown[]> => {
  const rows = []
  for (const table of await there.tables()) {
    const [row] = await there.duckDb.rows(
      `SELECT count(*) AS n, bit_xor(hash(t)) AS h FROM demo."${table}" AS t`,
    )
    const { 'lakewright.rows': count, 'lakewright.digest': digest } =
      there.properties.get(table) ?? {}
    rows.push({ table, n: row?.['n'], h: row?.['h'], count, digest })
  }
  return rows
}

const errorOf = async (promise: Promise<unknown>): Promise<LakewrightError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (isLakewrightError(error)) return error
  throw new Error('expected one of our errors', { cause: error })
}

describe('a run in a warehouse', () => {
  it('makes all tables and says what they hold', async () => {
    const outcome = await generate(await sales({ days: 5 }))
    expect(outcome.kind).toBe('finished')
    expect(await there.tables()).toEqual(TABLES)
    for (const { name, rows, digest } of outcome.tables)
      expect(there.properties.get(name)).toMatchObject({
        'lakewright.run': outcome.run,
        'lakewright.rows': String(rows),
        'lakewright.digest': digest,
      })
    expect(await listRuns(lake)).toMatchObject([
      { state: 'finished', dataset: 'spark:memory.demo' },
    ])
  })

  it('reads what is long from views of the run, which it drops right after', async () => {
    await generate(await sales({ days: 2 }))
    const viewsIn = (start: string): readonly string[] =>
      there.statements
        .filter((sql) => sql.startsWith(start))
        .map((sql) => /"lakewright_[0-9a-f]+_view_[0-9a-f]{16}"/.exec(sql)?.[0] ?? sql)
    const made = viewsIn('CREATE OR REPLACE VIEW')
    expect(made.length).toBeGreaterThan(5)
    expect(viewsIn('DROP VIEW IF EXISTS')).toEqual(made)
    expect(await there.tables()).toEqual(TABLES)
  })

  it('gives the same digests in any number of parts', async () => {
    const plan = await sales({ days: 9 })
    const one = digests(await generate(plan))
    const many = await generate(plan, { mode: 'overwrite', parts: 7 })
    expect(digests(many)).toEqual(one)
    expect(await there.tables()).toEqual(TABLES)
  })

  it('refuses what is there without a mode, and says when it is complete', async () => {
    const plan = await sales({ days: 2 })
    await generate(plan)
    expect((await errorOf(generate(plan))).code).toBe('dataset.exists')
    expect((await generate(plan, { mode: 'resume' })).kind).toBe('complete')
    expect((await errorOf(generate(await sales({ days: 3 }), { mode: 'resume' }))).code).toBe(
      'dataset.exists',
    )
  })

  it('replaces a dataset by another one', async () => {
    await generate(await sales({ days: 2 }))
    await generate(await sales({ days: 4, seed: 8 }), { mode: 'overwrite' })
    const replaced = await held()
    there.close()
    there = await testWarehouse()
    lake = folder()
    await generate(await sales({ days: 4, seed: 8 }))
    expect(await held()).toEqual(replaced)
  })

  it('appends what a larger plan adds, to what the whole plan would have made', async () => {
    await generate(await sales({ days: 3 }))
    const added = await generate(await sales({ days: 8 }), { mode: 'append', parts: 2 })
    expect(added.tables.map(({ name }) => name)).toEqual(['days', 'orders', 'items', 'stock'])
    const appended = await held()
    there.close()
    there = await testWarehouse()
    lake = folder()
    await generate(await sales({ days: 8 }))
    expect(await held()).toEqual(appended)
  })

  it('appends again to what an append left', async () => {
    for (const days of [2, 3, 6])
      await generate(await sales({ days }), days === 2 ? {} : { mode: 'append' })
    const appended = await held()
    await generate(await sales({ days: 6 }), { mode: 'overwrite' })
    expect(await held()).toEqual(appended)
  })

  it.each([
    [{ days: 5, seed: 8 }, 'the seed differs'],
    [{ days: 5, dearest: 901 }, 'parameter dearest was 900 and is 901'],
    [{ days: 1 }, 'days falls from 2 to 1'],
    [{ days: 5, stores: 4 }, 'stock'],
  ])('refuses to append %j, naming why', async (parts, reason) => {
    await generate(await sales({ days: 2 }))
    const before = there.statements.length
    const error = await errorOf(generate(await sales(parts), { mode: 'append' }))
    expect(error.code).toBe('plan.append')
    expect(error.message).toContain(reason)
    expect(there.statements.slice(before)).toEqual([])
  })
})

describe('what others have put there', () => {
  it('is named when a table of the same name has other columns, before any statement', async () => {
    await there.duckDb.run('CREATE SCHEMA demo')
    await there.duckDb.run('CREATE TABLE demo.orders (id INTEGER)')
    const error = await errorOf(generate(await sales({ days: 2 }), { mode: 'overwrite' }))
    expect(error).toMatchObject({ code: 'dataset.columns' })
    expect(error.message).toMatch(/"orders" is there .* has no column order_id/)
    expect(there.statements).toEqual([])
  })

  it('is left alone when a table of the same name has the same columns', async () => {
    await generate(await sales({ days: 2 }))
    ;(there.properties as Map<string, object>).set('orders', {})
    expect((await errorOf(generate(await sales({ days: 2 }), { mode: 'overwrite' }))).code).toBe(
      'dataset.exists',
    )
  })

  it('is no place to append to once a column is added', async () => {
    await generate(await sales({ days: 2 }))
    await there.duckDb.run('ALTER TABLE demo.items ADD COLUMN more INTEGER')
    const error = await errorOf(generate(await sales({ days: 3 }), { mode: 'append' }))
    expect(error).toMatchObject({ code: 'dataset.columns' })
    expect(error.message).toContain('has a further column more INTEGER')
  })

  it.each(['overwrite', 'append'] as const)(
    'keeps an %s from publishing when it came while the run worked',
    async (mode) => {
      await generate(await sales({ days: 2 }))
      const onStatement: OnStatement = (sql, moment) => {
        if (moment === 'after' && sql.startsWith('WITH hashes') && sql.includes('stock'))
          (there.properties as Map<string, object>).set('stock', {
            ...there.properties.get('stock'),
            'lakewright.run': 'other',
          })
      }
      const before = await held()
      const error = await errorOf(generate(await sales({ days: 4 }), { mode, onStatement }))
      expect(error.code).toBe('delta.conflict')
      expect(
        (await held()).filter((each) => TABLES.includes((each as { table: string }).table)),
      ).toEqual(before)
      const [, run] = await listRuns(lake)
      expect(await cancelWarehouseRun(lake, { record: run!, patience: 0 }, there.host())).toBe(
        'cancelled',
      )
      expect(await there.tables()).toEqual(TABLES)
    },
  )

  it('keeps an append from a table whose cells were changed, until they are as they were', async () => {
    await generate(await sales({ days: 2 }))
    await there.duckDb.run('UPDATE demo.orders SET order_id = -order_id')
    const before = await held()
    const grown = await sales({ days: 4 })
    const error = await errorOf(generate(grown, { mode: 'append' }))
    expect(error).toMatchObject({ code: 'delta.conflict' })
    expect(error.message).toContain('orders" no longer has the rows of its digest')
    expect(
      (await held()).filter((each) => TABLES.includes((each as { table: string }).table)),
    ).toEqual(before)
    await there.duckDb.run('UPDATE demo.orders SET order_id = -order_id')
    await generate(grown, { mode: 'resume' })
    const appended = await held()
    there.close()
    there = await testWarehouse()
    lake = folder()
    await generate(grown)
    expect(await held()).toEqual(appended)
  })

  it('fails the proof when rows were slipped into a staging table', async () => {
    let done = false
    const onStatement: OnStatement = (sql, moment) => {
      if (done || moment !== 'before' || !sql.startsWith('WITH hashes')) return
      done = true
      const [staging] = /lakewright_[0-9a-f]+_stores/.exec(sql) ?? []
      void there.duckDb.run(`INSERT INTO demo."${staging}" SELECT * FROM demo."${staging}"`)
    }
    const error = await errorOf(generate(await sales({ days: 2 }), { onStatement }))
    expect(error.code).toBe('run.promise')
    expect(error.message).toContain('stores: 6 rows are staged, expected 3')
  })
})

/** Runs in a process that ends after its nth statement; whether there were so many. */
const killed = async (
  going: (onStatement: OnStatement) => Promise<unknown>,
  statement: number,
): Promise<boolean> => {
  let count = 0
  let dead = false
  const onStatement: OnStatement = (_, moment) => {
    if (dead) throw new Error('the process has ended')
    if (moment !== 'after' || count++ !== statement) return
    dead = true
    throw new Error('the process ends')
  }
  await going(onStatement).catch((error: unknown) => {
    if (!dead) throw error
  })
  return dead
}

/** Two tables, of which one grows. */
const tiny = ({
  days,
  seed,
}: {
  readonly days: number
  readonly seed: number
}): Promise<TypedPlan> =>
  loadPlan(
    buildPlan({
      name: 'tiny',
      seed,
      start: '2024-01-01',
      asOf: '2024-12-31',
      parameters: { days: size(days, { min: 0 }) },
      tables: [
        tableOf('days', {
          rows: range(quantity('days')),
          columns: [column('day_id', key()), column('sold', sample(law.uniform(0, 900)))],
        }),
        tableOf('stores', {
          rows: range(2),
          columns: [column('store_id', key()), column('area', sample(law.uniform(50, 900)))],
        }),
      ],
    }),
  )

describe('a run that was cut off', () => {
  it.each(['create', 'overwrite', 'append'] as const)(
    'after any statement of an %s goes on to the same result',
    async (kind) => {
      const small = await tiny({ days: 1, seed: 3 })
      const large = await tiny({ days: 3, seed: kind === 'overwrite' ? 4 : 3 })
      const mode = kind === 'create' ? {} : { mode: kind }
      let expected: readonly unknown[] | undefined
      for (let statement = -1; ; statement++) {
        there.close()
        there = await testWarehouse()
        lake = folder()
        if (kind !== 'create') await generate(small)
        const cut = await killed(
          (onStatement) => generate(large, { ...mode, parts: 2, onStatement }),
          statement,
        )
        if (statement >= 0 && !cut) {
          expect(statement).toBeGreaterThan(12)
          return
        }
        const [record] = (await listRuns(lake)).filter(({ state }) => state === 'unfinished')
        if (cut && record === undefined) continue
        if (record !== undefined) {
          const shown = (await there.tables()).filter((table) => !table.startsWith('lakewright_'))
          if (kind !== 'create') expect(shown.length).toBeGreaterThanOrEqual(1)
          await resumeWarehouseRun(lake, record, there.host())
          expect((await showRun(lake, record.id)).run.state).toBe('finished')
        }
        const now = await held()
        expected ??= now
        expect(now).toEqual(expected)
      }
    },
    120_000,
  )

  it('waits for --mode resume, and for the same plan and options', async () => {
    await killed((onStatement) => generate(salesOf, { onStatement }), 7)
    const again = await errorOf(generate(salesOf, { mode: 'overwrite' }))
    expect(again).toMatchObject({ code: 'run.unfinished' })
    expect(again.message).toContain('of the same plan is unfinished')
    const other = await errorOf(generate(salesOf, { mode: 'resume', parts: 3 }))
    expect(other.message).toContain('of another plan or with other options, is unfinished')
    expect((await generate(salesOf, { mode: 'resume' })).kind).toBe('finished')
  })

  it('stops what the attempt before may have left running', async () => {
    await killed((onStatement) => generate(salesOf, { onStatement }), 7)
    const [record] = await listRuns(lake)
    await resumeWarehouseRun(lake, record!, there.host())
    expect(there.stopped).toEqual([1])
  })

  it('is told that its staging tables are gone, and can be dropped', async () => {
    await killed((onStatement) => generate(salesOf, { onStatement }), 7)
    for (const name of await there.tables()) await there.duckDb.run(`DROP TABLE demo."${name}"`)
    const [record] = await listRuns(lake)
    const error = await errorOf(resumeWarehouseRun(lake, record!, there.host()))
    expect(error.code).toBe('dataset.missing')
    expect(error.message).toMatch(/lakewright_[0-9a-f]+_stores", where run .* is no longer there/)
    expect(await cancelWarehouseRun(lake, { record: record!, patience: 0 }, there.host())).toBe(
      'cancelled',
    )
  })

  it('is dropped by cancel with its staging tables', async () => {
    await generate(await sales({ days: 1 }))
    const before = await held()
    const plan = await sales({ days: 3 })
    await killed((onStatement) => generate(plan, { mode: 'overwrite', onStatement }), 12)
    const [, record] = await listRuns(lake)
    expect(await cancelWarehouseRun(lake, { record: record!, patience: 0 }, there.host())).toBe(
      'cancelled',
    )
    expect(await held()).toEqual(before)
    await generate(plan, { mode: 'overwrite' })
  })

  it('is dropped by cancel with the views of the part that it had come to', async () => {
    let dead = false
    const onStatement: OnStatement = (sql, moment) => {
      dead ||= moment === 'after' && sql.startsWith('INSERT') && sql.includes('_view_')
      if (dead) throw new Error('the process has ended')
    }
    await generate(salesOf, { onStatement }).catch(() => undefined)
    expect((await there.tables()).filter((name) => name.includes('_view_'))).not.toEqual([])
    const [record] = await listRuns(lake)
    await cancelWarehouseRun(lake, { record: record!, patience: 0 }, there.host())
    expect(await there.tables()).toEqual([])
  })

  it('is carried to its end by cancel once a table is published', async () => {
    await generate(await sales({ days: 1 }))
    const plan = await sales({ days: 3 })
    let renames = 0
    const onStatement: OnStatement = (sql, moment) => {
      if (moment === 'after' && sql.includes('RENAME TO') && ++renames === 3) throw new Error('cut')
    }
    await generate(plan, { mode: 'overwrite', onStatement }).catch(() => undefined)
    const [, record] = await listRuns(lake)
    expect(await cancelWarehouseRun(lake, { record: record!, patience: 0 }, there.host())).toBe(
      'published',
    )
    expect(await there.tables()).toEqual(TABLES)
    expect((await showRun(lake, record!.id)).run.state).toBe('finished')
  })
})

const salesOf = await sales({ days: 2 })
