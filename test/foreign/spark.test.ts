import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TypedPlan } from '../../src/core/plan/typed.ts'
import { sparkCheck } from '../../src/core/run/check-sql.ts'
import type { Mode } from '../../src/core/run/decide.ts'
import { declaredColumns } from '../../src/core/run/landed.ts'
import { digestQuery } from '../../src/core/sql/digest.ts'
import { generate } from '../../src/node/run/generate.ts'
import { loadPlan } from '../../src/node/run/load-plan.ts'
import { errorOf, SPARK_FOLDER, type SparkServer, startSpark } from '../node/engine/spark/server.ts'
import { temporaryFolders, testHost } from '../support/lake.ts'
import { visitsPlan } from '../support/visits-plan.ts'
import { call } from '../support/world.ts'

describe.skipIf(SPARK_FOLDER === undefined)('a table that we wrote', () => {
  const folder = temporaryFolders()
  let spark: SparkServer
  beforeAll(async () => {
    spark = await startSpark()
  }, 300_000)
  afterAll(async () => spark.stop(), 120_000)

  const land = async (lake: string, plan: TypedPlan, mode?: Mode): Promise<string> => {
    const options = {
      format: 'delta',
      compression: 'none',
      checksums: true,
      engine: 'native',
    } as const
    await generate(
      { lake, catalog: 'c', plan, mode, options: { ...options, parts: 2 }, workers: 1 },
      testHost({ checkSql: sparkCheck }),
    )
    return join(lake, 'c/visits/visits')
  }

  /** Its digest as Spark finds its rows. */
  const inSpark = async (plan: TypedPlan, path: string): Promise<unknown> => {
    const columns = declaredColumns(plan.tables.get('visits')!)
    const [row] = await spark.session.rows(
      digestQuery('spark', columns, `SELECT * FROM delta.\`${path}\``),
    )
    return row?.['digest']
  }

  /** Its digest as we find them. */
  const here = async (path: string): Promise<string> =>
    (await call(['digest', path], { cwd: path })).stdout.trim().split(/\s/)[0] ?? ''

  it('is read, appended to, optimised and restored by Spark, read back and appended to by us', async () => {
    const lake = folder()
    const plan = await loadPlan(visitsPlan(40))
    const path = await land(lake, plan)
    const table = `delta.\`${path}\``
    const made = await here(path)
    expect(made).toMatch(/^[0-9a-f]{72}$/)
    expect(await inSpark(plan, path)).toBe(made)

    const copy = `SELECT visit_id + 1000000, person_id, at, paid, area FROM ${table}`
    const broken = `INSERT INTO ${table} SELECT visit_id, person_id, at, paid, 10 FROM ${table}`
    expect((await errorOf(spark.session.run(broken))).details['sqlState']).toBe('23001')
    await spark.session.run(`INSERT INTO ${table} ${copy}`)
    const appended = await here(path)
    expect(Number.parseInt(appended.slice(0, 8), 16)).toBe(
      2 * Number.parseInt(made.slice(0, 8), 16),
    )
    expect(await inSpark(plan, path)).toBe(appended)

    await spark.session.run(`OPTIMIZE ${table} ZORDER BY (area)`)
    expect(await here(path)).toBe(appended)
    await spark.session.run(`RESTORE TABLE ${table} TO VERSION AS OF 0`)
    expect(await here(path)).toBe(made)

    const larger = await loadPlan(visitsPlan(70))
    await land(lake, larger, 'append')
    const whole = await here(await land(folder(), larger))
    expect(await here(path)).toBe(whole)
    expect(await inSpark(larger, path)).toBe(whole)
  }, 300_000)
})
