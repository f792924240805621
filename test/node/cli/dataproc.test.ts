import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { StubRequest } from '../../support/google/contract.ts'
import { listenStub } from '../../support/google/stub.ts'
import { googleWorld, type GoogleWorld, keyFile, userFile } from '../../support/google/world.ts'
import { hello } from '../../support/hello.ts'
import { temporaryFolders } from '../../support/lake.ts'
import { call, type Called } from '../../support/world.ts'

const folder = temporaryFolders()
const closes: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0)) await close()
})

const endBatch = (world: GoogleWorld, id: string): void => {
  const batch = world.batches.get(id)
  if (batch !== undefined) Object.assign(batch, { state: 'SUCCEEDED', endedAt: batch.createdAt })
}

const REGION = ['--region', 'europe-west1']

interface Site {
  readonly run: (...args: string[]) => Promise<Called>
}

/** A machine whose Google is the stub, with a plan hello.json and a credentials file. */
const site = async (
  world: GoogleWorld,
  credentials = (origin: string): string => keyFile(world, origin),
): Promise<Site> => {
  const { origin, close } = await listenStub(world)
  closes.push(close)
  const cwd = folder()
  const path = join(cwd, 'credentials.json')
  writeFileSync(path, credentials(origin))
  writeFileSync(join(cwd, 'hello.json'), JSON.stringify(hello))
  const env = {
    GOOGLE_APPLICATION_CREDENTIALS: path,
    LAKEWRIGHT_GOOGLE_ENDPOINT: origin,
    LAKEWRIGHT_ALLOW_HOSTS: new URL(origin).host,
  }
  return { run: async (...args) => call(args, { cwd, env }) }
}

const worldOf = (change: Partial<GoogleWorld> = {}): GoogleWorld =>
  googleWorld({ now: Date.now(), looks: 0, ...change })

