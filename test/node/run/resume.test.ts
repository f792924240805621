import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LakewrightError } from '../../../src/core/errors.ts'
import type { Mode } from '../../../src/core/run/decide.ts'
import type { Format } from '../../../src/core/run/spec.ts'
import { generate, type GenerateRequest } from '../../../src/node/run/generate.ts'
import type { RunHost } from '../../../src/node/run/host.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { cancelRun, listRuns, resumeRunById, showRun } from '../../../src/node/run/runs.ts'
import { vacuumDataset } from '../../../src/node/run/vacuum-dataset.ts'
import { datasetPlace } from '../../../src/node/run/lake.ts'
import { inlineWorkers, type StartWorkers } from '../../../src/node/run/workers.ts'
import { filesBelow, hashesBelow, temporaryFolders, testHost } from '../../support/lake.ts'
import { shopPlan } from '../../support/shop-plan.ts'

const folder = temporaryFolders()

interface Wish {
  readonly customers?: number
  readonly mode?: Mode
  readonly format?: Format
}

const request = async (lake: string, wish: Wish = {}): Promise<GenerateRequest> => ({
  lake,
  catalog: 'lakewright',
  mode: wish.mode,
  workers: 1,
  plan: await loadPlan(shopPlan(wish.customers ?? 40)),
  options: {
    format: wish.format ?? 'delta',
    compression: 'none',
    checksums: true,
    engine: 'native',
    parts: 2,
  },
})

/** Workers that make one part at a time and fail at part number `nth` (from 0). */
const failingAt =
  (nth: number): StartWorkers =>
  (options) => {
    const workers = inlineWorkers(options)
    let begun = 0
    return {
      ...workers,
      atOnce: 1,
      run: async (part) => {
        if (begun++ === nth) throw new LakewrightError('store.full', 'no room left')
        return workers.run(part)
      },
    }
  }

const stopped = async (lake: string, wish: Wish = {}, nth = 5): Promise<string> => {
  const host = testHost({ startWorkers: failingAt(nth) })
  await expect(generate(await request(lake, wish), host)).rejects.toMatchObject({
    code: 'store.full',
  })
  const unfinished = (await listRuns(lake)).find(({ state }) => state === 'unfinished')
  return unfinished?.id ?? 'none'
}

const lakeFiles = (lake: string): Readonly<Record<string, string>> =>
  hashesBelow(join(lake, 'lakewright'))

