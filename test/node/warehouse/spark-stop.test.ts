import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { LakewrightError } from '../../../src/core/errors.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import type { RunRecord } from '../../../src/core/ports.ts'
import { landedTables } from '../../../src/core/run/landed.ts'
import type { Warehouse } from '../../../src/core/warehouse/warehouse.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { listRuns } from '../../../src/node/run/runs.ts'
import { generateInWarehouse } from '../../../src/node/warehouse/generate.ts'
import type { WarehouseHost } from '../../../src/node/warehouse/host.ts'
import { cancelWarehouseRun, resumeWarehouseRun } from '../../../src/node/warehouse/runs.ts'
import { SPARK_PROVIDER } from '../../../src/node/warehouse/spark.ts'
import { nativeDigests } from '../../support/differential/digests.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { silentHost } from '../../support/silent-host.ts'
import { visitsPlan } from '../../support/visits-plan.ts'
import { errorOf, SPARK_FOLDER, type SparkServer, startSpark } from '../engine/spark/server.ts'

const SCHEMA = 'warehouse_stops'
const PEOPLE = 20_000

/** When an INSERT of visits is stopped: its tasks have begun to write files, or Delta has just committed them. */
type Moment = 'writing' | 'committed'

/** By a signal that stops it at the server, or by the end of the client alone. */
type Manner = 'stopped' | 'lost'

const FILES: Readonly<Record<Moment, RegExp>> = {
  writing: /^part-/,
  committed: /^0+1\.json$/,
}