describe('lakewright dataproc', () => {
  test('submits a plan, prints the id alone on stdout and the commands that follow it', async () => {
    const world = worldOf()
    const { run } = await site(world)
    const { code, stdout, stderr } = await run('dataproc', 'submit', 'hello.json', ...REGION)
    const id = stdout.trim()
    expect(code).toBe(0)
    expect([...world.batches.keys()]).toEqual([id])
    expect(id).toMatch(/^lakewright-[a-z0-9-]+-20231114221320-[0-9a-f]{6}$/)
    for (const action of ['describe', 'logs', 'cancel'])
      expect(stderr).toContain(
        `lakewright dataproc ${action} ${id} --project-id demo-project --region europe-west1`,
      )
  })

  test('proves tables that are there, with a suffix as a batch gives it', async () => {
    const { run } = await site(worldOf())
    const { code, stderr } = await run('dataproc', 'prove', ...REGION, '--no-truth')
    expect(code).not.toBe(0)
    expect(stderr).toContain('there is no table demo-project.mdm_demo.raw_crm_customers_scale')
  })

  test('follows a batch: list, logs, describe, which removes what was staged', async () => {
    const world = worldOf({ looks: 1 })
    const { run } = await site(world)
    const submitted = await run('dataproc', 'submit', 'hello.json', ...REGION, '--json')
    const { batch } = JSON.parse(submitted.stdout) as { readonly batch: string }
    world.logs.push({ batch, text: 'hello from the driver', at: '2023-11-14T22:13:21Z' })
    expect((await run('dataproc', 'list', ...REGION)).stdout).toContain(`${batch}  PENDING`)
    expect((await run('dataproc', 'logs', batch, ...REGION)).stdout).toBe(
      '2023-11-14T22:13:21Z INFO    hello from the driver\n',
    )
    const running = await run('dataproc', 'describe', batch, ...REGION)
    expect(running.stdout).toContain('state    RUNNING')
    expect(objects(world)).toBe(1)
    const ended = await run('dataproc', 'describe', batch, ...REGION, '--json')
    expect(JSON.parse(ended.stdout)).toMatchObject({ state: 'SUCCEEDED', stagedSqlRemoved: true })
    expect(objects(world)).toBe(0)
  })

  test.each(['list', 'submit'])(
    '%s removes what ended batches have staged, and nothing else',
    async (action) => {
      const world = worldOf()
      const { run } = await site(world)
      const submit = async (id: string): Promise<string> => {
        const args = ['hello.json', ...REGION, '--write-mode', 'overwrite', '--batch-id', id]
        return (await run('dataproc', 'submit', ...args)).stdout.trim()
      }
      const ended = await submit('ended-1')
      const running = await submit('running-1')
      const others = await submit('others-1')
      endBatch(world, ended)
      endBatch(world, others)
      const foreign = world.batches.get(others)
      if (foreign !== undefined)
        world.batches.set(others, { ...foreign, document: { ...foreign.document, labels: {} } })
      const [bucket] = world.buckets.values()
      const strange = `lakewright/${ended}/notes.txt`
      bucket?.set(strange, { bytes: new Uint8Array(), generation: '1' })
      const args = action === 'list' ? [] : ['hello.json', '--write-mode', 'overwrite']
      const swept = await run('dataproc', action, ...args, ...REGION)
      expect(swept.stderr).toContain('staged SQL of batches that have ended is removed: 1\n')
      const left = [...(bucket?.keys() ?? [])].map((name) => name.split('/')[1])
      const own = action === 'list' ? [] : [swept.stdout.trim()]
      expect(new Set(left)).toEqual(new Set([ended, running, others, ...own]))
      expect(bucket?.has(strange)).toBe(true)
    },
  )

  test.each(['storage.objects.list', 'storage.objects.delete', 'dataproc.batches.list'])(
    'that may not clean up, for want of %s, submits all the same',
    async (permission) => {
      const world = worldOf()
      const { run } = await site(world)
      await run('dataproc', 'submit', 'hello.json', ...REGION, '--batch-id', 'first-1')
      endBatch(world, 'first-1')
      world.permissions.delete(permission)
      const args = ['hello.json', ...REGION, '--write-mode', 'overwrite']
      const { code, stdout } = await run('dataproc', 'submit', ...args)
      expect([code, world.batches.has(stdout.trim())]).toEqual(
        permission === 'storage.objects.delete' ? [2, false] : [0, true],
      )
    },
  )

  test('describes a batch that has ended to who may remove nothing', async () => {
    const world = worldOf()
    const { run } = await site(world)
    await run('dataproc', 'submit', 'hello.json', ...REGION, '--batch-id', 'first-1')
    endBatch(world, 'first-1')
    world.permissions.delete('storage.objects.delete')
    const { code, stdout } = await run('dataproc', 'describe', 'first-1', ...REGION, '--json')
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { stagedSqlRemoved: false }])
    expect(objects(world)).toBe(1)
  })

  test('cancels a batch, and says so when it has ended already', async () => {
    const world = worldOf({ looks: 3 })
    const { run } = await site(world)
    const id = (await run('dataproc', 'submit', 'hello.json', ...REGION)).stdout.trim()
    expect((await run('dataproc', 'cancel', id, ...REGION)).stderr).toContain('asked to stop')
    expect((await run('dataproc', 'cancel', id, ...REGION)).stderr).toContain(
      'had ended already: CANCELLED',
    )
  })

  test('shows the permissions that submitting takes, and makes nothing', async () => {
    const world = worldOf({ datasets: new Map() })
    world.permissions.delete('bigquery.datasets.create')
    const { run } = await site(world)
    const { code, stdout } = await run('dataproc', 'permissions', ...REGION)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^needed +on +held +mended by\n/)
    expect(stdout).toMatch(/bigquery\.jobs\.create +project demo-project +yes\n/)
    expect(stdout).toMatch(/datasets\.create +project demo-project +missing +gcloud projects add/)
    expect([world.datasets.size, world.jobs.size, objects(world)]).toEqual([0, 0, 0])
  })

  test('refuses a runtime whose Spark cannot read the SQL, and makes nothing', async () => {
    const world = worldOf()
    const { run } = await site(world)
    const runtime = ['--runtime-version', '2.2']
    const { code, stderr } = await run('dataproc', 'submit', 'hello.json', ...REGION, ...runtime)
    expect(code).toBe(2)
    expect(stderr).toContain('--runtime-version: expected 3.0 or later, got "2.2"')
    expect([world.batches.size, objects(world)]).toEqual([0, 0])
  })

  test('waits for the end of a batch and fails with its reason', async () => {
    const world = worldOf()
    const { run } = await site(world)
    const id = (await run('dataproc', 'submit', 'hello.json', ...REGION)).stdout.trim()
    const batch = world.batches.get(id)
    if (batch !== undefined) {
      batch.state = 'RUNNING'
      batch.message = 'Insufficient DISKS_TOTAL_GB quota'
    }
    const { code, stderr } = await run('dataproc', 'describe', id, ...REGION, '--wait')
    expect(code).toBe(1)
    expect(stderr).toContain('ended as FAILED: Insufficient DISKS_TOTAL_GB quota')
    expect(stderr).toContain(`lakewright dataproc logs ${id}`)
  })

  test('shows a reason and logs without a token, and a reason in one line', async () => {
    const world = worldOf()
    const { run } = await site(world)
    await run('dataproc', 'submit', 'hello.json', ...REGION, '--batch-id', 'first-1')
    const batch = world.batches.get('first-1')
    // The stub gives each command a token of its own, the next of which is known.
    const token = `ya29.canary-token-${world.tokens.size + 1}`
    const message = `\u001b[2Jbad\n ${token} used`
    if (batch !== undefined) Object.assign(batch, { state: 'FAILED', message })
    const described = await run('dataproc', 'describe', 'first-1', ...REGION)
    expect(described.stdout).toContain('reason   [2Jbad [secret] used\n')
    const next = `ya29.canary-token-${world.tokens.size + 1}`
    world.logs.push({ batch: 'first-1', text: `a ${next}`, at: '2023-11-14T22:13:21Z' })
    const logs = await run('dataproc', 'logs', 'first-1', ...REGION)
    expect(logs.stdout).toContain('a [secret]\n')
  })

  test('submits mdm by generate as well, under names of its own', async () => {
    const world = worldOf()
    const { run } = await site(world)
    const asked = 'generate mdm --engine dataproc --total-records 1000 --partitions 8 --json'
    const { code, stderr } = await run(...asked.split(' '), ...REGION)
    expect([code, stderr.split('\n').filter((line) => line.startsWith('lakewright:'))]).toEqual([
      0,
      [],
    ])
    for (const source of ['crm', 'erp', 'ecommerce'])
      expect(stderr).toContain(`demo-project.mdm_demo.raw_${source}_customers_scale`)
    const [batch] = world.batches.values()
    expect(batch?.document['runtimeConfig']).toMatchObject({
      properties: { 'spark.sql.shuffle.partitions': '8' },
    })
  })

  test.each([
    [['dataproc', 'submit', 'hello.json'], 'no region is named', '--region'],
    [['dataproc', 'submit', 'hello.json', '--region', 'x/y'], 'is no region', 'europe-west1'],
    [['dataproc', 'submot'], 'there is no "submot"', ''],
    [['dataproc', 'cancel', ...REGION], 'needs the id of a batch', 'dataproc list'],
    [['dataproc', 'logs', 'a"b', ...REGION], 'is no id of a batch', '4 to 63'],
    [
      ['dataproc', 'submit', 'hello.json', ...REGION, '--dataset-id', 'a-b'],
      'is no dataset',
      'letters',
    ],
    [
      ['dataproc', 'submit', 'hello.json', ...REGION, '--project-id', 'UPPER'],
      'is no project id',
      'gcloud projects list',
    ],
    [
      ['dataproc', 'submit', 'hello.json', ...REGION, '--service-account', 'me'],
      'is no address',
      'iam.gserviceaccount.com',
    ],
    [
      ['generate', 'hello.json', '--engine', 'dataproc', '--format', 'csv', ...REGION],
      '--format is not for --engine dataproc',
      'lakewright dataproc --help',
    ],
    [['generate', 'hello.json', '--subnet', 'x'], '--subnet is not for', '--engine dataproc'],
  ])('refuses %o in one line with a hint', async (args, message, hint) => {
    const { run } = await site(worldOf())
    const { code, stdout, stderr } = await run(...args)
    expect(stderr).toContain(message)
    expect(stderr).toContain(hint)
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
    expect([code, stdout]).toEqual([2, ''])
  })
})

