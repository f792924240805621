import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isLakewrightError } from '../../../src/core/errors.ts'
import { key, lit, mod, quantity, text } from '../../../src/core/expr/build.ts'
import { column, plan, range, size, table } from '../../../src/core/plan/build.ts'
import type { TypedPlan } from '../../../src/core/plan/typed.ts'
import type { Mode } from '../../../src/core/run/decide.ts'
import type { RunEvent } from '../../../src/node/run/host.ts'
import { loadPlan } from '../../../src/node/run/load-plan.ts'
import { generateInWarehouse } from '../../../src/node/warehouse/generate.ts'
import type { WarehouseOutcome } from '../../../src/node/warehouse/outcome.ts'
import type { WarehouseHost } from '../../../src/node/warehouse/host.ts'
import { providerOf } from '../../../src/node/warehouse/providers.ts'
import { modelled, type Modelled } from '../../support/databricks/modelled.ts'
import { startStub, type StubServer } from '../../support/databricks/server.ts'
import {
  CANARY,
  CLIENT,
  PERSONAL_TOKEN,
  signIn,
  type SignIn,
  userOf,
} from '../../support/databricks/sign-in.ts'
import { stubStatements, type StubStatements } from '../../support/databricks/statements.ts'
import { emptyUnity, granting, stubUnity, type UnityWorld } from '../../support/databricks/unity.ts'
import { stubWarehouses, WAREHOUSE } from '../../support/databricks/warehouses.ts'
import { failureOf } from '../../support/failure.ts'
import { filesBelow, temporaryFolders } from '../../support/lake.ts'
import { withShortStatements } from '../../support/short-statements.ts'

const folder = temporaryFolders()
const ANN = 'ann@x.org'
const TARGET = { catalog: 'main', schema: 'bronze' }

/** People and what they bought: two tables with keys, a reference and a check. */
const market = (people: number): Promise<TypedPlan> => {
  const source = plan({
    name: 'market',
    seed: 5,
    parameters: { people: size(people, { min: 1 }) },
    tables: [
      table('people', {
        rows: range(quantity('people')),
        columns: [column('person_id', key()), column('name', text(key()), { description: 'Who.' })],
        key: ['person_id'],
      }),
      table('purchases', {
        as: 'purchases_landed',
        rows: range(quantity('people')),
        columns: [column('purchase_id', key()), column('person_id', mod(key(), lit(1)))],
        key: ['purchase_id'],
        references: [{ columns: ['person_id'], table: 'people', to: ['person_id'] }],
      }),
    ],
  })
  return loadPlan(JSON.parse(JSON.stringify(source)))
}

interface Scene {
  readonly stub: StubServer
  readonly world: UnityWorld
  readonly model: Modelled
  readonly statements: StubStatements
  readonly access: SignIn
  readonly lake: string
  readonly events: RunEvent[]
  readonly privileges: string[]
  /** Hear of each statement, by its number. */
  readonly onStatement: ((count: number) => void)[]
  readonly go: (parts?: Going) => Promise<WarehouseOutcome>
}

interface Going {
  readonly people?: number
  readonly mode?: Mode
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly target?: typeof TARGET
  /** Characters from which a statement of rows is long. */
  readonly most?: number
}

const scene = async (): Promise<Scene> => {
  const world = emptyUnity()
  world.catalogs.set('main', 'boss@x.org')
  world.schemas.set('main.bronze', 'boss@x.org')
  for (const principal of [ANN, CLIENT.id]) {
    granting(world, { on: 'catalog main', principal }, ['USE CATALOG'])
    granting(world, { on: 'schema main.bronze', principal }, ['USE SCHEMA', 'CREATE TABLE'])
  }
  let people = 0
  const model = modelled(world, () => people)
  const access = signIn()
  const onStatement: ((count: number) => void)[] = []
  const execute = (sql: string) => {
    for (const hear of onStatement) hear(statements.all.length)
    return model.execute(sql)
  }
  const statements = stubStatements({ execute }, (id) => id === WAREHOUSE)
  const routes = [
    ...access.routes,
    stubWarehouses(),
    statements.route,
    stubUnity(world, { userOf }),
  ]
  const stub = await startStub(routes)
  const lake = folder()
  const events: RunEvent[] = []
  const privileges: string[] = []
  const go = async ({ people: count = 100, mode, env = {}, target = TARGET, most }: Going = {}) => {
    people = mode === 'append' ? count - people : count
    const full = {
      DATABRICKS_HOST: stub.origin,
      DATABRICKS_TOKEN: PERSONAL_TOKEN,
      DATABRICKS_WAREHOUSE_ID: WAREHOUSE,
      LAKEWRIGHT_ALLOW_HOSTS: stub.host,
      ...env,
    }
    const provider = await providerOf('databricks')
    const host: WarehouseHost = {
      clock: { now: () => 1_700_000_000_000 + events.length },
      now: () => events.length,
      crash: { at: undefined, log: undefined },
      signal: new AbortController().signal,
      onEvent: (event) => events.push(event),
      onPrivileges: (findings) => privileges.push(JSON.stringify(findings)),
      open: async ({ connection }) => {
        const warehouse = await provider.open(connection, full)
        return most === undefined ? warehouse : withShortStatements(warehouse, most)
      },
    }
    const place = {
      warehouse: 'databricks' as const,
      connection: provider.connection(new Map(), full),
      target,
    }
    const options = { proof: 'digest' as const, arrangements: {} }
    return generateInWarehouse({ lake, place, plan: await market(count), mode, options }, host)
  }
  return { stub, world, model, statements, access, lake, events, privileges, onStatement, go }
}

