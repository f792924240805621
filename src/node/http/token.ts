import type { StopSignal } from '../../core/ports.ts'

/** Where the token of a request comes from. */
export interface TokenSource {
  readonly get: (signal?: StopSignal) => Promise<string>
  /** A token other than the one that was refused; undefined when there can be none. */
  readonly renew: (refused: string, signal?: StopSignal) => Promise<string | undefined>
}

/** A token with the time, in ms since 1970, at which it ends. */
export interface ShortToken {
  readonly token: string
  readonly expiresAt: number
}

/** A token that is what it is, such as a personal access token. */
export const fixedToken = (token: string): TokenSource => ({
  get: async () => token,
  renew: async () => undefined,
})

/** Asks for a token when it is first needed, a minute before it ends, and when it was refused; once for all waiting. */
export const renewedToken = (
  ask: (signal?: StopSignal) => Promise<ShortToken>,
  now: () => number,
): TokenSource => {
  let held: ShortToken | undefined
  let asking: Promise<ShortToken> | undefined
  const asked = async (signal?: StopSignal): Promise<string> => {
    asking ??= ask(signal).finally(() => {
      asking = undefined
    })
    held = await asking
    return held.token
  }
  return {
    get: async (signal) =>
      held !== undefined && now() < held.expiresAt - MARGIN_MS ? held.token : asked(signal),
    renew: async (refused, signal) =>
      held !== undefined && held.token !== refused ? held.token : asked(signal),
  }
}

const MARGIN_MS = 60_000
