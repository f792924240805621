import { describe, expect, test } from 'vitest'
import type { HttpRequest, HttpResponse } from '../../../../src/core/ports.ts'
import { stubHttp } from '../../../support/google/stub.ts'
import { googleWorld, type GoogleWorld } from '../../../support/google/world.ts'

const JOBS = 'https://bigquery.googleapis.com/bigquery/v2/projects/demo-project/jobs'
const DATAPROC =
  'https://europe-west1-dataproc.googleapis.com/v1/projects/demo-project/locations/europe-west1/batches'
const QUERY = { query: 'SELECT 1', useLegacySql: false }

const worldWithToken = (): GoogleWorld => {
  const world = googleWorld()
  world.tokens.set('t', world.now + 1000)
  return world
}

const send = async (
  url: string,
  json: unknown,
  { world = worldWithToken(), token = 't' } = {},
): Promise<HttpResponse> => {
  const request: HttpRequest = {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(json),
  }
  return stubHttp(world)(request)
}

const said = ({ body }: HttpResponse): string => new TextDecoder().decode(body)

/** What these tests lean on elsewhere: that the stub would notice. */
describe('the stub of Google refuses', () => {
  test('fields that the contract does not know, at any depth, and missing ones', async () => {
    expect((await send(JOBS, { configuration: { query: QUERY } })).status).toBe(200)
    for (const wrong of [
      { configuration: { query: QUERY }, extra: 1 },
      { configuration: { query: { ...QUERY, wait: true } } },
      { configuration: { query: { useLegacySql: false } } },
      { configuration: { query: { ...QUERY, useLegacySql: 'false' } } },
    ])
      expect((await send(JOBS, wrong)).status, JSON.stringify(wrong)).toBe(400)
    const batch = { sparkSqlBatch: { queryFileUri: 'gs://b/x.sql' }, state: 'RUNNING' }
    const answer = await send(`${DATAPROC}?batchId=abcd&requestId=r`, batch)
    expect([answer.status, said(answer)]).toEqual([400, expect.stringContaining('"state\\"')])
  })

  test('parameters, hosts and ids that are not of the method', async () => {
    expect((await send(`${JOBS}?wait=1`, { configuration: { query: QUERY } })).status).toBe(400)
    expect((await send(JOBS.replace('bigquery.', 'storage.'), {})).status).toBe(404)
    expect((await send(`${DATAPROC}?batchId=A&requestId=r`, {})).status).toBe(400)
    expect((await send(`${DATAPROC}?batchId=abcd&requestId=a%20b`, {})).status).toBe(400)
  })

  test('tokens that it did not give, or that have ended', async () => {
    const world = worldWithToken()
    const body = { configuration: { query: QUERY } }
    expect((await send(JOBS, body, { world, token: 'other' })).status).toBe(401)
    world.now += 2000
    expect((await send(JOBS, body, { world })).status).toBe(401)
  })

  test('a batch whose SQL is not staged, and labels that are no names', async () => {
    const world = worldWithToken()
    const url = `${DATAPROC}?batchId=abcd&requestId=r`
    const missing = await send(url, { sparkSqlBatch: { queryFileUri: 'gs://b/x.sql' } }, { world })
    expect(said(missing)).toContain('File not found')
    const labelled = { sparkSqlBatch: { queryFileUri: 'gs://b/x.sql' }, labels: { a: 'B' } }
    expect(said(await send(url, labelled, { world }))).toContain('RFC 1035')
  })
})
