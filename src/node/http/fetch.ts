import { setTimeout as sleep } from 'node:timers/promises'
import { fail, isLakewrightError } from '../../core/errors.ts'
import type { Http, HttpRequest, StopSignal } from '../../core/ports.ts'

/** What waiting and its randomness depend on; tests hand in their own. */
export interface Pause {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Waits so many milliseconds; rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal?: StopSignal) => Promise<void>
  /** A number from 0 to below 1, to spread attempts of many clients. */
  readonly random: () => number
}

/** What asking a service takes of this process. */
export interface Outside {
  readonly http: Http
  readonly pause: Pause
}

/** The same, where requests and pauses without a signal of their own end when this one, if there is one, aborts. */
export const stoppedBy = <T extends Outside>(outside: T, signal: StopSignal | undefined): T =>
  signal === undefined
    ? outside
    : {
        ...outside,
        http: (request) => outside.http({ signal, ...request }),
        pause: {
          ...outside.pause,
          sleep: (milliseconds, own = signal) => outside.pause.sleep(milliseconds, own),
        },
      }

/** Waits by the system's timers. */
export const systemPause = (now: () => number = Date.now): Pause => ({
  now,
  random: Math.random,
  sleep: async (milliseconds, signal) => {
    const { abort, release } = follow(signal)
    try {
      await sleep(milliseconds, undefined, { signal: abort.signal })
    } catch {
      stopped()
    } finally {
      release()
    }
  },
})

/**
 * Requests by Node's fetch. Redirects are not followed, so that a token reaches no other host. `timeoutMs` bounds the
 * whole exchange of a request, with a second more for each megabyte sent. Throws run.cancelled when the request's
 * signal aborts, service.failed for an answer of more than `mostBytes`, else service.unreachable.
 */
export const fetchHttp =
  (timeoutMs = 120_000, mostBytes = MOST_BYTES): Http =>
  async (request) => {
    const limit = timeoutMs + (request.body?.length ?? 0) / 1000
    const { abort, release } = follow(request.signal)
    const timer = setTimeout(() => abort.abort(), limit)
    try {
      const response = await fetch(request.url, settings(request, abort.signal))
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await bodyOf(response, mostBytes),
      }
    } catch (cause) {
      if (isLakewrightError(cause)) throw cause
      if (request.signal?.aborted === true) return stopped()
      if (abort.signal.aborted) {
        return unreachable(request, `no answer within ${Math.round(limit / 1000)} s`)
      }
      if (cause instanceof TypeError && cause.cause === undefined) return unsendable(request)
      return unreachable(request, reasonOf(cause))
    } finally {
      clearTimeout(timer)
      release()
    }
  }

/** More than any answer of a service has: results come in pieces of some 25 MB. */
const MOST_BYTES = 2 ** 28

/** The whole body of an answer, which is not kept when it is too long. */
const bodyOf = async (response: Response, mostBytes: number): Promise<Uint8Array> => {
  const body: AsyncIterable<Uint8Array> | null = response.body
  if (body === null) return new Uint8Array()
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body) {
    length += piece.length
    if (length > mostBytes) {
      const { host } = new URL(response.url)
      fail('service.failed', `${host} answered with more than ${mostBytes} bytes`)
    }
    pieces.push(piece)
  }
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
}

const settings = ({ method, headers, body }: HttpRequest, signal: AbortSignal): RequestInit => ({
  method,
  redirect: 'manual',
  signal,
  ...(headers === undefined ? {} : { headers }),
  ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
})

/** A controller that aborts with the signal, and how to let go of the signal. */
export const follow = (
  signal: StopSignal | undefined,
): { readonly abort: AbortController; readonly release: () => void } => {
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  if (signal?.aborted === true) stop()
  signal?.addEventListener('abort', stop)
  return { abort, release: () => signal?.removeEventListener('abort', stop) }
}

const stopped = (): never => fail('run.cancelled', 'stopped while a service was asked')

/** The system's code, such as ECONNREFUSED, where there is one; messages might quote what was sent. */
const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (isLakewrightError(cause)) return cause.message
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : 'the connection failed'
}

/** What a header or an address cannot hold: asking again would not help, and the message would quote it. */
const unsendable = ({ url }: HttpRequest): never =>
  fail('service.failed', `a request to ${new URL(url).host} cannot be sent as it is`, {
    hint: 'A name, token or setting has characters that no request can hold.',
  })

const unreachable = ({ url }: HttpRequest, reason: string): never => {
  const { host } = new URL(url)
  const said = reason === 'ENOTFOUND' ? 'there is no host of that name (ENOTFOUND)' : reason
  return fail('service.unreachable', `${host} cannot be reached: ${said}`, {
    details: { host, reason },
  })
}
