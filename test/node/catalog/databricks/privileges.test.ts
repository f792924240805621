import { describe, expect, test } from 'vitest'
import type { PrivilegeFinding } from '../../../../src/core/warehouse/warehouse.ts'
import { unityPrivileges } from '../../../../src/node/catalog/databricks/privileges.ts'
import { lookAtTable, prepareSchema } from '../../../../src/node/catalog/databricks/securables.ts'
import {
  databricksSettings,
  type ReadText,
} from '../../../../src/node/catalog/databricks/settings.ts'
import { openWorkspace } from '../../../../src/node/catalog/databricks/workspace.ts'
import { fetchHttp, systemPause } from '../../../../src/node/http/fetch.ts'
import type { RestService } from '../../../../src/node/http/rest.ts'
import { startStub, type StubServer } from '../../../support/databricks/server.ts'
import {
  CANARY,
  CLIENT,
  IDENTITY_TOKEN,
  PERSONAL_TOKEN,
  serverSignIn,
  signIn,
  userOf,
} from '../../../support/databricks/sign-in.ts'
import {
  emptyUnity,
  granting,
  stubUnity,
  type UnityManner,
  type UnityWorld,
} from '../../../support/databricks/unity.ts'
import { failureOf } from '../../../support/failure.ts'

const ANN = 'ann@x.org'
const TARGET = { catalog: 'main', schema: 'bronze' }
const NEW = { existing: [], replaces: false }

const worldOf = (): UnityWorld => {
  const world = { ...emptyUnity(), groups: { [ANN]: ['engineers'] } }
  world.catalogs.set('main', 'boss@x.org')
  world.schemas.set('main.bronze', 'boss@x.org')
  return world
}

/** A catalog at Databricks, or the open-source server. */
const open = async (world: UnityWorld, manner: Partial<UnityManner> = {}): Promise<RestService> => {
  const unity = stubUnity(world, { userOf, ...manner })
  const isServer = manner.openSource === true
  const stub = await startStub([...(isServer ? serverSignIn() : signIn()).routes, unity])
  const credentials = isServer
    ? { DATABRICKS_OIDC_TOKEN: IDENTITY_TOKEN }
    : { DATABRICKS_TOKEN: PERSONAL_TOKEN }
  return opened(stub, credentials)
}

const opened = (
  stub: StubServer,
  credentials: Readonly<Record<string, string>>,
  readText: ReadText = () => undefined,
): RestService => {
  const env = { DATABRICKS_HOST: stub.origin, LAKEWRIGHT_ALLOW_HOSTS: stub.host, ...credentials }
  const settings = databricksSettings(env, readText)
  return openWorkspace(settings, { http: fetchHttp(20_000), pause: systemPause() })
}

const shown = (findings: readonly PrivilegeFinding[]): readonly string[] =>
  findings.map(({ privilege, on, held }) => `${privilege} on ${on}: ${String(held)}`)

