import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Json } from '../../../src/core/ports.ts'

/** A request as a stub sees it. */
export interface StubRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** What a stub answers. */
export interface StubReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: Json
  readonly bytes?: Uint8Array
}

/** Answers the requests that are its own. */
export type StubRoute = (
  request: StubRequest,
) => StubReply | undefined | Promise<StubReply | undefined>

/** Something that goes wrong once, at the first request whose `METHOD /path` it matches. */
export type Fault = {
  readonly at: RegExp
  /** Requests that match before the one it strikes. */
  readonly after?: number
} & (
  | { readonly kind: 'answer'; readonly reply: StubReply }
  /** The connection is cut before the request is handled, or when it has been, before its answer. */
  | { readonly kind: 'cutBefore' | 'cutAfter' }
)

/** A stub that listens on this machine. */
export interface StubServer {
  readonly origin: string
  readonly host: string
  /** Every request, as `METHOD /path`. */
  readonly asked: string[]
  /** Every byte that came in, headers too, as text. */
  readonly received: string[]
  readonly break: (...faults: readonly Fault[]) => void
}

/** An error as a service refuses with; a route throws it. */
export class Refusal extends Error {
  readonly reply: StubReply
  constructor(status: number, code: string, message: string) {
    super(message)
    this.reply = { status, json: { error_code: code, message } }
  }
}

/** Starts a stub that ends with the test. */
export const startStub = async (routes: readonly StubRoute[]): Promise<StubServer> => {
  const asked: string[] = []
  const received: string[] = []
  const faults: { left: number; readonly fault: Fault }[] = []
  const server = createServer((incoming, outgoing) => {
    void handle(incoming, outgoing)
  })
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await requestOf(incoming)
    const line = `${request.method} ${request.path}`
    asked.push(line)
    received.push(
      `${line} ${JSON.stringify(request.headers)}\n${Buffer.from(request.body).toString()}`,
    )
    const fault = struck(faults, line)
    if (fault?.kind === 'cutBefore') return void outgoing.destroy()
    const reply = fault?.kind === 'answer' ? fault.reply : await replyOf(routes, request)
    if (fault?.kind === 'cutAfter') return void outgoing.destroy()
    const { status = 200, headers = {}, json, bytes } = reply
    outgoing.writeHead(status, {
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    })
    outgoing.end(json === undefined ? bytes : JSON.stringify(json))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin: `http://${host}`,
    host,
    asked,
    received,
    break: (...more) => {
      for (const fault of more) faults.push({ left: fault.after ?? 0, fault })
    },
  }
}

/** The JSON object of a request that has exactly some fields and perhaps some more. */
export const objectBody = (
  { body }: StubRequest,
  needed: readonly string[],
  allowed: readonly string[] = [],
): Record<string, Json | undefined> => {
  const fields = parsed(body)
  const unknown = Object.keys(fields).find((name) => ![...needed, ...allowed].includes(name))
  if (unknown !== undefined) {
    throw new Refusal(
      400,
      'MALFORMED_REQUEST',
      `Could not parse request object: unknown field ${unknown}`,
    )
  }
  const missing = needed.find((name) => fields[name] === undefined)
  if (missing !== undefined) {
    throw new Refusal(400, 'INVALID_PARAMETER_VALUE', `Missing required field: ${missing}`)
  }
  return fields
}

/** A field that is text, or else the text given for when it is absent. */
export const textField = (
  fields: Readonly<Record<string, Json | undefined>>,
  name: string,
  otherwise = '',
): string => {
  const value = fields[name]
  if (value === undefined) return otherwise
  if (typeof value === 'string') return value
  throw new Refusal(400, 'MALFORMED_REQUEST', `Expected a string in ${name}`)
}

/** Refuses parameters of the query that the contract does not name. */
export const onlyQuery = ({ query }: StubRequest, allowed: readonly string[]): void => {
  for (const name of query.keys()) {
    if (!allowed.includes(name)) {
      throw new Refusal(400, 'INVALID_PARAMETER_VALUE', `unknown query parameter ${name}`)
    }
  }
}

const parsed = (body: Uint8Array): Record<string, Json | undefined> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString())
    if (typeof value === 'object' && value !== null) return value as Record<string, Json>
  } catch {
    // Refused below.
  }
  throw new Refusal(400, 'MALFORMED_REQUEST', 'Invalid JSON given in the body of the request')
}

const requestOf = async (incoming: IncomingMessage): Promise<StubRequest> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array)
  const url = new URL(incoming.url ?? '/', 'http://stub')
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: Buffer.concat(chunks),
  }
}

const struck = (faults: { left: number; readonly fault: Fault }[], line: string) => {
  const index = faults.findIndex(({ fault }) => fault.at.test(line))
  const found = faults[index]
  if (found === undefined) return undefined
  if (found.left-- > 0) return undefined
  faults.splice(index, 1)
  return found.fault
}

const replyOf = async (routes: readonly StubRoute[], request: StubRequest): Promise<StubReply> => {
  try {
    for (const route of routes) {
      const reply = await route(request)
      if (reply !== undefined) return reply
    }
  } catch (error) {
    if (error instanceof Refusal) return error.reply
    const message = error instanceof Error ? error.message : String(error)
    return { status: 500, json: { error_code: 'INTERNAL_ERROR', message } }
  }
  const message = `No API found for '${request.method} ${request.path}'`
  return { status: 404, json: { error_code: 'ENDPOINT_NOT_FOUND', message } }
}
