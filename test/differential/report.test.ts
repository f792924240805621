import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Plan } from '../../src/core/plan/plan.ts'
import type { Dialect } from '../../src/core/sql/dialect.ts'
import { DUCKDB } from '../../src/core/sql/duckdb.ts'
import { type DuckDb, openDuckDb } from '../../src/node/engine/duckdb.ts'
import { SHOP, tableIn } from '../core/sql/plans.ts'
import { nativeDigests } from '../support/differential/digests.ts'
import { digestDifference } from '../support/differential/report.ts'
import { smallestReport } from '../support/differential/smallest.ts'
import { resolveRandom } from '../support/random-plans.ts'
import { planOf, proveOn, seeds } from './random.ts'

let db: DuckDb
beforeAll(async () => {
  db = await openDuckDb({ threads: 1 })
})
afterAll(() => db.close())

const speaker = (dialect: Dialect = DUCKDB) => ({ name: 'duckdb', dialect, engine: db }) as const

/** A DuckDB that writes texts in upper case and keeps all else. */
const SHOUTING: Dialect = {
  ...DUCKDB,
  quoteString: (text) => DUCKDB.quoteString(text.toUpperCase()),
}

/** A DuckDB that does not know of one function. */
const FAILING: Dialect = {
  ...DUCKDB,
  hex: () => ({ kind: 'text', parts: ["CAST(error('no hex') AS VARCHAR)"], atomic: true }),
}

const firstReport = async (dialect: Dialect): Promise<string> => {
  for (const seed of seeds(100)) {
    const report = await proveOn(speaker(dialect), seed, []).then(
      () => undefined,
      (error: unknown) => String(error),
    )
    if (report !== undefined) return report
  }
  throw new Error('no plan fails')
}

const planIn = (report: string): Plan => JSON.parse(report.split('\nplan: ')[1] ?? '') as Plan

it('a plan whose rows differ is shrunk and told with its first differing cell', async () => {
  const report = await firstReport(SHOUTING)
  expect(report).toMatch(
    /^Error: seed \d+: duckdb differs in table t\d, row \d+, c\d+: "[^a-z]*", expected "[^"]*[a-z][^"]*"\nplan: \{/,
  )
  const plan = planIn(report)
  expect(resolveRandom(plan)).toBeDefined()
  expect(plan.tables.length).toBe(1)
  expect(plan.tables[0]?.columns.length).toBe(1)
  expect(JSON.stringify(plan.tables).length).toBeLessThan(250)
  expect(await smallestReport(speaker(SHOUTING), plan)).toContain(JSON.stringify(plan))
  expect(await smallestReport(speaker(), plan)).toBe('the plan does not fail')
}, 300_000)

it('a plan whose statement fails is shrunk to one that still fails', async () => {
  const report = await firstReport(FAILING)
  expect(report).toMatch(/^Error: seed \d+: duckdb fails at table t\d: DuckDB: .*no hex/)
  expect(JSON.stringify(planIn(report).tables)).toContain('"hex"')
  expect(planIn(report).tables.length).toBe(1)
}, 300_000)

it('a digest that differs is told with the first differing cell and the keys', async () => {
  const subject = { plan: SHOP, table: tableIn(SHOP, 'orders') }
  const native = nativeDigests(subject)({ from: 0, to: 10 ** 9 })
  expect(await digestDifference(speaker(), subject, { native })).toBeUndefined()
  const told = await digestDifference(speaker(SHOUTING), subject, { native })
  expect(told).toMatch(
    /^duckdb differs in table orders, row 1, channel: "[A-Z]+", expected "[a-z]+"\ndigest [0-9a-f]{72}, expected /,
  )
})

it('plans of the proof differ from one another', () => {
  const plans = seeds(20).map((seed) => JSON.stringify(planOf(seed)))
  expect(new Set(plans).size).toBe(20)
})
