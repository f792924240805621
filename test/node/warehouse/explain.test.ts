import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LakewrightError } from '../../../src/core/errors.ts'
import { targetLines } from '../../../src/node/cli/warehouse-run.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { explainTarget } from '../../../src/node/warehouse/explain.ts'
import { generateInWarehouse, type WarehouseRequest } from '../../../src/node/warehouse/generate.ts'
import { TARGET, type TestWarehouse, testWarehouse } from '../../support/duckdb-warehouse.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { visitsPlan } from '../../support/visits-plan.ts'

const folder = temporaryFolders()
let there: TestWarehouse
beforeEach(async () => {
  there = await testWarehouse()
})
afterEach(() => there.close())

const request = async (): Promise<WarehouseRequest> => ({
  lake: folder(),
  place: { warehouse: 'spark', connection: null, target: TARGET },
  plan: await loadPlan(visitsPlan(5)),
  mode: undefined,
  options: { proof: 'counts', arrangements: {} },
})

const { signal } = new AbortController()

describe('a target that is explained', () => {
  it('shows privileges and tables, and is not changed', async () => {
    const asked = await request()
    const made = await generateInWarehouse(asked, there.host())
    await there.duckDb.run('ALTER TABLE demo.visits ADD COLUMN more INTEGER')
    const count = there.statements.length
    const privileges = [
      { privilege: 'USE SCHEMA', on: 'schema demo', held: true, mend: '' },
      { privilege: 'CREATE TABLE', on: 'schema demo', held: false, mend: 'GRANT it' },
    ]
    const open = async () => ({ ...there.open(), privileges: async () => privileges })
    const found = await explainTarget(asked, { open, signal })
    expect(there.statements.length).toBe(count)
    expect(found.tables).toEqual([
      { table: '"memory"."demo"."people"', is: `of this dataset, made by run ${made.run}, 5 rows` },
      {
        table: '"memory"."demo"."visits"',
        is: `of this dataset, made by run ${made.run}, 5 rows, which has a further column more INTEGER`,
      },
    ])
    const lines = targetLines(found).split('\n')
    expect(lines).toContainEqual(
      expect.stringMatching(/CREATE TABLE +schema demo +missing +GRANT it/),
    )
    expect(lines).toContainEqual(expect.stringMatching(/USE SCHEMA +schema demo +yes/))
  })

  it('says why its tables cannot be seen', async () => {
    const look = async () => {
      throw new LakewrightError('engine.failed', 'there is no schema')
    }
    const open = async () => ({ ...there.open(), look })
    const found = await explainTarget(await request(), { open, signal })
    expect(targetLines(found)).toBe(
      'a test asks for no privileges\nits tables cannot be looked at: there is no schema\n',
    )
  })
})
