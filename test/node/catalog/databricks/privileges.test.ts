import { describe, expect, test } from 'vitest'
import type { PrivilegeFinding } from '../../../../src/core/warehouse/warehouse.ts'
import { unityPrivileges } from '../../../../src/node/catalog/databricks/privileges.ts'
import { lookAtTable, prepareSchema } from '../../../../src/node/catalog/databricks/securables.ts'
import { startStub, type StubRoute } from '../../../support/databricks/server.ts'
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
  askedHost,
  openedCatalog,
  runningServer,
  stubOfDatabricks,
  stubOfServer,
} from '../../../support/databricks/unity-places.ts'
import { UNITY_SERVER } from '../../../support/databricks/unity-server.ts'
import {
  emptyUnity,
  granting,
  stubUnity,
  type UnityWorld,
} from '../../../support/databricks/unity.ts'
import { failureOf } from '../../../support/failure.ts'

const ANN = 'ann@x.org'
const TARGET = { catalog: 'lakewright_test', schema: 'bronze' }
/** Of a schema, as far as the open-source server knows it too. */
const EVERYTHING = ['USE SCHEMA', 'CREATE TABLE', 'SELECT', 'MODIFY']
const NEW = { existing: [], replaces: false }

const worldOf = (): UnityWorld => {
  const world = { ...emptyUnity(), groups: { [ANN]: ['engineers'] } }
  world.catalogs.set('lakewright_test', 'boss@x.org')
  world.schemas.set('lakewright_test.bronze', 'boss@x.org')
  return world
}

const shown = (findings: readonly PrivilegeFinding[]): readonly string[] =>
  findings.map(({ privilege, on, held }) => `${privilege} on ${on}: ${String(held)}`)

const PLACES = [
  ['Databricks', stubOfDatabricks],
  ['the open-source server', stubOfServer],
  ...(UNITY_SERVER === undefined
    ? []
    : [['a running server', (world: UnityWorld) => runningServer(world, ANN)] as const]),
] as const

test.skipIf(UNITY_SERVER !== undefined)(
  'a running server is not asked: LAKEWRIGHT_UNITY_CATALOG names none',
  ({ skip }) => skip(),
)