describe.each([
  ['Databricks', false],
  ['the open-source server', true],
] as const)('at %s', (_, openSource) => {
  test('what was granted is held, and what is missing has the statement that mends it', async () => {
    const world = worldOf()
    granting(world, { on: 'catalog main', principal: ANN }, ['USE CATALOG'])
    granting(world, { on: 'schema main.bronze', principal: ANN }, ['USE SCHEMA'])
    const findings = await unityPrivileges(await open(world, { openSource }), TARGET, NEW)
    expect(findings).toEqual([
      { privilege: 'USE CATALOG', on: 'catalog main', held: true, mend: '' },
      { privilege: 'USE SCHEMA', on: 'schema main.bronze', held: true, mend: '' },
      {
        privilege: 'CREATE TABLE',
        on: 'schema main.bronze',
        held: false,
        mend: 'GRANT CREATE TABLE ON SCHEMA `main`.`bronze` TO `ann@x.org`',
      },
    ])
  })

  test('grants on the catalog reach its schemas', async () => {
    const world = worldOf()
    granting(world, { on: 'catalog main', principal: ANN }, [
      'USE CATALOG',
      'USE SCHEMA',
      'CREATE TABLE',
    ])
    const findings = await unityPrivileges(await open(world, { openSource }), TARGET, NEW)
    expect(findings.map(({ held }) => held)).toEqual([true, true, true])
  })

  test('owners hold everything on what is theirs', async () => {
    const world = worldOf()
    world.schemas.set('main.bronze', ANN)
    granting(world, { on: 'catalog main', principal: ANN }, ['USE CATALOG'])
    const findings = await unityPrivileges(await open(world, { openSource }), TARGET, NEW)
    expect(findings.map(({ held }) => held)).toEqual([true, true, true])
  })

  test('who has nothing is told so of each', async () => {
    const findings = await unityPrivileges(await open(worldOf(), { openSource }), TARGET, NEW)
    expect(findings.map(({ held }) => held)).toEqual([false, false, false])
    expect(findings.map(({ mend }) => mend)[0]).toBe(
      'GRANT USE CATALOG ON CATALOG `main` TO `ann@x.org`',
    )
  })

  test('a schema that is not there asks for CREATE SCHEMA alone, and is made', async () => {
    const world = worldOf()
    world.schemas.clear()
    granting(world, { on: 'catalog main', principal: ANN }, ['USE CATALOG', 'CREATE SCHEMA'])
    const catalog = await open(world, { openSource })
    expect(shown(await unityPrivileges(catalog, TARGET, NEW))).toEqual([
      'USE CATALOG on catalog main: true',
      'CREATE SCHEMA on catalog main: true',
    ])
    await prepareSchema(catalog, TARGET)
    expect(world.schemas.get('main.bronze')).toBe(ANN)
    await prepareSchema(catalog, TARGET)
  })

  test('a catalog that is not there is one clear line with those that are', async () => {
    const world = worldOf()
    granting(world, { on: 'catalog main', principal: ANN }, ['USE CATALOG'])
    const missing = { catalog: 'mian', schema: 'bronze' }
    const error = await failureOf(unityPrivileges(await open(world, { openSource }), missing, NEW))
    expect(error).toMatchObject({
      code: 'dataset.missing',
      message: 'there is no catalog mian',
      hint: 'those shown to you are main',
    })
  })

  test('tables that are there need to be theirs to change', async () => {
    const world = worldOf()
    world.tables.set('main.bronze.t', { columns: [], owner: 'boss@x.org' })
    world.tables.set('main.bronze.mine', { columns: [], owner: ANN })
    granting(world, { on: 'schema main.bronze', principal: ANN }, ['ALL PRIVILEGES'])
    granting(world, { on: 'catalog main', principal: ANN }, ['USE CATALOG'])
    const catalog = await open(world, { openSource })
    const needs = { existing: ['t', 'mine'], replaces: false }
    expect(shown(await unityPrivileges(catalog, TARGET, needs)).slice(3)).toEqual([
      'SELECT on table main.bronze.t: true',
      'MODIFY on table main.bronze.t: true',
      'MANAGE on table main.bronze.t: false',
      'SELECT on table main.bronze.mine: true',
      'MODIFY on table main.bronze.mine: true',
      'MANAGE on table main.bronze.mine: true',
    ])
    expect(
      shown(await unityPrivileges(catalog, TARGET, { ...needs, replaces: true })),
    ).toHaveLength(5)
  })

  test('columns of a table come in their order, with types as SQL has them', async () => {
    const world = worldOf()
    const columns = [
      { name: 'Id', type: 'bigint' },
      { name: 'price', type: 'decimal(18,2)' },
    ]
    world.tables.set('main.bronze.t', { columns, properties: { 'lakewright.run': 'r1' } })
    const catalog = await open(world, { openSource })
    expect(await lookAtTable(catalog, 'main.bronze.t')).toMatchObject({
      kind: 'table',
      columns,
      properties: { 'lakewright.run': 'r1' },
    })
    expect(await lookAtTable(catalog, 'main.bronze.none')).toBeUndefined()
    world.tables.set('main.bronze.v', { columns, type: 'MATERIALIZED_VIEW' })
    expect(await lookAtTable(catalog, 'main.bronze.v')).toMatchObject({ kind: 'view' })
  })
})

