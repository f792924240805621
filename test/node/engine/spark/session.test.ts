import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSpark } from '../../../../src/node/engine/spark/session.ts'
import { errorOf, SPARK_FOLDER, type SparkServer, startSpark } from './server.ts'

describe.skipIf(SPARK_FOLDER === undefined)('a session of Spark Connect', () => {
  let spark: SparkServer
  beforeAll(async () => {
    spark = await startSpark()
  }, 120_000)
  afterAll(async () => spark.stop(), 180_000)

  it('gives the rows of a query with their nulls, and wide integers as text', async () => {
    const rows = await spark.session.rows(
      "SELECT 1 AS a, 'é' AS b, true AS c, CAST(NULL AS STRING) AS d, 9007199254740993L AS e",
    )
    expect(rows).toEqual([{ a: 1, b: 'é', c: true, d: null, e: '9007199254740993' }])
  }, 180_000)

  it('gives all batches of a large result', async () => {
    const { cells } = await spark.session.columns('SELECT id FROM range(50000)')
    expect(cells[0]?.length).toBe(50_000)
  }, 180_000)

  it('keeps what a statement did for the next one', async () => {
    await spark.session.run('CREATE TEMPORARY VIEW ten AS SELECT id FROM range(10)')
    expect(await spark.session.rows('SELECT sum(id) AS total FROM ten')).toEqual([{ total: 45 }])
  }, 180_000)

  it.each([
    ['SELECT nope FROM range(3)', 'UNRESOLVED_COLUMN.WITH_SUGGESTION', '42703'],
    ['SELEC 1', 'PARSE_SYNTAX_ERROR', '42601'],
    ['SELECT 1 DIV 0', 'DIVIDE_BY_ZERO', '22012'],
  ])(
    'fails %s with its error class and SQLSTATE',
    async (sql, errorClass, sqlState) => {
      const error = await errorOf(spark.session.rows(sql))
      expect(error.code).toBe('engine.failed')
      expect(error.details).toMatchObject({ errorClass, sqlState })
    },
    180_000,
  )

  it('stops a statement on the server when the signal says so', async () => {
    const stop = new AbortController()
    // Some seconds of work: Spark 4.1.2 was seen to let tasks of a stopped statement run to their end.
    const long = 'SELECT sum(id % 7) FROM range(1000000000)'
    const running = spark.session.rows(long, {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    expect((await errorOf(running)).code).toBe('run.cancelled')
  }, 180_000)

  it('says that nobody listens', async () => {
    const session = await openSpark({ host: '127.0.0.1', port: 1 })
    expect((await errorOf(session.rows('SELECT 1'))).message).toContain('Spark')
    await session.close()
  }, 180_000)
})
