import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, type CliResult } from '../../support/cli.ts'
import { stubFiles } from '../../support/databricks/files.ts'
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
import {
  emptyUnity,
  granting,
  mayUseVolume,
  stubUnity,
  type UnityWorld,
} from '../../support/databricks/unity.ts'
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
  /** Files of volumes by path. */
  readonly files: Map<string, string>
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
  const { route, files } = stubFiles({ volumes: world.volumes, may: mayUseVolume(world, userOf) })
  const stub = await startStub([
    ...access.routes,
    route,
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
  return { stub, world, access, jobs, files, home, call }
}

const GENERATE = ['generate', 'plan.json', '--engine', 'databricks', '--target', 'main.bronze']

describe('generate --volume', () => {
  const VOLUME = '/Volumes/main/files/made'
  const PATH = `${VOLUME}/by us/hello/manifest.json`
  const KEPT = [...GENERATE, '--volume', `dbfs:${VOLUME}/by us/`]

  const withVolume = async (): Promise<Scene> => {
    const here = await scene()
    here.world.schemas.set('main.files', 'boss@x.org')
    here.world.volumes.set('main.files.made', 'boss@x.org')
    granting(here.world, { on: 'schema main.files', principal: 'ann@x.org' }, ['USE SCHEMA'])
    const both = ['READ VOLUME', 'WRITE VOLUME']
    granting(here.world, { on: 'volume main.files.made', principal: 'ann@x.org' }, both)
    return here
  }

  test('puts the plan, rows and digests there, from which the same tables can be made', async () => {
    const { call, files, world, home } = await withVolume()
    const made = await call(...KEPT, '--json')
    expect(made).toMatchObject({ code: 0 })
    expect(JSON.parse(made.stdout)).toMatchObject({ manifest: PATH })
    expect(made.stderr).toContain(`manifest: ${PATH}\n`)
    expect([...files.keys()]).toEqual([PATH])
    const text = files.get(PATH) ?? ''
    expect(text).not.toContain(CANARY)
    const manifest = JSON.parse(text) as Readonly<Record<string, unknown>>
    const { digest } = factsOf(world, 'main.bronze.greetings')
    expect(manifest).toMatchObject({
      lakewright: 1,
      name: 'hello',
      warehouse: 'databricks',
      target: 'main.bronze',
      run: { number: 1, kind: 'create' },
      tables: [{ table: 'greetings', rows: 1000, digest }],
    })
    writeFileSync(join(home, 'again.json'), JSON.stringify(manifest['plan']))
    const again = await call('explain', 'again.json', '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({ planHash: manifest['planHash'] })
    const replaced = await call(...KEPT, '--mode', 'overwrite')
    expect(replaced).toMatchObject({ code: 0 })
    expect(JSON.parse(files.get(PATH) ?? '')).toMatchObject({ run: { kind: 'overwrite' } })
  })

  test('asks for what it needs before anything is made', async () => {
    const { call, files, world, stub } = await withVolume()
    world.grants.set('volume main.files.made ann@x.org', new Set(['READ VOLUME']))
    const refused = await call(...KEPT)
    expect(refused).toMatchObject({ code: 2 })
    expect(refused.stderr).toMatch(/USE SCHEMA +schema main\.files +yes/)
    expect(refused.stderr).toMatch(/READ VOLUME +volume main\.files\.made +yes/)
    expect(refused.stderr).toContain(
      'GRANT WRITE VOLUME ON VOLUME `main`.`files`.`made` TO `ann@x.org`',
    )
    const shown = await call('databricks', 'privileges', 'main.bronze', '--volume', VOLUME)
    expect(shown).toMatchObject({ code: 1 })
    expect(shown.stdout).toMatch(/WRITE VOLUME +volume main\.files\.made +missing/)
    const explained = await call('explain', ...KEPT.slice(1))
    expect(explained.stdout).toContain(`write the manifest to ${VOLUME}/by us`)
    expect(explained.stdout).toMatch(/WRITE VOLUME +volume main\.files\.made +missing/)
    const absent = await call(...GENERATE, '--volume', '/Volumes/main/files/mode')
    expect(absent.stderr).toContain('there is no volume main.files.mode')
    expect(absent.stderr).toContain('CREATE VOLUME `main`.`files`.`mode`')
    expect(files.size + world.tables.size).toBe(0)
    expect(stub.asked).not.toContain('POST /api/2.0/sql/statements')
  })

  test('replaces no file of others, nor the manifest of another target', async () => {
    const { call, files, world } = await withVolume()
    for (const text of ['hello', '[]', '{"lakewright":1,"name":"hello","target":"main.silver"}']) {
      files.set(PATH, text)
      const refused = await call(...KEPT)
      expect(refused).toMatchObject({ code: 2 })
      expect(refused.stderr).toContain(`${PATH} is there and is not of this dataset at this target`)
      expect(files.get(PATH)).toBe(text)
    }
    expect(world.tables.size).toBe(0)
  })

  test('that cannot be written to in the end leaves a run that only has that left', async () => {
    const { call, files, world, stub } = await withVolume()
    const reply = { status: 403, json: { error_code: 'PERMISSION_DENIED', message: 'No more.' } }
    stub.break({ at: /^PUT \/api\/2\.0\/fs\/files\//, kind: 'answer', reply })
    const halted = await call(...KEPT)
    expect(halted).toMatchObject({ code: 2 })
    expect(halted.stderr).toContain('lakewright: Databricks: No more.')
    expect(halted.stderr).toContain('lakewright runs resume')
    expect([...world.tables.keys()]).toEqual(['main.bronze.greetings'])
    const before = stub.asked.filter((line) => line === 'POST /api/2.0/sql/statements').length
    const resumed = await call('runs', 'resume', runIn(halted.stderr))
    expect(resumed).toMatchObject({ code: 0 })
    expect(files.has(PATH)).toBe(true)
    const after = stub.asked.filter((line) => line === 'POST /api/2.0/sql/statements').length
    // Whether the warehouse is in UTC.
    expect(after - before).toBe(1)
  })
})

const factsOf = (world: UnityWorld, table: string) => ({
  digest: world.tables.get(table)?.properties?.['lakewright.digest'],
})

const runIn = (text: string): string => /runs resume (\w+)/.exec(text)?.[1] ?? ''

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
    [[...GENERATE, '--async', '--volume', '/Volumes/main/bronze/v'], '--async cannot write to a'],
    [[...GENERATE, '--volume', 'main.bronze.v'], '"main.bronze.v" is no path in a volume'],
    [['generate', 'identity', '--volume', '/Volumes/main/bronze/v'], '--volume is for a warehouse'],
    [
      [
        'generate',
        'identity',
        '--engine',
        'spark',
        '--target',
        'a.b',
        '--volume',
        '/Volumes/a/b/c',
      ],
      '--volume is for --engine databricks',
    ],
    [[...GENERATE, '--cluster', 'x.json'], '--cluster is the cluster of a job: give --async'],
    [[...GENERATE, '--project-id', 'my-project'], '--project-id is for --engine bigquery'],
    [[...GENERATE, '--async', '--cluster', 'x.json'], '--cluster: x.json cannot be read'],
    [[...GENERATE, '--async', '--mode', 'merge'], '--mode merge is for a lake'],
    [
      [...GENERATE, '--cluster-by', 'greetings=greeting', '--partition-by', 'greetings=greeting'],
      'Delta clusters a table or partitions it',
    ],
    [
      [
        ...GENERATE,
        '--async',
        '--zorder',
        'greetings=greeting',
        '--partition-by',
        'greetings=greeting',
      ],
      'it is partitioned by "greeting"',
    ],
    [[...GENERATE, '--async', '--mode', 'resume'], '--async cannot resume'],
    [[...GENERATE, '--async', '--format', 'parquet'], '--format is for files in a lake'],
    [['databricks', 'stop', '1'], 'there is no "stop"'],
    [['databricks', 'describe'], 'needs the id of a run'],
    [
      ['databricks', 'privileges', 'main'],
      'lakewright databricks privileges: expected <catalog>.<schema>, got "main"',
    ],
  ])('%j is refused: %s', async (args, reason) => {
    const { call } = await scene()
    const refused = await call(...args)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(reason)
  })
})
