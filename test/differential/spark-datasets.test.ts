import { describe, expect, it } from 'vitest'
import { SPARK_FOLDER } from '../node/engine/spark/server.ts'
import { nativeDigests } from '../support/differential/digests.ts'
import { digestDifference } from '../support/differential/report.ts'
import { subjectsOf } from './datasets.ts'
import { sparkSpeakers } from './spark.ts'

describe.skipIf(SPARK_FOLDER === undefined)('Spark makes the native rows', () => {
  const speakers = sparkSpeakers(1)

  describe.each(['identity', 'retail', 'mdm'])('of %s:', (dataset) => {
    it.each(subjectsOf(dataset))(
      '%s',
      async (_, subject) => {
        const native = nativeDigests(subject)({ from: 0, to: subject.table.maxKey + 1 })
        expect(native.rows()).toBeGreaterThan(0)
        expect(await digestDifference(speakers()[0]!, subject, { native })).toBeUndefined()
      },
      3_600_000,
    )
  })
})
