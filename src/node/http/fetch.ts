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
 * signal aborts, else service.unreachable.
 */
export const fetchHttp =
  (timeoutMs = 120_000): Http =>
  async (request) => {
    const limit = timeoutMs + (request.body?.length ?? 0) / 1000
    const { abort, release } = follow(request.signal)
    const timer = setTimeout(() => abort.abort(), limit)
    try {
      const response = await fetch(request.url, settings(request, abort.signal))
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: new Uint8Array(await response.arrayBuffer()),
      }
    } catch (cause) {
      if (request.signal?.aborted === true) return stopped()
      if (abort.signal.aborted) {
        return unreachable(request, `no answer within ${Math.round(limit / 1000)} s`)
      }
      return unreachable(request, reasonOf(cause))
    } finally {
      clearTimeout(timer)
      release()
    }
  }

const settings = ({ method, headers, body }: HttpRequest, signal: AbortSignal): RequestInit => ({
  method,
  redirect: 'manual',
  signal,
  ...(headers === undefined ? {} : { headers }),
  ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
})

/** A controller that aborts with the signal, and how to let go of the signal. */
const follow = (
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

const unreachable = ({ url }: HttpRequest, reason: string): never => {
  const { host } = new URL(url)
  const said = reason === 'ENOTFOUND' ? 'there is no host of that name (ENOTFOUND)' : reason
  return fail('service.unreachable', `${host} cannot be reached: ${said}`, {
    details: { host, reason },
  })
}
