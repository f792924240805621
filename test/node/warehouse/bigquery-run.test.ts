import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { sample } from '../../../src/core/expr/build.ts'
import { law } from '../../../src/core/expr/build-law.ts'
import { column, plan, range, table as tableOf } from '../../../src/core/plan/build.ts'
import { listenStub } from '../../support/google/stub.ts'
import { tableStatements } from '../../support/google/tables.ts'
import { googleWorld, type GoogleWorld, keyFile } from '../../support/google/world.ts'
import { hello } from '../../support/hello.ts'
import { filesBelow, temporaryFolders } from '../../support/lake.ts'
import { call, type Called } from '../../support/world.ts'

const folder = temporaryFolders()
const closes: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0)) await close()
})

interface Site {
  readonly cwd: string
  readonly run: (line: string) => Promise<Called>
}

const site = async (world: GoogleWorld): Promise<Site> => {
  const { origin, close } = await listenStub(world)
  closes.push(close)
  const cwd = folder()
  const secrets = folder()
  writeFileSync(join(secrets, 'key.json'), keyFile(world, origin))
  writeFileSync(join(cwd, 'hello.json'), JSON.stringify(hello))
  const env = {
    GOOGLE_APPLICATION_CREDENTIALS: join(secrets, 'key.json'),
    LAKEWRIGHT_GOOGLE_ENDPOINT: origin,
    LAKEWRIGHT_ALLOW_HOSTS: new URL(origin).host,
  }
  return { cwd, run: async (line) => call(line.split(' '), { cwd, env }) }
}

const worldOf = (): GoogleWorld => {
  const world = googleWorld({ now: Date.now(), looks: 0 })
  world.query = tableStatements(world, 1000)
  return world
}

const GENERATE =
  'generate hello.json --engine bigquery --target demo-project.mdm_demo --proof counts'

/** A thousand rows of two words, each one of 90 KB of them. */
const words = plan({
  name: 'words',
  seed: 1,
  tables: [
    tableOf('words', {
      rows: range(1000),
      columns: ['first', 'second'].map((name) =>
        column(
          name,
          sample(law.weighted(Array.from({ length: 6000 }, (_, i) => [`${name}-word-${i}`, 1]))),
        ),
      ),
    }),
  ],
})

