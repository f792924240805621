import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, type CliResult } from '../../support/cli.ts'
import { stubJobs, type StubJobs } from '../../support/databricks/jobs.ts'
import { modelled } from '../../support/databricks/modelled.ts'
import { startStub, type StubServer } from '../../support/databricks/server.ts'
import {
  CANARY,
  CLIENT,
  IDENTITY_TOKEN,
  signIn,
  type SignIn,
  userOf,
} from '../../support/databricks/sign-in.ts'
import { stubStatements } from '../../support/databricks/statements.ts'
import { emptyUnity, granting, stubUnity, type UnityWorld } from '../../support/databricks/unity.ts'
import { stubWarehouses, WAREHOUSE } from '../../support/databricks/warehouses.ts'
import { stubEnvironment } from '../../support/databricks/workspace.ts'
import { hello } from '../../support/hello.ts'
import { filesBelow, temporaryFolders } from '../../support/lake.ts'
import { ROOT } from '../../support/sources.ts'

const folder = temporaryFolders()

/** A command line in the scene; `with` has further variables. */
interface Call {
  (...args: readonly string[]): Promise<CliResult>
  readonly with: (
    more: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ) => Promise<CliResult>
}

interface Scene {
  readonly stub: StubServer
  readonly world: UnityWorld
  readonly access: SignIn
  readonly jobs: StubJobs
  readonly home: string
  readonly call: Call
}

interface SceneOptions {
  readonly result?: string
  /** How often the run of a job is found running. */
  readonly looks?: number
  /** The state of the SQL warehouse. */
  readonly state?: string
}

const scene = async ({
  result = 'SUCCESS',
  looks = 0,
  state = 'RUNNING',
}: SceneOptions = {}): Promise<Scene> => {
  const world = emptyUnity()
  world.catalogs.set('main', 'boss@x.org')
  world.schemas.set('main.bronze', 'boss@x.org')
  granting(world, { on: 'catalog main', principal: 'ann@x.org' }, ['USE CATALOG'])
  granting(world, { on: 'schema main.bronze', principal: 'ann@x.org' }, ['ALL PRIVILEGES'])
  const access = signIn()
  const { execute } = modelled(world, () => 1000)
  const statements = stubStatements({ execute }, (id) => id === WAREHOUSE)
  const jobs = stubJobs(looks, result)
  const stub = await startStub([
    ...access.routes,
    stubWarehouses(state),
    statements.route,
    jobs.route,
    stubUnity(world, { userOf }),
  ])
  const home = folder()
  writeFileSync(join(home, 'plan.json'), JSON.stringify(hello))
  const env = { ...stubEnvironment(stub), DATABRICKS_WAREHOUSE_ID: WAREHOUSE, HOME: home }
  const call: Call = Object.assign((...args: readonly string[]) => cli(args, { cwd: home, env }), {
    with: (more: Readonly<Record<string, string>>, ...args: readonly string[]) =>
      cli(args, { cwd: home, env: { ...env, ...more } }),
  })
  return { stub, world, access, jobs, home, call }
}

const GENERATE = ['generate', 'plan.json', '--engine', 'databricks', '--target', 'main.bronze']

