import { describe, expect, it } from 'vitest'
import { SPARK_FOLDER } from '../node/engine/spark/server.ts'
import { PLANS, proveOn, seeds } from './random.ts'
import { shared, sparkSpeakers } from './spark.ts'

const IN_PARTS = 10

describe.skipIf(SPARK_FOLDER === undefined)('Spark makes the native rows', () => {
  const speakers = sparkSpeakers(2)

  it('of random plans, and of some in 7 and in 64 parts', async () => {
    const all = seeds(PLANS)
    let proven = 0
    await shared(speakers(), all, async (speaker, seed) => {
      await proveOn(speaker, seed, all.indexOf(seed) < IN_PARTS ? [7, 64] : [])
      proven += 1
    })
    expect(proven).toBe(PLANS)
  }, 3_600_000)
})
