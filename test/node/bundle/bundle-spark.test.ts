import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { key, quantity, sample } from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { column, plan, range, size, table } from '../../../src/core/plan/build.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import type { BundleTask, Choice } from '../../../src/core/warehouse/bundle.ts'
import { taskSql } from '../../../src/core/warehouse/bundle-sql.ts'
import { landedTables } from '../../../src/core/run/landed.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { nativeDigests } from '../../support/differential/digests.ts'
import { errorOf, SPARK_FOLDER, type SparkServer, startSpark } from '../engine/spark/server.ts'

const HOSTILE = `{{catalog}} it's "a" \\ ; :schema`

const greetings = plan({
  name: 'hello',
  seed: 42,
  parameters: { people: size(1000, { min: 1 }) },
  tables: [
    table('greetings', {
      description: HOSTILE,
      rows: range(quantity('people')),
      key: ['greeting_id'],
      columns: [
        column('greeting_id', key()),
        column('greeting', sample(law.weighted({ hello: 1, [HOSTILE]: 1 })), {
          description: HOSTILE,
        }),
      ],
    }),
  ],
})

/** What open-source Spark does not have. */
const DATABRICKS_ALONE =
  /USE CATALOG|information_schema|SET TAGS|(?:ADD|DROP) (?:PRIMARY|FOREIGN) KEY|EXECUTE IMMEDIATE lakewright_tags/

const CHOICES: readonly Choice[] = [{ name: 'seed', value: '42' }]

describe.skipIf(SPARK_FOLDER === undefined)('the SQL of a bundle on Spark', () => {
  let server: SparkServer
  let typed: TypedPlan
  beforeAll(async () => {
    typed = await loadPlan(greetings)
    server = await startSpark()
    await server.session.run('CREATE SCHEMA IF NOT EXISTS bundle')
  }, 300_000)
  afterAll(() => server?.stop())

  /** Runs a task with parameters put in as literals, and what Databricks alone has as Spark knows it. */
  const run = async (
    task: Exclude<BundleTask, { kind: 'derive' }>,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    const values = { schema: 'bundle', seed: '42', ...parameters }
    const statements = taskSql(typed, CHOICES, task).split(/;\n/)
    for (const statement of statements) {
      if (DATABRICKS_ALONE.test(statement) || statement.trim() === '') continue
      const filled = statement
        .replaceAll(/(?<=[( ]):(schema|seed)\b(?=[, )])/g, (whole, name: 'schema' | 'seed') =>
          /assert_true|IDENTIFIER/.test(statement) ? `'${values[name]}'` : whole,
        )
        .replace('DEEP CLONE', 'SHALLOW CLONE')
      // A query alone is run only for its rows.
      if (/^\s*SELECT assert_true/m.test(statement)) await server.session.rows(filled)
      else await server.session.run(filled)
    }
  }

  test('stages a table with its comments, publishes it and drops what was staged', async () => {
    await run({ kind: 'check' })
    await run({ kind: 'stage', table: 'greetings', number: 0 })
    await run({ kind: 'stage', table: 'greetings', number: 0 })
    await run({ kind: 'publish' })
    await run({ kind: 'describe' })
    expect(
      await server.session.rows(
        'SELECT count(*) AS n, count(DISTINCT greeting_id) AS ids, min(greeting) AS one, max(greeting) AS other FROM bundle.greetings',
      ),
    ).toEqual([{ n: 1000, ids: 1000, one: 'hello', other: HOSTILE }])
    const described = await server.session.rows('DESCRIBE TABLE EXTENDED bundle.greetings')
    expect(described.find((row) => row['col_name'] === 'greeting')?.['comment']).toBe(HOSTILE)
    const properties = await server.session.rows('SHOW TBLPROPERTIES bundle.greetings')
    const made = landedTables(typed)[0]!
    const native = nativeDigests({ plan: typed, table: made })({ from: 0, to: made.maxKey + 1 })
    expect(properties).toEqual(
      expect.arrayContaining([
        { key: 'lakewright.planHash', value: typed.hash },
        { key: 'lakewright.rows', value: '1000' },
        { key: 'lakewright.digest', value: native.hex() },
      ]),
    )
    await run({ kind: 'clean' })
    expect(await server.session.rows("SHOW TABLES IN bundle LIKE 'lakewright*'")).toEqual([])
  }, 240_000)

  test('refuses what it was not rendered for', async () => {
    const error = await errorOf(run({ kind: 'check' }, { seed: '43' }))
    expect(error.message).toContain('this text makes seed 42; deploy.sh renders another')
  }, 240_000)
})

test('the SQL of a bundle has no double braces, which Databricks would take for a parameter', async () => {
  const text = taskSql(await loadPlan(greetings), CHOICES, {
    kind: 'stage',
    table: 'greetings',
    number: 0,
  })
  expect(text).toContain('\\u007bcatalog}} it')
  expect(text).not.toContain('{{')
})
