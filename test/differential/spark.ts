import { afterAll, beforeAll } from 'vitest'
import { SPARK } from '../../src/core/sql/spark.ts'
import { openSpark, type SparkSession } from '../../src/node/engine/spark/session.ts'
import { startSpark } from '../node/engine/spark/server.ts'
import type { Speaker } from '../support/differential/digests.ts'

/** Declares sessions of the run's Spark, as it comes. */
export const sparkSpeakers = (count: number): (() => readonly Speaker[]) => {
  const sessions: SparkSession[] = []
  beforeAll(async () => {
    const { port, session } = await startSpark()
    const others = Array.from({ length: count - 1 }, () => openSpark({ host: '127.0.0.1', port }))
    sessions.push(session, ...(await Promise.all(others)))
  }, 300_000)
  afterAll(async () => {
    await Promise.all(sessions.map((each) => each.close()))
  }, 180_000)
  return () => sessions.map((engine) => ({ name: 'spark', dialect: SPARK, engine }))
}

/** Does something with each item, the workers side by side. */
export const shared = async <W, T>(
  workers: readonly W[],
  items: readonly T[],
  work: (worker: W, item: T) => Promise<void>,
): Promise<void> => {
  const rest = items.values()
  await Promise.all(
    workers.map(async (worker) => {
      for (const item of rest) await work(worker, item)
    }),
  )
}
