import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LakewrightError } from '../../../src/core/errors.ts'
import type { Http } from '../../../src/core/ports.ts'
import type { Pause } from '../../../src/node/http/fetch.ts'
import { bigQueryAnswer } from './bigquery.ts'
import { Refusal, refuse, type StubAnswer, type StubRequest } from './contract.ts'
import { dataprocAnswer, loggingAnswer } from './dataproc.ts'
import { projectAnswer, serviceAccountAnswer, serviceUsageAnswer } from './iam.ts'
import { authorize, metadataAnswer, tokenAnswer } from './oauth.ts'
import { storageAnswer } from './storage.ts'
import type { GoogleWorld } from './world.ts'

/** Google's services over a world, asked without a network; hosts are checked as well as paths. */
export const stubHttp =
  (world: GoogleWorld): Http =>
  async ({ method, url, headers = {}, body = '' }) => {
    const { pathname, searchParams, host } = new URL(url)
    const request: StubRequest = {
      method,
      path: pathname,
      query: searchParams,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    }
    const answer = answerOf(world, request, host)
    if (answer === undefined)
      throw new LakewrightError('service.unreachable', `${host} cannot be reached: ECONNRESET`)
    return {
      status: answer.status,
      headers: { ...answer.headers },
      body: bytesOf(answer),
    }
  }

/** The same as a server on this machine; `origin` is to be LAKEWRIGHT_GOOGLE_ENDPOINT. */
export const listenStub = async (
  world: GoogleWorld,
): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> => {
  const http = stubHttp(world)
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      void http({
        method: incoming.method as 'GET',
        url: `http://${incoming.headers.host}${incoming.url}`,
        headers: Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
        ),
        body: Buffer.concat(chunks),
      }).then(
        ({ status, headers, body }) => outgoing.writeHead(status, { ...headers }).end(body),
        () => incoming.socket.destroy(),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** A pause that moves the world's clock instead of waiting. */
export const worldPause = (world: GoogleWorld): Pause => ({
  now: () => world.now,
  random: () => 0.5,
  sleep: async (milliseconds, signal) => {
    signal?.throwIfAborted()
    world.now += milliseconds
    // Lets timers and aborts of the test happen.
    await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
  },
})

const answerOf = (
  world: GoogleWorld,
  request: StubRequest,
  host: string,
): StubAnswer | undefined => {
  world.log.push(`${request.method} ${request.path}`)
  const fault = world.fault(request.path, request.method, request)
  if (fault !== undefined && !fault.after) return faulty(fault)
  const answer = routed(world, request, host)
  return fault === undefined ? answer : faulty(fault)
}

const faulty = ({ status, body, headers }: NonNullable<ReturnType<GoogleWorld['fault']>>) =>
  status === undefined
    ? undefined
    : {
        status,
        ...(body === undefined ? {} : { body }),
        ...(headers === undefined ? {} : { headers }),
      }

const routed = (world: GoogleWorld, request: StubRequest, host: string): StubAnswer => {
  try {
    const local = host.startsWith('127.0.0.1:')
    const route = ROUTES.find(
      (each) => each.path.test(request.path) && (local || each.host.test(host)),
    )
    if (route === undefined) return refuse(404, 'notFound', `Not Found: ${host}${request.path}`)
    if (!route.open) authorize(world, request)
    return route.answer(world, request)
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}

interface Route {
  readonly host: RegExp
  readonly path: RegExp
  readonly open?: boolean
  readonly answer: (world: GoogleWorld, request: StubRequest) => StubAnswer
}

const ROUTES: readonly Route[] = [
  { host: /^oauth2\.googleapis\.com$/, path: /^\/token$/, open: true, answer: tokenAnswer },
  {
    host: /^metadata\.google\.internal$/,
    path: /^\/computeMetadata\/v1\//,
    open: true,
    answer: metadataAnswer,
  },
  { host: /^bigquery\.googleapis\.com$/, path: /^\/bigquery\/v2\//, answer: bigQueryAnswer },
  {
    host: /^serviceusage\.googleapis\.com$/,
    path: /^\/v1\/projects\/[^/]+\/services/,
    answer: serviceUsageAnswer,
  },
  {
    host: /^cloudresourcemanager\.googleapis\.com$/,
    path: /^\/v3\/projects\//,
    answer: projectAnswer,
  },
  {
    host: /^iam\.googleapis\.com$/,
    path: /^\/v1\/projects\/-\/serviceAccounts\//,
    answer: serviceAccountAnswer,
  },
  {
    host: /^storage\.googleapis\.com$/,
    path: /^(\/upload)?\/storage\/v1\//,
    answer: storageAnswer,
  },
  {
    host: /^europe-west1-dataproc\.googleapis\.com$/,
    path: /^\/v1\/projects\/[^/]+\/(locations|regions)\//,
    answer: dataprocAnswer,
  },
  { host: /^logging\.googleapis\.com$/, path: /^\/v2\/entries:list$/, answer: loggingAnswer },
]

const bytesOf = ({ body }: StubAnswer): Uint8Array => {
  if (body === undefined) return new Uint8Array()
  return body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body))
}