describe.each(PLACES)('at %s', (_, open) => {
  test('what was granted is held, and what is missing has the statement that mends it', async () => {
    const world = worldOf()
    granting(world, { on: 'catalog lakewright_test', principal: ANN }, ['USE CATALOG'])
    granting(world, { on: 'schema lakewright_test.bronze', principal: ANN }, ['USE SCHEMA'])
    const findings = await unityPrivileges((await open(world)).catalog, TARGET, NEW)
    expect(findings).toEqual([
      { privilege: 'USE CATALOG', on: 'catalog lakewright_test', held: true, mend: '' },
      { privilege: 'USE SCHEMA', on: 'schema lakewright_test.bronze', held: true, mend: '' },
      {
        privilege: 'CREATE TABLE',
        on: 'schema lakewright_test.bronze',
        held: false,
        mend: 'GRANT CREATE TABLE ON SCHEMA `lakewright_test`.`bronze` TO `ann@x.org`',
      },
    ])
  })

  test('grants on the catalog reach its schemas', async () => {
    const world = worldOf()
    granting(world, { on: 'catalog lakewright_test', principal: ANN }, [
      'USE CATALOG',
      'USE SCHEMA',
      'CREATE TABLE',
    ])
    const findings = await unityPrivileges((await open(world)).catalog, TARGET, NEW)
    expect(findings.map(({ held }) => held)).toEqual([true, true, true])
  })

  test('owners hold everything on what is theirs', async () => {
    const world = worldOf()
    world.schemas.set('lakewright_test.bronze', ANN)
    granting(world, { on: 'catalog lakewright_test', principal: ANN }, ['USE CATALOG'])
    const findings = await unityPrivileges((await open(world)).catalog, TARGET, NEW)
    expect(findings.map(({ held }) => held)).toEqual([true, true, true])
  })

  test('who has nothing is told so of each', async () => {
    const findings = await unityPrivileges((await open(worldOf())).catalog, TARGET, NEW)
    expect(findings.map(({ held }) => held)).toEqual([false, false, false])
    expect(findings.map(({ mend }) => mend)[0]).toBe(
      'GRANT USE CATALOG ON CATALOG `lakewright_test` TO `ann@x.org`',
    )
  })

  test('a schema that is not there asks for CREATE SCHEMA alone, and is made', async () => {
    const world = worldOf()
    world.schemas.clear()
    granting(world, { on: 'catalog lakewright_test', principal: ANN }, [
      'USE CATALOG',
      'CREATE SCHEMA',
    ])
    const { catalog, ownerOf } = await open(world)
    expect(shown(await unityPrivileges(catalog, TARGET, NEW))).toEqual([
      'USE CATALOG on catalog lakewright_test: true',
      'CREATE SCHEMA on catalog lakewright_test: true',
    ])
    await prepareSchema(catalog, TARGET)
    expect(await ownerOf('lakewright_test.bronze')).toBe(ANN)
    await prepareSchema(catalog, TARGET)
  })

  test('a catalog that is not there is one clear line with those that are', async () => {
    const world = worldOf()
    granting(world, { on: 'catalog lakewright_test', principal: ANN }, ['USE CATALOG'])
    const missing = { catalog: 'mian', schema: 'bronze' }
    const error = await failureOf(unityPrivileges((await open(world)).catalog, missing, NEW))
    expect(error).toMatchObject({
      code: 'dataset.missing',
      message: 'there is no catalog mian',
      hint: 'those shown to you are lakewright_test',
    })
  })

  test('tables that are there need to be theirs to change', async () => {
    const world = worldOf()
    world.tables.set('lakewright_test.bronze.t', { columns: [], owner: 'boss@x.org' })
    world.tables.set('lakewright_test.bronze.mine', { columns: [], owner: ANN })
    granting(world, { on: 'schema lakewright_test.bronze', principal: ANN }, EVERYTHING)
    granting(world, { on: 'catalog lakewright_test', principal: ANN }, ['USE CATALOG'])
    const { catalog } = await open(world)
    const needs = { existing: ['t', 'mine'], replaces: false }
    expect(shown(await unityPrivileges(catalog, TARGET, needs)).slice(3)).toEqual([
      'SELECT on table lakewright_test.bronze.t: true',
      'MODIFY on table lakewright_test.bronze.t: true',
      'MANAGE on table lakewright_test.bronze.t: false',
      'APPLY TAG on table lakewright_test.bronze.t: false',
      'SELECT on table lakewright_test.bronze.mine: true',
      'MODIFY on table lakewright_test.bronze.mine: true',
      'MANAGE on table lakewright_test.bronze.mine: true',
      'APPLY TAG on table lakewright_test.bronze.mine: true',
    ])
    expect(
      shown(await unityPrivileges(catalog, TARGET, { ...needs, replaces: true })),
    ).toHaveLength(5)
  })

  test('a table that is there but not theirs to see is one clear line', async () => {
    const world = worldOf()
    granting(world, { on: 'catalog lakewright_test', principal: ANN }, ['USE CATALOG'])
    granting(world, { on: 'schema lakewright_test.bronze', principal: ANN }, ['USE SCHEMA'])
    world.tables.set('lakewright_test.bronze.t', { columns: [], owner: 'boss@x.org' })
    const { catalog } = await open(world)
    const error = await failureOf(lookAtTable(catalog, 'lakewright_test.bronze.t'))
    expect(error).toMatchObject({ code: 'service.denied', details: { status: 403 } })
  })

  test('a catalog is not found by who sees none', async () => {
    const missing = { catalog: 'mian', schema: 'bronze' }
    const { catalog } = await open(worldOf())
    expect(await failureOf(unityPrivileges(catalog, missing, NEW))).toMatchObject({
      code: 'dataset.missing',
      hint: 'none is shown to you; ask for USE CATALOG on one',
    })
  })

  test('columns of a table come in their order, with types as SQL has them', async () => {
    const world = worldOf()
    const columns = [
      { name: 'Id', type: 'bigint' },
      { name: 'price', type: 'decimal(18,2)' },
    ]
    granting(world, { on: 'catalog lakewright_test', principal: ANN }, [
      'USE CATALOG',
      ...EVERYTHING,
    ])
    world.tables.set('lakewright_test.bronze.t', {
      columns,
      properties: { 'lakewright.run': 'r1' },
    })
    world.tables.set('lakewright_test.bronze.v', { columns, type: 'VIEW' })
    const { catalog } = await open(world)
    expect(await lookAtTable(catalog, 'lakewright_test.bronze.t')).toMatchObject({
      kind: 'table',
      columns,
      properties: { 'lakewright.run': 'r1' },
    })
    expect(await lookAtTable(catalog, 'lakewright_test.bronze.none')).toBeUndefined()
    expect(await lookAtTable(catalog, 'lakewright_test.bronze.v')).toMatchObject({ kind: 'view' })
  })
})