describe.skipIf(SPARK_FOLDER === undefined)('an INSERT that is interrupted in Spark', () => {
  const folder = temporaryFolders()
  const left: Warehouse[] = []
  let spark: SparkServer
  let plan: TypedPlan
  beforeAll(async () => {
    spark = await startSpark()
    plan = await loadPlan(visitsPlan(PEOPLE))
  }, 300_000)
  afterAll(async () => {
    await Promise.all(left.map((warehouse) => warehouse.close()))
    await spark.session.run(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`)
    await spark.stop()
  }, 120_000)

  const hostOf = (parts: Partial<WarehouseHost> = {}): WarehouseHost => ({
    ...silentHost,
    clock: { now: () => Date.now() },
    now: () => Date.now(),
    open: ({ connection }) => SPARK_PROVIDER.open(connection, {}),
    ...parts,
  })

  const generate = (lake: string, host: Partial<WarehouseHost> = {}) =>
    generateInWarehouse(
      {
        lake,
        place: {
          warehouse: 'spark',
          connection: { host: '127.0.0.1', port: spark.port },
          target: { catalog: 'spark_catalog', schema: SCHEMA },
        },
        plan,
        mode: 'overwrite',
        options: { proof: 'digest', arrangements: {} },
      },
      hostOf(host),
    )

  /** A server that loses its client where a signal says so: what runs in its session runs on. */
  const openLosing =
    (lost: AbortSignal): WarehouseHost['open'] =>
    async ({ connection }) => {
      const warehouse = await SPARK_PROVIDER.open(connection, {})
      left.push(warehouse)
      const gone = new Promise<never>((_, reject) =>
        lost.addEventListener('abort', () => reject(lost.reason as Error)),
      )
      gone.catch(() => undefined)
      const run: typeof warehouse.engine.run = (sql, options) =>
        Promise.race([
          warehouse.engine.run(sql, options?.onProgress && { onProgress: options.onProgress }),
          gone,
        ])
      const engine = { ...warehouse.engine, run }
      return { ...warehouse, engine, close: () => Promise.resolve() }
    }

  /** A run whose INSERT of visits is interrupted; what it leaves. */
  const interrupted = async (
    manner: Manner,
    moment: Moment,
  ): Promise<{ readonly lake: string; readonly record: RunRecord }> => {
    const lake = folder()
    const stop = new AbortController()
    let watching: Promise<void> | undefined
    const onEvent: WarehouseHost['onEvent'] = (event) => {
      if (event.kind !== 'stage' || !event.name.startsWith('fill visits')) return
      watching = untilFile(FILES[moment]).then(() =>
        stop.abort(new LakewrightError('run.cancelled', 'stopped')),
      )
    }
    const error = await errorOf(
      generate(
        lake,
        manner === 'lost'
          ? { onEvent, open: openLosing(stop.signal) }
          : { onEvent, signal: stop.signal },
      ),
    )
    await watching
    expect(error.code).toBe('run.cancelled')
    const [record] = await listRuns(lake)
    return { lake, record: record! }
  }

  const rowsIn = async (table: string): Promise<unknown> => {
    const [row] = await spark.session.rows(
      `SELECT count(*) AS n, count(DISTINCT visit_id) AS keys FROM ${SCHEMA}.${table}`,
    )
    return row
  }

  const tables = async (): Promise<readonly unknown[]> => {
    const rows = await spark.session.rows(`SHOW TABLES IN ${SCHEMA}`)
    return rows.map(({ tableName }) => tableName)
  }

  const digests = (): readonly string[] =>
    landedTables(plan).map((table) =>
      nativeDigests({ plan, table })({ from: 0, to: table.maxKey + 1 }).hex(),
    )

  it.each<readonly [Manner, Moment, 'at once' | 'when its tasks have ended']>([
    ['stopped', 'writing', 'at once'],
    ['stopped', 'committed', 'when its tasks have ended'],
    ['lost', 'writing', 'at once'],
  ])(
    'was %s when %s, and a resume %s has every row once',
    async (manner, moment, when) => {
      const { lake, record } = await interrupted(manner, moment)
      if (when !== 'at once') await untilQuiet()
      const { tables: made } = await resumeWarehouseRun(lake, record, hostOf())
      expect(made.map(({ digest }) => digest)).toEqual(digests())
      expect(await tables()).toEqual(['people', 'visits'])
    },
    300_000,
  )

  it('was lost when writing, and a cancel leaves nothing, then or later', async () => {
    const before = await tables()
    const { lake, record } = await interrupted('lost', 'writing')
    const outcome = await cancelWarehouseRun(lake, { record, patience: 0 }, hostOf())
    expect(outcome).toBe('cancelled')
    expect(await tables()).toEqual(before)
    await untilQuiet()
    expect(await tables()).toEqual(before)
  }, 300_000)

  it('leaves what is there as it is, and a new run is whole', async () => {
    const rows = () => rowsIn('visits').catch(() => undefined)
    const before = await rows()
    await interrupted('stopped', 'writing')
    await untilQuiet()
    expect(await rows()).toEqual(before)
    const { tables: made } = await generate(folder())
    expect(made.map(({ digest }) => digest)).toEqual(digests())
  }, 300_000)
})

const spawn = promisify(execFile)

/** Waits for a file of a staging table of visits. */
const untilFile = async (name: RegExp): Promise<void> => {
  const schema = join(inject('sparkRun'), 'warehouse', `${SCHEMA}.db`)
  const before = new Set(await filesBelow(schema))
  for (const began = Date.now(); Date.now() - began < 120_000; await pause(5)) {
    const found = (await filesBelow(schema)).filter((file) => !before.has(file))
    if (found.some((file) => /_visits\b/.test(file) && name.test(file.split('/').at(-1) ?? '')))
      return
  }
  throw new Error('no such file')
}

const filesBelow = async (path: string): Promise<readonly string[]> => {
  const found = await readdir(path, { recursive: true }).catch(() => [])
  return found.filter((file) => /^lakewright_[^/]*_visits\b/.test(file))
}

/** Waits until no task and no statement is left that the server was at. */
const untilQuiet = async (): Promise<void> => {
  const before = await busyThreads()
  for (const began = Date.now(); Date.now() - began < 240_000; await pause(200)) {
    const now = new Set(await busyThreads())
    if (!before.some((thread) => now.has(thread))) return
  }
  throw new Error('Spark works on')
}

/** The threads of the server that run tasks or statements, each by a name that it has for this one alone. */
const busyThreads = async (): Promise<readonly string[]> => {
  const pid = (await readFile(join(inject('sparkRun'), 'pid'), 'utf8')).trim()
  const { stdout } = await spawn('jstack', [pid], { maxBuffer: 2 ** 26, timeout: 60_000 })
  return stdout
    .split('\n\n')
    .filter((thread) => /Executor\$TaskRunner\.run|ExecuteThreadRunner\.execute/.test(thread))
    .map((thread) => /^"([^"]*)"/m.exec(thread)?.[1] ?? '')
}
