import { afterAll, beforeAll, expect, it } from 'vitest'
import { DUCKDB } from '../../src/core/sql/duckdb.ts'
import { type DuckDb, openDuckDb } from '../../src/node/engine/duckdb.ts'
import { PLANS, proveOn, seeds } from './random.ts'

let db: DuckDb
beforeAll(async () => {
  db = await openDuckDb({ threads: 1 })
})
afterAll(() => db.close())

it('DuckDB makes the native rows of random plans, whole, in 7 and in 64 parts', async () => {
  let statements = 0
  const engine: Pick<DuckDb, 'columns' | 'run'> = {
    run: (sql) => db.run(sql),
    columns: (sql) => {
      statements += 1
      return db.columns(sql)
    },
  }
  for (const seed of seeds(PLANS))
    await proveOn({ name: 'duckdb', dialect: DUCKDB, engine }, seed, [7, 64])
  expect(statements).toBeGreaterThan(10 * PLANS)
}, 3_600_000)
