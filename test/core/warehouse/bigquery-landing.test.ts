import { describe, expect, it } from 'vitest'
import { BIGQUERY_LANDING } from '../../../src/core/warehouse/bigquery-landing.ts'
import { type Arrangement, landingTable } from '../../../src/core/warehouse/landing.ts'
import { typedMdm } from '../../datasets/mdm-rows.ts'
import { SHOP, tableIn } from '../sql/plans.ts'

const NAME = { catalog: 'my-project', schema: 'mdm_demo', table: 'lakewright_1_items' }

const itemsWith = (arrangement: Arrangement) =>
  landingTable(SHOP, tableIn(SHOP, 'items'), {
    arrangement,
    properties: { 'lakewright.planHash': 'ab12' },
  })

describe('a table that lands in BigQuery', () => {
  it('is declared with its types, NOT NULL, partitions, clusters and labels', async () => {
    const table = landingTable(SHOP, tableIn(SHOP, 'orders'), {
      arrangement: { partition: 'order', cluster: ['channel', 'order'] },
      properties: { 'lakewright.planHash': 'ab12' },
    })
    await expect(`${BIGQUERY_LANDING.create(NAME, table)}\n`).toMatchFileSnapshot(
      'golden/bigquery-create.sql',
    )
  })

  it('is described as far as BigQuery lets it be, without half a character at the end', () => {
    const { columns, ...rest } = itemsWith({})
    const comment = `${'x'.repeat(1023)}🙂`
    const description = `${'y'.repeat(16_383)}🙂`
    const first = columns.slice(0, 1).map((column) => ({ ...column, comment }))
    const sql = BIGQUERY_LANDING.create(NAME, { ...rest, columns: first, description })
    expect(sql).toContain(`${'x'.repeat(1023)}'`)
    expect(sql).toContain(`${'y'.repeat(16_383)}'`)
    expect(sql).not.toMatch(/[\ud800-\udfff]/u)
  })

  it('gets rows only while it has as many as before', () => {
    const rows = { columns: ['a', 'b'], query: 'SELECT 1, 2', rowsBefore: 7, token: 't' }
    expect(BIGQUERY_LANDING.insert(NAME, rows)).toEqual([
      [
        'INSERT INTO `my-project`.`mdm_demo`.`lakewright_1_items` (`a`, `b`)',
        'SELECT * FROM (',
        'SELECT 1, 2',
        ') AS made',
        'WHERE (SELECT count(*) FROM `my-project`.`mdm_demo`.`lakewright_1_items`) = 7',
      ].join('\n'),
    ])
  })

  it('loses its primary key before it is renamed, which BigQuery asks for', () => {
    expect(BIGQUERY_LANDING.rename(NAME, { ...NAME, table: 'items' })).toBe(
      [
        'ALTER TABLE `my-project`.`mdm_demo`.`lakewright_1_items` DROP PRIMARY KEY IF EXISTS;',
        'ALTER TABLE `my-project`.`mdm_demo`.`lakewright_1_items` RENAME TO `items`',
      ].join('\n'),
    )
  })

  it('gets its keys once, however often they are asked for', () => {
    const [primary, ...foreign] = BIGQUERY_LANDING.relate(NAME, itemsWith({}))
    expect(primary).toContain('IF NOT EXISTS (SELECT 1 FROM `my-project`.`mdm_demo`.INFORMATION')
    expect(primary).toContain(') NOT ENFORCED;\nEND IF')
    for (const each of foreign) expect(each).toContain('ADD CONSTRAINT IF NOT EXISTS')
  })

  it('refers to whole keys alone, since nothing else can be a foreign key', () => {
    const plan = typedMdm({ uniqueCustomers: 24 })
    const relations = (name: string): readonly string[] => {
      const table = tableIn(plan, name)
      const landing = landingTable(plan, table, { arrangement: {}, properties: {} })
      return BIGQUERY_LANDING.relate({ ...NAME, table: table.landedName }, landing)
    }
    // An entity has a row for each span of time, so its number alone is no key.
    expect(relations('truth_xref').filter((each) => each.includes('FOREIGN KEY'))).toEqual([])
    expect(relations('truth_xref').length).toBe(1)
  })

  it.each([
    [{ zorder: ['a'] }, 'has no Z-order'],
    [{ cluster: ['a', 'b', 'c', 'd', 'e'] }, 'clusters by up to 4'],
  ])('is refused with %j, which BigQuery cannot do', (arrangement, reason) => {
    expect(() => BIGQUERY_LANDING.create(NAME, itemsWith(arrangement))).toThrow(reason)
  })
})