const tablesOf = ({ world }: Scene): readonly string[] => [...world.tables.keys()].toSorted()
const BOTH = ['main.bronze.people', 'main.bronze.purchases_landed']

/** Everything that a run leaves or says, as text. */
const everything = (
  { lake, events, privileges, world }: Scene,
  said: readonly unknown[],
): string => {
  const files = filesBelow(lake).map((path) => readFileSync(join(lake, path), 'latin1'))
  const words = said.map((each) =>
    isLakewrightError(each)
      ? [
          each.message,
          each.hint,
          each.stack,
          JSON.stringify(each.details),
          String(each.cause),
        ].join()
      : JSON.stringify(each),
  )
  return [
    ...files,
    ...words,
    JSON.stringify(events),
    ...privileges,
    JSON.stringify([...world.tables]),
  ].join('\n')
}

describe('a dataset at Databricks', () => {
  test('lands with its keys, references, comments and tags, and nothing is left of its staging', async () => {
    const here = await scene()
    const outcome = await here.go()
    expect(outcome).toMatchObject({
      kind: 'finished',
      warehouse: 'databricks',
      target: 'main.bronze',
    })
    expect(tablesOf(here)).toEqual(BOTH)
    expect(here.model.keys).toEqual(
      new Map([
        ['main.bronze.people', '`person_id`'],
        ['main.bronze.purchases_landed', '`purchase_id`'],
      ]),
    )
    const planHash = (await market(100)).hash
    expect(here.model.tags.get('main.bronze.people')).toContain(
      `'lakewright_plan_hash' = '${planHash}'`,
    )
    expect(here.model.tags.get('main.bronze.people')).toContain(
      "'lakewright_digest' = '00000064ddd",
    )
    expect(here.world.tables.get('main.bronze.people')?.properties).toMatchObject({
      'lakewright.plan': 'market',
      'lakewright.rows': '100',
    })
    const created = here.statements.all.find(({ sql }) => sql.startsWith('CREATE OR REPLACE'))?.sql
    expect(created).toContain("`name` STRING NOT NULL COMMENT 'Who.'")
  })

  test('that is complete is left alone, and replaced only when asked', async () => {
    const here = await scene()
    await here.go()
    expect(await here.go({ mode: 'resume' })).toMatchObject({ kind: 'complete' })
    expect(await failureOf(here.go({ people: 200 }))).toMatchObject({ code: 'dataset.exists' })
    const outcome = await here.go({ people: 200, mode: 'overwrite' })
    expect(outcome.kind).toBe('finished')
    expect(tablesOf(here)).toEqual(BOTH)
    expect(here.model.rows.get('main.bronze.people')).toBe(200)
  })

  test('reads what is long from views of its schema, which are gone right after', async () => {
    const here = await scene()
    await here.go({ most: 100 })
    const sent = here.statements.all.map(({ sql }) => sql)
    const views = sent.filter((sql) => sql.startsWith('CREATE OR REPLACE VIEW `main`.`bronze`.'))
    expect(views).not.toEqual([])
    expect(sent.filter((sql) => sql.startsWith('DROP VIEW')).length).toBe(views.length)
    expect(tablesOf(here)).toEqual(BOTH)
  })

  test('grows by an append', async () => {
    const here = await scene()
    await here.go({ people: 100 })
    await here.go({ people: 250, mode: 'append' })
    expect(here.model.rows.get('main.bronze.people')).toBe(250)
    expect(tablesOf(here)).toEqual(BOTH)
  })

  test('lands for a service principal whose token ends on the way', async () => {
    const here = await scene()
    const env = {
      DATABRICKS_TOKEN: undefined,
      DATABRICKS_CLIENT_ID: CLIENT.id,
      DATABRICKS_CLIENT_SECRET: CLIENT.secret,
    }
    here.onStatement.push((count) => {
      if (count % 5 === 0) here.access.endAll()
    })
    await here.go({ env })
    expect(here.access.given()).toBeGreaterThan(1)
    expect(tablesOf(here)).toEqual(BOTH)
  })
})

