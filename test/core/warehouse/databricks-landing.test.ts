import { describe, expect, it } from 'vitest'
import { add, col, ge, key, mod } from '../../../src/core/expr/build.ts'
import { check, column, plan, range, table as tableOf } from '../../../src/core/plan/build.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { DATABRICKS_LANDING } from '../../../src/core/warehouse/databricks-landing.ts'
import { type Arrangement, landingTable } from '../../../src/core/warehouse/landing.ts'

const SOLD = resolvePlan(
  plan({
    name: 'sold',
    seed: 7,
    tables: [
      tableOf('orders', {
        as: 'orders_landed',
        rows: range(10),
        columns: [column('order_id', key())],
        key: ['order_id'],
      }),
      tableOf('lines', {
        description: 'What was sold.',
        rows: range(20),
        columns: [
          column('line_id', key(), { description: 'Counts from 0.' }),
          column('order_id', mod(key(), 10)),
          column('quantity', add(mod(key(), 3), 1)),
        ],
        key: ['line_id'],
        references: [{ columns: ['order_id'], table: 'orders', to: ['order_id'] }],
        checks: [check('some', ge(col('quantity'), 1))],
      }),
    ],
  }),
  new Map(),
)

const NAME = { catalog: 'main', schema: 'bro`nze', table: 'lakewright_1_lines' }
const FULL = '`main`.`bro``nze`.`lakewright_1_lines`'

const table = (arrangement: Arrangement = {}) =>
  landingTable(SOLD, SOLD.tables.get('lines')!, {
    arrangement,
    properties: { 'lakewright.planHash': 'ab12', 'lakewright.run': 'r1' },
  })

describe('a table that lands at Databricks', () => {
  it('is declared with its types, NOT NULL, comments and properties, but no checks', () => {
    expect(DATABRICKS_LANDING.create(NAME, table({ cluster: ['line_id'] }))).toBe(
      [
        `CREATE OR REPLACE TABLE ${FULL} (`,
        "  `line_id` BIGINT NOT NULL COMMENT 'Counts from 0.',",
        '  `order_id` BIGINT NOT NULL,',
        '  `quantity` INT NOT NULL',
        ') USING delta',
        'CLUSTER BY (`line_id`)',
        "COMMENT 'What was sold.'",
        "TBLPROPERTIES ('lakewright.planHash' = 'ab12', 'lakewright.run' = 'r1')",
      ].join('\n'),
    )
  })

  it('gets its rows in one statement, which does nothing when they are in', () => {
    const rows = { columns: ['a'], query: 'SELECT 1L', rowsBefore: 5, token: 't' }
    expect(DATABRICKS_LANDING.insert(NAME, rows)).toEqual([
      `INSERT INTO ${FULL} (\`a\`)\nSELECT * FROM (\nSELECT 1L\n) AS made\nWHERE (SELECT count(*) FROM ${FULL}) = 5L`,
    ])
  })

  it('gets its checks when the rows are in, and is ordered or clustered as asked', () => {
    const checks = [
      `ALTER TABLE ${FULL} DROP CONSTRAINT IF EXISTS \`some\``,
      `ALTER TABLE ${FULL} ADD CONSTRAINT \`some\` CHECK ((\`quantity\` >= 1))`,
    ]
    expect(DATABRICKS_LANDING.arrange(NAME, table())).toEqual(checks)
    expect(DATABRICKS_LANDING.arrange(NAME, table({ zorder: ['order_id'] }))).toEqual([
      ...checks,
      `OPTIMIZE ${FULL} ZORDER BY (\`order_id\`)`,
    ])
    expect(DATABRICKS_LANDING.arrange(NAME, table({ cluster: ['order_id'] }))).toEqual([
      ...checks,
      `OPTIMIZE ${FULL}`,
    ])
  })

  it('is tagged with plan hash and digest beside its properties', () => {
    const facts = { 'lakewright.rows': '3', 'lakewright.digest': 'd1' }
    expect(DATABRICKS_LANDING.setProperties(NAME, facts)).toEqual([
      `ALTER TABLE ${FULL} SET TBLPROPERTIES ('lakewright.rows' = '3', 'lakewright.digest' = 'd1')`,
      `ALTER TABLE ${FULL} SET TAGS ('lakewright_digest' = 'd1')`,
    ])
  })

  it('gets its keys anew each time they are asked for', () => {
    expect(DATABRICKS_LANDING.relate(NAME, table())).toEqual([
      `ALTER TABLE ${FULL} SET TAGS ('lakewright_plan_hash' = 'ab12')`,
      `ALTER TABLE ${FULL} DROP PRIMARY KEY IF EXISTS CASCADE`,
      `ALTER TABLE ${FULL} ADD PRIMARY KEY (\`line_id\`) NOT ENFORCED`,
      `ALTER TABLE ${FULL} DROP FOREIGN KEY IF EXISTS (\`order_id\`)`,
      `ALTER TABLE ${FULL} ADD FOREIGN KEY (\`order_id\`) REFERENCES \`main\`.\`bro\`\`nze\`.\`orders_landed\` (\`order_id\`) NOT ENFORCED`,
    ])
  })

  it('has no text that a variable is put into', () => {
    const [set] = DATABRICKS_LANDING.setProperties(NAME, { 'lakewright.x': '${env:HOME} $ {' })
    expect(set).toContain("'$\\{env:HOME} $ {'")
  })

  it('takes its name by its full name', () => {
    expect(DATABRICKS_LANDING.rename(NAME, { ...NAME, table: 'lines' })).toBe(
      `ALTER TABLE ${FULL} RENAME TO \`main\`.\`bro\`\`nze\`.\`lines\``,
    )
  })
})
