import { describe, expect, test } from 'vitest'
import type { Engine } from '../../../../src/core/ports.ts'
import { bigQueryEngine, bigQueryService } from '../../../../src/node/engine/bigquery/bigquery.ts'
import { failureOf } from '../../../support/failure.ts'
import { stubGoogle } from '../../../support/google/session.ts'
import { googleWorld, type GoogleWorld } from '../../../support/google/world.ts'

const engineOf = async (world: GoogleWorld, location = 'EU'): Promise<Engine> => {
  const google = await stubGoogle(world)
  return bigQueryEngine({
    service: bigQueryService(google),
    project: google.project,
    dataset: 'mdm_demo',
    location,
  })
}

const inserts = (world: GoogleWorld): number =>
  world.log.filter((each) => each === 'POST /bigquery/v2/projects/demo-project/jobs').length

describe('the BigQuery engine', () => {
  test('runs a statement as a job, looks at it until it is done, and tells how far it is', async () => {
    const world = googleWorld({ looks: 3 })
    const progress: (readonly [number, number])[] = []
    const engine = await engineOf(world)
    await engine.run('CREATE TABLE t (a INT64)', {
      onProgress: (done, known) => progress.push([done, known]),
    })
    expect([...world.jobs.values()].map(({ sql, state }) => [sql, state])).toEqual([
      ['CREATE TABLE t (a INT64)', 'DONE'],
    ])
    expect(progress.at(-1)).toEqual([8, 8])
    expect(progress.length).toBeGreaterThan(2)
  })

  test('reads a result of several pages with exact integers, in every type', async () => {
    const world = googleWorld({
      query: () => ({
        fields: [
          { name: 'i', type: 'INTEGER' },
          { name: 'f', type: 'FLOAT' },
          { name: 'b', type: 'BOOLEAN' },
          { name: 's', type: 'STRING' },
          { name: 't', type: 'TIMESTAMP' },
          { name: 'l', type: 'INTEGER', mode: 'REPEATED' },
        ],
        rows: [
          ['1', '0.1', 'true', 'x', '1700000000000000', [{ v: '1' }]],
          ['9007199254740991', '-1e300', 'false', '', '-1', []],
          ['9223372036854775807', 'NaN', null, 'é', null, []],
          [null, null, null, null, null, []],
          ['-9223372036854775808', 'Infinity', 'true', '1', '0', []],
        ],
      }),
    })
    const { names, cells } = await (await engineOf(world)).columns('SELECT 1')
    expect(names).toEqual(['i', 'f', 'b', 's', 't', 'l'])
    expect(cells[0]).toEqual([
      1,
      9007199254740991,
      '9223372036854775807',
      null,
      '-9223372036854775808',
    ])
    expect(cells[1]).toEqual([0.1, -1e300, NaN, null, Infinity])
    expect(cells[2]).toEqual([true, false, null, null, true])
    expect(cells[4]).toEqual([1700000000000000, -1, null, null, 0])
    expect(cells[5]?.[0]).toBe('[{"v":"1"}]')
    expect(world.log.filter((each) => each.includes('/queries/')).length).toBe(2)
  })

  test('waits for a result that is not whole yet, and leaves one whose pages go in circles', async () => {
    const world = googleWorld({
      query: () => ({ fields: [{ name: 'i', type: 'INTEGER' }], rows: [['1']] }),
    })
    let looks = 0
    const since: number[] = []
    world.fault = (path) => {
      if (!path.includes('/queries/')) return undefined
      since.push(world.now)
      return ++looks < 3 ? { status: 200, body: { jobComplete: false } } : undefined
    }
    expect((await (await engineOf(world)).columns('SELECT 1')).cells).toEqual([[1]])
    expect([since[1]! - since[0]!, since[2]! - since[1]!]).toEqual([500, 500])
    world.fault = (path) =>
      path.includes('/queries/') ? { status: 200, body: { pageToken: 'again' } } : undefined
    const error = await failureOf((await engineOf(world)).columns('SELECT 1'))
    expect(error.message).toBe('BigQuery gives pages of a list without end')
  })

  test('starts one job when the answer to its start is lost', async () => {
    const world = googleWorld()
    let lost = 0
    world.fault = (path, method) =>
      method === 'POST' && path.endsWith('/jobs') && lost++ < 2 ? { after: true } : undefined
    await (await engineOf(world)).run('INSERT INTO t VALUES (1)')
    expect(inserts(world)).toBe(3)
    expect(world.jobs.size).toBe(1)
  })

  test('starts a job again that failed for the service’s own reasons, and no other', async () => {
    const world = googleWorld()
    let fails = 2
    world.query = () =>
      fails-- > 0 ? { reason: 'backendError', message: 'try again' } : { fields: [], rows: [] }
    const engine = await engineOf(world)
    await engine.run('SELECT 1')
    expect(world.jobs.size).toBe(3)
    world.query = () => ({
      reason: 'invalidQuery',
      message: 'Syntax error: Unexpected "," at [1:9]',
    })
    const error = await failureOf(engine.run('SELECT ,'))
    expect(world.jobs.size).toBe(4)
    expect(error.code).toBe('engine.failed')
    expect(error.message).toBe('BigQuery: Syntax error: Unexpected "," at [1:9]')
    expect(error.details['reason']).toBe('invalidQuery')
  })

  test.each([
    ['accessDenied', 'service.denied', 'role'],
    ['billingNotEnabled', 'service.denied', 'gcloud billing projects link demo-project'],
    ['quotaExceeded', 'service.unreachable', 'quota'],
    ['notFound', 'engine.failed', undefined],
    ['resourcesExceeded', 'engine.failed', undefined],
  ])('answers a job that ended with %s as %s', async (reason, code, hint) => {
    const world = googleWorld({ query: () => ({ reason, message: `it is ${reason}` }) })
    const error = await failureOf((await engineOf(world)).run('SELECT 1'))
    expect([error.code, error.details['reason']]).toEqual([code, reason])
    if (hint === undefined) expect(error.hint).toBeUndefined()
    else expect(error.hint).toContain(hint)
  })

  test('cancels the job where it runs when it is stopped, and waits for its end', async () => {
    const world = googleWorld({ looks: 1e9 })
    const abort = new AbortController()
    const engine = await engineOf(world)
    const error = await failureOf(
      engine.run('SELECT 1', { signal: abort.signal, onProgress: () => abort.abort() }),
    )
    expect(error.code).toBe('run.cancelled')
    expect([...world.jobs.values()][0]).toMatchObject({
      state: 'DONE',
      result: { reason: 'stopped' },
    })
  })

  test('finds its job in another location than it was asked for', async () => {
    const world = googleWorld()
    const google = await stubGoogle(world)
    const engine = bigQueryEngine({ service: bigQueryService(google), project: google.project })
    await engine.run('SELECT 1')
    expect([...world.jobs.values()][0]?.location).toBe('EU')
  })

  test('stays patient while the service is busy', async () => {
    const world = googleWorld()
    let busy = 0
    world.fault = (path) =>
      path !== '/token' && busy++ < 3
        ? { status: busy === 2 ? 429 : 503, headers: { 'retry-after': '7' } }
        : undefined
    const before = world.now
    await (await engineOf(world)).run('SELECT 1')
    expect(world.now - before).toBeGreaterThanOrEqual(21_000)
  })
})