describe('an unfinished run', () => {
  test('publishes nothing and is offered for resuming', async () => {
    const lake = folder()
    const id = await stopped(lake)
    expect(filesBelow(join(lake, 'lakewright/shop'))).toEqual([])
    await expect(generate(await request(lake), testHost())).rejects.toMatchObject({
      code: 'run.unfinished',
      hint: expect.stringContaining(`runs cancel ${id}`) as string,
    })
  })

  test.each([0, 1, 9, 15])('stopped at part %i ends as if it had never stopped', async (nth) => {
    const [lake, fresh] = [folder(), folder()]
    const id = await stopped(lake, {}, nth)
    const made: string[] = []
    const startWorkers: StartWorkers = (options) => {
      const workers = inlineWorkers(options)
      return {
        ...workers,
        run: (part) => {
          made.push(`${part.table}/${part.number}`)
          return workers.run(part)
        },
      }
    }
    const outcome = await generate(
      await request(lake, { mode: 'resume' }),
      testHost({ startWorkers }),
    )
    expect(outcome).toMatchObject({ kind: 'finished', run: id })
    await generate(await request(fresh), testHost())
    expect(lakeFiles(lake)).toEqual(lakeFiles(fresh))
    const { steps } = await showRun(lake, id)
    const parts = steps.filter(({ name }) => name.startsWith('generate'))
    expect(made).toHaveLength(parts.length - nth)
  })

  test.each<Wish>([
    { mode: 'overwrite' },
    { mode: 'overwrite', format: 'csv' },
    { mode: 'append', customers: 60 },
    { mode: 'append', customers: 60, format: 'parquet' },
  ])('of %o ends as if it had never stopped', async (wish) => {
    const [lake, fresh] = [folder(), folder()]
    const first = { format: wish.format ?? 'delta' } as const
    for (const root of [lake, fresh]) await generate(await request(root, first), testHost())
    const before = lakeFiles(lake)
    const id = await stopped(lake, wish)
    expect(lakeFiles(lake)).toMatchObject(before)
    await resumeRunById(lake, { id, workers: 2 }, testHost())
    await generate(await request(fresh, wish), testHost())
    expect(lakeFiles(lake)).toEqual(lakeFiles(fresh))
    expect((await listRuns(lake)).map(({ state }) => state)).toEqual(['finished', 'finished'])
  })

  test('is not replaced by another run', async () => {
    const lake = folder()
    await stopped(lake)
    for (const mode of ['resume', 'overwrite', 'append'] as const)
      await expect(
        generate(await request(lake, { mode, customers: 41 }), testHost()),
      ).rejects.toMatchObject({ code: 'run.unfinished' })
  })

  test('whose finished file was cut short is not gone on with', async () => {
    const lake = folder()
    const id = await stopped(lake)
    const cut = filesBelow(lake).find((path) => path.endsWith('.parquet')) ?? ''
    writeFileSync(join(lake, cut), 'cut')
    await expect(resumeRunById(lake, { id, workers: 1 }, testHost())).rejects.toMatchObject({
      code: 'dataset.invalid',
      message: expect.stringContaining(cut) as string,
    })
  })

  test('of tables that another writer has changed meanwhile conflicts and publishes nothing', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    const id = await stopped(lake, { mode: 'append', customers: 60 })
    const log = join(lake, 'lakewright/shop/items/_delta_log')
    writeFileSync(join(log, '00000000000000000001.json'), '{"commitInfo":{}}\n')
    const before = lakeFiles(lake)
    await expect(resumeRunById(lake, { id, workers: 1 }, testHost())).rejects.toMatchObject({
      code: 'delta.conflict',
    })
    expect(Object.keys(lakeFiles(lake)).filter((path) => path.includes('_delta_log'))).toEqual(
      Object.keys(before).filter((path) => path.includes('_delta_log')),
    )
    expect(await cancelRun(lake, { id, patience: 0 }, testHost())).toBe('cancelled')
  })
})

describe('a cancelled run', () => {
  test('leaves nothing behind, and the next one begins with a number of its own', async () => {
    const lake = folder()
    const id = await stopped(lake)
    expect(await cancelRun(lake, { id, patience: 0 }, testHost())).toBe('cancelled')
    expect(filesBelow(join(lake, 'lakewright'))).toEqual([])
    const { manifest } = await generate(await request(lake), testHost())
    expect(manifest.run.number).toBe(2)
  })

  test('of an append leaves the dataset as it was', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    const before = lakeFiles(lake)
    const id = await stopped(lake, { mode: 'append', customers: 60 })
    expect(Object.keys(lakeFiles(lake)).length).toBeGreaterThan(Object.keys(before).length)
    await cancelRun(lake, { id, patience: 0 }, testHost())
    expect(lakeFiles(lake)).toEqual(before)
  })

  test('cannot be cancelled or resumed again', async () => {
    const lake = folder()
    const id = await stopped(lake)
    await cancelRun(lake, { id, patience: 0 }, testHost())
    const again: readonly (() => Promise<unknown>)[] = [
      () => cancelRun(lake, { id, patience: 0 }, testHost()),
      () => resumeRunById(lake, { id, workers: 1 }, testHost()),
      () => showRun(lake, 'unknown'),
    ]
    for (const act of again) await expect(act()).rejects.toMatchObject({ code: 'run.missing' })
  })
})