describe('at Databricks', () => {
  test('groups and everybody count as well', async () => {
    const world = worldOf()
    granting(world, { on: 'catalog lakewright_test', principal: 'account users' }, ['USE CATALOG'])
    granting(world, { on: 'schema lakewright_test.bronze', principal: 'engineers' }, [
      'ALL PRIVILEGES',
    ])
    granting(world, { on: 'schema lakewright_test.bronze', principal: 'others' }, ['CREATE TABLE'])
    const findings = await unityPrivileges((await stubOfDatabricks(world)).catalog, TARGET, NEW)
    expect(findings.map(({ held }) => held)).toEqual([true, true, true])
  })

  test('owners see all grants, page by page', async () => {
    const world = worldOf()
    world.schemas.set('lakewright_test.bronze', 'engineers')
    for (const name of ['a', 'b', 'c', 'd'])
      granting(world, { on: 'catalog lakewright_test', principal: name }, ['SELECT'])
    granting(world, { on: 'catalog lakewright_test', principal: ANN }, ['USE CATALOG'])
    const findings = await unityPrivileges(
      (await stubOfDatabricks(world, { pageSize: 2 })).catalog,
      TARGET,
      NEW,
    )
    expect(findings.map(({ held }) => held)).toEqual([true, true, true])
  })
})

test('where nobody signs in there is nothing to hold', async () => {
  const { catalog } = await stubOfServer(worldOf(), { userOf: () => undefined })
  expect(await unityPrivileges(catalog, TARGET, NEW)).toEqual([])
})

describe('signing in', () => {
  test('with an ended token is one clear line', async () => {
    const access = signIn()
    access.endAll()
    const catalog = openedCatalog(await startStub(access.routes), {
      DATABRICKS_TOKEN: PERSONAL_TOKEN,
    })
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
    const catalog = openedCatalog(stub, credentials, (asked) =>
      asked === path ? texts.shift() : undefined,
    )
    await lookAtTable(catalog, 'lakewright_test.bronze.t')
    expect(access.given()).toBe(1)
    access.endAll()
    const error = await failureOf(lookAtTable(catalog, 'lakewright_test.bronze.t'))
    expect(error).toMatchObject({ code: 'service.denied' })
    access.endAll()
    expect((await failureOf(lookAtTable(catalog, 'lakewright_test.bronze.t'))).message).toContain(
      'not there',
    )
  })

  test('at the open-source server without any token, or with a wrong one, is refused', async () => {
    const stub = await startStub([
      ...serverSignIn().routes,
      stubUnity(worldOf(), { userOf, openSource: true }),
    ])
    for (const at of [
      stub,
      ...(UNITY_SERVER === undefined ? [] : [askedHost(UNITY_SERVER.origin)]),
    ]) {
      const nobody = await failureOf(unityPrivileges(openedCatalog(at, {}), TARGET, NEW))
      expect(nobody).toMatchObject({ code: 'service.denied' })
      expect(nobody.message).toContain('No authorization found.')
      for (const wrong of [
        { DATABRICKS_OIDC_TOKEN: `wrong${CANARY}` },
        { DATABRICKS_TOKEN: `wrong${CANARY}` },
      ]) {
        const error = await failureOf(unityPrivileges(openedCatalog(at, wrong), TARGET, NEW))
        expect(error).toMatchObject({ code: 'service.denied', details: { status: 401 } })
        expect(error.message).toMatch(/^Databricks: Invalid (access )?token/)
        expect(JSON.stringify(error)).not.toContain(CANARY)
      }
    }
  })
})

