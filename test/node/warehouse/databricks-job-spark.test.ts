import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { key, parentKey, quantity, sample } from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { children, column, plan, range, size, table } from '../../../src/core/plan/build.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import { landedTables } from '../../../src/core/run/landed.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { submitJob } from '../../../src/node/warehouse/databricks-job.ts'
import { silentHost } from '../../support/silent-host.ts'
import { stubJobs } from '../../support/databricks/jobs.ts'
import { noteTable } from '../../support/databricks/over-spark.ts'
import { startStub } from '../../support/databricks/server.ts'
import { signIn, userOf } from '../../support/databricks/sign-in.ts'
import { emptyUnity, stubUnity } from '../../support/databricks/unity.ts'
import { stubWarehouses, WAREHOUSE } from '../../support/databricks/warehouses.ts'
import { stubWorkspace } from '../../support/databricks/workspace.ts'
import { nativeDigests } from '../../support/differential/digests.ts'
import { errorOf, SPARK_FOLDER, type SparkServer, startSpark } from '../engine/spark/server.ts'

const TARGET = { catalog: 'spark_catalog', schema: 'databricks_job' }
const HOSTILE = `it's "a" \\ ; {{b}} \${c}`

const mailing = (people: number): Promise<TypedPlan> =>
  loadPlan(
    plan({
      name: 'mailing',
      seed: 7,
      parameters: { people: size(people, { min: 1 }) },
      tables: [
        table('people', {
          description: HOSTILE,
          rows: range(quantity('people')),
          columns: [
            column('person_id', key()),
            column('name', sample(law.weighted({ ann: 1, [HOSTILE]: 1 })), {
              description: HOSTILE,
            }),
          ],
        }),
        table('letters', {
          rows: children('people', 3, sample(law.uniform(0, 3), { stream: 'letters' })),
          columns: [column('letter_id', key()), column('person_id', parentKey())],
        }),
      ],
    }),
  )