describe('at Databricks', () => {
  test('groups and everybody count as well', async () => {
    const world = worldOf()
    granting(world, { on: 'catalog main', principal: 'account users' }, ['USE CATALOG'])
    granting(world, { on: 'schema main.bronze', principal: 'engineers' }, ['ALL PRIVILEGES'])
    granting(world, { on: 'schema main.bronze', principal: 'others' }, ['CREATE TABLE'])
    const findings = await unityPrivileges(await open(world), TARGET, NEW)
    expect(findings.map(({ held }) => held)).toEqual([true, true, true])
  })

  test('owners see all grants, page by page', async () => {
    const world = worldOf()
    world.schemas.set('main.bronze', 'engineers')
    for (const name of ['a', 'b', 'c', 'd'])
      granting(world, { on: 'catalog main', principal: name }, ['SELECT'])
    granting(world, { on: 'catalog main', principal: ANN }, ['USE CATALOG'])
    const findings = await unityPrivileges(await open(world, { pageSize: 2 }), TARGET, NEW)
    expect(findings.map(({ held }) => held)).toEqual([true, true, true])
  })
})

test('where nobody signs in there is nothing to hold', async () => {
  const manner = { openSource: true, userOf: () => undefined }
  expect(await unityPrivileges(await open(worldOf(), manner), TARGET, NEW)).toEqual([])
})

describe('signing in', () => {
  test('with an ended token is one clear line', async () => {
    const access = signIn()
    access.endAll()
    const catalog = opened(await startStub(access.routes), { DATABRICKS_TOKEN: PERSONAL_TOKEN })
    const error = await failureOf(unityPrivileges(catalog, TARGET, NEW))
    expect(error).toMatchObject({ code: 'service.denied' })
    expect(error.hint).toContain('sign in again')
  })

  test('at a workspace by the token of another provider, read anew from its file', async () => {
    const access = signIn()
    const stub = await startStub([...access.routes, stubUnity(worldOf(), { userOf })])
    const path = '/run/token'
    const texts = [`${IDENTITY_TOKEN}\n`, `old${IDENTITY_TOKEN}`]
    const credentials = { DATABRICKS_OIDC_TOKEN_FILEPATH: path, DATABRICKS_CLIENT_ID: CLIENT.id }
    const catalog = opened(stub, credentials, (asked) =>
      asked === path ? texts.shift() : undefined,
    )
    await lookAtTable(catalog, 'main.bronze.t')
    expect(access.given()).toBe(1)
    access.endAll()
    const error = await failureOf(lookAtTable(catalog, 'main.bronze.t'))
    expect(error).toMatchObject({ code: 'service.denied' })
    access.endAll()
    expect((await failureOf(lookAtTable(catalog, 'main.bronze.t'))).message).toContain('not there')
  })

  test('at the open-source server without any token, or with a wrong one, is refused', async () => {
    const stub = await startStub([
      ...serverSignIn().routes,
      stubUnity(worldOf(), { userOf, openSource: true }),
    ])
    const nobody = await failureOf(unityPrivileges(opened(stub, {}), TARGET, NEW))
    expect(nobody).toMatchObject({ code: 'service.denied' })
    expect(nobody.message).toContain('No authorization found.')
    const wrong = opened(stub, { DATABRICKS_OIDC_TOKEN: `wrong${CANARY}` })
    const error = await failureOf(unityPrivileges(wrong, TARGET, NEW))
    expect(error.message).toBe('Databricks: Invalid token: [secret]')
    expect(error.details['status']).toBe(401)
  })
})