/** What must never be seen: pieces of the key, tokens, secrets of users. */
const secretsOf = ({ privateKey, refreshToken }: GoogleWorld): readonly string[] => [
  ...privateKey.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----')),
  'ya29.canary-token',
  'canary-client-secret-55',
  refreshToken,
]

describe('secrets of Google', () => {
  test.each([
    ['a service account', (world: GoogleWorld) => (origin: string) => keyFile(world, origin)],
    ['a user', (world: GoogleWorld) => () => userFile(world)],
  ])('of %s reach no output, error, stack or staged file, whatever goes wrong', async (_, file) => {
    const world = worldOf()
    const { run } = await site(world, file(world))
    const outputs: string[] = []
    const keep = async (...args: string[]): Promise<void> => {
      outputs.push(JSON.stringify(await run(...args, ...REGION, '--debug')))
    }
    const everything = async (): Promise<void> => {
      await keep('dataproc', 'submit', 'hello.json', '--write-mode', 'append')
      await keep('dataproc', 'list', '--json')
      await keep('dataproc', 'describe', 'gone-1')
      await keep('dataproc', 'logs', 'gone-1')
    }
    await everything()
    // Services that say again what they were sent.
    const echo = ({ headers, body }: StubRequest): string =>
      `${headers['authorization'] ?? ''} ${new TextDecoder().decode(body)}`
    for (const status of [400, 401, 403, 404, 500]) {
      world.fault = (_path, _method, request) => ({
        status,
        body: { error: { code: status, message: echo(request) } },
      })
      await everything()
    }
    world.fault = (path, _method, request) =>
      path === '/token'
        ? { status: 400, body: { error: 'invalid_grant', error_description: echo(request) } }
        : { status: 400, body: { error: { code: 400, message: echo(request) } } }
    await everything()
    const staged = [...world.buckets.values()].flatMap((bucket) =>
      [...bucket.values()].map(({ bytes }) => new TextDecoder().decode(bytes)),
    )
    expect(outputs.length).toBe(28)
    expect(world.tokens.size).toBeGreaterThan(3)
    const everywhere = [...outputs, ...staged, JSON.stringify([...world.batches.values()])].join(
      '\n',
    )
    expect(everywhere).toContain('invalid_grant')
    expect(everywhere).toContain('[secret]')
    expect(secretsOf(world).filter((secret) => everywhere.includes(secret))).toEqual([])
    // Nor a signed assertion.
    expect(/eyJ[\w-]+\.[\w-]+\.[\w-]+/.test(everywhere)).toBe(false)
  })
})

const objects = (world: GoogleWorld): number =>
  [...world.buckets.values()].reduce((sum, bucket) => sum + bucket.size, 0)
