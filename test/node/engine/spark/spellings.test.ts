import { describe, expect, it } from 'vitest'
import { SPARK } from '../../../../src/core/sql/spark.ts'
import { SPELLING_CASES, spellingStatement } from '../../../core/sql/spelling-cases.ts'
import { sparkSpeakers } from '../../../differential/spark.ts'
import { SPARK_FOLDER } from './server.ts'

describe.skipIf(SPARK_FOLDER === undefined)('the spelling in Spark', () => {
  const speakers = sparkSpeakers(1)

  it.each([...new Set(SPELLING_CASES.map(({ name }) => name))])(
    'of %s means the same at its edges',
    async (name) => {
      const { text, expected, texts } = spellingStatement(
        SPARK,
        SPELLING_CASES.filter((each) => each.name === name),
      )
      const { cells } = await speakers()[0]!.engine.columns(text)
      const found = cells.map((column, i) => `${texts[i]} = ${JSON.stringify(column[0])}`)
      expect(found).toEqual(expected.map((value, i) => `${texts[i]} = ${JSON.stringify(value)}`))
      expect(found.length).toBeGreaterThan(2)
    },
    300_000,
  )
})