describe('before anything is made', () => {
  test('a missing privilege is told with the statement that grants it', async () => {
    const here = await scene()
    here.world.grants.get(`schema main.bronze ${ANN}`)?.delete('CREATE TABLE')
    const error = await failureOf(here.go())
    expect(error).toMatchObject({ code: 'service.denied' })
    expect(error.message).toContain('does not grant CREATE TABLE on schema main.bronze')
    expect(error.hint).toBe('GRANT CREATE TABLE ON SCHEMA `main`.`bronze` TO `ann@x.org`')
    expect(here.privileges).toHaveLength(1)
    expect(here.statements.all).toEqual([])
  })

  test('a missing catalog is one clear line', async () => {
    const here = await scene()
    const error = await failureOf(here.go({ target: { catalog: 'mian', schema: 'bronze' } }))
    expect(error).toMatchObject({ code: 'dataset.missing', message: 'there is no catalog mian' })
  })

  test('an ended token is one clear line', async () => {
    const here = await scene()
    here.access.endAll()
    const error = await failureOf(here.go())
    expect(error).toMatchObject({ code: 'service.denied' })
    expect(error.hint).toContain('sign in again')
  })

  test.each([
    ['https://dbc-1.cloud.databricks.com.evil.example', 'none of'],
    ['http://dbc-1.cloud.databricks.com', 'must be https'],
  ])('a wrong host gets no token: %s', async (host, reason) => {
    const here = await scene()
    const error = await failureOf(here.go({ env: { DATABRICKS_HOST: host } }))
    expect(error).toMatchObject({ code: 'usage.option' })
    expect(error.message).toContain(reason)
    expect(here.stub.asked).toEqual([])
  })

  test('a table of that name with other columns is left as it is', async () => {
    const here = await scene()
    const columns = [{ name: 'other', type: 'string' }]
    here.world.tables.set('main.bronze.people', { columns, owner: ANN })
    const error = await failureOf(here.go())
    expect(error).toMatchObject({ code: 'dataset.columns' })
    expect(error.message).toContain('`main`.`bronze`.`people` is there and is not of this dataset')
    expect(here.world.tables.get('main.bronze.people')?.columns).toEqual(columns)
    expect(tablesOf(here)).toEqual(['main.bronze.people'])
  })
})

describe('a network that is cut', () => {
  const POST = /^POST \/api\/2\.0\/sql\/statements$/

  test('at any statement leaves all tables or none, and the same command goes on to the end', async () => {
    const whole = await scene()
    await whole.go()
    const { all } = whole.statements
    const publication = all.findIndex(({ sql }) => sql.includes(' RENAME TO '))
    expect(publication).toBeGreaterThan(8)
    // Before it every third statement will do.
    const places = [...all.keys()].filter((at) => at > 0 && (at >= publication || at % 3 === 0))
    for (const at of places) {
      const kind = at % 2 === 0 ? 'cutBefore' : 'cutAfter'
      const here = await scene()
      here.stub.break({ at: POST, after: at, kind })
      const error = await failureOf(here.go())
      expect(error).toMatchObject({ code: 'service.unreachable', retryable: true })
      await here.go({ mode: 'resume' })
      expect(tablesOf(here)).toEqual(BOTH)
      expect([...here.model.rows.values()]).toEqual([100, 100])
      expect(here.model.keys.size).toBe(2)
    }
  }, 120_000)

  test('before the publication shows no table', async () => {
    const whole = await scene()
    await whole.go()
    const after = whole.statements.all.findIndex(({ sql }) => sql.includes(' RENAME TO '))
    const here = await scene()
    here.stub.break({ at: POST, after, kind: 'cutBefore' })
    await failureOf(here.go())
    expect(tablesOf(here).filter((name) => BOTH.includes(name))).toEqual([])
    await here.go({ mode: 'resume' })
    expect(tablesOf(here)).toEqual(BOTH)
  })

  test('with a statement left running stops it before going on', async () => {
    const here = await scene()
    here.stub.break({ at: POST, after: 3, kind: 'cutAfter' })
    await failureOf(here.go())
    const left = here.statements.all[3]
    expect(left).toBeDefined()
    left!.state = 'RUNNING'
    left!.looks = 1000
    await here.go({ mode: 'resume' })
    expect(left!.state).toBe('CANCELED')
    expect(tablesOf(here)).toEqual(BOTH)
  })
})

describe('no secret', () => {
  test('is in what a run leaves or says, done or failed', async () => {
    const here = await scene()
    const said: unknown[] = [await here.go()]
    here.access.endAll()
    said.push(await failureOf(here.go({ people: 7, mode: 'overwrite' })))
    const env = {
      DATABRICKS_TOKEN: undefined,
      DATABRICKS_CLIENT_ID: CLIENT.id,
      DATABRICKS_CLIENT_SECRET: `wrong${CANARY}`,
    }
    said.push(await failureOf(here.go({ env })))
    expect(here.stub.received.join('\n')).toContain(CANARY)
    const all = everything(here, said)
    expect(all).toContain('main.bronze')
    expect(all).not.toContain(CANARY)
  })
})
