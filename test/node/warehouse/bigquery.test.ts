import { afterEach, describe, expect, test } from 'vitest'
import type { LakewrightError } from '../../../src/core/errors.ts'
import { labelsOf } from '../../../src/core/warehouse/labels.ts'
import type { Warehouse } from '../../../src/core/warehouse/warehouse.ts'
import { BIGQUERY_PROVIDER, openBigQuery } from '../../../src/node/warehouse/bigquery.ts'
import { credentialsFolder, stubHost } from '../../support/google/session.ts'
import { googleWorld, type GoogleWorld, keyFile } from '../../support/google/world.ts'

const TARGET = { catalog: 'demo-project', schema: 'mdm_demo' }
const NEEDS = { existing: [], replaces: false }

const removals: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

const open = async (world: GoogleWorld, location: string | null = null): Promise<Warehouse> => {
  const file = await credentialsFolder(keyFile(world))
  removals.push(file.remove)
  return openBigQuery({ project: null, location, emulator: null }, stubHost(world, file.path))
}

describe('BigQuery as a warehouse', () => {
  test('connects by what options and environment say, without secrets', () => {
    const env = { GOOGLE_CLOUD_PROJECT: 'demo-project', GOOGLE_APPLICATION_CREDENTIALS: '/canary' }
    expect(BIGQUERY_PROVIDER.connection(new Map([['location', 'EU']]), env)).toEqual({
      project: 'demo-project',
      location: 'EU',
      emulator: null,
    })
  })

  test('asks for nothing but the right to make a dataset that is not there, and makes it where it is told', async () => {
    const world = googleWorld({ datasets: new Map() })
    const warehouse = await open(world, 'europe-west1')
    const findings = await warehouse.privileges(TARGET, NEEDS)
    expect(findings.map(({ privilege, held }) => [privilege, held])).toEqual([
      ['bigquery.jobs.create', true],
      ['bigquery.datasets.create', true],
    ])
    expect(world.datasets.size).toBe(0)
    await warehouse.prepare(TARGET)
    await warehouse.prepare(TARGET)
    expect(world.datasets.get('demo-project.mdm_demo')).toBe('europe-west1')
  })

  test('asks for all that landing takes in a dataset that is there', async () => {
    const findings = await (await open(googleWorld())).privileges(TARGET, NEEDS)
    expect(findings).toHaveLength(8)
    expect(findings.every(({ held }) => held)).toBe(true)
  })

  test('makes no dataset in a project that is not its own', async () => {
    const world = googleWorld()
    const error = await (
      await open(world)
    )
      .privileges({ catalog: 'other-project', schema: 'x' }, NEEDS)
      .catch((thrown: unknown) => thrown as LakewrightError)
    expect(error).toMatchObject({ code: 'dataset.missing' })
  })

  test('tells tables and views that are there by type names of its landing, with their facts', async () => {
    const facts = { 'lakewright.planHash': 'AbC', 'lakewright.run': '27' }
    const world = googleWorld()
    world.tables.set('mdm_demo.raw', {
      schema: {
        fields: [
          { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
          { name: 'price', type: 'NUMERIC', precision: '12', scale: '2' },
          { name: 'open', type: 'BOOLEAN' },
          { name: 'name', type: 'STRING' },
        ],
      },
      labels: Object.fromEntries(labelsOf(facts)),
    })
    world.tables.set('mdm_demo.v', { type: 'VIEW', schema: { fields: [] } })
    const found = await (await open(world)).look(TARGET, ['raw', 'v', 'gone'])
    expect([...found.keys()]).toEqual(['raw', 'v'])
    expect(found.get('v')?.kind).toBe('view')
    expect(found.get('raw')).toEqual({
      kind: 'table',
      columns: [
        { name: 'id', type: 'INT64' },
        { name: 'price', type: 'NUMERIC(12, 2)' },
        { name: 'open', type: 'BOOL' },
        { name: 'name', type: 'STRING' },
      ],
      properties: facts,
    })
  })

  test('stops what an earlier session has left running, and nothing else', async () => {
    const world = googleWorld({ looks: 1e9 })
    const earlier = await open(world)
    const other = await open(world)
    const stopped = new AbortController()
    // Left alone as a killed process leaves it: nobody looks at these jobs any more.
    world.fault = (path, method) =>
      method === 'GET' && path.includes('/jobs/') ? { status: 400 } : undefined
    for (const each of [earlier, other])
      await each.engine.run('SELECT 1', { signal: stopped.signal }).catch(() => undefined)
    world.fault = () => undefined
    await (await open(world)).stopSession(earlier.session)
    expect([...world.jobs.values()].map(({ state }) => state)).toEqual(['DONE', 'RUNNING'])
  })

  test('asks the emulator without any token', async () => {
    const world = googleWorld()
    const asked: string[] = []
    const warehouse = await openBigQuery(
      { project: 'test', location: null, emulator: 'http://127.0.0.1:9050' },
      {
        ...stubHost(world, '/nowhere'),
        http: async ({ url, headers = {} }) => {
          asked.push(url)
          expect(Object.keys(headers)).not.toContain('authorization')
          return { status: 404, headers: {}, body: new Uint8Array() }
        },
      },
    )
    expect(await warehouse.privileges(TARGET, NEEDS)).toEqual([])
    expect(await warehouse.look(TARGET, ['raw'])).toEqual(new Map())
    expect(asked[0]).toContain('http://127.0.0.1:9050/bigquery/v2/')
    await expect(
      openBigQuery({ emulator: 'http://10.0.0.1:9050' }, stubHost(world, '')),
    ).rejects.toMatchObject({ code: 'usage.option' })
  })
})
