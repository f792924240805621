import { expect, test } from 'vitest'
import { stopTagged } from '../../../../src/node/engine/databricks/sessions.ts'
import { databricksEngine } from '../../../../src/node/engine/databricks/statements.ts'
import { startStub } from '../../../support/databricks/server.ts'
import { signIn } from '../../../support/databricks/sign-in.ts'
import { stubStatements } from '../../../support/databricks/statements.ts'
import { stubWarehouses, WAREHOUSE } from '../../../support/databricks/warehouses.ts'
import { failureOf } from '../../../support/failure.ts'
import { stubWorkspace } from '../../../support/databricks/workspace.ts'

test.each([
  ['in the history', false],
  ['in their text alone', true],
])(
  'what a session has left running is cancelled by its tag %s, and nothing else',
  async (_, forgetsTags) => {
    const world = { execute: () => ({ columns: [], rows: [] }), forgetsTags }
    const statements = stubStatements(world, (id) => id === WAREHOUSE)
    const stub = await startStub([...signIn().routes, stubWarehouses(), statements.route])
    const workspace = stubWorkspace(stub)
    const place = { workspace, warehouseId: WAREHOUSE }
    for (const tag of ['mine', 'theirs', 'mine', 'mine', 'mine2', 'mine']) {
      await databricksEngine({ ...place, tag }).run('SELECT 1')
    }
    const { all } = statements
    const states = ['RUNNING', 'RUNNING', 'PENDING', 'SUCCEEDED', 'RUNNING', 'RUNNING']
    for (const [i, state] of states.entries()) {
      all[i]!.state = state
      all[i]!.looks = 1e6
    }
    await stopTagged(place, 'mine')
    expect(all.map(({ state }) => state)).toEqual([
      'CANCELED',
      'RUNNING',
      'CANCELED',
      'SUCCEEDED',
      'RUNNING',
      'CANCELED',
    ])
  },
)

test('a history that goes in circles is left', async () => {
  const stub = await startStub([
    ...signIn().routes,
    () => ({ json: { res: [], has_next_page: true, next_page_token: 'again' } }),
  ])
  const place = { workspace: stubWorkspace(stub), warehouseId: WAREHOUSE }
  expect(await failureOf(stopTagged(place, 'mine'))).toMatchObject({
    code: 'service.failed',
    message: 'Databricks gives pages of a list without end',
  })
  expect(stub.asked).toHaveLength(2)
})