describe.each([
  ['Databricks', stubOfDatabricks],
  ['the open-source server', stubOfServer],
] as const)('of a volume at %s', (_, open) => {
  const needs = { ...NEW, volume: '/Volumes/other/files/made/by us' }
  const worldWithVolume = (): UnityWorld => {
    const world = worldOf()
    world.catalogs.set('other', ANN)
    world.schemas.set('other.files', 'boss@x.org')
    world.volumes.set('other.files.made', 'boss@x.org')
    granting(world, { on: 'catalog lakewright_test', principal: ANN }, ['USE CATALOG'])
    granting(world, { on: 'schema other.files', principal: ANN }, ['USE SCHEMA'])
    return world
  }

  test('what it and what it lies in take is asked, by grants from above and by owners', async () => {
    const world = worldWithVolume()
    granting(world, { on: 'schema other.files', principal: ANN }, ['READ VOLUME'])
    const findings = await unityPrivileges((await open(world)).catalog, TARGET, needs)
    expect(shown(findings).slice(3)).toEqual([
      'USE CATALOG on catalog other: true',
      'USE SCHEMA on schema other.files: true',
      'READ VOLUME on volume other.files.made: true',
      'WRITE VOLUME on volume other.files.made: false',
    ])
    expect(findings.at(-1)?.mend).toBe(
      'GRANT WRITE VOLUME ON VOLUME `other`.`files`.`made` TO `ann@x.org`',
    )
    world.volumes.set('other.files.made', ANN)
    const owned = await unityPrivileges((await open(world)).catalog, TARGET, needs)
    expect(owned.slice(-2).map(({ held }) => held)).toEqual([true, true])
  })

  test('beside the tables asks for what they share once', async () => {
    const world = worldWithVolume()
    world.volumes.set('lakewright_test.bronze.v', ANN)
    granting(world, { on: 'schema lakewright_test.bronze', principal: ANN }, EVERYTHING)
    const beside = { ...NEW, volume: '/Volumes/lakewright_test/bronze/v' }
    const findings = await unityPrivileges((await open(world)).catalog, TARGET, beside)
    expect(shown(findings)).toEqual([
      'USE CATALOG on catalog lakewright_test: true',
      'USE SCHEMA on schema lakewright_test.bronze: true',
      'CREATE TABLE on schema lakewright_test.bronze: true',
      'READ VOLUME on volume lakewright_test.bronze.v: true',
      'WRITE VOLUME on volume lakewright_test.bronze.v: true',
    ])
  })

  test('that is not there is one clear line with what makes it', async () => {
    const world = worldWithVolume()
    world.volumes.clear()
    const error = await failureOf(unityPrivileges((await open(world)).catalog, TARGET, needs))
    expect(error).toMatchObject({
      code: 'dataset.missing',
      message: 'there is no volume other.files.made',
    })
    expect(error.hint).toContain('CREATE VOLUME `other`.`files`.`made`')
  })
})

test.each([
  [/^GET .*scim\/v2\/Me/, { status: 500, json: { message: 'Nobody home.' } }, 'Nobody home.'],
  [/^GET .*effective-permissions/, { json: { next_page_token: 'again' } }, 'without end'],
  [
    /^GET .*permissions/,
    { status: 500, json: { message: 'Something broke.' } },
    'Something broke.',
  ],
  [/^GET .*\/tables\//, { bytes: new TextEncoder().encode('<html>') }, 'without JSON'],
])('an answer to %s that cannot be is told, not taken for nothing', async (at, reply, says) => {
  const world = worldOf()
  granting(world, { on: 'catalog lakewright_test', principal: ANN }, ['USE CATALOG'])
  granting(world, { on: 'schema lakewright_test.bronze', principal: ANN }, ['USE SCHEMA'])
  const answers: StubRoute = ({ method, path }) =>
    at.test(`${method} ${path}`) ? reply : undefined
  const stub = await startStub([...signIn().routes, answers, stubUnity(world, { userOf })])
  const catalog = openedCatalog(askedHost(stub.origin), { DATABRICKS_TOKEN: PERSONAL_TOKEN })
  const needs = { existing: ['t'], replaces: false }
  const error = await failureOf(unityPrivileges(catalog, TARGET, needs))
  expect(error).toMatchObject({ code: 'service.failed' })
  expect(error.message).toContain(says)
})
