import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as e from '../../../../src/core/expr/build.ts'
import * as p from '../../../../src/core/plan/build.ts'
import { lowerTable } from '../../../../src/core/plan/lower.ts'
import { resolvePlan } from '../../../../src/core/plan/resolve.ts'
import type { TypedPlan, TypedTable } from '../../../../src/core/plan/typed.ts'
import { BIGQUERY } from '../../../../src/core/sql/bigquery.ts'
import type { KeyRange } from '../../../../src/core/sql/ranges.ts'
import { renderTable } from '../../../../src/core/sql/render.ts'
import { duckdbRows, firstDifference, interpretedRows } from '../../../core/sql/duckdb-rows.ts'
import { wantedOf } from '../../../support/keyed-rows.ts'
import { GRID, SHOP, tableIn } from '../../../core/sql/plans.ts'
import { knowsNames, readsTexts } from '../../../differential/quoting.ts'
import {
  SPELLING_CASES,
  type SpellingCase,
  spellingStatement,
} from '../../../core/sql/spelling-cases.ts'
import { BIGQUERY_FOLDER, type BigQueryEmulator, startBigQuery } from '../../../support/bigquery.ts'
import { columnsInSteps } from '../../../support/bigquery-steps.ts'
import type { Speaker } from '../../../support/differential/digests.ts'
import { marketPlan, soldBy } from '../../../support/market-plan.ts'
import { randomPlan, resolveRandom } from '../../../support/random-plans.ts'

/** Random plans; the emulator takes about a second for a table. */
const PLANS = Number(process.env['LAKEWRIGHT_BIGQUERY_PLANS'] ?? 10)

const dataset = 'lake'

/** Calls that the emulator gets wrong: it cuts strings by bytes and divides beyond 2^53 as floats. */
const isBeyondEmulator = (name: string, args: SpellingCase['args'][number]): boolean => {
  if (name === 'slice' || name === 'codeAt') return /[^ -~\n\r]/.test(String(args[0]))
  const [a, b] = args
  return name === 'mod' && Math.abs(Number(a)) + Math.abs(Number(b)) > Number.MAX_SAFE_INTEGER
}

describe.skipIf(BIGQUERY_FOLDER === undefined)('the BigQuery emulator', () => {
  let bigquery: BigQueryEmulator
  beforeAll(async () => {
    bigquery = await startBigQuery(dataset)
  }, 120_000)
  afterAll(async () => bigquery.stop(), 120_000)

  const speaker = (): Speaker => ({ name: 'bigquery', dialect: BIGQUERY, engine: bigquery })

  const textOf = (plan: TypedPlan, table: TypedTable, range?: KeyRange): string =>
    renderTable(lowerTable(plan, table.name, wantedOf(table)), {
      dialect: BIGQUERY,
      vocabularies: plan.vocabularies,
      ...(range === undefined ? {} : { range }),
    })

  const differenceOf = async (
    plan: TypedPlan,
    table: TypedTable,
    range?: KeyRange,
  ): Promise<string | undefined> => {
    const text = textOf(plan, table, range)
    const columns = () => columnsInSteps(bigquery, { text, dataset })
    const all = interpretedRows(plan, table)
    const expected = range
      ? all.filter(([key]) => Number(key) >= range.from && Number(key) < range.to)
      : all
    return firstDifference(plan, table, { actual: await duckdbRows({ columns }, text), expected })
  }

  it.each([...new Set(SPELLING_CASES.map(({ name }) => name))])(
    'gives %s its meaning, at its edges too',
    async (name) => {
      const cases = SPELLING_CASES.filter((each) => each.name === name).map((each) => ({
        ...each,
        args: each.args.filter((args) => !isBeyondEmulator(name, args)),
      }))
      const { text, expected, texts } = spellingStatement(BIGQUERY, cases)
      const { cells } = await columnsInSteps(bigquery, { text, dataset })
      const found = cells.map((column, i) => `${texts[i]} = ${JSON.stringify(column[0])}`)
      expect(found).toEqual(expected.map((value, i) => `${texts[i]} = ${JSON.stringify(value)}`))
      expect(found.length).toBeGreaterThan(2)
    },
  )

  it.each<{ readonly name: string; readonly plan: TypedPlan; readonly range?: KeyRange }>([
    ...[...SHOP.tables.keys()].map((name) => ({ name, plan: SHOP })),
    { name: 'items', plan: SHOP, range: { from: 40, to: 80 } },
    ...['stores', 'visits', 'events'].map((name) => ({ name, plan: GRID })),
    { name: 'visits', plan: GRID, range: { from: 1000, to: 2003 } },
  ])('makes the rows that the interpreter makes, for $name', async ({ name, plan, range }) => {
    expect(await differenceOf(plan, tableIn(plan, name), range)).toBeUndefined()
  })

  it('counts into a cross as the interpreter does, up to what the plan promises', async () => {
    const plan = resolvePlan(marketPlan(), new Map())
    expect(await differenceOf(plan, tableIn(plan, 'stock'))).toBeUndefined()
    const tally = e.tally.sum('items', 5, { by: soldBy, most: 4 })
    const beyond = resolvePlan(marketPlan({ stock: [p.column('it', tally)] }), new Map())
    await expect(differenceOf(beyond, tableIn(beyond, 'stock'))).rejects.toThrow(
      /stock.it: the tally over items exceeds its most, 4/,
    )
  })

  it('numbers a series of more rows than an array can hold', async () => {
    const range = { from: 65_530, to: 1_065_533 }
    const found = await bigquery.columns(
      `SELECT count(*), sum(k), min(k), max(k) FROM ${BIGQUERY.rows.series('k', range)}`,
    )
    const [count, last] = [range.to - range.from, range.to - 1]
    expect(found.cells.flat()).toEqual([count, (count * (range.from + last)) / 2, range.from, last])
  }, 900_000)

  it('reads hostile texts as they were', () => readsTexts(speaker()))

  // BigQuery has no names with $ in front; the emulator hands names to SQLite in quotes that it does not double.
  it('knows hostile names as they were', () =>
    knowsNames(speaker(), (name) => !/^\$|[`\\]/.test(name)))

  it('makes the rows that the interpreter makes, for random plans', async () => {
    let tables = 0
    for (let seed = 0; seed < PLANS; seed++) {
      const plan = resolveRandom(randomPlan(seed, { tables: 1 + (seed % 3), columns: 3, depth: 2 }))
      if (plan === undefined) continue
      for (const table of plan.tables.values()) {
        // It cuts strings by bytes.
        if (textOf(plan, table).includes('substring(')) continue
        expect(await differenceOf(plan, table), `seed ${seed}, ${table.name}`).toBeUndefined()
        tables += 1
      }
    }
    expect(tables).toBeGreaterThanOrEqual(PLANS)
  }, 3_600_000)
})