/** The SQL files of a job, run by open-source Spark: every task in a session of its own, in the order of the tasks. */
describe.skipIf(SPARK_FOLDER === undefined)('the SQL of a job, on a real Spark', () => {
  let spark: SparkServer
  beforeAll(async () => {
    spark = await startSpark()
    await spark.session.run(`CREATE SCHEMA IF NOT EXISTS ${TARGET.schema}`)
  }, 300_000)
  afterAll(async () => {
    await spark.session.run(`DROP SCHEMA IF EXISTS ${TARGET.schema} CASCADE`)
    await spark.stop()
  }, 180_000)

  const names = async (): Promise<readonly string[]> =>
    (await spark.session.rows(`SHOW TABLES IN ${TARGET.schema}`)).map((row) =>
      String(row['tableName']),
    )

  const factsOf = async (name: string): Promise<Readonly<Record<string, string>>> => {
    const rows = await spark.session.rows(`SHOW TBLPROPERTIES ${TARGET.schema}.${name}`)
    return Object.fromEntries(rows.map((row) => [String(row['key']), String(row['value'])]))
  }

  /** Submits a job where Spark's tables are, and gives its files by task. */
  const submitted = async (typed: TypedPlan, mode?: 'append' | 'overwrite') => {
    const world = emptyUnity()
    world.catalogs.set(TARGET.catalog, 'ann@x.org')
    world.schemas.set(`${TARGET.catalog}.${TARGET.schema}`, 'ann@x.org')
    for (const name of await names())
      await noteTable(world, spark.session, `${TARGET.catalog}.${TARGET.schema}.${name}`)
    const jobs = stubJobs()
    const stub = await startStub([
      ...signIn().routes,
      stubWarehouses(),
      jobs.route,
      stubUnity(world, { userOf }),
    ])
    const options = { proof: 'digest' as const, arrangements: {}, parts: 2 }
    const compute = { kind: 'warehouse' as const, id: WAREHOUSE }
    await submitJob(
      stubWorkspace(stub),
      { plan: typed, target: TARGET, mode, options, compute },
      silentHost,
    )
    return new Map([...jobs.files].map(([path, text]) => [/([^/]+)\.sql$/.exec(path)?.[1], text]))
  }

  const runTask = async (text: string): Promise<void> => {
    const { session, stop } = await startSpark()
    try {
      for (const statement of statementsOf(text)) {
        if (DATABRICKS_ALONE.test(statement)) continue
        // A query alone is run only for its rows.
        if (/^\s*SELECT /.test(statement)) await session.rows(statement)
        else for (const each of withShallowClone(statement)) await session.run(each)
      }
    } finally {
      await stop()
    }
  }

  const runTasks = async (files: ReadonlyMap<string | undefined, string>): Promise<void> => {
    for (const text of files.values()) await runTask(text)
  }

  const expectDigests = async (typed: TypedPlan): Promise<void> => {
    for (const each of landedTables(typed)) {
      const native = nativeDigests({ plan: typed, table: each })({ from: 0, to: each.maxKey + 1 })
      expect(await factsOf(each.landedName)).toMatchObject({
        'lakewright.rows': String(native.rows()),
        'lakewright.digest': native.hex(),
      })
    }
  }

  it('makes tables, proves and describes them, and leaves nothing else', async () => {
    const typed = await mailing(200)
    const files = await submitted(typed)
    expect([...files.keys()]).toEqual([
      'check',
      'stage_01_people',
      'stage_02_letters',
      'publish',
      'describe',
      'clean',
    ])
    await runTasks(files)
    await expectDigests(typed)
    expect((await names()).toSorted()).toEqual(['letters', 'people'])
  }, 600_000)

  it('adds rows in steps that do nothing a second time, and nothing to tables of another writer', async () => {
    const typed = await mailing(300)
    const files = await submitted(typed, 'append')
    expect([...files.keys()]).toEqual([
      'stage_01_people',
      'stage_02_letters',
      'publish',
      'describe',
      'clean',
    ])
    const run = (task: string): Promise<void> => runTask(files.get(task) ?? '')
    for (const task of ['stage_01_people', 'stage_02_letters']) await run(task)
    const { schema } = TARGET
    await spark.session.run(`UPDATE ${schema}.people SET name = concat('x', name)`)
    expect((await errorOf(run('publish'))).message).toContain(
      'people has other rows than when the job was submitted',
    )
    await spark.session.run(`UPDATE ${schema}.people SET name = substr(name, 2)`)
    for (const task of ['publish', 'publish', 'describe']) await run(task)
    await expectDigests(typed)
    expect(await spark.session.rows(`SELECT count(*) AS n FROM ${schema}.people`)).toEqual([
      { n: 300 },
    ])
    await spark.session.run(`INSERT INTO ${schema}.letters VALUES (9999999, 1)`)
    expect((await errorOf(run('publish'))).message).toContain('another writer has been at it')
    await run('clean')
    expect((await names()).toSorted()).toEqual(['letters', 'people'])
  }, 600_000)

  it('fails before anything is published when rows are missing', async () => {
    const files = await submitted(await mailing(500), 'overwrite')
    const all = statementsOf(files.get('stage_01_people') ?? '')
    const half = all.findIndex((each) => each.startsWith('INSERT INTO'))
    expect(half).toBeGreaterThan(0)
    const short = all.toSpliced(half, 1).join(';\n\n')
    expect((await errorOf(runTask(short))).message).toMatch(
      /\d+ rows of people are staged, expected 500/,
    )
  }, 300_000)
})

const statementsOf = (text: string): readonly string[] =>
  text
    .split(/;\n(?=\n|$)/)
    .map((each) => each.trim())
    .filter((each) => each !== '')

/** Open-source Delta has shallow clones alone: written again, the rows are in files of the table's own. */
const withShallowClone = (statement: string): readonly string[] => {
  const [, name, from] = /^CREATE OR REPLACE TABLE (\S+) DEEP CLONE (\S+)$/.exec(statement) ?? []
  if (name === undefined) return [statement]
  const clone = `CREATE OR REPLACE TABLE ${name} SHALLOW CLONE ${from}`
  return [clone, `INSERT OVERWRITE ${name} SELECT * FROM ${from}`]
}

/** What open-source Spark does not have: keys, tags, and the tables of a schema as a table. */
const DATABRICKS_ALONE =
  /information_schema|SET TAGS|(?:ADD|DROP) (?:PRIMARY|FOREIGN) KEY|EXECUTE IMMEDIATE lakewright_tags/
