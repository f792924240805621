import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSpark, type SparkSession } from '../../../../src/node/engine/spark/session.ts'
import { type CuttingProxy, startCuttingProxy } from '../../../support/cutting-proxy.ts'
import { errorOf, SPARK_FOLDER, type SparkServer, startSpark } from './server.ts'

describe.skipIf(SPARK_FOLDER === undefined)('a statement whose connection is cut', () => {
  let spark: SparkServer
  let proxy: CuttingProxy
  let session: SparkSession
  beforeAll(async () => {
    spark = await startSpark()
    proxy = await startCuttingProxy(spark.port)
    session = await openSpark({ host: '127.0.0.1', port: proxy.port })
    await session.run('SELECT 1')
  }, 300_000)
  afterAll(async () => {
    await session.close()
    await proxy.close()
    await spark.stop()
  }, 120_000)

  it('goes on in the middle of its result, with every row once', async () => {
    const before = proxy.cuts()
    proxy.cutAfter(1_500_000)
    const { cells } = await session.columns(
      'SELECT id, md5(CAST(id AS STRING)) AS h FROM range(100000)',
    )
    expect(proxy.cuts()).toBe(before + 1)
    expect(cells[0]).toEqual(Array.from({ length: 100_000 }, (_, id) => id))
    expect(new Set(cells[1]).size).toBe(100_000)
  }, 120_000)

  it('is done once when the cut comes before its first answer', async () => {
    await session.run('CREATE TABLE reattached (n BIGINT) USING delta')
    const before = proxy.cuts()
    proxy.cutAfter(1)
    await session.run('INSERT INTO reattached SELECT id FROM range(10)')
    expect(proxy.cuts()).toBe(before + 1)
    expect(await session.rows('SELECT count(*) AS n FROM reattached')).toEqual([{ n: 10 }])
    await session.run('DROP TABLE reattached')
  }, 240_000)

  it('is sent again when it never came to the server', async () => {
    const before = proxy.cuts()
    proxy.loseNext()
    expect(await session.rows('SELECT 7 AS n')).toEqual([{ n: 7 }])
    expect(proxy.cuts()).toBe(before + 1)
  }, 120_000)

  it('fails in a line when nobody answers any more', async () => {
    const gone = await startCuttingProxy(1)
    const other = await openSpark({ host: '127.0.0.1', port: gone.port })
    await gone.close()
    const error = await errorOf(other.rows('SELECT 1'))
    expect(error.code).toBe('service.unreachable')
    expect(error.message).toBe(`Spark does not answer at 127.0.0.1:${gone.port}`)
    await other.close()
  }, 120_000)
})