describe('a run in BigQuery', () => {
  test('lands a plan, knows it again, and replaces it when told to', async () => {
    const world = worldOf()
    const { run } = await site(world)
    const first = await run(GENERATE)
    expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('1,000 rows')])
    expect([...world.tables.keys()]).toEqual(['mdm_demo.greetings'])
    const jobs = world.jobs.size
    expect((await run(GENERATE)).stderr).toContain('holds the dataset already')
    const again = await run(`${GENERATE} --mode resume`)
    expect(again.stderr).toContain('is complete already')
    expect(world.jobs.size).toBe(jobs)
    const before = world.tables.get('mdm_demo.greetings')
    expect((await run(`${GENERATE} --mode overwrite --seed 7`)).code).toBe(0)
    expect([...world.tables.keys()]).toEqual(['mdm_demo.greetings'])
    expect(world.tables.get('mdm_demo.greetings')).not.toEqual(before)
  })

  test('appends to rows that are still those of their digest, and to no others', async () => {
    const world = worldOf()
    const { run } = await site(world)
    const line = GENERATE.replace(' --proof counts', '')
    expect((await run(line)).code).toBe(0)
    const change = (changed: boolean): void => {
      const table = world.tables.get('mdm_demo.greetings')
      world.tables.set('mdm_demo.greetings', { ...table, changed })
    }
    change(true)
    const grown = `${line} --set people=2000`
    const refused = await run(`${grown} --mode append`)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('greetings` no longer has the rows of its digest')
    change(false)
    const resumed = await run(`${grown} --mode resume`)
    expect(resumed.code).toBe(0)
    const shown = await run(`explain ${grown.slice('generate '.length)}`)
    expect(shown.stdout).toContain(', 2000 rows, digest 000007d0')
  })

  test('reads long lists from views of the run, which are gone right after', async () => {
    const world = worldOf()
    const sent: string[] = []
    const statements = world.query
    world.query = (sql) => {
      sent.push(sql)
      return statements(sql)
    }
    const { cwd, run } = await site(world)
    writeFileSync(join(cwd, 'words.json'), JSON.stringify(words))
    const { code } = await run(GENERATE.replace('hello', 'words'))
    expect(code).toBe(0)
    expect([...world.tables.keys()]).toEqual(['mdm_demo.words'])
    const views = sent.filter((sql) => sql.startsWith('CREATE OR REPLACE VIEW'))
    expect(views.length).toBeGreaterThan(1)
    expect(sent.filter((sql) => sql.startsWith('DROP VIEW')).length).toBe(views.length)
    expect(Math.max(...sent.map(({ length }) => length))).toBeLessThan(200_000)
  })

  test('begins nothing without its permissions, and shows the statement that grants each', async () => {
    const world = worldOf()
    world.permissions.delete('bigquery.jobs.create')
    const { run } = await site(world)
    const { code, stderr } = await run(GENERATE)
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /bigquery\.jobs\.create +project demo-project +missing +gcloud projects add-iam/,
    )
    expect(world.jobs.size).toBe(0)
  })

  test('refuses an arrangement that BigQuery does not have before it begins', async () => {
    const world = worldOf()
    const { run } = await site(world)
    const { code, stderr } = await run(`${GENERATE} --zorder greetings=greeting`)
    expect([code, world.jobs.size]).toEqual([2, 0])
    expect(stderr).toContain('BigQuery has no Z-order')
    expect((await run('runs list --json')).stdout.trim()).toBe('[]')
  })

  test('names the API that is not enabled', async () => {
    const world = worldOf()
    world.services.clear()
    const { run } = await site(world)
    const { code, stderr } = await run(GENERATE)
    expect([code, world.jobs.size]).toEqual([2, 0])
    expect(stderr).toContain('gcloud services enable bigquery.googleapis.com')
  })

  test('that is cut off while it publishes shows no half of it, and is resumed', async () => {
    const world = worldOf()
    const { run } = await site(world)
    const statements = world.query
    let cut = true
    world.query = (sql) => {
      if (cut && sql.includes(' RENAME TO ')) return { reason: 'quotaExceeded', message: 'Quota' }
      return statements(sql)
    }
    const stopped = await run(GENERATE)
    expect(stopped.code).toBe(1)
    expect([...world.tables.keys()].filter((name) => !name.includes('lakewright_'))).toEqual([])
    const id = /runs resume (\w+)|"run": "(\w+)"/.exec(stopped.stderr)?.[1] ?? (await idOf(run))
    cut = false
    const resumed = await run(`runs resume ${id}`)
    expect([resumed.code, [...world.tables.keys()]]).toEqual([0, ['mdm_demo.greetings']])
  })

  test('drops no rows while a table has not got its name', async () => {
    const world = worldOf()
    const { run } = await site(world)
    const statements = world.query
    world.query = (sql) => (sql.includes(' RENAME TO ') ? {} : statements(sql))
    const { code, stderr } = await run(GENERATE)
    expect([code, stderr]).toEqual([1, expect.stringContaining('has not got its name')])
    const [staging = ''] = world.tables.keys()
    expect(staging).toMatch(/^mdm_demo\.lakewright_\w+_greetings$/)
    const table = world.tables.get(staging)
    if (table !== undefined) world.tables.set('mdm_demo.greetings', table)
    world.tables.delete(staging)
    const id = /runs resume (\w+)/.exec(stderr)?.[1] ?? ''
    expect((await run(`runs resume ${id}`)).code).toBe(0)
    expect([...world.tables.keys()]).toEqual(['mdm_demo.greetings'])
  })

  test('leaves no secret in its journal, its output or its statements', async () => {
    const world = worldOf()
    const { run, cwd } = await site(world)
    const outputs = [await run(GENERATE), await run('runs list --json')]
    const journal = filesBelow(cwd)
      .map((path) => readFileSync(join(cwd, path), 'latin1'))
      .join('\n')
    expect(journal).toContain('demo-project')
    const everywhere = [
      journal,
      JSON.stringify(outputs),
      JSON.stringify([...world.jobs.values(), ...world.tables.values()]),
    ].join('\n')
    const key = world.privateKey.split('\n').filter((line) => line.length > 20 && line[0] !== '-')
    expect(key.length).toBeGreaterThan(20)
    expect([...key, 'ya29.canary-token'].filter((each) => everywhere.includes(each))).toEqual([])
  })
})

const idOf = async (run: Site['run']): Promise<string> => {
  const runs = JSON.parse((await run('runs list --json')).stdout) as readonly {
    readonly id: string
  }[]
  return runs.at(-1)?.id ?? ''
}
