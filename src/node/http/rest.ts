import { fail, isLakewrightError } from '../../core/errors.ts'
import type { Http, HttpRequest, HttpResponse, Json, StopSignal } from '../../core/ports.ts'
import type { Pause } from './fetch.ts'
import { asksAgain, delayBefore, isRepeatable, USUAL_PATIENCE, type Patience } from './retry.ts'
import type { Secrets } from './secrets.ts'
import type { TokenSource } from './token.ts'

/** A web service and all that asking it takes. */
export interface RestService {
  /** Its name in messages. */
  readonly name: string
  /** Scheme and host, as hosts.ts approved them. */
  readonly origin: string
  readonly http: Http
  readonly pause: Pause
  readonly secrets: Secrets
  /** Without one, requests carry no token. */
  readonly token?: TokenSource
  /** The message, and code, of an error that the service answered; undefined when the body is not of its form. */
  readonly problem: (body: Json | undefined) => Problem | undefined
  readonly patience?: Patience
}

/** What a service says of an error, and what to do about it where that is known. */
export interface Problem {
  readonly message: string
  readonly code?: string
  readonly hint?: string
  /** It says that the token has ended, though the status is not 401. */
  readonly ended?: boolean
}

/** A request to a service. */
export interface RestRequest {
  readonly method: HttpRequest['method']
  /** From `/` on, each segment encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  /** A query that is already encoded, from `?` on, in place of `query`. */
  readonly search?: string
  /** At most one of these three. */
  readonly json?: Json
  readonly form?: Readonly<Record<string, string>>
  readonly bytes?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  /** Statuses from 300 on that the caller handles. */
  readonly accept?: readonly number[]
  /** Whether sending it twice is harmless; by default all but POST and PATCH are. */
  readonly repeatable?: boolean
  readonly signal?: StopSignal | undefined
}

/** An answer of 2xx or of a status that the caller accepts. */
export interface RestAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Undefined when the body is empty or not JSON. */
  readonly json: Json | undefined
  readonly bytes: Uint8Array
}

/**
 * Sends a request, again where the service is busy or the connection was lost and repeating is harmless, and once
 * with a new token when it was refused. Throws service.unreachable when patience ends, service.denied for 401 and
 * 403, service.failed for every other status that is neither 2xx nor accepted, run.cancelled when the signal aborts.
 * No secret is in what it throws.
 */
export const ask = async (service: RestService, request: RestRequest): Promise<RestAnswer> => {
  refuseAstray(request)
  const token = await service.token?.get(request.signal)
  let response = await sendPatiently(service, request, token)
  if (token !== undefined && isTokenRefused(service, response)) {
    const renewed = await service.token?.renew(token, request.signal)
    if (renewed !== undefined) response = await sendPatiently(service, request, renewed)
  }
  const answer = { ...response, json: jsonOf(response.body), bytes: response.body }
  const isFine = response.status >= 200 && response.status < 300
  if (isFine || request.accept?.includes(response.status)) return answer
  return refused(service, request, answer)
}

/** An address resolves `.` and `..` before it is sent, also where they are somebody's name for a thing. */
const refuseAstray = ({ path }: RestRequest): void => {
  const [before = ''] = path.split('?')
  if (/\/\.{1,2}(?:\/|$)/.test(before)) fail('usage.option', 'no name can be "." or ".."')
}

/** The object that a request is answered with. Throws as `ask` does, and service.failed when it is none. */
export const askJson = async (
  service: RestService,
  request: RestRequest,
): Promise<Readonly<Record<string, Json | undefined>>> => {
  const { json } = await ask(service, request)
  if (isObject(json)) return json
  return fail('service.failed', `${service.name} answered ${nameOf(request)} without JSON`)
}

/** Whether a value is an object with fields. */
export const isObject = (
  value: Json | undefined,
): value is Readonly<Record<string, Json | undefined>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isTokenRefused = (service: RestService, { status, body }: HttpResponse): boolean =>
  status === 401 || (status === 403 && service.problem(jsonOf(body))?.ended === true)

const sendPatiently = async (
  service: RestService,
  request: RestRequest,
  token: string | undefined,
): Promise<HttpResponse> => {
  const { pause, patience = USUAL_PATIENCE } = service
  const message = httpRequest(service, request, token)
  const repeatable = request.repeatable ?? isRepeatable(request.method)
  let waited = 0
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOnce(service, message)
    const isLost = outcome instanceof Error
    if (isLost ? !repeatable : !asksAgain(outcome, repeatable)) return arrived(outcome)
    const retryAfter = isLost ? undefined : outcome.headers['retry-after']
    const delay = delayBefore(attempt, retryAfter, pause)
    waited += delay
    const most = isLost && isNameUnknown(outcome) ? NAME_ATTEMPTS : patience.attempts
    if (attempt + 1 >= most || waited > patience.waitMs) {
      return isLost ? arrived(outcome) : busy(service, outcome, delay)
    }
    await pause.sleep(delay, request.signal)
  }
}

