import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FUNCTION_NAMES } from '../../../src/core/expr/expr.ts'
import { DUCKDB } from '../../../src/core/sql/duckdb.ts'
import { type DuckDb, openDuckDb } from '../../../src/node/engine/duckdb.ts'
import { SPELLING_CASES, spellingStatement } from './spelling-cases.ts'

describe('the spelling in DuckDB', () => {
  let db: DuckDb
  beforeAll(async () => {
    db = await openDuckDb({ threads: 1 })
  })
  afterAll(() => db.close())

  it.each([...new Set(SPELLING_CASES.map(({ name }) => name))])(
    'of %s means the same at its edges',
    async (name) => {
      const { text, expected, texts } = spellingStatement(
        DUCKDB,
        SPELLING_CASES.filter((each) => each.name === name),
      )
      const { cells } = await db.columns(text)
      const found = cells.map((column, i) => `${texts[i]} = ${JSON.stringify(column[0])}`)
      expect(found).toEqual(expected.map((value, i) => `${texts[i]} = ${JSON.stringify(value)}`))
      expect(found.length).toBeGreaterThan(2)
    },
  )

  it('is tried for every function that is more than a word', () => {
    const tried = new Set(SPELLING_CASES.map(({ name }) => name))
    const rest = FUNCTION_NAMES.filter((name) => !tried.has(name))
    expect(rest).toEqual([
      'reinterpret',
      'ne',
      'le',
      'gt',
      'ge',
      'and',
      'or',
      'not',
      'isNull',
      'coalesce',
    ])
  })
})