describe('generate --engine databricks', () => {
  test('lands a plan, and says and leaves no secret; neither does a failure with its stack', async () => {
    const { access, world, home, stub, call } = await scene()
    const done = await call(...GENERATE, '--json', '--debug')
    expect(done).toMatchObject({ code: 0 })
    expect(done.stderr).toContain('1,000 rows in')
    expect([...world.tables.keys()]).toEqual(['main.bronze.greetings'])
    access.endAll()
    const ended = await call(...GENERATE, '--mode', 'overwrite', '--debug')
    expect(ended).toMatchObject({ code: 2 })
    expect(ended.stderr).toContain('lakewright: Databricks: Invalid access token [secret].')
    expect(ended.stderr).toContain('sign in again')
    const files = filesBelow(home).map((path) => readFileSync(join(home, path), 'latin1'))
    expect(files.length).toBeGreaterThan(1)
    expect(stub.received.join()).toContain(CANARY)
    const said = [done, ended].map(({ stdout, stderr }) => stdout + stderr)
    expect([...said, ...files].join('\n')).not.toContain(CANARY)
  })

  test.each([
    [
      'a service principal',
      { DATABRICKS_CLIENT_ID: CLIENT.id, DATABRICKS_CLIENT_SECRET: CLIENT.secret },
    ],
    ['another identity provider', { DATABRICKS_OIDC_TOKEN: IDENTITY_TOKEN }],
  ])('says and leaves no secret of %s, whatever is asked', async (_, credentials) => {
    const { access, home, jobs, stub, call, world } = await scene({ state: 'STOPPED' })
    granting(world, { on: 'catalog main', principal: CLIENT.id }, ['USE CATALOG'])
    granting(world, { on: 'schema main.bronze', principal: CLIENT.id }, ['ALL PRIVILEGES'])
    const none = { DATABRICKS_TOKEN: '' }
    const ask = (...args: readonly string[]) => call.with({ ...none, ...credentials }, ...args)
    const said = [
      await ask(...GENERATE, '--async', '--debug'),
      await ask(...GENERATE, '--json', '--debug'),
      await ask('explain', ...GENERATE.slice(1), '--json'),
      await ask('databricks', 'privileges', 'main.bronze', '--json'),
      await ask('databricks', 'describe', '9007199254740993', '--json'),
      await ask('bundle', 'plan.json', '--catalog', 'main', '--out', 'bundle'),
    ]
    expect(said.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(said.map(() => 0))
    expect(said[1]?.stderr).toContain(`SQL warehouse ${WAREHOUSE} stands still and is started`)
    expect(stub.received.join()).toContain(CANARY)
    access.endAll()
    const files = filesBelow(home).map((path) => readFileSync(join(home, path), 'latin1'))
    const texts = said.map(({ stdout, stderr }) => stdout + stderr)
    expect([...texts, ...files, ...jobs.files.values()].join('\n')).not.toContain(CANARY)
  })

  test('whose token ends in the middle goes on with another one', async () => {
    const { access, stub, world, call } = await scene()
    stub.break({
      at: /^POST \/api\/2\.0\/sql\/statements$/,
      after: 5,
      kind: 'answer',
      reply: { status: 403, json: { error_code: '403', message: 'Invalid access token.' } },
    })
    const ended = await call(...GENERATE)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('lakewright: Databricks: Invalid access token.')
    expect(ended.stderr).toContain('sign in again')
    expect(world.tables.has('main.bronze.greetings')).toBe(false)
    const done = await call(...GENERATE, '--mode', 'resume')
    expect(done).toMatchObject({ code: 0 })
    expect([...world.tables.keys()]).toEqual(['main.bronze.greetings'])
    expect(access.given()).toBe(0)
  })

  test('tells what is missing as a table and in one line', async () => {
    const { world, call } = await scene()
    world.grants.delete('schema main.bronze ann@x.org')
    const refused = await call(...GENERATE)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/USE CATALOG +catalog main +yes/)
    expect(refused.stderr).toMatch(/CREATE TABLE +schema main\.bronze +missing +GRANT CREATE TABLE/)
    expect(refused.stderr).not.toContain('at ')
    const shown = await call('databricks', 'privileges', 'main.bronze')
    expect(shown.code).toBe(1)
    expect(shown.stdout).toMatch(/USE SCHEMA +schema main\.bronze +missing +GRANT USE SCHEMA/)
  })

  test('--async returns with the run and how to follow it, once', async () => {
    const { jobs, call } = await scene()
    const submitted = await call(...GENERATE, '--async')
    expect(submitted).toMatchObject({ code: 0, stdout: '9007199254740993\n' })
    expect(submitted.stderr).toContain('lakewright databricks describe 9007199254740993 --wait')
    const cluster = join(ROOT, 'assets/databricks/cluster.json')
    await call(...GENERATE, '--async')
    expect(jobs.runs.size).toBe(1)
    const other = await call(...GENERATE, '--async', '--cluster', cluster, '--json')
    expect(JSON.parse(other.stdout)).toMatchObject({ run: '9007199254740994' })
    const described = await call('databricks', 'describe', '9007199254740993', '--wait')
    expect(described).toMatchObject({ code: 0 })
    expect(described.stdout).toMatch(/publish +SUCCESS/)
  })

  test('a job that failed is one line with its reason', async () => {
    const { call } = await scene({ result: 'RUN_EXECUTION_ERROR' })
    await call(...GENERATE, '--async')
    const described = await call('databricks', 'describe', '9007199254740993', '--wait')
    expect(described.code).toBe(1)
    expect(described.stderr).toContain(
      'lakewright: run 9007199254740993 ended with RUN_EXECUTION_ERROR: [DELTA_VIOLATE_CONSTRAINT] no',
    )
    const cancelled = await call('databricks', 'cancel', '9007199254740993')
    expect(cancelled).toMatchObject({ code: 0 })
  })

  test.each([
    [
      ['generate', 'identity', '--async'],
      '--async, and --cluster with it, are for --engine databricks',
    ],
    [[...GENERATE, '--cluster', 'x.json'], '--async, and --cluster with it'],
    [[...GENERATE, '--async', '--cluster', 'x.json'], '--cluster: x.json cannot be read'],
    [[...GENERATE, '--async', '--mode', 'merge'], '--mode merge is for a lake'],
    [[...GENERATE, '--async', '--mode', 'resume'], '--async cannot resume'],
    [[...GENERATE, '--async', '--format', 'parquet'], '--format is for files in a lake'],
    [['databricks', 'stop', '1'], 'there is no "stop"'],
    [['databricks', 'describe'], 'needs the id of a run'],
    [['databricks', 'privileges', 'main'], 'expected <catalog>.<schema>'],
  ])('%j is refused: %s', async (args, reason) => {
    const { call } = await scene()
    const refused = await call(...args)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(reason)
  })
})