/** A host that is wrong does not come by waiting. */
const isNameUnknown = (error: Error): boolean =>
  isLakewrightError(error) && error.details['reason'] === 'ENOTFOUND'

const NAME_ATTEMPTS = 3

const attemptOnce = async (
  { http, secrets }: RestService,
  message: HttpRequest,
): Promise<HttpResponse | Error> => {
  try {
    return await http(message)
  } catch (error) {
    if (isLakewrightError(error) && error.code === 'service.unreachable') return error
    if (isLakewrightError(error)) throw error
    // Not kept as the cause: it may quote the request.
    const text = error instanceof Error ? error.message : String(error)
    return fail('service.unreachable', secrets.clean(text))
  }
}

const arrived = (outcome: HttpResponse | Error): HttpResponse => {
  if (outcome instanceof Error) throw outcome
  return outcome
}

/** A header takes no other characters, and what refuses them would quote the token. */
const sendable = ({ name }: RestService, token: string): string =>
  /^[\x21-\x7e]+$/.test(token)
    ? token
    : fail('service.denied', `the token for ${name} has characters that no token has`, {
        hint: 'Copy it again; it is one word of letters, digits and signs.',
      })

const httpRequest = (
  service: RestService,
  request: RestRequest,
  token: string | undefined,
): HttpRequest => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.append(name, value)
  }
  const { type, body } = contentOf(request)
  return {
    method: request.method,
    url: `${service.origin}${request.path}${request.search ?? (query.size === 0 ? '' : `?${query.toString()}`)}`,
    headers: {
      accept: 'application/json',
      'user-agent': 'lakewright',
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(token === undefined ? {} : { authorization: `Bearer ${sendable(service, token)}` }),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  }
}

const contentOf = ({
  json,
  form,
  bytes,
}: RestRequest): { readonly type?: string; readonly body?: string | Uint8Array } => {
  if (json !== undefined) return { type: 'application/json', body: JSON.stringify(json) }
  if (form !== undefined) {
    return {
      type: 'application/x-www-form-urlencoded',
      body: new URLSearchParams(form).toString(),
    }
  }
  return bytes === undefined ? {} : { type: 'application/octet-stream', body: bytes }
}

const jsonOf = (body: Uint8Array): Json | undefined => {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(new TextDecoder().decode(body)) as Json
  } catch {
    return undefined
  }
}

const nameOf = ({ method, path }: RestRequest): string => `${method} ${path}`

const busy = ({ name, secrets }: RestService, answer: HttpResponse, delay: number): never =>
  fail(
    'service.unreachable',
    `${name} is busy (status ${answer.status}) and asks to wait ${Math.ceil(delay / 1000)} s more`,
    { details: { status: answer.status, said: excerpt(answer.body, secrets) } },
  )

const refused = (service: RestService, request: RestRequest, answer: RestAnswer): never => {
  const { name, secrets } = service
  const { status } = answer
  const problem = service.problem(answer.json)
  const reason =
    problem === undefined
      ? [`${nameOf(request)}: status ${status}`, excerpt(answer.bytes, secrets)]
      : [said(problem.message, secrets)]
  const code = status === 401 || status === 403 ? 'service.denied' : 'service.failed'
  const hint =
    problem?.hint ??
    (status === 401 || problem?.ended === true
      ? 'sign in again: the token has ended or is wrong'
      : undefined)
  return fail(code, [name, ...reason].filter((each) => each !== '').join(': '), {
    details: {
      request: nameOf(request),
      status,
      errorCode: problem?.code === undefined ? null : said(problem.code, secrets),
    },
    ...(hint === undefined ? {} : { hint }),
  })
}

const LONGEST = 500
const LONGEST_MESSAGE = 2000

/** The beginning of a body that is not of the service's form; a word that is cut goes, since it may be half a secret. */
const excerpt = (bytes: Uint8Array, secrets: Secrets): string => {
  const text = new TextDecoder().decode(bytes.subarray(0, MOST_READ))
  const whole = bytes.length > MOST_READ ? text.replace(/\S*$/, '') : text
  return said(whole, secrets).slice(0, LONGEST)
}

/** Bytes of a body that an excerpt is looked for in. */
const MOST_READ = 65_536

/** What a service says, as one line of bounded length, without secrets and without what a terminal would obey. */
export const said = (text: string, secrets: Secrets): string => {
  const line = secrets
    .clean(text)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return line.length <= LONGEST_MESSAGE ? line : `${line.slice(0, LONGEST_MESSAGE)}…`
}
