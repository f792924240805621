import type { HttpRequest, HttpResponse } from '../../core/ports.ts'

/** How long a request may be repeated. */
export interface Patience {
  /** How often it is sent at most. */
  readonly attempts: number
  /** Milliseconds of waiting, over all attempts. */
  readonly waitMs: number
}

export const USUAL_PATIENCE: Patience = { attempts: 8, waitMs: 300_000 }

/** The service says that it did not do the work and may do it later. */
const BUSY: ReadonlySet<number> = new Set([429, 503])
/** Something in between failed, perhaps after the work was done. */
const DOUBTFUL: ReadonlySet<number> = new Set([408, 502, 504])

/** Whether an answer asks for the request to be sent again; undoubtedly done work is repeated only where it may be. */
export const asksAgain = ({ status }: HttpResponse, repeatable: boolean): boolean =>
  BUSY.has(status) || (repeatable && DOUBTFUL.has(status))

/** Whether doing a request twice is as good as doing it once. */
export const isRepeatable = (method: HttpRequest['method']): boolean =>
  method !== 'POST' && method !== 'PATCH'

/**
 * Milliseconds before the next attempt, the first being number 0: what Retry-After says (seconds or a date), else
 * half a second doubled at each attempt to 30 s at most, of which up to a half is left to chance.
 */
export const delayBefore = (
  attempt: number,
  retryAfter: string | undefined,
  { now, random }: { readonly now: () => number; readonly random: () => number },
): number => {
  const asked = retryAfter === undefined ? undefined : askedDelay(retryAfter, now())
  // Clients that were sent away together do not come back in the same instant.
  if (asked !== undefined) return Math.ceil(Math.max(250, asked) + random() * 250)
  return Math.ceil(Math.min(30_000, 500 * 2 ** attempt) * (0.5 + random() / 2))
}

const askedDelay = (text: string, now: number): number | undefined => {
  if (/^\s*\d+\s*$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
