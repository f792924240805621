import { describe, expect, it } from 'vitest'
import { lowerTable } from '../../../src/core/plan/lower.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import { landedTables } from '../../../src/core/run/landed.ts'
import { BIGQUERY } from '../../../src/core/sql/bigquery.ts'
import { DUCKDB } from '../../../src/core/sql/duckdb.ts'
import { renderLandedTable, renderLandedWithViews } from '../../../src/core/sql/landed.ts'
import { SPARK } from '../../../src/core/sql/spark.ts'
import type { Written } from '../../../src/core/sql/statement.ts'
import { LONG_STATEMENT } from '../../../src/core/sql/views.ts'
import { typedIdentity } from '../../datasets/identity-rows.ts'
import { typedMdm } from '../../datasets/mdm-rows.ts'
import { typedRetail } from '../../datasets/retail-rows.ts'
import { SHOP, tableIn } from './plans.ts'

const MOST = 200_000
const MILLION = 1_000_000

/** What stands around a query that is inserted or made a view. */
const AROUND = 5_000

/** BigQuery's limits of a query with all of its views put in, and of views that read from views. */
const MOST_RESOLVED = 12_000_000
const MOST_NESTED = 16

const places = { most: LONG_STATEMENT, nameOf: (name: string) => `here.v_${name}` }

const PLANS: readonly (readonly [string, () => TypedPlan])[] = [
  ['identity', () => typedIdentity({ withTruth: 1, withContacts: 1 })],
  ['identity of 1M', () => typedIdentity({ households: MILLION, withTruth: 1, withContacts: 1 })],
  ['retail', () => typedRetail({ withTruth: 1 })],
  ['retail of 1M', () => typedRetail({ customers: MILLION, withTruth: 1 })],
  ['mdm', () => typedMdm()],
  ['dirty mdm of 1M', () => typedMdm({ uniqueCustomers: MILLION, noise: 'dirty' })],
]

const bytes = (text: string): number => new TextEncoder().encode(text).length

/** Views by name that a text reads from. */
const readBy = (text: string): readonly string[] =>
  [...text.matchAll(/\bhere\.v_[0-9a-f]{16}\b/g)].map(([name]) => name)

/** All statements of a plan's tables, one a variant. */
const statementsOf = (plan: TypedPlan, dialect: typeof SPARK): readonly Written[] =>
  landedTables(plan).flatMap((table) =>
    lowerTable(plan, table.name, []).map((_, variant) =>
      renderLandedWithViews(plan, table, { dialect, variant, places }),
    ),
  )

/** What a text comes to with its views put in, which are made before they are read from. */
const resolved = ({ text, views }: Written): { readonly size: number; readonly depth: number } => {
  const known = new Map<string, { readonly size: number; readonly depth: number }>()
  const whole = (each: string) => {
    const read = readBy(each).map((name) => known.get(name))
    if (read.includes(undefined)) throw new Error('a view is read before it is made')
    return {
      size: read.reduce((sum, view) => sum + (view?.size ?? 0), bytes(each)),
      depth: 1 + Math.max(0, ...read.map((view) => view?.depth ?? 0)),
    }
  }
  for (const view of views) known.set(view.name, whole(view.text))
  return whole(text)
}

