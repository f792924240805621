import { describe, expect, it } from 'vitest'
import { lowerTable } from '../../../src/core/plan/lower.ts'
import { landedTables } from '../../../src/core/run/landed.ts'
import { DUCKDB } from '../../../src/core/sql/duckdb.ts'
import { renderLandedTable, renderLandedWithViews } from '../../../src/core/sql/landed.ts'
import { SPARK } from '../../../src/core/sql/spark.ts'
import type { Written } from '../../../src/core/sql/statement.ts'
import { typedIdentity } from '../../datasets/identity-rows.ts'
import { typedMdm } from '../../datasets/mdm-rows.ts'
import { typedRetail } from '../../datasets/retail-rows.ts'
import { SHOP, tableIn } from './plans.ts'

const MOST = 200_000
const places = { most: MOST - 10_000, nameOf: (name: string) => `here.${name}` }

const PLANS = [
  typedIdentity({ withTruth: 1, withContacts: 1 }),
  typedRetail({ withTruth: 1 }),
  typedMdm({ noise: 'dirty' }),
].map((plan) => [plan.plan.name, plan] as const)

const bytes = (text: string): number => new TextEncoder().encode(text).length

/** Views by name that a text reads from. */
const readBy = (text: string): readonly string[] =>
  [...text.matchAll(/\bhere\.lakewright_[0-9a-f]{16}\b/g)].map(([name]) => name)

describe('a statement for Spark that may have views', () => {
  it.each(PLANS)(
    'has none above 200 KB for any table of %s',
    (_, plan) => {
      const written = landedTables(plan).flatMap((table) =>
        lowerTable(plan, table.name, []).map((__, variant) =>
          renderLandedWithViews(plan, table, { dialect: SPARK, variant, places }),
        ),
      )
      const texts = written.flatMap(({ text, views }) => [text, ...views.map((view) => view.text)])
      expect(written.length).toBeGreaterThan(4)
      expect(texts.length).toBeGreaterThan(written.length)
      expect(Math.max(...texts.map(bytes))).toBeLessThan(MOST)
    },
    60_000,
  )

  it('reads from its views alone, each made before what reads from it', () => {
    const [, plan] = PLANS[2]!
    const table = tableIn(plan, 'truth_entities')
    const small = { ...places, most: 60_000 }
    const { text, views } = renderLandedWithViews(plan, table, { dialect: SPARK, places: small })
    const made = new Set<string>()
    for (const view of views) {
      for (const name of readBy(view.text)) expect(made).toContain(name)
      made.add(view.name)
    }
    const used = [text, ...views.map((view) => view.text)].flatMap(readBy)
    expect(new Set(used)).toEqual(made)
    expect(made.size).toBeGreaterThan(20)
    expect(views.some((view) => view.text.startsWith('WITH'))).toBe(true)
  })

  it('shares the views of what it has in common with others', () => {
    const [, plan] = PLANS[0]!
    const written = ['identity_mappings', 'contacts'].map((name): Written =>
      renderLandedWithViews(plan, tableIn(plan, name), { dialect: SPARK, places }),
    )
    const [first, second] = written.map(({ views }) => new Map(views.map((v) => [v.name, v.text])))
    const common = [...first!.keys()].filter((name) => second!.has(name))
    expect(common.length).toBeGreaterThan(5)
    for (const name of common) expect(second!.get(name)).toBe(first!.get(name))
  })

  it('that is short enough is the statement without them', () => {
    const orders = tableIn(SHOP, 'orders')
    const { text, views } = renderLandedWithViews(SHOP, orders, { dialect: SPARK, places })
    expect(views).toEqual([])
    expect(text).toBe(renderLandedTable(SHOP, orders, { dialect: SPARK }))
  })

  it('has none in a dialect that joins its constants', () => {
    const [, plan] = PLANS[1]!
    const table = tableIn(plan, 'customers')
    const { text, views } = renderLandedWithViews(plan, table, { dialect: DUCKDB, places })
    expect(bytes(text)).toBeGreaterThan(MOST)
    expect(views).toEqual([])
  })
})

describe('the text of a table for Spark', () => {
  it.each(['orders', 'items'])('of %s reads well and does not change', async (name) => {
    const text = renderLandedTable(SHOP, tableIn(SHOP, name), { dialect: SPARK })
    await expect(`${text}\n`).toMatchFileSnapshot(`golden/spark/${name}.sql`)
  })

  it('takes fewer layers than where every operator used twice is a column', () => {
    const text = renderLandedTable(SHOP, tableIn(SHOP, 'items'), { dialect: SPARK })
    const nested = [...text.matchAll(/^FROM \($/gm)].length
    const named = renderLandedTable(SHOP, tableIn(SHOP, 'items'), { dialect: DUCKDB })
    expect(nested).toBeGreaterThan(5)
    expect(nested).toBeLessThan([...named.matchAll(/ AS (NOT )?MATERIALIZED \(/g)].length)
  })
})
