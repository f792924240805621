import { afterEach, describe, expect, test } from 'vitest'
import { askGoogle, type Google, openGoogle } from '../../../../src/node/catalog/google/google.ts'
import { failureOf } from '../../../support/failure.ts'
import { credentialsFolder, stubGoogle, stubHost } from '../../../support/google/session.ts'
import { googleWorld, type GoogleWorld, keyFile, userFile } from '../../../support/google/world.ts'

const removals: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

const sessionWith = async (
  world: GoogleWorld,
  text: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Google> => {
  const file = await credentialsFolder(text)
  removals.push(file.remove)
  const host = stubHost(world, file.path)
  return openGoogle({ ...host, env: { ...host.env, ...env } }, undefined)
}

const dataset = async (google: Google): Promise<unknown> =>
  (
    await askGoogle(google.service('bigquery.googleapis.com'), {
      method: 'GET',
      path: '/bigquery/v2/projects/demo-project/datasets/mdm_demo',
    })
  ).json

const tokensAsked = (world: GoogleWorld): number =>
  world.log.filter((each) => each === 'POST /token').length

describe('a session with Google', () => {
  test('as a service account signs an assertion and keeps its token until a minute before it ends', async () => {
    const world = googleWorld()
    const google = await stubGoogle(world)
    expect(await dataset(google)).toMatchObject({ location: 'EU' })
    await dataset(google)
    expect(tokensAsked(world)).toBe(1)
    world.now += 3_541_000
    await dataset(google)
    expect(tokensAsked(world)).toBe(2)
  })

  test('as a user exchanges the refresh token and names the project that pays for quota', async () => {
    const world = googleWorld()
    const google = await sessionWith(world, userFile(world))
    expect(await dataset(google)).toMatchObject({ location: 'EU' })
    expect(google.project).toBe('demo-project')
    expect(google.service('bigquery.googleapis.com').headers).toEqual({
      'x-goog-user-project': 'demo-project',
    })
    expect(await google.member()).toBe('user:YOUR_ADDRESS')
  })

  test('asks the metadata server only when told to', async () => {
    const world = googleWorld()
    const google = await openGoogle(
      {
        ...stubHost(world, '/nowhere'),
        env: { LAKEWRIGHT_GOOGLE_AUTH: 'metadata' },
      },
      'demo-project',
    )
    expect(await dataset(google)).toMatchObject({ location: 'EU' })
    expect(await google.member()).toBe(`serviceAccount:${world.email}`)
    const without = await failureOf(
      openGoogle({ ...stubHost(world, ''), env: { HOME: '/nowhere' } }, 'demo-project'),
    )
    expect(without.code).toBe('service.denied')
    expect(without.hint).toContain('gcloud auth application-default login')
  })

  test('renews a token that was revoked before its time, once', async () => {
    const world = googleWorld()
    const google = await stubGoogle(world)
    await dataset(google)
    world.tokens.clear()
    await dataset(google)
    expect(tokensAsked(world)).toBe(2)
    world.tokenSeconds = -1
    world.tokens.clear()
    const refused = await failureOf(dataset(google))
    expect(refused.code).toBe('service.denied')
    expect(refused.hint).toContain('Sign in again')
  })

  test('says what to do when a refresh token was revoked', async () => {
    const world = googleWorld({ refreshToken: 'another' })
    const text = userFile(googleWorld({ refreshToken: 'canary-refresh-gone' }))
    const error = await failureOf(dataset(await sessionWith(world, text)))
    expect(error.message).toContain('invalid_grant')
    expect(error.hint).toContain('gcloud auth application-default login')
    expect(JSON.stringify([error.message, error.details])).not.toContain('canary')
  })

  test.each([
    [
      'accessNotConfigured',
      'gcloud services enable bigquery.googleapis.com --project=demo-project',
    ],
    ['accessDenied', 'Ask for roles/bigquery.dataEditor, which holds bigquery.datasets.get.'],
  ])('answers %s with what to do', async (reason, hint) => {
    const world = googleWorld()
    if (reason === 'accessNotConfigured') world.services.delete('bigquery.googleapis.com')
    else world.permissions.delete('bigquery.datasets.get')
    const error = await failureOf(dataset(await stubGoogle(world)))
    expect(error.code).toBe('service.denied')
    expect(error.details['errorCode']).toBe(reason)
    expect(error.hint).toContain(hint)
  })

  test('waits where requests came too fast, but not for a quota that is used up', async () => {
    const world = googleWorld()
    const google = await stubGoogle(world)
    let refusals = 0
    const limited = (reason: string) => ({
      status: 403,
      body: { error: { code: 403, message: 'Exceeded', errors: [{ reason }] } },
    })
    world.fault = (path) =>
      path !== '/token' && refusals++ < 2 ? limited('rateLimitExceeded') : undefined
    expect(await dataset(google)).toMatchObject({ location: 'EU' })
    world.fault = (path) => (path === '/token' ? undefined : limited('quotaExceeded'))
    const before = world.log.length
    const error = await failureOf(dataset(google))
    expect(world.log.length - before).toBe(1)
    expect(error.code).toBe('service.unreachable')
    expect(error.hint).toContain('quota')
  })

  test('asks again what may be repeated when something of Google’s own failed', async () => {
    const world = googleWorld()
    const google = await stubGoogle(world)
    const fails = (status: number, reason: string) => ({
      status,
      body: { error: { code: status, message: 'Oops', errors: [{ reason }] } },
    })
    let left = 2
    world.fault = (path) =>
      path !== '/token' && left-- > 0 ? fails(500, 'backendError') : undefined
    expect(await dataset(google)).toMatchObject({ location: 'EU' })
    world.fault = (path) => (path === '/token' ? undefined : fails(500, 'internalError'))
    const before = world.log.length
    expect((await failureOf(dataset(google))).code).toBe('service.unreachable')
    expect(world.log.length - before).toBe(5)
    const once = askGoogle(google.service('bigquery.googleapis.com'), {
      method: 'POST',
      path: '/bigquery/v2/projects/demo-project/jobs',
      json: {},
    })
    expect((await failureOf(once)).code).toBe('service.failed')
    expect(world.log.length - before).toBe(6)
  })

  test('goes to no host but Google’s, unless it is allowed', async () => {
    const world = googleWorld()
    const refused = await failureOf(
      sessionWith(world, keyFile(world), { LAKEWRIGHT_GOOGLE_ENDPOINT: 'http://127.0.0.1:9' }),
    )
    expect(refused.code).toBe('usage.option')
    const evil = await failureOf(sessionWith(world, keyFile(world, 'https://evil.example')))
    expect(evil.code).toBe('usage.option')
    expect(world.log).toEqual([])
  })

  test.each([
    ['no JSON', 'canary{'],
    ['of another kind', '{"type":"external_account","canary":"canary"}'],
    ['without a key', '{"type":"service_account","client_email":"canary@x"}'],
    [
      'with a token service that is no address',
      '{"type":"service_account","client_email":"a@x","private_key":"canary","token_uri":"//canary"}',
    ],
  ])('refuses credentials that are %s without showing them', async (_, text) => {
    const error = await failureOf(sessionWith(googleWorld(), text))
    expect(error.code).toBe('usage.option')
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('canary')
    expect(error.cause).toBeUndefined()
  })

  test.each(['metadata/x', 'a@b', 'http://metadata', 'a b', 'a:b'])(
    'asks no metadata server by the name %j',
    async (name) => {
      const world = googleWorld()
      const env = { LAKEWRIGHT_GOOGLE_AUTH: 'metadata', GCE_METADATA_HOST: name }
      const error = await failureOf(sessionWith(world, '', env))
      expect(error.message).toContain('GCE_METADATA_HOST must be a host name alone')
      expect(world.log).toEqual([])
    },
  )

  test('refuses a key that is broken without showing it', async () => {
    const world = googleWorld({ privateKey: '-----BEGIN PRIVATE KEY-----\ncanary\n' })
    const error = await failureOf(dataset(await sessionWith(googleWorld(), keyFile(world))))
    expect(error.code).toBe('usage.option')
    expect(`${error.stack}${String(error.cause)}`).not.toContain('canary\n')
  })
})