describe('statements that have views', () => {
  it.each(PLANS)(
    'are below 200 KB each for every table of %s, within BigQuery’s limits as well',
    (_, make) => {
      const plan = make()
      for (const dialect of [SPARK, BIGQUERY, DUCKDB]) {
        const written = statementsOf(plan, dialect)
        const texts = written.flatMap(({ text, views }) => [text, ...views.map((v) => v.text)])
        expect(written.length).toBeGreaterThan(4)
        expect(texts.length).toBeGreaterThan(written.length)
        expect(Math.max(...texts.map(bytes)) + AROUND).toBeLessThan(MOST)
        const whole = written.map(resolved)
        expect(Math.max(...whole.map(({ size }) => size))).toBeLessThan(MOST_RESOLVED)
        expect(Math.max(...whole.map(({ depth }) => depth))).toBeLessThan(MOST_NESTED)
      }
    },
    240_000,
  )

  it.each([SPARK, BIGQUERY, DUCKDB])(
    'read from their views alone, each made before what reads from it ($name)',
    (dialect) => {
      const plan = typedIdentity({ households: 1000 })
      const written = renderLandedWithViews(plan, tableIn(plan, 'exposures'), {
        dialect,
        places: { ...places, most: 15_000 },
      })
      const { text, views } = written
      expect(resolved(written).depth).toBeGreaterThan(2)
      const used = [text, ...views.map((view) => view.text)].flatMap(readBy)
      expect(new Set(used)).toEqual(new Set(views.map(({ name }) => name)))
      expect(views.some((view) => readBy(view.text).length > 0)).toBe(true)
      expect(Math.max(...[text, ...views.map((view) => view.text)].map(bytes))).toBeLessThan(45_000)
    },
  )

  it('name their views by content, so that the same statement has the same', () => {
    const plan = typedIdentity({ households: 1000 })
    const [one, other] = [1, 2].map(() =>
      renderLandedWithViews(plan, tableIn(plan, 'identity_mappings'), { dialect: SPARK, places }),
    )
    expect(one!.views.length).toBeGreaterThan(1)
    expect(one).toEqual(other)
    const names = new Set(one!.views.map(({ name }) => name))
    expect(names.size).toBe(one!.views.length)
  })

  it('need none where they are short enough', () => {
    const orders = tableIn(SHOP, 'orders')
    const { text, views } = renderLandedWithViews(SHOP, orders, { dialect: SPARK, places })
    expect(views).toEqual([])
    expect(text).toBe(renderLandedTable(SHOP, orders, { dialect: SPARK }))
  })
})

/** Of the layers that a text nests, how many follow on each other with nothing that ends an optimizer's view. */
const longestSight = (text: string): number => {
  const ends = text.split('\n').filter((line) => /^(\) AS|LATERAL VIEW)/.test(line))
  const runs = ends
    .join('\n')
    .split('LATERAL VIEW')
    .map((run) => run.split(') AS').length - 1)
  return Math.max(...runs)
}

describe('layers in Spark', () => {
  it('of many columns are cut, so that none is compared with more than 24 below it', () => {
    const plan = typedMdm()
    const table = tableIn(plan, 'raw_crm_customers')
    const text = renderLandedTable(plan, table, { dialect: SPARK })
    expect(text.match(/, layer \d+$/gm)!.length).toBeGreaterThan(40)
    expect(text.match(/^LATERAL VIEW explode\(`array`\(0L\)\) once AS once_\d+$/gm)).not.toBeNull()
    expect(longestSight(text)).toBeLessThan(25)
    expect(renderLandedTable(plan, table, { dialect: DUCKDB })).not.toContain('once_')
  })

  it('of few columns stay as they are', () => {
    const plan = typedRetail()
    const text = renderLandedTable(plan, tableIn(plan, 'order_items'), { dialect: SPARK })
    expect(longestSight(text)).toBeGreaterThan(15)
    expect(text).not.toContain('once AS')
  })
})

describe('the text of a table for Spark', () => {
  it.each(['orders', 'items'])('of %s reads well and does not change', async (name) => {
    const text = renderLandedTable(SHOP, tableIn(SHOP, name), { dialect: SPARK })
    await expect(`${text}\n`).toMatchFileSnapshot(`golden/spark/${name}.sql`)
  })

  it.each([PLANS[0]!, PLANS[2]!])(
    'has no bare word array, after which no >> is read: %s',
    (_, make) => {
      const plan = make()
      const texts = landedTables(plan).map((each) =>
        renderLandedTable(plan, each, { dialect: SPARK }),
      )
      expect(texts.filter((text) => text.includes('`array`(') && text.includes('>>'))).not.toEqual(
        [],
      )
      for (const text of texts) expect(text).not.toMatch(/(?<!`)\barray\(/i)
    },
  )

  it('takes fewer layers than where every operator used twice is a column', () => {
    const text = renderLandedTable(SHOP, tableIn(SHOP, 'items'), { dialect: SPARK })
    const nested = [...text.matchAll(/^FROM \($/gm)].length
    const named = renderLandedTable(SHOP, tableIn(SHOP, 'items'), { dialect: DUCKDB })
    expect(nested).toBeGreaterThan(5)
    expect(nested).toBeLessThan([...named.matchAll(/ AS (NOT )?MATERIALIZED \(/g)].length)
  })
})
