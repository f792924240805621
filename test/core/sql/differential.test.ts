import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TypedTable } from '../../../src/core/plan/typed.ts'
import { type DuckDb, openDuckDb } from '../../../src/node/engine/duckdb.ts'
import { type PlanSize, randomPlan, resolveRandom } from '../../support/random-plans.ts'
import { coverage, everything } from '../../support/random-plans/coverage.ts'
import { duckdbRows, duckdbText, firstDifference, interpretedRows } from './duckdb-rows.ts'

const PLANS = Number(process.env['LAKEWRIGHT_PLANS'] ?? (process.env['CI'] === 'true' ? 2000 : 300))

/** So many plans cover everything. */
const ENOUGH = 2000

/**
 * DuckDB takes longer to read a statement than to make its few rows, so most plans are small: one to three tables, as
 * deep as large ones. Every twentieth is as large as the kernel's.
 */
const sizeOf = (seed: number): PlanSize | undefined =>
  seed % 20 === 0 ? undefined : { tables: 1 + (seed % 3), columns: 3, depth: 2 + (seed % 2) }

describe('DuckDB', () => {
  let optimizing: DuckDb
  let plain: DuckDb
  beforeAll(async () => {
    optimizing = await openDuckDb({ threads: 1 })
    plain = await openDuckDb({ threads: 1 })
    await plain.run('PRAGMA disable_optimizer')
  })
  afterAll(() => {
    optimizing.close()
    plain.close()
  })

  it('makes the rows that the interpreter makes, for random plans', async () => {
    const seen = new Set<string>()
    let tables = 0
    let rows = 0
    for (let seed = 0; seed < PLANS; seed++) {
      const plan = resolveRandom(randomPlan(seed, sizeOf(seed)))
      if (plan === undefined) continue
      for (const word of coverage(plan)) seen.add(word)
      for (const table of plan.tables.values()) {
        const db = seed % 10 === 9 ? plain : optimizing
        const made = duckdbRows(db, duckdbText(plan, table))
        const expected = interpretedRows(plan, table)
        const difference = firstDifference(plan, table, { actual: await made, expected })
        expect(difference, `seed ${seed}, table ${table.name}`).toBeUndefined()
        tables += 1
        rows += expected.length
      }
    }
    expect(tables).toBeGreaterThan(2 * PLANS)
    expect(rows).toBeGreaterThan(10 * PLANS)
    if (PLANS >= ENOUGH) expect([...everything()].filter((word) => !seen.has(word))).toEqual([])
  }, 900_000)

  it('makes the same rows in parts of any bounds', async () => {
    let cut = 0
    for (let seed = 0; seed < 20; seed++) {
      const plan = resolveRandom(randomPlan(seed))
      if (plan === undefined) continue
      for (const table of plan.tables.values()) {
        const expected = interpretedRows(plan, table)
        const keys = expected.map(([key]) => Number(key))
        if (keys.length < 3) continue
        const bounds = [0, keys[1]!, keys[Math.floor(keys.length / 2)]! + 1, table.maxKey + 1]
        for (const [i, from] of bounds.slice(0, -1).entries()) {
          const range = { from, to: bounds[i + 1]! }
          const part = expected.filter(([key]) => Number(key) >= from && Number(key) < range.to)
          const actual = await duckdbRows(optimizing, duckdbText(plan, table, { range }))
          const difference = firstDifference(plan, table, { actual, expected: part })
          expect(
            difference,
            `seed ${seed}, ${table.name}, ${JSON.stringify(range)}`,
          ).toBeUndefined()
          cut += 1
        }
      }
    }
    expect(cut).toBeGreaterThan(100)
  }, 120_000)

  it('lands the types that were declared, with the same values', async () => {
    const types = new Set<string>()
    for (let seed = 100; seed < 120; seed++) {
      const plan = resolveRandom(randomPlan(seed))
      if (plan === undefined) continue
      for (const table of plan.tables.values()) {
        const landed = new Map(
          table.columns.map(({ name, shape, long }) => [name, { type: shape.type, long }]),
        )
        const text = duckdbText(plan, table, { landed })
        const described = await optimizing.rows(`DESCRIBE ${text}`)
        expect(described.slice(1).map((each) => each['column_type'])).toEqual(
          table.columns.map(declaredType),
        )
        for (const each of described) types.add(String(each['column_type']).replace(/\(.*/, ''))
        const back = table.columns.map((column) => physical(column)).join(', ')
        const actual = await duckdbRows(
          optimizing,
          `SELECT "key of ${table.name}", ${back} FROM (${text})`,
        )
        const expected = interpretedRows(plan, table)
        expect(firstDifference(plan, table, { actual, expected }), `seed ${seed}`).toBeUndefined()
      }
    }
    expect([...types].toSorted()).toEqual([
      'BIGINT',
      'BOOLEAN',
      'DATE',
      'DECIMAL',
      'INTEGER',
      'TIMESTAMP WITH TIME ZONE',
      'VARCHAR',
    ])
  }, 120_000)
})

type Column = TypedTable['columns'][number]

const declaredType = ({ shape: { type }, long }: Column): string => {
  switch (type.kind) {
    case 'integer':
      return long ? 'BIGINT' : 'INTEGER'
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`
    case 'string':
      return 'VARCHAR'
    case 'boolean':
      return 'BOOLEAN'
    case 'date':
      return 'DATE'
    case 'timestamp':
      return 'TIMESTAMP WITH TIME ZONE'
  }
}

/** A landed column as the number or string that it stands for. */
const physical = ({ name, shape: { type } }: Column): string => {
  switch (type.kind) {
    case 'string':
    case 'integer':
      return `"${name}"`
    case 'decimal':
      return `CAST("${name}" * CAST(1e${type.scale} AS DECIMAL(16, 0)) AS BIGINT)`
    case 'boolean':
      return `CAST("${name}" AS INTEGER)`
    case 'date':
      return `"${name}" - DATE '1970-01-01'`
    case 'timestamp':
      return `epoch_us("${name}")`
  }
}
