import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { fetchHttp, systemPause } from '../../../src/node/http/fetch.ts'
import { failureOf } from '../../support/failure.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

test('what is sent arrives, and what is answered comes back with names in lower case', async () => {
  const url = await serve((request, response) => {
    response.writeHead(418, { 'X-Seen': `${request.method} ${String(request.headers['x-a'])}` })
    request.pipe(response)
  })
  const body = new TextEncoder().encode('größer')
  const answer = await fetchHttp()({ method: 'PUT', url, headers: { 'X-A': 'b' }, body })
  expect(answer).toMatchObject({ status: 418, headers: { 'x-seen': 'PUT b' } })
  expect(text(answer.body)).toBe('größer')
})

test('a redirect is not followed, so that the token stays here', async () => {
  const url = await serve((request, response) => {
    response.writeHead(request.url === '/' ? 302 : 200, { location: '/elsewhere' }).end('x')
  })
  const answer = await fetchHttp()({ method: 'GET', url, headers: { authorization: 'Bearer x' } })
  expect(answer.status).toBe(302)
})

test('a service that does not answer is left after the time allowed', async () => {
  const url = await serve(() => undefined)
  const error = await failureOf(fetchHttp(50)({ method: 'GET', url }))
  expect(error).toMatchObject({ code: 'service.unreachable', retryable: true })
  expect(error.message).toMatch(/^127\.0\.0\.1:\d+ cannot be reached: no answer within 0 s$/)
})

test('a connection cut in the middle of an answer is no answer', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half')
    setTimeout(() => response.destroy(), 20)
  })
  expect(await failureOf(fetchHttp()({ method: 'GET', url }))).toMatchObject({
    code: 'service.unreachable',
  })
})

test('a port where nobody listens is unreachable', async () => {
  const url = await serve(() => undefined)
  closing.splice(0).forEach((close) => close())
  const error = await failureOf(fetchHttp()({ method: 'GET', url }))
  expect(error.message).toContain('ECONNREFUSED')
})

test('a signal stops a request under way, and a pause', async () => {
  const stop = new AbortController()
  const url = await serve(() => stop.abort())
  const request = { method: 'GET', url, signal: stop.signal } as const
  expect(await failureOf(fetchHttp()(request))).toMatchObject({ code: 'run.cancelled' })
  expect(await failureOf(systemPause().sleep(60_000, stop.signal))).toMatchObject({
    code: 'run.cancelled',
  })
  await systemPause().sleep(1)
})

test('an answer without end is left when it is too long', async () => {
  let left: (() => void) | undefined
  const closed = new Promise<void>((resolve) => (left = resolve))
  const url = await serve((_, response) => {
    const more = (): void => {
      if (!response.destroyed && response.write('x'.repeat(10_000))) setImmediate(more)
      else response.once('drain', more)
    }
    response.on('close', () => left?.())
    more()
  })
  const error = await failureOf(fetchHttp(20_000, 100_000)({ method: 'GET', url }))
  expect(error).toMatchObject({ code: 'service.failed', retryable: false })
  expect(error.message).toMatch(/^127\.0\.0\.1:\d+ answered with more than 100000 bytes$/)
  await closed
})

test('what no request can hold is told at once, without being quoted', async () => {
  const url = await serve((_, response) => response.end())
  const headers = { 'x-project': 'canary\nx' }
  const error = await failureOf(fetchHttp()({ method: 'GET', url, headers }))
  expect(error).toMatchObject({ code: 'service.failed', retryable: false })
  expect(`${error.message} ${error.stack}`).not.toContain('canary')
})