test('a stop signal ends the run and leaves it resumable', async () => {
  const [lake, fresh] = [folder(), folder()]
  const controller = new AbortController()
  const onEvent: RunHost['onEvent'] = (event) => {
    if (event.kind === 'stage' && event.name === 'generate items/0')
      controller.abort(new LakewrightError('run.cancelled', 'stopped'))
  }
  const host = testHost({ onEvent, signal: controller.signal })
  await expect(generate(await request(lake), host)).rejects.toMatchObject({ code: 'run.cancelled' })
  await generate(await request(lake, { mode: 'resume' }), testHost())
  await generate(await request(fresh), testHost())
  expect(lakeFiles(lake)).toEqual(lakeFiles(fresh))
})

test('tells of each table once, when its last part is made, also of an earlier attempt', async () => {
  const lake = folder()
  const controller = new AbortController()
  const told: string[] = []
  const onEvent: RunHost['onEvent'] = (event) => {
    if (event.kind === 'table') told.push(`${event.table} ${event.rows}`)
    if (event.kind === 'stage' && event.name === 'generate items/0')
      controller.abort(new LakewrightError('run.cancelled', 'stopped'))
  }
  const stopping = testHost({ onEvent, signal: controller.signal })
  await expect(generate(await request(lake), stopping)).rejects.toMatchObject({
    code: 'run.cancelled',
  })
  const goesOn: RunHost['onEvent'] = (event) => {
    if (event.kind === 'table') told.push(`${event.table} ${event.rows}`)
  }
  const { manifest } = await generate(
    await request(lake, { mode: 'resume' }),
    testHost({ onEvent: goesOn }),
  )
  expect(told.length).toBeGreaterThan(2)
  expect(told.toSorted()).toEqual(
    manifest.tables.map(({ name, rows }) => `${name} ${rows}`).toSorted(),
  )
})

test('a broken promise fails the run before anything is published', async () => {
  const lake = folder()
  const shop = shopPlan(40)
  const [customers, ...others] = shop.tables
  if (customers === undefined) throw new Error('the shop has no customers')
  const promises = [
    { kind: 'rate', name: 'all are active', of: { kind: 'column', name: 'active' }, asked: 1 },
  ] as const
  const plan = await loadPlan({ ...shop, tables: [{ ...customers, promises }, ...others] })
  await expect(generate({ ...(await request(lake)), plan }, testHost())).rejects.toMatchObject({
    code: 'run.promise',
    message: expect.stringContaining('all are active') as string,
  })
  expect(filesBelow(join(lake, 'lakewright/shop'))).toEqual([])
})

describe('vacuum', () => {
  const place = datasetPlace('lakewright', 'shop')
  const options = { now: Date.now() + 1e6, retention: 0, force: true }

  test('removes the files of an overwritten version, and a dry run only names them', async () => {
    const lake = folder()
    await generate(await request(lake), testHost())
    await generate(await request(lake, { mode: 'overwrite', customers: 30 }), testHost())
    const before = filesBelow(join(lake, 'lakewright'))
    const found = await vacuumDataset(
      lake,
      { place, options: { ...options, dryRun: true } },
      testHost(),
    )
    expect(found.length).toBeGreaterThan(10)
    expect(filesBelow(join(lake, 'lakewright'))).toEqual(before)
    expect(await vacuumDataset(lake, { place, options }, testHost())).toEqual(found)
    const gone = new Set(found.map(({ path }) => path.replace(/^lakewright\//, '')))
    expect(filesBelow(join(lake, 'lakewright'))).toEqual(before.filter((path) => !gone.has(path)))
  })

  test('refuses where a run is unfinished, and where there is no dataset', async () => {
    const lake = folder()
    await expect(vacuumDataset(lake, { place, options }, testHost())).rejects.toMatchObject({
      code: 'dataset.missing',
    })
    expect(filesBelow(lake)).toEqual([])
    await generate(await request(lake), testHost())
    await stopped(lake, { mode: 'append', customers: 60 })
    await expect(vacuumDataset(lake, { place, options }, testHost())).rejects.toMatchObject({
      code: 'run.unfinished',
    })
  })
})
