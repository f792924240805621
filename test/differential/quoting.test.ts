import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DIALECT_NAMES, DIALECTS } from '../../src/core/sql/dialects.ts'
import { DUCKDB } from '../../src/core/sql/duckdb.ts'
import { SPARK } from '../../src/core/sql/spark.ts'
import { type DuckDb, openDuckDb } from '../../src/node/engine/duckdb.ts'
import { SPARK_FOLDER } from '../node/engine/spark/server.ts'
import { HOSTILE_NAMES, HOSTILE_TEXTS, NUL_TEXTS } from '../support/hostile.ts'
import { knowsNames, readsTexts } from './quoting.ts'
import { sparkSpeakers } from './spark.ts'

/** Spark has no escapes in names, and replaces variables everywhere. */
const isSayable = (name: string): boolean => !name.includes('${')

describe.each(DIALECT_NAMES)('quoted for %s, hostile texts', (name) => {
  const dialect = DIALECTS[name]

  it('and names stay different, and on one line', () => {
    const texts = [...HOSTILE_TEXTS, ...NUL_TEXTS].map((text) => dialect.quoteString(text))
    expect(new Set(texts).size).toBe(HOSTILE_TEXTS.length + NUL_TEXTS.length)
    for (const text of texts) expect(text).not.toMatch(/[\n\r]/)
    const names = HOSTILE_NAMES.filter((each) => name !== 'spark' || isSayable(each))
    const quoted = new Set(names.map((each) => dialect.quoteIdentifier(each)))
    expect(quoted.size).toBe(new Set(names).size)
  })
})

describe('DuckDB', () => {
  let db: DuckDb
  beforeAll(async () => {
    db = await openDuckDb({ threads: 1 })
  })
  afterAll(() => db.close())

  it('reads hostile texts as they were', () =>
    readsTexts({ name: 'duckdb', dialect: DUCKDB, engine: db }, NUL_TEXTS))
  it('knows hostile names as they were', () =>
    knowsNames({ name: 'duckdb', dialect: DUCKDB, engine: db }))
})

describe.skipIf(SPARK_FOLDER === undefined)('Spark', () => {
  const speakers = sparkSpeakers(1)

  it('reads hostile texts as they were', () => readsTexts(speakers()[0]!, NUL_TEXTS), 300_000)
  it('knows hostile names as they were', () => knowsNames(speakers()[0]!, isSayable), 300_000)
  it('is told no name into which it would put a variable', () => {
    expect(() => SPARK.quoteIdentifier('${env:PATH}')).toThrow('Spark cannot be told the name')
  })
})
