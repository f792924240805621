import { describe, expect, it } from 'vitest'
import { type Arrangement, landingTable } from '../../../src/core/warehouse/landing.ts'
import { SPARK_LANDING } from '../../../src/core/warehouse/spark-landing.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { visitsPlan } from '../../support/visits-plan.ts'

const plan = await loadPlan(visitsPlan(9))
const NAME = { catalog: 'spark_catalog', schema: 'de`mo', table: 'visits' }

const landed = (name: string, arrangement?: Arrangement) =>
  landingTable(plan, plan.tables.get(name)!, {
    arrangement,
    properties: { 'lakewright.run': "it's" },
  })

describe('landing in Spark', () => {
  it('declares columns, NOT NULL, comments, checks and properties before the first row', () => {
    expect(SPARK_LANDING.create(NAME, landed('people'))).toBe(
      [
        'CREATE OR REPLACE TABLE `spark_catalog`.`de``mo`.`visits` (',
        '  `person_id` BIGINT NOT NULL,',
        "  `name` STRING NOT NULL COMMENT 'the \"name\" of it, it\\'s here',",
        '  `born` DATE NOT NULL,',
        '  `member` BOOLEAN',
        ') USING delta',
        "COMMENT 'people\\'s \\\\ list'",
        "TBLPROPERTIES ('lakewright.run' = 'it\\'s')",
      ].join('\n'),
    )
    expect(SPARK_LANDING.create(NAME, landed('visits'))).toContain(
      "('delta.constraints.area_known' = '(`area` <= 9)', ",
    )
  })

  it('clusters and partitions as asked, and orders rows afterwards', () => {
    const create = (arrangement: Arrangement): string =>
      SPARK_LANDING.create(NAME, landed('visits', arrangement))
    expect(create({ cluster: ['at', 'area'] })).toContain('CLUSTER BY (`at`, `area`)')
    expect(create({ partition: 'area' })).toContain('PARTITIONED BY (`area`)')
    expect(SPARK_LANDING.arrange(NAME, landed('visits'))).toEqual([])
    expect(SPARK_LANDING.arrange(NAME, landed('visits', { zorder: ['at', 'area'] }))).toEqual([
      'OPTIMIZE `spark_catalog`.`de``mo`.`visits` ZORDER BY (`at`, `area`)',
    ])
  })

  it.each<[Arrangement, string]>([
    [{ partition: 'area', cluster: ['at'] }, 'clusters a table or partitions it, not both'],
    [{ partition: 'area', zorder: ['at', 'area'] }, 'is partitioned by "area", so Delta does not'],
    [{ cluster: ['a', 'b', 'c', 'd', 'e'] }, 'by up to 4 columns, not 5'],
  ])('refuses what Delta would refuse in the end: %j', (arrangement, reason) => {
    expect(() => SPARK_LANDING.create(NAME, landed('visits', arrangement))).toThrow(reason)
  })

  it('refuses to cluster by truth values, and to order by what Delta keeps no bounds of', () => {
    const people = (arrangement: Arrangement) => landed('people', arrangement)
    expect(() => SPARK_LANDING.create(NAME, people({ cluster: ['member'] }))).toThrow('"member"')
    expect(SPARK_LANDING.create(NAME, people({ zorder: ['member'] }))).toContain('USING delta')
    const visits = landed('visits', { zorder: ['far'] })
    const [column] = visits.columns
    const columns = Array.from({ length: 33 }, (_, i) => ({
      ...column!,
      name: i === 32 ? 'far' : `c${i}`,
    }))
    expect(() => SPARK_LANDING.create(NAME, { ...visits, columns })).toThrow(
      '"far" is not among the first 32 columns',
    )
  })

  it('inserts once: as a transaction of its own, and only upon the rows it expects', () => {
    const rows = { columns: ['a'], query: 'SELECT 1 AS a', rowsBefore: 7, token: 'run-1' }
    const [app, version, insert, ...after] = SPARK_LANDING.insert(NAME, rows)
    expect([app, version]).toEqual([
      'SET spark.databricks.delta.write.txnAppId = run-1',
      'SET spark.databricks.delta.write.txnVersion = 1',
    ])
    expect(insert).toBe(
      [
        'INSERT INTO `spark_catalog`.`de``mo`.`visits` (`a`)',
        'SELECT * FROM (',
        'SELECT 1 AS a',
        ') AS made',
        'WHERE (SELECT count(*) FROM `spark_catalog`.`de``mo`.`visits`) = 7L',
      ].join('\n'),
    )
    expect(after.every((sql) => sql.startsWith('RESET '))).toBe(true)
  })
})
